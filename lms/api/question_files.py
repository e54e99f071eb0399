"""Question files: into a bank in two steps (read, then import), and out of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.banks import ITEM_FILTERS
from lms.api.fields import LARGEST, NumberField
from lms.api.parsers import JSONParser
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.common.pagination import ApiPagination
from lms.common.text import whole_number
from quizzes.enums import ImportedState, ImportState
from quizzes.errors import QuestionFileError
from quizzes.formats import Doubt, ParsedQuestion
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.messages import doubt_text, place_text, sentence
from quizzes.models import ImportedQuestion, ItemBank, QuestionImport
from quizzes.queries.bank.search import ItemList, item_ids
from quizzes.services import imports
from quizzes.services.bank.exporting import MAX_ITEMS, export_items

_DOUBT = inline_serializer(
    "QuestionFileDoubt",
    {
        "code": serializers.CharField(help_text="Stable name of the doubt."),
        "severity": serializers.ChoiceField(["note", "warning", "error"]),
        "text": serializers.CharField(help_text="The doubt in words, with its place."),
    },
    many=True,
)
_FIELDS: dict[str, serializers.Field] = {
    "id": serializers.IntegerField(),
    "place": serializers.CharField(help_text="Where it stands in the file."),
    "kind": serializers.CharField(),
    "stem": serializers.CharField(),
    "content": serializers.DictField(),
    "key": serializers.DictField(),
    "feedback": serializers.DictField(),
    "topic": serializers.ListField(child=serializers.CharField()),
    "level": serializers.CharField(allow_blank=True),
    "state": serializers.ChoiceField(ImportedState.values),
    "broken": serializers.BooleanField(help_text="Must be mended before it can be imported."),
    "item": serializers.IntegerField(allow_null=True, help_text="The bank's question made of it."),
    "doubts": _DOUBT,
}
QUESTION = inline_serializer("QuestionFileQuestion", {**_FIELDS})
_IMPORT = inline_serializer(
    "QuestionFile",
    {
        "id": serializers.IntegerField(),
        "bank": serializers.IntegerField(),
        "name": serializers.CharField(),
        "format": serializers.CharField(allow_blank=True),
        "state": serializers.ChoiceField(ImportState.values),
        "problem": serializers.CharField(allow_blank=True, help_text="Why the file is refused, in words."),
        "doubts": _DOUBT,
        "questions": inline_serializer("QuestionFileQuestions", {**_FIELDS}, many=True),
    },
)

_LIST: dict[str, serializers.Field] = {
    "id": serializers.IntegerField(),
    "name": serializers.CharField(),
    "format": serializers.CharField(allow_blank=True),
    "state": serializers.ChoiceField(ImportState.values),
    "created_at": serializers.DateTimeField(),
    "waiting": serializers.IntegerField(help_text="Questions to be decided on."),
    "imported": serializers.IntegerField(),
}
_LISTED = inline_serializer("QuestionFileRow", {**_LIST}, many=True)


def _find_bank(request: Request, bank_id: int) -> ItemBank:
    return get_object_or_404(ItemBank.objects.editable_by(request.user), pk=bank_id)


def find_import(request: Request, bank_id: int, import_id: int) -> QuestionImport:
    """Return a file that the caller may decide about, of this bank; 404 for everybody else."""
    return get_object_or_404(QuestionImport.objects.visible_to(request.user).filter(bank_id=bank_id), pk=import_id)


def _body(batch: QuestionImport) -> dict[str, Any]:
    rows = batch.questions.order_by("position") if batch.state == ImportState.READY else ()
    return {
        "id": batch.pk,
        "bank": batch.bank_id,
        "name": batch.name,
        "format": batch.format,
        "state": batch.state,
        "problem": sentence(batch.problem["code"], batch.problem.get("params")) if batch.problem else "",
        "doubts": [_doubt(Doubt.from_json(one)) for one in batch.doubts],
        "questions": [question_body(row) for row in rows],
    }


def question_body(row: ImportedQuestion) -> dict[str, Any]:
    """Return a question of a file as it would be, with its doubts in words."""
    question = ParsedQuestion.from_json(row.data)
    return {
        "id": row.pk,
        "place": place_text(question.place),
        "kind": question.kind,
        "stem": question.stem,
        "content": question.content,
        "key": question.key,
        "feedback": question.feedback,
        "topic": question.topic,
        "level": row.level,
        "state": row.state,
        "broken": row.broken,
        "item": row.item_id,
        "doubts": [_doubt(one, question) for one in question.doubts],
    }


def _doubt(doubt: Doubt, question: ParsedQuestion | None = None) -> dict[str, str]:
    place = question.place if question is not None else None
    return {"code": doubt.code, "severity": doubt.severity, "text": doubt_text(doubt, place)}


class BankImports(APIView):
    """The caller's files of a bank, the newest first; POST uploads one: it is read, nothing is imported yet."""

    parser_classes = [MultiPartParser]

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of("QuestionFilePage", _LISTED))
    def get(self, request: Request, bank_id: int) -> Response:
        bank = _find_bank(request, bank_id)
        files = QuestionImport.objects.visible_to(request.user).filter(bank=bank).order_by("-created_at", "-pk")
        counts = {
            "waiting": Count("questions", filter=Q(questions__state=ImportedState.WAITING)),
            "imported": Count("questions", filter=Q(questions__state=ImportedState.IMPORTED)),
        }
        paginator = ApiPagination()
        page: list[Any] = paginator.paginate_queryset(files.annotate(**counts), request, view=self) or []
        return paginator.get_paginated_response([{name: getattr(one, name) for name in _LIST} for one in page])

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "token": {
                        "type": "string",
                        "format": "uuid",
                        "description": "The same token again gives the same import.",
                    },
                },
                "required": ["file"],
            }
        },
        responses={201: _IMPORT},
    )
    def post(self, request: Request, bank_id: int) -> Response:
        bank = _find_bank(request, bank_id)
        file = request.FILES.get("file")
        if file is None:
            raise QuestionFileError(sentence("empty_file"), fields={"file": [sentence("empty_file")]})
        try:
            given = str(request.POST.get("token", ""))
            token = uuid.UUID(given) if given else None
        except ValueError as error:
            raise QuestionFileError("token", fields={"token": ["UUID"]}) from error
        batch = imports.start_import(bank=bank, file=file, actor=request.user, token=token)
        return Response(_body(batch), status=201)


