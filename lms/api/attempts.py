"""Attempts at exams: the paper, saving answers, handing in, the review (docs/api.md).

Saving an answer is the hottest write of the product, so these views read and write plain values instead of going
through serializers; the serializers below only describe them in the schema.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from lms.api.attempt_shapes import ATTEMPT, BATCH, BEAT, DEVICE, ERROR, NOT_FOUND, PAPER, REVIEW, SAVED, STATE
from lms.api.authentication import HOT
from lms.api.fields import NumberField
from lms.api.parsers import optional_body
from lms.api.plain import plain_json
from lms.common.clock import now
from lms.exams.device_cookie import known_device
from lms.exams.engine.admission import first_slot_of_page
from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError, AttemptNotFoundError, InvalidResponsesError
from lms.exams.models import Attempt
from lms.exams.queries import (
    attempt_payload,
    is_overdue,
    iso,
    own_attempt,
    own_paper,
    result_payload,
    review,
    review_state,
    rule_level,
)
from lms.exams.services.attempts import claim, settle, submit
from lms.exams.services.devices import beat, leave_pages, require_device
from lms.exams.services.exposure import note_key_shown
from lms.exams.services.responses import IncomingResponse, save
from lms.people.enums import TokenScope
from quizzes.enums import Review
from quizzes.queries.papers.compiled import answer_sheet, paper_bytes

# Far more than a paper has questions, duplicates of a client's queue included.
MAX_BATCH = 500
MAX_DEVICE = 40


def _find_attempt(request: Request, attempt_id: int) -> Attempt:
    """Return the caller's attempt, handed in first when its time is up; otherwise 404."""
    attempt = own_attempt(request.user, attempt_id)
    if attempt is None:
        raise Http404
    return settle(attempt)


class AttemptDetail(APIView):
    """An attempt: state, clock, kept answers."""

    authentication_classes = HOT

    @extend_schema(operation_id="attempt", responses={200: ATTEMPT, 404: NOT_FOUND})
    def get(self, request: Request, attempt_id: int) -> HttpResponseBase:
        device = known_device(request._request)
        return plain_json(attempt_payload(_find_attempt(request, attempt_id), device=device))


class AttemptPaper(APIView):
    """The questions in this attempt's order, without any key. It never changes; `ETag` says so to who has it."""

    authentication_classes = HOT

    @extend_schema(
        operation_id="attempt_paper",
        responses={200: PAPER, 304: OpenApiResponse(description="You have it already."), 404: NOT_FOUND},
    )
    def get(self, request: Request, attempt_id: int) -> HttpResponseBase:
        row = own_paper(request.user, attempt_id)
        if row is None:
            raise Http404
        etag = f'"{row[1]}"'
        response: HttpResponseBase
        if etag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        else:
            paper = paper_bytes(row[0], digest=row[1])
            body, encoding = paper.best(request.headers.get("Accept-Encoding", ""))
            response = HttpResponse(body, content_type="application/json")
            if encoding:
                response.headers["Content-Encoding"] = encoding
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        # A browser asks each time: on a shared computer nobody gets another person's paper from its cache.
        patch_vary_headers(response, ["Accept-Encoding", "Authorization", "Cookie"])
        return response


class AttemptResponses(APIView):
    """Save answers: all of the batch or none. May be repeated; a lower sequence is accepted and ignored."""

    token_scope = TokenScope.EXAM
    authentication_classes = HOT

    @extend_schema(
        operation_id="save_responses",
        request=BATCH,
        responses={
            200: SAVED,
            400: OpenApiResponse(ERROR, description="Nothing was kept; `fields` names each slot at fault."),
            404: NOT_FOUND,
            409: OpenApiResponse(
                ERROR,
                description="`attempt_closed`: handed in, annulled or out of time. `taken_over`: another device works "
                "on it. `one_way`: an answer to a page that was left; `fields` names the slots, nothing was kept.",
            ),
        },
    )
    def put(self, request: Request, attempt_id: int) -> HttpResponseBase:
        user_id: int = request.user.pk or 0  # never 0: the caller is signed in
        try:
            outcome = save(
                attempt_id=attempt_id,
                user_id=user_id,
                responses=_read_batch(request.data),
                device=read_device(request.data),
            )
        except AttemptNotFoundError as error:
            raise Http404 from error
        except InvalidResponsesError as error:
            return plain_json({"code": error.code, "detail": str(error), "fields": error.fields}, 400)
        return plain_json(
            {
                "saved": [{"slot": slot, "seq": seq} for slot, seq in outcome.saved],
                "server_time": iso(outcome.server_time),
                "deadline": iso(outcome.deadline),
            }
        )


