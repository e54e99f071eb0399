"""Sittings for those who invigilate them: the board, and every act on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, register_converter
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.common.clock import now
from lms.common.pagination import ApiPagination
from lms.exams.enums import SittingMode
from lms.exams.models import Attempt, Sitting
from lms.exams.queries import iso
from lms.exams.queries.boards import STATES, Board, BoardRow, board
from lms.exams.services import invigilation, sittings
from lms.exams.services.guests import accept_guests, most_guests
from quizzes.kinds.cleaning import storable

_SITTING: dict[str, serializers.Field] = {
    "id": serializers.IntegerField(),
    "exam": serializers.CharField(),
    "room": serializers.CharField(),
    "class": serializers.IntegerField(),
    "item": serializers.IntegerField(),
    "mode": serializers.ChoiceField(SittingMode.choices),
    "opens_at": serializers.DateTimeField(),
    "closes_at": serializers.DateTimeField(),
    "needs_opening": serializers.BooleanField(),
    "opened_at": serializers.DateTimeField(allow_null=True),
    "stopped_at": serializers.DateTimeField(allow_null=True),
    "code": serializers.CharField(),
    "accepts_guests": serializers.BooleanField(help_text="New guests are let in; who is in goes on."),
    "guests": serializers.IntegerField(help_text="How many came in without belonging to the class."),
    "max_guests": serializers.IntegerField(),
}
_ROW: dict[str, serializers.Field] = {
    "enrolment": serializers.IntegerField(allow_null=True, help_text="Null for a guest."),
    "guest": serializers.IntegerField(allow_null=True),
    "name": serializers.CharField(),
    "state": serializers.ChoiceField(list(STATES)),
    "attempt": serializers.IntegerField(allow_null=True),
    "number": serializers.IntegerField(),
    "answered": serializers.IntegerField(),
    "offline_since": serializers.DateTimeField(allow_null=True),
    "deadline": serializers.DateTimeField(allow_null=True),
    "submitted_at": serializers.DateTimeField(allow_null=True),
    "late_seconds": serializers.IntegerField(help_text="How long after the deadline the last answer came."),
}
_BOARD = inline_serializer(
    "SittingBoard",
    {
        **_SITTING,
        "questions": serializers.IntegerField(),
        "counts": serializers.DictField(child=serializers.IntegerField()),
        "rows": inline_serializer("SittingRow", _ROW, many=True),
    },
)
_ACT = inline_serializer(
    "InvigilationAct",
    {
        "minutes": NumberField(required=False, help_text="extend, reopen: how many."),
        "reason": serializers.CharField(required=False, help_text="Needed for every act on attempts."),
        "key_known": serializers.BooleanField(
            required=False, help_text="open: learners have seen the right answers, and that is known (`key_shown`)."
        ),
    },
)
_DONE = inline_serializer("InvigilationDone", {"changed": serializers.IntegerField()})
_REFUSED = OpenApiResponse(description="`not_running`, `not_handed_in`, `annulled`, `reason_needed`, …")


def _sitting_json(sitting: Sitting) -> dict[str, Any]:
    return {
        "id": sitting.pk,
        "exam": sitting.exam.title,
        "room": sitting.room,
        "class": sitting.training_class_id,
        "item": sitting.item_id,
        "mode": sitting.mode,
        "opens_at": iso(sitting.opens_at),
        "closes_at": iso(sitting.closes_at),
        "needs_opening": sitting.needs_opening,
        "opened_at": iso(sitting.opened_at),
        "stopped_at": iso(sitting.stopped_at),
        "code": sitting.code,
        "accepts_guests": sitting.accepts_guests,
        "guests": sitting.guest_count,
        "max_guests": most_guests(sitting),
    }


def _row_json(row: BoardRow) -> dict[str, Any]:
    return {
        "enrolment": row.enrolment_id,
        "guest": row.guest_id,
        "name": row.name,
        "state": row.state,
        "attempt": row.attempt_id,
        "number": row.number,
        "answered": row.answered,
        "offline_since": iso(row.heard_at),
        "deadline": iso(row.deadline),
        "submitted_at": iso(row.submitted_at),
        "late_seconds": row.late_seconds,
    }


def _find_sitting(request: Request, sitting_id: int) -> Sitting:
    found = Sitting.objects.visible_to(request.user).select_related("exam", "unit", "training_class")
    return get_object_or_404(found, pk=sitting_id)


class Sittings(APIView):
    """The sittings that the caller invigilates or runs, the latest first."""

    @extend_schema(
        operation_id="sittings",
        parameters=PAGE_PARAMETERS,
        responses=page_of("SittingPage", inline_serializer("Sitting", _SITTING, many=True)),
    )
    def get(self, request: Request) -> Response:
        found = Sitting.objects.visible_to(request.user).select_related("exam").order_by("-opens_at", "-pk")
        paginator = ApiPagination()
        page = paginator.paginate_queryset(found, request, view=self) or []
        return paginator.get_paginated_response([_sitting_json(one) for one in page])


class SittingBoard(APIView):
    """One sitting as it stands; ask again with `If-None-Match`."""

    @extend_schema(
        operation_id="sitting_board",
        parameters=[
            OpenApiParameter("state", str, enum=list(STATES)),
            OpenApiParameter("q", str, description="Part of a name."),
        ],
        responses={200: _BOARD, 304: OpenApiResponse(description="Nothing has changed.")},
    )
    def get(self, request: Request, sitting_id: int) -> HttpResponseBase:
        sitting = _find_sitting(request, sitting_id)
        state = request.query_params.get("state", "")
        if state and state not in STATES:
            raise ValidationError({"state": ["There is no such state."]})
        found: Board = board(sitting, state=state, search=request.query_params.get("q", "")[:100])
        response: HttpResponseBase
        if found.etag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        else:
            response = Response(
                {
                    **_sitting_json(sitting),
                    "questions": found.questions,
                    "counts": found.counts,
                    "rows": [_row_json(row) for row in found.rows],
                }
            )
        response.headers["ETag"] = found.etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response


class SittingAct(APIView):
    """Open or close the start, let new guests in or no more, give everybody more time."""

    @extend_schema(operation_id="act_on_sitting", request=_ACT, responses={200: _DONE, 409: _REFUSED})
    def post(self, request: Request, sitting_id: int, act: str) -> Response:
        sitting = _find_sitting(request, sitting_id)
        if act == "open":
            known = isinstance(request.data, dict) and request.data.get("key_known") is True
            return Response({"changed": int(sittings.open_start(sitting=sitting, actor=request.user, key_known=known))})
        if act in {"guests-open", "guests-close"}:
            accepts = act == "guests-open"
            return Response({"changed": int(accept_guests(sitting=sitting, accepts=accepts, actor=request.user))})
        if act == "close":
            return Response({"changed": int(sittings.close_start(sitting=sitting, actor=request.user))})
        minutes, reason = _minutes(request.data), _reason(request.data)
        changed = invigilation.extend_all(sitting=sitting, minutes=minutes, reason=reason, actor=request.user)
        return Response({"changed": changed})


class SittingAttemptAct(APIView):
    """More time for one, reopening, annulling, handing in for the learner. Each says why."""

    @extend_schema(operation_id="act_on_attempt", request=_ACT, responses={200: _DONE, 409: _REFUSED})
    def post(self, request: Request, sitting_id: int, attempt_id: int, act: str) -> Response:
        sitting = _find_sitting(request, sitting_id)
        attempt: Attempt = get_object_or_404(
            sitting.attempts.select_related("exam", "paper", "user", "sitting"), pk=attempt_id
        )
        reason, actor = _reason(request.data), request.user
        if act == "extend":
            invigilation.extend(attempt=attempt, minutes=_minutes(request.data), reason=reason, actor=actor)
        elif act == "reopen":
            until = now() + dt.timedelta(minutes=_minutes(request.data))
            invigilation.reopen(attempt=attempt, until=until, reason=reason, actor=actor)
        elif act == "annul":
            invigilation.annul(attempt=attempt, reason=reason, actor=actor)
        else:
            invigilation.force_hand_in(attempt=attempt, reason=reason, actor=actor)
        return Response({"changed": 1})


def _minutes(data: Any) -> int:
    minutes = data.get("minutes") if isinstance(data, dict) else None
    if type(minutes) is not int or not 1 <= minutes <= invigilation.MAX_MINUTES:
        raise ValidationError({"minutes": [f"A whole number from 1 to {invigilation.MAX_MINUTES} is expected."]})
    return minutes


def _reason(data: Any) -> str:
    reason = data.get("reason", "") if isinstance(data, dict) else ""
    if not isinstance(reason, str):
        raise ValidationError({"reason": ["A text is expected."]})
    return storable(reason)[:300]


class ActConverter:
    """The acts on an attempt, as a part of an address."""

    regex = "extend|reopen|annul|hand-in"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SittingActConverter(ActConverter):
    """The acts on a sitting, as a part of an address."""

    regex = "open|close|extend|guests-open|guests-close"


register_converter(ActConverter, "attemptact")
register_converter(SittingActConverter, "sittingact")

urlpatterns = [
    path("sittings/", Sittings.as_view(), name="sittings"),
    path("sittings/<int:sitting_id>/", SittingBoard.as_view(), name="sitting"),
    path("sittings/<int:sitting_id>/<sittingact:act>/", SittingAct.as_view(), name="sitting-act"),
    path(
        "sittings/<int:sitting_id>/attempts/<int:attempt_id>/<attemptact:act>/",
        SittingAttemptAct.as_view(),
        name="sitting-attempt-act",
    ),
]
