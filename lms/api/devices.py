"""What the client of a running attempt says besides answers: which device it is, that it is there, where it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from lms.api.authentication import HOT
from lms.api.plain import plain_json
from lms.common.clock import now
from quizzes.engine.admission import first_slot_of_page
from quizzes.enums import AttemptState
from quizzes.errors import AttemptClosed
from quizzes.models import Attempt
from quizzes.queries import answer_sheet, attempt_payload, iso, own_attempt
from quizzes.services.attempts import claim, settle
from quizzes.services.devices import beat, leave_pages

MAX_DEVICE = 40
_NOT_FOUND = OpenApiResponse(description="No such attempt, or it is another person's.")
_DEVICE = inline_serializer("AttemptDeviceMark", {"device": serializers.CharField(required=False, max_length=40)})
_BEAT = inline_serializer(
    "AttemptBeat",
    {
        "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "taken_over": serializers.BooleanField(),
        "from_slot": serializers.IntegerField(),
    },
)


def _own_open(request: Request, attempt_id: int) -> Attempt:
    """Return the caller's attempt, handed in first when its time is up; otherwise 404."""
    attempt = own_attempt(request.user, attempt_id)
    if attempt is None:
        raise Http404
    return settle(attempt)


class AttemptHeartbeat(APIView):
    """A sign of life while nothing is typed, and how the attempt stands. Every 25 seconds is enough."""

    authentication_classes = HOT

    @extend_schema(operation_id="attempt_heartbeat", request=_DEVICE, responses={200: _BEAT, 404: _NOT_FOUND})
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

    @extend_schema(
        operation_id="take_attempt_over",
        request=_DEVICE,
        responses={200: OpenApiTypes.OBJECT, 404: _NOT_FOUND, 409: OpenApiResponse(description="`attempt_closed`")},
    )
    def post(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _own_open(request, attempt_id)
        if attempt.state != AttemptState.OPEN:
            raise AttemptClosed(_("This attempt has been handed in. Nothing more can be saved."))
        device = read_device(request.data)
        if not device:
            raise ValidationError({"device": [_("Name the device.")]})
        claim(attempt=attempt, device=device)
        return plain_json(attempt_payload(attempt))


class AttemptPage(APIView):
    """Leave every page before a question, where there is no way back. Repeating it changes nothing."""

    @extend_schema(
        operation_id="leave_pages",
        request=inline_serializer("LeavePages", {"from_slot": serializers.IntegerField(min_value=1)}),
        responses={200: _BEAT, 404: _NOT_FOUND},
    )
    def put(self, request: Request, attempt_id: int) -> HttpResponseBase:
        attempt = _own_open(request, attempt_id)
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
    if not isinstance(device, str) or len(device) > MAX_DEVICE:
        raise ValidationError({"device": [_("A text of at most %(count)d letters.") % {"count": MAX_DEVICE}]})
    return device


urlpatterns = [
    path("attempts/<int:attempt_id>/device/", AttemptDevice.as_view(), name="attempt-device"),
    path("attempts/<int:attempt_id>/heartbeat/", AttemptHeartbeat.as_view(), name="attempt-heartbeat"),
    path("attempts/<int:attempt_id>/page/", AttemptPage.as_view(), name="attempt-page"),
]