class AttemptSubmit(APIView):
    """Hand in. Repeating it gives the same outcome."""

    token_scope = TokenScope.EXAM
    authentication_classes = HOT

    @extend_schema(
        operation_id="submit_attempt",
        request=DEVICE,
        responses={
            200: inline_serializer("AttemptOutcome", {"id": serializers.IntegerField(), **STATE}),
            404: NOT_FOUND,
            409: OpenApiResponse(
                ERROR,
                description="`attempt_closed`: the attempt was annulled. `taken_over`: another device works on it.",
            ),
        },
    )
    def post(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = own_attempt(request.user, attempt_id)
        if attempt is None:
            raise Http404
        if attempt.device and attempt.state == AttemptState.OPEN and not is_overdue(attempt):
            require_device(attempt, read_device(optional_body(request)))
        done = submit(attempt=attempt)
        return plain_json({"id": done.pk, **result_payload(done, rule_level(done))})


class AttemptReview(APIView):
    """The review that the exam's rules allow now. Nothing above that level is in the answer."""

    authentication_classes = HOT

    @extend_schema(operation_id="attempt_review", responses={200: REVIEW, 404: NOT_FOUND})
    def get(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _find_attempt(request, attempt_id)
        level, held = review_state(attempt)
        if level == Review.KEY:
            note_key_shown(attempt=attempt)
        return plain_json({**review(attempt, level, held=held), "key_held": held})


class AttemptHeartbeat(APIView):
    """A sign of life while nothing is typed, and how the attempt stands. Every 25 seconds is enough."""

    token_scope = TokenScope.EXAM
    authentication_classes = HOT

    @extend_schema(operation_id="attempt_heartbeat", request=DEVICE, responses={200: BEAT, 404: NOT_FOUND})
    def post(self, request: Request, attempt_id: int) -> HttpResponseBase:
        user_id: int = request.user.pk or 0
        found = beat(attempt_id=attempt_id, user_id=user_id, device=read_device(request.data))
        if found is None:
            raise Http404
        return plain_json(
            {
                "state": found.state,
                "server_time": iso(found.server_time),
                "deadline": iso(found.deadline),
                "taken_over": found.taken_over,
                "from_slot": found.from_slot,
            }
        )


class AttemptDevice(APIView):
    """Take the attempt over to this device; the one before is refused with `taken_over` from then on."""

    token_scope = TokenScope.EXAM

    @extend_schema(
        operation_id="take_attempt_over",
        request=DEVICE,
        responses={200: ATTEMPT, 404: NOT_FOUND, 409: OpenApiResponse(ERROR, description="`attempt_closed`")},
    )
    def post(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _find_attempt(request, attempt_id)
        if attempt.state != AttemptState.OPEN:
            raise AttemptClosedError(_("This attempt has been handed in. Nothing more can be saved."))
        device = read_device(request.data)
        if not device:
            raise ValidationError({"device": [_("Name the device.")]})
        claim(attempt=attempt, device=device)
        return plain_json(attempt_payload(attempt, device=device))


class AttemptPage(APIView):
    """Leave every page before a question, where there is no way back. Repeating it changes nothing."""

    token_scope = TokenScope.EXAM

    @extend_schema(
        operation_id="leave_pages",
        request=inline_serializer(
            "LeavePages",
            {
                "from_slot": NumberField(min_value=1),
                "device": serializers.CharField(required=False, max_length=40),
            },
        ),
        responses={200: BEAT, 404: NOT_FOUND, 409: OpenApiResponse(ERROR, description="`taken_over`")},
    )
    def put(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _find_attempt(request, attempt_id)
        require_device(attempt, read_device(request.data))
        slot = request.data.get("from_slot") if isinstance(request.data, dict) else None
        if type(slot) is not int or slot not in answer_sheet(attempt.paper_id, attempt.paper.seed):
            raise ValidationError({"from_slot": [_("The paper has no question of this number.")]})
        leave_pages(attempt_id=attempt.pk, from_slot=first_slot_of_page(slot, attempt.page_size))
        attempt.refresh_from_db(fields=["from_slot"])
        return plain_json(
            {
                "state": attempt.state,
                "server_time": iso(now()),
                "deadline": iso(attempt.deadline),
                "taken_over": False,
                "from_slot": attempt.from_slot,
            }
        )


def read_device(data: Any) -> str:
    """Return the device that a body names, empty for none."""
    device = data.get("device", "") if isinstance(data, dict) else ""
    # what cannot be printed (NUL, half a surrogate pair) cannot be stored either
    if not isinstance(device, str) or len(device) > MAX_DEVICE or not device.isprintable():
        raise ValidationError({"device": [_("A text of at most %(count)d letters.") % {"count": MAX_DEVICE}]})
    return device


def _read_batch(data: Any) -> list[IncomingResponse]:
    """Return the batch of a request's body, or refuse it with the place at fault."""
    rows = data.get("responses") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise ValidationError({"responses": [_("A list is expected.")]})
    if len(rows) > MAX_BATCH:
        raise ValidationError({"responses": [_("Send at most %(count)d answers at once.") % {"count": MAX_BATCH}]})
    batch = []
    for index, row in enumerate(rows):
        if not isinstance(row, dict) or "answer" not in row:
            raise ValidationError({f"responses.{index}": [_("An object with slot, answer and seq is expected.")]})
        slot, seq = row.get("slot"), row.get("seq")
        # bool is an int in Python, not in JSON
        if type(slot) is not int or type(seq) is not int:
            raise ValidationError({f"responses.{index}": [_("slot and seq are whole numbers.")]})
        batch.append(IncomingResponse(slot, row["answer"], seq))
    return batch


urlpatterns = [
    path("attempts/<int:attempt_id>/", AttemptDetail.as_view(), name="attempt"),
    path("attempts/<int:attempt_id>/device/", AttemptDevice.as_view(), name="attempt-device"),
    path("attempts/<int:attempt_id>/heartbeat/", AttemptHeartbeat.as_view(), name="attempt-heartbeat"),
    path("attempts/<int:attempt_id>/page/", AttemptPage.as_view(), name="attempt-page"),
    path("attempts/<int:attempt_id>/paper/", AttemptPaper.as_view(), name="attempt-paper"),
    path("attempts/<int:attempt_id>/responses/", AttemptResponses.as_view(), name="attempt-responses"),
    path("attempts/<int:attempt_id>/review/", AttemptReview.as_view(), name="attempt-review"),
    path("attempts/<int:attempt_id>/submit/", AttemptSubmit.as_view(), name="attempt-submit"),
]
