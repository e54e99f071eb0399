"""A learner's enrolments: where one stands, progress, starting a test."""

from __future__ import annotations

import math
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.attempts import read_device
from lms.api.authentication import HOT
from lms.api.fields import NumberField
from lms.api.plain import plain_json
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.certificates.queries import code_of
from lms.classes.models import ClassItem, Enrolment
from lms.common.clock import now
from lms.common.pagination import ApiPagination
from lms.completion.queries import missing_sentences, position_of
from lms.completion.services import record_progress
from lms.exams.queries import attempt_payload
from lms.exams.services.starting import own_with_dates, start_for_enrolment
from lms.people.enums import TokenScope
from lms.programmes.queries import outline
from lms.progress.queries import ItemNotFound

# Longer than anybody reads one lesson; keeps nonsense out of integer columns.
_MAX_SECONDS = 31_536_000
_MAX_CODE = 40

_CLASS = inline_serializer("EnrolmentClass", {"id": serializers.IntegerField(), "name": serializers.CharField()})
_STATUS = serializers.ChoiceField(["enrolled", "in_progress", "completed", "failed", "withdrawn"])
_ROW = {
    "id": serializers.IntegerField(),
    "class": _CLASS,
    "programme": serializers.CharField(),
    "status": _STATUS,
    "percent": serializers.IntegerField(min_value=0, max_value=100),
    "next_item": serializers.IntegerField(allow_null=True),
}
_ITEM = inline_serializer(
    "EnrolmentItem",
    {
        "id": serializers.IntegerField(),
        "kind": serializers.ChoiceField(["lesson", "exam", "essay", "session"]),
        "title": serializers.CharField(),
        "state": serializers.ChoiceField(["todo", "doing", "done"]),
        "required": serializers.BooleanField(),
        "due": serializers.DateTimeField(allow_null=True),
    },
    many=True,
)
_MODULE = inline_serializer(
    "EnrolmentModule",
    {"title": serializers.CharField(), "kind": serializers.ChoiceField(["theory", "professional"]), "items": _ITEM},
    many=True,
)
_DETAIL = {
    **_ROW,
    "modules": _MODULE,
    "missing": serializers.ListField(child=serializers.CharField()),
    "certificate": serializers.CharField(allow_null=True),
}
_PROGRESS = inline_serializer(
    "ProgressReport",
    {
        "position": serializers.FloatField(min_value=0, max_value=1),
        "seconds": NumberField(),
        "completed": serializers.BooleanField(),
    },
)
_PROGRESS_STATE = inline_serializer(
    "ProgressState",
    {
        "item": inline_serializer(
            "ProgressItem",
            {
                "id": serializers.IntegerField(),
                "state": serializers.ChoiceField(["todo", "doing", "done"]),
                "position": serializers.FloatField(),
                "seconds": serializers.IntegerField(),
            },
        ),
        "enrolment": inline_serializer(
            "ProgressEnrolment",
            {
                "id": serializers.IntegerField(),
                "status": _STATUS,
                "percent": serializers.IntegerField(),
                "next_item": serializers.IntegerField(allow_null=True),
            },
        ),
    },
)
_ATTEMPT = inline_serializer(
    "AttemptStarted",
    {
        "id": serializers.IntegerField(),
        "token": serializers.CharField(),
        "paper": serializers.CharField(),
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "responses": serializers.ListField(child=serializers.DictField()),
    },
)


_START = inline_serializer(
    "StartAttempt",
    {
        "code": serializers.CharField(required=False, help_text="The access code of the sitting."),
        "device": serializers.CharField(required=False, max_length=40, help_text="Takes the attempt over."),
    },
)