class BankImport(APIView):
    """The questions read from a file, with every doubt."""

    @extend_schema(responses=_IMPORT)
    def get(self, request: Request, bank_id: int, import_id: int) -> Response:
        return Response(_body(find_import(request, bank_id, import_id)))


class BankImportCommit(APIView):
    """Import the good questions of a file (all, or those named) as drafts; the rest stays."""

    parser_classes = [JSONParser]

    @extend_schema(
        request=inline_serializer(
            "QuestionFileCommit",
            {"questions": serializers.ListField(child=NumberField(), required=False)},
        ),
        responses=inline_serializer("QuestionFileCommitted", {"imported": serializers.IntegerField()}),
    )
    def post(self, request: Request, bank_id: int, import_id: int) -> Response:
        batch = find_import(request, bank_id, import_id)
        body = request.data if isinstance(request.data, dict) else {}
        ids = body.get("questions")
        if ids is not None and not (
            isinstance(ids, list) and all(type(one) is int and 0 <= one <= LARGEST for one in ids)
        ):
            raise QuestionFileError("questions", fields={"questions": ["[1, 2, …]"]})
        return Response({"imported": imports.commit_import(batch=batch, actor=request.user, ids=ids)})


class BankExport(APIView):
    """Questions of a bank as a file: those whose keys the caller may see, narrowed like the list of questions."""

    @extend_schema(
        parameters=[
            OpenApiParameter("type", str, enum=list(OUT_FORMATS), required=True),
            OpenApiParameter("item", int, many=True, description="Only these questions."),
            *ITEM_FILTERS,
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, bank_id: int) -> HttpResponse:
        bank = _find_bank(request, bank_id)
        form = request.query_params.get("type", "")
        items = ItemList.of(request.user, [bank.pk], request.query_params).exportable_by(request.user)
        ids = [number for one in request.query_params.getlist("item") if (number := whole_number(one)) is not None]
        if ids:
            items = items.filter(pk__in=ids)
        chosen = item_ids(items[:MAX_ITEMS])
        if form not in OUT_FORMATS or not chosen:
            raise Http404
        written = export_items(item_ids=chosen, form=form, actor=request.user)
        response = HttpResponse(written.data, content_type=written.content_type)
        name = f"bank-{bank.pk}.{written.extension}"
        response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        response.headers["X-Losses"] = ",".join(sorted({loss.code for loss in written.losses}))
        return response


urlpatterns = [
    path("banks/<int:bank_id>/imports/", BankImports.as_view(), name="bank-imports"),
    path("banks/<int:bank_id>/imports/<int:import_id>/", BankImport.as_view(), name="bank-import"),
    path("banks/<int:bank_id>/imports/<int:import_id>/commit/", BankImportCommit.as_view(), name="bank-import-commit"),
    path("banks/<int:bank_id>/export/", BankExport.as_view(), name="bank-export"),
]
