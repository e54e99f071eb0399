"""Attempts at exams: the paper, saving answers, handing in, the review (design.md §9).

Saving an answer is the hottest write of the product, so these views read and write plain values instead of going
through serializers; the serializers below only describe them in the schema.
"""

from __future__ import annotations

import json
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

from lms.api.authentication import HOT
from lms.api.devices import read_device
from lms.api.plain import plain_json
from quizzes.errors import AttemptNotFoundError, InvalidResponsesError
from quizzes.kinds import all_kinds
from quizzes.models import Attempt
from quizzes.queries import (
    attempt_payload,
    iso,
    own_attempt,
    own_paper,
    paper_bytes,
    result_payload,
    review,
    review_level,
)
from quizzes.services.attempts import settle, submit
from quizzes.services.responses import IncomingResponse, save

# Far more than a paper has questions, duplicates of a client's queue included.
MAX_BATCH = 500

_ERROR = inline_serializer(
    "AttemptError",
    {
        "code": serializers.CharField(help_text="Stable, for machines."),
        "detail": serializers.CharField(help_text="A sentence in the caller's language."),
        "fields": serializers.DictField(child=serializers.ListField(child=serializers.CharField())),
    },
)
_NOT_FOUND = OpenApiResponse(_ERROR, description="No such attempt, or it is another person's.")
_ANSWER_HELP = (
    "By kind: "
    + ", ".join(f"{kind.name} {json.dumps(kind.example)}" for kind in all_kinds())
    + "; null clears the answer."
)
_STATE: dict[str, serializers.Field] = {
    "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
    "marking": serializers.BooleanField(help_text="Answers wait for a person; there is no score yet."),
    "score": serializers.FloatField(allow_null=True, help_text="Null while the exam's rules hide it."),
    "max_score": serializers.FloatField(),
    "passed": serializers.BooleanField(allow_null=True),
    "receipt": serializers.CharField(
        allow_null=True, help_text="SHA-256 of the canonical JSON of {paper: its digest, responses: [[slot, answer]]}."
    ),
    "submitted_at": serializers.DateTimeField(allow_null=True),
    "forced": serializers.BooleanField(help_text="Handed in by the clock."),
}
_KEPT = inline_serializer(
    "KeptResponse",
    {
        "slot": serializers.IntegerField(),
        "answer": serializers.JSONField(allow_null=True, help_text=_ANSWER_HELP),
        "seq": serializers.IntegerField(),
    },
    many=True,
)
_ATTEMPT = inline_serializer(
    "Attempt",
    {
        "id": serializers.IntegerField(),
        "token": serializers.CharField(),
        "number": serializers.IntegerField(),
        "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
        "paper": serializers.CharField(help_text="Address of the paper."),
        "paper_code": serializers.CharField(),
        "server_time": serializers.DateTimeField(),
        "started_at": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "device": serializers.CharField(help_text="The device that works on it; empty when none said so."),
        "one_way": serializers.BooleanField(help_text="Pages that were left take no answers."),
        "page_size": serializers.IntegerField(),
        "from_slot": serializers.IntegerField(help_text="One way: the first question that still takes answers."),
        "offline_key": serializers.CharField(help_text="Signs the file of an offline hand-in (HMAC-SHA256)."),
        "responses": _KEPT,
    },
)
_PART = {"id": serializers.CharField(), "html": serializers.CharField()}
_OPTION = inline_serializer("PaperOption", _PART, many=True, required=False)
_GAP = inline_serializer(
    "PaperGap",
    {
        "id": serializers.CharField(),
        "choices": inline_serializer(
            "PaperGapChoice", _PART, many=True, required=False, help_text="Absent: the gap is typed."
        ),
    },
    many=True,
    required=False,
)
_QUESTION: dict[str, serializers.Field] = {
    "slot": serializers.IntegerField(),
    "kind": serializers.CharField(),
    "points": serializers.FloatField(),
    "stem_html": serializers.CharField(),
    "options": _OPTION,
    "statements": inline_serializer("PaperStatement", _PART, many=True, required=False),
    "prompts": inline_serializer("PaperPrompt", _PART, many=True, required=False),
    "lines": serializers.IntegerField(required=False, help_text="short_text"),
    "unit": serializers.CharField(required=False, help_text="numeric"),
    "text": serializers.CharField(required=False, help_text="gap_text: HTML with [[1]], [[2]] … for its gaps."),
    "gaps": _GAP,
    "image_url": serializers.CharField(required=False, help_text="hotspot"),
    "alt": serializers.CharField(required=False),
    "width": serializers.IntegerField(required=False),
    "height": serializers.IntegerField(required=False),
    "min_words": serializers.IntegerField(required=False, help_text="essay; 0 for no bound"),
    "max_words": serializers.IntegerField(required=False),
}
_PAPER = inline_serializer("Paper", {"questions": inline_serializer("PaperQuestion", _QUESTION, many=True)})
_BATCH = inline_serializer(
    "ResponseBatch",
    {
        "responses": inline_serializer(
            "IncomingResponse",
            {
                "slot": serializers.IntegerField(min_value=1),
                "answer": serializers.JSONField(allow_null=True, help_text=_ANSWER_HELP),
                "seq": serializers.IntegerField(min_value=0, help_text="Grows with every change of the client."),
            },
            many=True,
        ),
        "device": serializers.CharField(
            required=False, help_text="Who names a device is refused (`taken_over`) while another one works."
        ),
    },
)
_SAVED = inline_serializer(
    "SavedResponses",
    {
        "saved": inline_serializer(
            "SavedResponse",
            {
                "slot": serializers.IntegerField(),
                "seq": serializers.IntegerField(
                    help_text="The sequence kept: a higher one than sent is a newer answer."
                ),
            },
            many=True,
        ),
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
    },
)
_REVIEW = inline_serializer(
    "AttemptReview",
    {
        "id": serializers.IntegerField(),
        "level": serializers.ChoiceField(["nothing", "score", "answers", "key"]),
        **_STATE,
        "questions": inline_serializer(
            "ReviewQuestion",
            {
                **_QUESTION,
                "answer": serializers.JSONField(allow_null=True),
                "marking": serializers.BooleanField(required=False, help_text="Waits for a person."),
                "earned": serializers.FloatField(
                    required=False, allow_null=True, help_text="Only at the level “key”; null while a person marks."
                ),
                "key": serializers.JSONField(required=False, help_text="Only at the level “key”."),
                "feedback": serializers.JSONField(required=False, help_text="Only at the level “key”."),
            },
            many=True,
            help_text="Empty below the level “answers”.",
        ),
    },
)


