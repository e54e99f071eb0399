"""Answers from paper for tools: entries of the key grid, a second entry by somebody else, grading."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.exams.enums import SheetState
from lms.exams.queries.sheets import CandidateRow, ClassExam, candidates_of, find_class_exam
from lms.exams.services.sheets import SheetReading, enter_sheet, papers_of, post_sheets

_STATES = ["none", *SheetState.values]
_ROW = inline_serializer(
    "AnswerSheet",
    {
        "enrolment": serializers.IntegerField(),
        "number": serializers.CharField(help_text="On the list of candidates."),
        "name": serializers.CharField(),
        "state": serializers.ChoiceField(_STATES),
    },
    many=True,
)


class SheetEntry(serializers.Serializer[Any]):
    """The content of one sheet: the paper's code, and the answers by question number as the key grid takes them."""

    enrolment = NumberField()
    code = serializers.CharField(max_length=20)
    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=4000), help_text='{"1": "A", "2": "A, C", "3": "ĐSĐS"}'
    )

    def validate_answers(self, value: dict[str, str]) -> dict[int, str]:
        """Question numbers are numbers."""
        if wrong := [name for name in value if not (name.isascii() and name.isdigit() and len(name) < 5)]:
            raise serializers.ValidationError([f"No question number: {name[:20]}" for name in wrong])
        return {int(name): text for name, text in value.items()}


def _find_class_exam(request: Request, class_id: int, item_id: int) -> ClassExam:
    found = find_class_exam(request.user, class_id, item_id)
    if found is None:
        raise Http404
    return found


class Sheets(APIView):
    """The candidates of an exam of a class with the state of each sheet.

    POST takes an entry: the first, the same person's correction of it, or the second by somebody else. What was
    entered is never shown, so that the second entry is one.
    """

    @extend_schema(
        responses=inline_serializer(
            "AnswerSheets",
            {
                "codes": serializers.ListField(child=serializers.CharField(), help_text="Of the set of papers."),
                "sheets": _ROW,
            },
        )
    )
    def get(self, request: Request, class_id: int, item_id: int) -> Response:
        class_exam = _find_class_exam(request, class_id, item_id)
        codes = list(papers_of(class_exam.exam, class_exam.set_number))
        return Response({"codes": codes, "sheets": [_body(row) for row in candidates_of(class_exam)]})

    @extend_schema(request=SheetEntry, responses=inline_serializer("SheetTaken", {"state": serializers.CharField()}))
    def post(self, request: Request, class_id: int, item_id: int) -> Response:
        class_exam = _find_class_exam(request, class_id, item_id)
        form = SheetEntry(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        row = next((row for row in candidates_of(class_exam) if row.enrolment.pk == data["enrolment"]), None)
        if row is None:
            raise Http404
        sheet = enter_sheet(
            enrolment=row.enrolment,
            item=class_exam.item,
            entry=SheetReading(data["code"], data["answers"]),
            actor=request.user,
        )
        return Response({"state": sheet.state})


class SheetGrading(APIView):
    """Grade every sheet on which both entries agree; those that cannot be graded are named with the reason."""

    @extend_schema(
        request=None,
        responses=inline_serializer(
            "SheetsGraded",
            {
                "graded": serializers.IntegerField(),
                "refused": inline_serializer(
                    "SheetRefusal",
                    {"enrolment": serializers.IntegerField(), "reason": serializers.CharField()},
                    many=True,
                ),
            },
        ),
    )
    def post(self, request: Request, class_id: int, item_id: int) -> Response:
        class_exam = _find_class_exam(request, class_id, item_id)
        ready = [row.sheet for row in candidates_of(class_exam) if row.sheet and row.sheet.state == SheetState.AGREED]
        graded, refused = post_sheets(sheets=ready, actor=request.user)
        return Response(
            {
                "graded": graded,
                "refused": [{"enrolment": sheet.enrolment_id, "reason": reason} for sheet, reason in refused],
            }
        )


def _body(row: CandidateRow) -> dict[str, Any]:
    return {
        "enrolment": row.enrolment.pk,
        "number": row.number,
        "name": row.candidate_name,
        "state": row.sheet.state if row.sheet else "none",
    }


urlpatterns = [
    path("classes/<int:class_id>/items/<int:item_id>/sheets/", Sheets.as_view(), name="sheets"),
    path("classes/<int:class_id>/items/<int:item_id>/sheets/grade/", SheetGrading.as_view(), name="sheets-grade"),
]
