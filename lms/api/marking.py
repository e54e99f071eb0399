"""Marking for tools: the caller's own queue, one answer, its draft, finishing.

A marker sees codes where the session is anonymous, and never another marker's points before both are done.
"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.common.pagination import ApiPagination
from lms.exams.enums import MarkingState
from lms.exams.errors import StaleDraftError
from lms.exams.models import Marking, MarkingSession
from lms.exams.queries import iso
from lms.exams.queries.marking import answer_html, criteria_of, other_markings
from lms.exams.services.marking.sessions import gather_all
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft, take_back

_LINE: dict[str, serializers.Field] = {
    "id": serializers.IntegerField(),
    "session": serializers.IntegerField(),
    "exam": serializers.CharField(),
    "class": serializers.CharField(help_text="Name of the class."),
    "question": serializers.IntegerField(help_text="Version of the question."),
    "code": serializers.IntegerField(help_text="Stands for the learner."),
    "round": serializers.IntegerField(),
    "state": serializers.ChoiceField(MarkingState.values),
    "worth": serializers.FloatField(),
    "total": serializers.FloatField(allow_null=True),
}
_GIVEN: dict[str, serializers.Field] = {
    "points": serializers.DictField(child=serializers.CharField(), help_text="By criterion; empty for none yet."),
    "comments": serializers.DictField(child=serializers.CharField(), help_text="To the learner, by criterion."),
    "comment": serializers.CharField(help_text="To the learner, on the whole."),
    "note": serializers.CharField(help_text="For the other markers; learners never see it."),
}
_WHOLE = inline_serializer(
    "Marking",
    {
        **_LINE,
        "stem_html": serializers.CharField(),
        "answer_html": serializers.CharField(),
        "model_html": serializers.CharField(),
        "criteria": inline_serializer(
            "MarkingCriterion",
            {
                "id": serializers.CharField(),
                "title": serializers.CharField(),
                "description": serializers.CharField(),
                "most": serializers.FloatField(),
            },
            many=True,
        ),
        **_GIVEN,
        "version": serializers.IntegerField(help_text="Send it back with the next save."),
        "saved_at": serializers.DateTimeField(allow_null=True),
        "others": inline_serializer("OtherMarking", {**_GIVEN, "total": serializers.FloatField()}, many=True),
    },
)
_SAVED = inline_serializer(
    "MarkingSaved",
    {
        "version": serializers.IntegerField(),
        "total": serializers.FloatField(),
        "complete": serializers.BooleanField(help_text="Every criterion has points."),
        "problems": serializers.DictField(
            child=serializers.ListField(child=serializers.CharField()),
            help_text="Points that were not taken, by criterion; everything else was saved.",
        ),
    },
)
_CONFLICT = OpenApiResponse(
    description="`version_conflict` (somebody saved since; `current` is what is kept), `finished`, `passed_on`, "
    "`incomplete` (`fields` names the criteria), `settled`."
)


class DraftSerializer(serializers.Serializer[Any]):
    """Points and texts of a marker. Points are numbers as typed, with a comma or a point."""

    version = NumberField()
    points = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=12), default=dict)
    comments = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=4000, trim_whitespace=False), default=dict
    )
    comment = serializers.CharField(allow_blank=True, default="", max_length=4000, trim_whitespace=False)
    note = serializers.CharField(allow_blank=True, default="", max_length=4000, trim_whitespace=False)
    writer = serializers.CharField(
        allow_blank=True, default="", max_length=40, help_text="Names this client, so that its retries are no conflict."
    )
    turn = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1, help_text="Grows with each save.")


def _find_marking(request: Request, marking_id: int) -> Marking:
    found = Marking.objects.visible_to(request.user).alive()
    return get_object_or_404(found.select_related("script__session__exam", "script__version"), pk=marking_id)


def _line(marking: Marking) -> dict[str, Any]:
    script = marking.script
    return {
        "id": marking.pk,
        "session": script.session_id,
        "exam": script.session.exam.title,
        "class": script.session.name,
        "question": script.version_id,
        "code": script.code,
        "round": marking.round,
        "state": marking.state,
        "worth": float(script.worth),
        "total": None if marking.total is None else float(marking.total),
    }


def _given(marking: Marking) -> dict[str, Any]:
    return {name: getattr(marking, name) for name in _GIVEN}


def _whole(marking: Marking) -> dict[str, Any]:
    script = marking.script
    return {
        **_line(marking),
        "stem_html": script.version.stem,
        "answer_html": answer_html(script),
        "model_html": script.version.key.get("model_html", ""),
        "criteria": [
            {"id": one.id, "title": one.title, "description": one.description, "most": float(one.most)}
            for one in criteria_of(script.version, script.worth)
        ],
        **_given(marking),
        "version": marking.version,
        "saved_at": iso(marking.saved_at),
        "others": [{**_given(one), "total": float(one.total or 0)} for one in other_markings(marking)],
    }


class Markings(APIView):
    """The answers that the caller has to mark, and has marked."""

    @extend_schema(
        operation_id="markings",
        parameters=[*PAGE_PARAMETERS, OpenApiParameter("state", str, enum=MarkingState.values)],
        responses=page_of("MarkingPage", inline_serializer("MarkingLine", _LINE, many=True)),
    )
    def get(self, request: Request) -> Response:
        state = request.query_params.get("state", "")
        if state and state not in MarkingState.values:
            raise ValidationError({"state": ["There is no such state."]})
        gather_all(MarkingSession.objects.visible_to(request.user))
        found = Marking.objects.visible_to(request.user).alive()
        if state:
            found = found.filter(state=state)
        rows = found.select_related("script__session__exam").order_by(
            "-script__session_id", "script__version_id", "script__code"
        )
        paginator = ApiPagination()
        page = paginator.paginate_queryset(rows, request, view=self) or []
        return paginator.get_paginated_response([_line(one) for one in page])


class MarkingDetail(APIView):
    """One answer with its rubric and what the caller gave so far."""

    @extend_schema(operation_id="marking", responses=_WHOLE)
    def get(self, request: Request, marking_id: int) -> Response:
        return Response(_whole(_find_marking(request, marking_id)))

    @extend_schema(operation_id="save_marking", request=DraftSerializer, responses={200: _SAVED, 409: _CONFLICT})
    def put(self, request: Request, marking_id: int) -> Response:
        marking = _find_marking(request, marking_id)
        form = DraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        draft = MarkingDraft(data["points"], data["comments"], data["comment"], data["note"])
        try:
            saved = save_draft(
                marking=marking, draft=draft, version=data["version"], writer=data["writer"], turn=data["turn"]
            )
        except StaleDraftError as error:
            return _conflict(error)
        return Response(
            {
                "version": saved.version,
                "total": float(saved.total),
                "complete": saved.complete,
                "problems": saved.problems,
            }
        )


class MarkingAct(APIView):
    """Finish a marking, or take a finished one back."""

    @extend_schema(
        operation_id="finish_marking",
        request=inline_serializer("FinishMarking", {"version": NumberField(required=False)}),
        responses={200: _WHOLE, 409: _CONFLICT},
    )
    def post(self, request: Request, marking_id: int) -> Response:
        marking = _find_marking(request, marking_id)
        version = request.data.get("version") if isinstance(request.data, dict) else None
        if version is not None and type(version) is not int:
            raise ValidationError({"version": ["A whole number is expected."]})
        try:
            finish(marking=marking, version=version)
        except StaleDraftError as error:
            return _conflict(error)
        return Response(_whole(_find_marking(request, marking_id)))


class MarkingTakeBack(APIView):
    """Take a finished marking back, until it is settled or released."""

    @extend_schema(operation_id="take_marking_back", request=None, responses={200: _WHOLE, 409: _CONFLICT})
    def post(self, request: Request, marking_id: int) -> Response:
        marking = _find_marking(request, marking_id)
        take_back(marking=marking)
        return Response(_whole(_find_marking(request, marking_id)))


def _conflict(error: StaleDraftError) -> Response:
    kept = {**_given(error.current), "version": error.current.version}
    body = {"code": error.code, "detail": str(error), "fields": {}, "current": kept}
    return Response(body, status=status.HTTP_409_CONFLICT)


urlpatterns = [
    path("markings/", Markings.as_view(), name="markings"),
    path("markings/<int:marking_id>/", MarkingDetail.as_view(), name="marking"),
    path("markings/<int:marking_id>/finish/", MarkingAct.as_view(), name="marking-finish"),
    path("markings/<int:marking_id>/take-back/", MarkingTakeBack.as_view(), name="marking-take-back"),
]