def _own(request: Request, attempt_id: int) -> Attempt:
    """Return the caller's attempt, handed in first when its time is up; otherwise 404."""
    attempt = own_attempt(request.user, attempt_id)
    if attempt is None:
        raise Http404
    return settle(attempt)


class AttemptDetail(APIView):
    """Where an attempt stands: state, clock, kept answers."""

    authentication_classes = HOT

    @extend_schema(operation_id="attempt", responses={200: _ATTEMPT, 404: _NOT_FOUND})
    def get(self, request: Request, attempt_id: int) -> HttpResponseBase:
        return plain_json(attempt_payload(_own(request, attempt_id)))


class AttemptPaper(APIView):
    """The questions in this attempt's order, without any key. Never changes, so it may be kept."""

    authentication_classes = HOT

    @extend_schema(
        operation_id="attempt_paper",
        responses={200: _PAPER, 304: OpenApiResponse(description="You have it already."), 404: _NOT_FOUND},
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
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        # another person at the same browser must not be given it from the browser's cache
        patch_vary_headers(response, ["Accept-Encoding", "Authorization", "Cookie"])
        return response


class AttemptResponses(APIView):
    """Save answers: all of the batch or none. May be repeated; a lower sequence is accepted and ignored."""

    authentication_classes = HOT

    @extend_schema(
        operation_id="save_responses",
        request=_BATCH,
        responses={
            200: _SAVED,
            400: OpenApiResponse(_ERROR, description="Nothing was kept; `fields` names each slot at fault."),
            404: _NOT_FOUND,
            409: OpenApiResponse(
                _ERROR,
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

    authentication_classes = HOT

    @extend_schema(
        operation_id="submit_attempt",
        request=None,
        responses={
            200: inline_serializer("AttemptOutcome", {"id": serializers.IntegerField(), **_STATE}),
            404: _NOT_FOUND,
            409: OpenApiResponse(_ERROR, description="`attempt_closed`: the attempt was annulled."),
        },
    )
    def post(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = own_attempt(request.user, attempt_id)
        if attempt is None:
            raise Http404
        done = submit(attempt=attempt)
        return plain_json({"id": done.pk, **result_payload(done, review_level(done))})


class AttemptReview(APIView):
    """What the exam's rules let the learner see now. Nothing above that level is in the answer."""

    authentication_classes = HOT

    @extend_schema(operation_id="attempt_review", responses={200: _REVIEW, 404: _NOT_FOUND})
    def get(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _own(request, attempt_id)
        return plain_json(review(attempt, review_level(attempt)))


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
    path("attempts/<int:attempt_id>/paper/", AttemptPaper.as_view(), name="attempt-paper"),
    path("attempts/<int:attempt_id>/responses/", AttemptResponses.as_view(), name="attempt-responses"),
    path("attempts/<int:attempt_id>/review/", AttemptReview.as_view(), name="attempt-review"),
    path("attempts/<int:attempt_id>/submit/", AttemptSubmit.as_view(), name="attempt-submit"),
]
