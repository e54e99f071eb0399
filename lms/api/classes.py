"""A class and its learners, for its lecturers and managers. Sensitive data never pass through here."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.classes.enums import ClassState, EnrolmentStatus, StaffRole
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.queries import figures_of
from lms.common.pagination import ApiPagination
from lms.people.names import full_name

_FIGURES = ("enrolled", "in_progress", "completed", "failed", "withdrawn")
_CLASS_DETAIL = inline_serializer(
    "ClassDetail",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "state": serializers.ChoiceField(ClassState.values),
        "programme": serializers.CharField(),
        "edition": serializers.IntegerField(help_text="Number of the programme's edition."),
        "unit": inline_serializer("ClassUnit", {"id": serializers.IntegerField(), "name": serializers.CharField()}),
        "year": serializers.IntegerField(),
        "starts_on": serializers.DateField(),
        "ends_on": serializers.DateField(),
        "place": serializers.CharField(),
        "capacity": serializers.IntegerField(),
        "opening_decision": serializers.CharField(),
        "recognition_decision": serializers.CharField(),
        "staff": inline_serializer(
            "ClassStaffMember",
            {"name": serializers.CharField(), "role": serializers.ChoiceField(StaffRole.values)},
            many=True,
        ),
        "learners": inline_serializer("ClassFigures", {name: serializers.IntegerField() for name in _FIGURES}),
    },
)
_LEARNER = inline_serializer(
    "ClassLearner",
    {
        "enrolment": serializers.IntegerField(),
        "name": serializers.CharField(),
        "position": serializers.CharField(),
        "organisation": serializers.CharField(),
        "status": serializers.ChoiceField(EnrolmentStatus.values),
        "percent": serializers.IntegerField(min_value=0, max_value=100),
        "last_activity": serializers.DateTimeField(allow_null=True),
    },
    many=True,
)
_COLUMNS = (
    "pk",
    "learner__family_name",
    "learner__middle_name",
    "learner__given_name",
    "learner__profile__position",
    "learner__profile__organisation",
    "status",
    "percent",
    "last_activity_at",
)


class ClassDetail(APIView):
    """The facts of a class, who teaches it, and its figures."""

    @extend_schema(responses=_CLASS_DETAIL)
    def get(self, request: Request, class_id: int) -> Response:
        classes = TrainingClass.objects.visible_to(request.user).select_related("unit", "edition")
        found = get_object_or_404(classes, pk=class_id)
        figures = figures_of([found.pk])[found.pk]
        staff = found.staff.select_related("user").order_by("role", "user__sort_key", "pk")
        return Response(
            {
                "id": found.pk,
                "name": found.name,
                "state": found.state,
                "programme": found.edition.title,
                "edition": found.edition.number,
                "unit": {"id": found.unit_id, "name": found.unit.name},
                "year": found.year,
                "starts_on": found.starts_on,
                "ends_on": found.ends_on,
                "place": found.place,
                "capacity": found.capacity,
                "opening_decision": found.opening_decision,
                "recognition_decision": found.recognition_decision,
                "staff": [{"name": str(row.user), "role": row.role} for row in staff],
                "learners": {name: getattr(figures, name) for name in _FIGURES},
            }
        )


class ClassLearners(APIView):
    """The learners of a class by name: where each stands and when each was last active."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of("ClassLearnerPage", _LEARNER))
    def get(self, request: Request, class_id: int) -> Response:
        found = get_object_or_404(TrainingClass.objects.visible_to(request.user), pk=class_id)
        rows = (
            Enrolment.objects.visible_to(request.user)
            .filter(training_class=found)
            .order_by("learner__sort_key", "pk")
            .values_list(*_COLUMNS)
        )
        paginator = ApiPagination()
        page: list[Any] = paginator.paginate_queryset(rows, request, view=self) or []
        return paginator.get_paginated_response([_learner(row) for row in page])


def _learner(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "enrolment": row[0],
        "name": full_name(row[1], row[2], row[3]),
        "position": row[4] or "",
        "organisation": row[5] or "",
        "status": row[6],
        "percent": row[7],
        "last_activity": row[8],
    }


urlpatterns = [
    path("classes/<int:class_id>/", ClassDetail.as_view(), name="class"),
    path("classes/<int:class_id>/learners/", ClassLearners.as_view(), name="class-learners"),
]
