"""Statistics of exams: ``/exams/{id}/statistics/``, for those who make the exam or run its unit."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.exams.queries.statistics import item_rows
from quizzes.models import ExamStatistics

_ITEM: dict[str, serializers.Field] = {
    "version": serializers.IntegerField(),
    "item": serializers.IntegerField(),
    "kind": serializers.CharField(),
    "asked": serializers.IntegerField(),
    "omitted": serializers.IntegerField(),
    "difficulty": serializers.FloatField(help_text="Mean share of the points, 0 to 1.", allow_null=True),
    "discrimination": serializers.FloatField(help_text="Correlation with the rest of the test.", allow_null=True),
    "upper_lower": serializers.FloatField(allow_null=True),
    "seconds": serializers.FloatField(allow_null=True),
    "curve": serializers.ListField(child=serializers.FloatField(allow_null=True)),
    "options": serializers.ListField(child=serializers.DictField()),
    "irt": serializers.DictField(),
    "flags": serializers.ListField(child=serializers.DictField()),
}
_EXAM: dict[str, serializers.Field] = {
    "exam": serializers.IntegerField(),
    "title": serializers.CharField(),
    "computed_at": serializers.DateTimeField(),
    "attempts": serializers.IntegerField(),
    "people": serializers.IntegerField(),
    "passed": serializers.IntegerField(),
    **{
        name: serializers.FloatField(allow_null=True)
        for name in ("mean", "median", "deviation", "lowest", "highest", "alpha", "sem")
    },
    "kr20": serializers.BooleanField(help_text="Every question was right or wrong: alpha is KR-20."),
    "forms": serializers.IntegerField(),
    "histogram": serializers.ListField(child=serializers.IntegerField()),
    "model": serializers.DictField(),
}


class ExamStatisticsView(APIView):
    """Figures of an exam and of each question, as the task last worked them out; scores are shares from 0 to 1."""

    @extend_schema(
        responses=inline_serializer(
            "ExamStatistics", {**_EXAM, "items": inline_serializer("ItemStatistics", {**_ITEM}, many=True)}
        )
    )
    def get(self, request: Request, exam_id: int) -> Response:
        found = ExamStatistics.objects.visible_to(request.user).select_related("exam")
        statistics = get_object_or_404(found, exam_id=exam_id)
        own = set(_EXAM) - {"exam", "title"}
        body = {"exam": statistics.exam_id, "title": statistics.exam.title} | {
            name: getattr(statistics, name) for name in _EXAM if name in own
        }
        shown = set(_ITEM) - {"version", "item", "kind"}
        body["items"] = [
            {"version": row.version_id, "item": row.version.item_id, "kind": row.version.kind}
            | {name: getattr(row, name) for name in _ITEM if name in shown}
            for row in item_rows(statistics)
        ]
        return Response(body)


urlpatterns = [path("exams/<int:exam_id>/statistics/", ExamStatisticsView.as_view(), name="exam-statistics")]
