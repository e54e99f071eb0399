"""The grade book of a class, for its lecturers and managers."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.classes.models import TrainingClass
from lms.gradebook.queries import gradebook_table

_GRADEBOOK = inline_serializer(
    "Gradebook",
    {
        "class": inline_serializer(
            "GradebookClass", {"id": serializers.IntegerField(), "name": serializers.CharField()}
        ),
        "planned_periods": serializers.IntegerField(),
        "items": inline_serializer(
            "GradebookItem",
            {
                "id": serializers.IntegerField(),
                "kind": serializers.ChoiceField(["lesson", "exam", "essay", "session"]),
                "title": serializers.CharField(),
                "counts": serializers.BooleanField(),
            },
            many=True,
        ),
        "learners": inline_serializer(
            "GradebookLearner",
            {
                "enrolment": serializers.IntegerField(),
                "name": serializers.CharField(),
                "status": serializers.CharField(),
                "percent": serializers.IntegerField(),
                "score": serializers.FloatField(allow_null=True),
                "band": serializers.CharField(allow_null=True),
                "attended_periods": serializers.IntegerField(),
                "states": serializers.ListField(child=serializers.CharField()),
                "marks": serializers.ListField(child=serializers.FloatField(allow_null=True)),
            },
            many=True,
        ),
    },
)


class Gradebook(APIView):
    """Learners by name; ``states`` and ``marks`` (on 10) are in the order of ``items``."""

    @extend_schema(responses=_GRADEBOOK)
    def get(self, request: Request, class_id: int) -> Response:
        training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), pk=class_id)
        table = gradebook_table(training_class)
        return Response(
            {
                "class": {"id": training_class.pk, "name": training_class.name},
                "planned_periods": table.planned_periods,
                "items": [
                    {"id": item.id, "kind": item.kind, "title": item.title, "counts": item.counts}
                    for item in table.items
                ],
                "learners": [
                    {
                        "enrolment": row.enrolment_id,
                        "name": row.full_name,
                        "status": row.status,
                        "percent": row.percent,
                        "score": None if row.score is None else float(row.score),
                        "band": row.band or None,
                        "attended_periods": row.attended,
                        "states": [cell.state for cell in row.cells],
                        "marks": [None if cell.mark is None else float(cell.mark) for cell in row.cells],
                    }
                    for row in table.rows
                ],
            }
        )


urlpatterns = [path("classes/<int:class_id>/gradebook/", Gradebook.as_view(), name="gradebook")]