class MyEnrolments(APIView):
    """The caller's own enrolments, the newest class first."""

    @extend_schema(
        responses=page_of("EnrolmentPage", inline_serializer("EnrolmentRow", _ROW, many=True)),
        parameters=PAGE_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        rows = (
            Enrolment.objects.own(request.user)
            .order_by("-training_class__starts_on", "-pk")
            .values(
                "id",
                "training_class_id",
                "training_class__name",
                "training_class__edition__title",
                "status",
                "percent",
                "next_item_id",
            )
        )
        paginator = ApiPagination()
        page = paginator.paginate_queryset(rows, request, view=self) or []
        return paginator.get_paginated_response(
            [
                {
                    "id": row["id"],
                    "class": {"id": row["training_class_id"], "name": row["training_class__name"]},
                    "programme": row["training_class__edition__title"],
                    "status": row["status"],
                    "percent": row["percent"],
                    "next_item": row["next_item_id"],
                }
                for row in page
            ]
        )


class EnrolmentDetail(APIView):
    """One enrolment: the outline with the state of each item, what is missing, the certificate."""

    @extend_schema(responses=inline_serializer("EnrolmentDetail", _DETAIL))
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment = get_object_or_404(
            Enrolment.objects.visible_to(request.user).select_related("training_class__edition"), pk=enrolment_id
        )
        training_class = enrolment.training_class
        modules = outline(training_class.edition_id)
        position = position_of(enrolment)
        due = dict(ClassItem.objects.filter(training_class_id=training_class.pk).values_list("item_id", "due_at"))
        return Response(
            {
                "id": enrolment.pk,
                "class": {"id": training_class.pk, "name": training_class.name},
                "programme": training_class.edition.title,
                "status": enrolment.status,
                "percent": enrolment.percent,
                "next_item": enrolment.next_item_id,
                "modules": [
                    {
                        "title": module.title,
                        "kind": module.kind,
                        "items": [
                            {
                                "id": item.id,
                                "kind": item.kind,
                                "title": item.title,
                                "state": position.states.get(item.id, "todo"),
                                "required": item.required,
                                "due": due.get(item.id),
                            }
                            for item in module.items
                        ],
                    }
                    for module in modules
                ],
                "missing": missing_sentences(position.outcome.missing, modules),
                "certificate": code_of(enrolment.pk),
            }
        )


class ItemProgressView(APIView):
    """The progress of one lesson. Idempotent: ``seconds`` is the total for the item so far."""

    token_scope = TokenScope.EXAM
    authentication_classes = HOT

    @extend_schema(request=_PROGRESS, responses=_PROGRESS_STATE)
    def put(self, request: Request, enrolment_id: int, item_id: int) -> Response:
        enrolment = get_object_or_404(
            Enrolment.objects.own(request.user).select_related("training_class"), pk=enrolment_id
        )
        position, seconds, completed = _read_report(request.data)
        try:
            outcome = record_progress(
                enrolment=enrolment, item_id=item_id, position=position, seconds=seconds, completed=completed
            )
        except ItemNotFound as error:
            raise Http404 from error
        return Response(
            {
                "item": {
                    "id": outcome.item_id,
                    "state": outcome.item_state,
                    "position": outcome.position,
                    "seconds": outcome.seconds,
                },
                "enrolment": {
                    "id": enrolment.pk,
                    "status": outcome.enrolment_status,
                    "percent": outcome.percent,
                    "next_item": outcome.next_item_id,
                },
            }
        )


class ItemAttempts(APIView):
    """Start the test of an item (201), or go on with the open attempt (200)."""

    token_scope = TokenScope.EXAM
    authentication_classes = HOT

    @extend_schema(
        request=_START,
        responses={
            200: _ATTEMPT,
            201: _ATTEMPT,
            409: OpenApiResponse(
                description="`not_open`, `closed`, `late`, `code_required`, `code_wrong`, `code_throttled` (a sitting "
                "says no); `not_open_yet`, `past_due` (the dates of the class); `attempts_exhausted`; and others."
            ),
        },
    )
    def post(self, request: Request, enrolment_id: int, item_id: int) -> HttpResponseBase:
        asked_at, device = now(), read_device(request.data)
        found = own_with_dates(request.user, enrolment_id, item_id)
        if found is None:
            raise Http404
        enrolment, dates = found
        try:
            attempt = start_for_enrolment(
                enrolment=enrolment,
                item_id=item_id,
                user=request.user,
                code=_code(request.data),
                device=device,
                dates=dates,
            )
        except ItemNotFound as error:
            raise Http404 from error
        started_now = attempt.started_at >= asked_at
        return plain_json(
            attempt_payload(attempt, new=started_now, device=device),
            status.HTTP_201_CREATED if started_now else status.HTTP_200_OK,
        )


def _code(data: Any) -> str:
    code = data.get("code", "") if isinstance(data, dict) else ""
    if not isinstance(code, str) or len(code) > _MAX_CODE:
        raise ValidationError({"code": ["A short text is expected."]})
    return code


def _read_report(data: Any) -> tuple[float, int, bool]:
    """Check the body of a progress report by hand: it is the hottest write of the product."""
    if not isinstance(data, dict):
        raise ValidationError({"non_field_errors": ["An object is expected."]})
    problems: dict[str, list[str]] = {}
    position, seconds, completed = data.get("position"), data.get("seconds"), data.get("completed", False)
    if (
        isinstance(position, bool)
        or not isinstance(position, int | float)
        or not math.isfinite(position)
        or not 0 <= position <= 1
    ):
        problems["position"] = ["A number from 0 to 1 is expected."]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        problems["seconds"] = ["A number of seconds, 0 or more, is expected."]
    if not isinstance(completed, bool):
        problems["completed"] = ["true or false is expected."]
    if problems:
        raise ValidationError(problems)
    assert position is not None
    assert seconds is not None
    return float(position), int(min(seconds, _MAX_SECONDS)), bool(completed)


urlpatterns = [
    path("me/enrolments/", MyEnrolments.as_view(), name="my-enrolments"),
    path("enrolments/<int:enrolment_id>/", EnrolmentDetail.as_view(), name="enrolment"),
    path(
        "enrolments/<int:enrolment_id>/items/<int:item_id>/progress/",
        ItemProgressView.as_view(),
        name="item-progress",
    ),
    path(
        "enrolments/<int:enrolment_id>/items/<int:item_id>/attempts/",
        ItemAttempts.as_view(),
        name="item-attempts",
    ),
]
