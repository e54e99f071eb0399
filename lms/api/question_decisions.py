"""Decisions about the questions of a file before they are imported: mended, described, left out, discarded."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.question_files import QUESTION, find_import, question_body
from quizzes.enums import Level
from quizzes.formats.excel import COLUMNS
from quizzes.formats.excel_writer import cells_of
from quizzes.formats.model import ParsedQuestion
from quizzes.models import ImportedQuestion
from quizzes.services import imports

_CELLS = serializers.DictField(
    child=serializers.CharField(allow_blank=True, max_length=100_000, trim_whitespace=False),
    help_text="The columns of the Excel template by name: kind, stem, option0 …, key, fixed, scoring, feedback, level, "
    "topic, source, code, tags, extra. A column that is not named stays as it is.",
)


class Decision(serializers.Serializer[Any]):
    """``describe`` gives a topic or a level, ``looked-at`` takes the warnings away."""

    do = serializers.ChoiceField(["describe", "looked-at", "skip", "take-back"])
    questions = serializers.ListField(child=NumberField(), max_length=10_000)
    topic = NumberField(required=False, allow_null=True, default=None)
    level = serializers.ChoiceField(Level.values, required=False, allow_blank=True, default="")


class Mended(serializers.Serializer[Any]):
    """A question in the words of the Excel template."""

    cells = _CELLS


class Marked(serializers.Serializer[Any]):
    """The right options by letter, as the file has them: ``["b"]``."""

    right = serializers.ListField(child=serializers.CharField(max_length=2), min_length=1, max_length=26)


def _find_question(request: Request, bank_id: int, import_id: int, row_id: int) -> ImportedQuestion:
    batch = find_import(request, bank_id, import_id)
    return get_object_or_404(batch.questions.select_related("batch__bank"), pk=row_id)


def _checked(form: serializers.Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


class BankImportDecision(APIView):
    """The same for many questions of a file; those decided on already stay as they are."""

    @extend_schema(
        request=Decision, responses=inline_serializer("QuestionFileDecided", {"changed": serializers.IntegerField()})
    )
    def post(self, request: Request, bank_id: int, import_id: int) -> Response:
        batch = find_import(request, bank_id, import_id)
        data = _checked(Decision(data=request.data))
        ids = data["questions"]
        match data["do"]:
            case "skip":
                changed = imports.skip_questions(batch=batch, ids=ids)
            case "take-back":
                changed = imports.take_back(batch=batch, ids=ids)
            case verb:
                topic = batch.bank.topics.filter(pk=data["topic"]).first() if data["topic"] is not None else None
                if data["topic"] is not None and topic is None:
                    raise serializers.ValidationError({"topic": ["The bank has no such topic."]})
                changed = imports.describe_questions(
                    batch=batch, ids=ids, topic=topic, level=data["level"], looked_at=verb == "looked-at"
                )
        return Response({"changed": changed})


class BankImportQuestion(APIView):
    """One question of a file: as the columns of the Excel template, and mended by them."""

    @extend_schema(responses=inline_serializer("QuestionFileCells", {"cells": _CELLS}))
    def get(self, request: Request, bank_id: int, import_id: int, row_id: int) -> Response:
        row = _find_question(request, bank_id, import_id, row_id)
        return Response({"cells": _cells(row)})

    @extend_schema(request=Mended, responses=QUESTION)
    def put(self, request: Request, bank_id: int, import_id: int, row_id: int) -> Response:
        row = _find_question(request, bank_id, import_id, row_id)
        cells = _checked(Mended(data=request.data))["cells"]
        if unknown := sorted(set(cells) - set(COLUMNS)):
            raise serializers.ValidationError({"cells": [f"There is no such column: {', '.join(unknown)}."]})
        imports.fix_question(row=row, cells=_cells(row) | cells)
        row.refresh_from_db()
        return Response(question_body(row))


class BankImportAnswer(APIView):
    """Mark the right options where the file did not."""

    @extend_schema(request=Marked, responses=QUESTION)
    def post(self, request: Request, bank_id: int, import_id: int, row_id: int) -> Response:
        row = _find_question(request, bank_id, import_id, row_id)
        letters = [letter.lower() for letter in _checked(Marked(data=request.data))["right"]]
        imports.choose_answer(row=row, letters=letters)
        row.refresh_from_db()
        return Response(question_body(row))


class BankImportDiscard(APIView):
    """Forget a file; what was imported from it stays."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, bank_id: int, import_id: int) -> Response:
        imports.discard_import(batch=find_import(request, bank_id, import_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BankImportRetry(APIView):
    """Reads a file again whose reading broke off (its ``state`` is ``failed``)."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, bank_id: int, import_id: int) -> Response:
        imports.retry_import(batch=find_import(request, bank_id, import_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _cells(row: ImportedQuestion) -> dict[str, str]:
    cells, _lost = cells_of(ParsedQuestion.from_json(row.data))
    return cells


_FILE = "banks/<int:bank_id>/imports/<int:import_id>/"
urlpatterns = [
    path(f"{_FILE}decide/", BankImportDecision.as_view(), name="bank-import-decide"),
    path(f"{_FILE}discard/", BankImportDiscard.as_view(), name="bank-import-discard"),
    path(f"{_FILE}retry/", BankImportRetry.as_view(), name="bank-import-retry"),
    path(f"{_FILE}questions/<int:row_id>/", BankImportQuestion.as_view(), name="bank-import-question"),
    path(f"{_FILE}questions/<int:row_id>/answer/", BankImportAnswer.as_view(), name="bank-import-answer"),
]
