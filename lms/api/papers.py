"""Blueprints, exams, draws and paper files for tools: ``/blueprints/…`` and ``/exams/…``.

Whoever makes papers for a unit works here; to everybody else these addresses do not exist. No answer ever holds a key;
the key sheet is a file of its own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.parsers import optional_body
from lms.api.schema import page_of
from lms.common.pagination import ApiPagination
from lms.exams.queries import iso
from lms.exams.queries.exposure import exposures_of
from quizzes.enums import Level
from quizzes.models import Blueprint, Exam, ExamDraw, ItemBank, Paper
from quizzes.printing import pdf, word
from quizzes.printing.keys import key_sheet
from quizzes.printing.paper import print_paper
from quizzes.queries.papers.stock import RowSpec, limits_of, make_task, specs_of, stock_rows
from quizzes.queries.papers.units import units_for_blueprints
from quizzes.services.papers.blueprints import create_blueprint, rename_blueprint, save_rows
from quizzes.services.papers.draws import draw_forms
from quizzes.services.papers.exams import record_file
from quizzes.services.papers.freezing import freeze_papers

_FILES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RowSerializer(serializers.Serializer[Any]):
    """One row of a blueprint; topic, level and kind may be empty for any."""

    topic = NumberField(allow_null=True, default=None)
    level = serializers.ChoiceField(Level.values, allow_blank=True, default="")
    kind = serializers.CharField(allow_blank=True, default="", max_length=30)
    count = serializers.IntegerField(min_value=1, max_value=200)
    points = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=Decimal("0.01"))
    specification = serializers.CharField(allow_blank=True, default="", max_length=2000)


class WrittenBlueprint(serializers.Serializer[Any]):
    """A blueprint as it is written. ``unit`` and ``bank`` are settled when it is made."""

    name = serializers.CharField(max_length=250)
    note = serializers.CharField(allow_blank=True, default="")
    unit = NumberField(required=False)
    bank = NumberField(required=False)
    rows = RowSerializer(many=True)


class DrawOrder(serializers.Serializer[Any]):
    """``seed`` repeats a draw; ``after`` is the last draw that the caller knows, so that asking twice draws once."""

    seed = serializers.IntegerField(required=False, min_value=0, max_value=2**62)
    after = NumberField(required=False)


class FreezeOrder(serializers.Serializer[Any]):
    """``anew`` draws or shuffles a further set, whether or not anything changed."""

    anew = serializers.BooleanField(default=False)


_BLUEPRINT = inline_serializer(
    "Blueprint",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "note": serializers.CharField(),
        "unit": serializers.IntegerField(),
        "bank": serializers.IntegerField(),
        "version": serializers.IntegerField(allow_null=True),
        "rows": RowSerializer(many=True),
    },
)
_STOCK = inline_serializer(
    "BlueprintStock",
    {
        "row": serializers.IntegerField(help_text="Counts from 1."),
        "need": serializers.IntegerField(),
        "matching": serializers.IntegerField(),
        "free": serializers.IntegerField(),
        "missing": serializers.IntegerField(),
    },
)
_EXAM = inline_serializer(
    "Exam",
    {
        "id": serializers.IntegerField(),
        "title": serializers.CharField(),
        "unit": serializers.IntegerField(),
        "source": serializers.CharField(help_text="fixed, random or blueprint"),
        "blueprint": serializers.IntegerField(allow_null=True),
        "forms": serializers.IntegerField(),
        "variants": serializers.IntegerField(help_text="How many paper codes are frozen."),
        "last_draw": serializers.IntegerField(allow_null=True),
        "last_set": serializers.IntegerField(allow_null=True),
    },
)
_DRAW = inline_serializer(
    "Draw",
    {
        "number": serializers.IntegerField(),
        "seed": serializers.CharField(),
        "limits": serializers.DictField(),
        "forms": serializers.ListField(
            child=serializers.ListField(child=serializers.DictField()), help_text="[[{row, item, version, points}]]"
        ),
        "proof": serializers.DictField(),
    },
)
_SET = inline_serializer(
    "PaperSet",
    {
        "set": serializers.IntegerField(),
        "exposure": inline_serializer(
            "PaperSetExposure",
            {
                "classes": serializers.IntegerField(help_text="Classes that share this set, not cancelled ones."),
                "units": serializers.IntegerField(),
                "classes_waiting": serializers.IntegerField(help_text="Classes that may still sit it."),
                "people": serializers.IntegerField(help_text="Who has sat it."),
                "since": serializers.DateTimeField(allow_null=True),
                "key_shown_to": serializers.IntegerField(),
                "questions_given_away": serializers.IntegerField(
                    help_text="Questions that also stand in a self-check that shows the key at once."
                ),
            },
        ),
        "papers": serializers.ListField(child=serializers.DictField(), help_text="[{code, form, digest, max_score}]"),
    },
)


def blueprint_body(one: Blueprint) -> dict[str, Any]:
    """A blueprint with the rows of its current version."""
    rows = list(one.current.rows.all()) if one.current else []
    return {
        "id": one.pk,
        "name": one.name,
        "note": one.note,
        "unit": one.unit_id,
        "bank": one.bank_id,
        "version": one.current.number if one.current else None,
        "rows": [
            {
                "topic": row.topic_id,
                "level": row.level,
                "kind": row.kind,
                "count": row.count,
                "points": str(row.points),
                "specification": row.specification,
            }
            for row in rows
        ],
    }


def _specs(rows: list[dict[str, Any]]) -> list[RowSpec]:
    return [RowSpec(**row) for row in rows]


def _blueprints(request: Request) -> Any:
    return (
        Blueprint.objects.visible_to(request.user).shared().select_related("current").prefetch_related("current__rows")
    )


class BlueprintList(APIView):
    """The blueprints of the caller's units and of those above; POST makes one."""

    @extend_schema(responses=page_of("BlueprintPage", _BLUEPRINT))
    def get(self, request: Request) -> Response:
        paginator = ApiPagination()
        page: list[Any] = paginator.paginate_queryset(_blueprints(request).order_by("pk"), request, view=self) or []
        return paginator.get_paginated_response([blueprint_body(one) for one in page])

    @extend_schema(request=WrittenBlueprint, responses={201: _BLUEPRINT})
    def post(self, request: Request) -> Response:
        form = WrittenBlueprint(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        made = create_blueprint(
            unit=get_object_or_404(units_for_blueprints(request.user), pk=data.get("unit", 0)),
            bank=get_object_or_404(ItemBank.objects.visible_to(request.user), pk=data.get("bank", 0)),
            name=data["name"],
            note=data["note"],
            rows=_specs(data["rows"]),
            actor=request.user,
        )
        return Response(blueprint_body(made), status=201)


class BlueprintDetail(APIView):
    """One blueprint; PUT stores rows (a next version when something was drawn from this one)."""

    @extend_schema(responses=_BLUEPRINT)
    def get(self, request: Request, blueprint_id: int) -> Response:
        return Response(blueprint_body(get_object_or_404(_blueprints(request), pk=blueprint_id)))

    @extend_schema(request=WrittenBlueprint, responses=_BLUEPRINT)
    def put(self, request: Request, blueprint_id: int) -> Response:
        editable = Blueprint.objects.editable_by(request.user).shared().select_related("current")
        found = get_object_or_404(editable, pk=blueprint_id)
        form = WrittenBlueprint(data=request.data)
        form.is_valid(raise_exception=True)
        save_rows(blueprint=found, rows=_specs(form.validated_data["rows"]), actor=request.user)
        rename_blueprint(blueprint=found, name=form.validated_data["name"], note=form.validated_data["note"])
        return Response(blueprint_body(found))


class BlueprintStock(APIView):
    """The bank's stock for each row of a blueprint, for one form."""

    @extend_schema(responses=inline_serializer("BlueprintStockList", {"rows": serializers.ListField(child=_STOCK)}))
    def get(self, request: Request, blueprint_id: int) -> Response:
        found = get_object_or_404(_blueprints(request), pk=blueprint_id)
        specs = specs_of(found.current) if found.current else []
        task = make_task(found.bank_id, specs, limits_of(None))
        return Response(
            {
                "rows": [
                    {
                        "row": row.number,
                        "need": row.stock.need,
                        "matching": row.stock.total,
                        "free": row.stock.free,
                        "missing": row.stock.missing,
                    }
                    for row in stock_rows(task, specs)
                ]
            }
        )


def _exams(request: Request) -> Any:
    exams = Exam.objects.editable_by(request.user).select_related("unit", "blueprint__current")
    return exams.annotate(last_set=Max("papers__set_number"), last_draw=Max("draws__number"))


def exam_body(one: Any) -> dict[str, Any]:
    """An exam without its questions."""
    return {
        "id": one.pk,
        "title": one.title,
        "unit": one.unit_id,
        "source": one.source,
        "blueprint": one.blueprint_id,
        "forms": one.forms,
        "variants": one.variants,
        "last_draw": one.last_draw,
        "last_set": one.last_set,
    }


class ExamList(APIView):
    """The exams whose papers the caller makes."""

    @extend_schema(responses=page_of("ExamPage", _EXAM))
    def get(self, request: Request) -> Response:
        paginator = ApiPagination()
        page: list[Any] = paginator.paginate_queryset(_exams(request).order_by("pk"), request, view=self) or []
        return paginator.get_paginated_response([exam_body(one) for one in page])


class ExamDetail(APIView):
    """One exam."""

    @extend_schema(responses=_EXAM)
    def get(self, request: Request, exam_id: int) -> Response:
        return Response(exam_body(get_object_or_404(_exams(request), pk=exam_id)))


class ExamDraws(APIView):
    """POST draws the forms of an exam and answers with the proof; ``draw_impossible`` says what stands against it."""

    @extend_schema(request=DrawOrder, responses={201: _DRAW})
    def post(self, request: Request, exam_id: int) -> Response:
        found = get_object_or_404(_exams(request), pk=exam_id)
        form = DrawOrder(data=request.data)
        form.is_valid(raise_exception=True)
        made: ExamDraw = draw_forms(exam=found, actor=request.user, **form.validated_data)
        return Response(
            {
                "number": made.number,
                "seed": str(made.seed),
                "limits": made.limits,
                "forms": made.forms,
                "proof": made.proof,
            },
            status=201,
        )


class ExamFreeze(APIView):
    """POST freezes the papers; when nothing changed the last set is given again, unless it is to be made ``anew``."""

    @extend_schema(request=FreezeOrder, responses=_SET)
    def post(self, request: Request, exam_id: int) -> Response:
        found = get_object_or_404(_exams(request), pk=exam_id)
        form = FreezeOrder(data=optional_body(request))
        form.is_valid(raise_exception=True)
        number = freeze_papers(exam=found, actor=request.user, anew=form.validated_data["anew"])
        return Response(_set_body(found, number))


def _set_body(exam: Exam, number: int) -> dict[str, Any]:
    papers = exam.papers.filter(set_number=number).order_by("pk").values_list("code", "form", "digest", "max_score")
    one = exposures_of([(exam.pk, number)])[0]
    return {
        "set": number,
        "exposure": {
            "classes": one.classes,
            "units": one.units,
            "classes_waiting": one.waiting,
            "people": one.people,
            "since": iso(one.since),
            "key_shown_to": one.shown,
            "questions_given_away": one.given_away,
        },
        "papers": [
            {"code": code, "form": form, "digest": digest, "max_score": str(highest)}
            for code, form, digest, highest in papers
        ],
    }


class PaperSet(APIView):
    """The papers of one set: codes, forms, digests."""

    @extend_schema(responses=_SET)
    def get(self, request: Request, exam_id: int, number: int) -> Response:
        body = _set_body(get_object_or_404(_exams(request), pk=exam_id), number)
        if not body["papers"]:
            raise NotFound
        return Response(body)


class PaperFile(APIView):
    """A paper as ``<code>.pdf`` or ``<code>.docx``, or the keys of the set as ``keys.xlsx``."""

    @extend_schema(
        operation_id="exams_paper_file", responses={(200, media): OpenApiTypes.BINARY for media in _FILES.values()}
    )
    def get(self, request: Request, exam_id: int, number: int, filename: str) -> HttpResponse:
        found = get_object_or_404(_exams(request), pk=exam_id)
        papers = list(found.papers.filter(set_number=number).order_by("pk"))
        code, _dot, ending = filename.rpartition(".")
        content = self._content(found, papers, code, ending)
        record_file(exam=found, number=number, file=filename, actor=request.user)
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type=_FILES[ending], headers=headers)

    def _content(self, exam: Exam, papers: list[Paper], code: str, ending: str) -> bytes:
        if papers and (code, ending) == ("keys", "xlsx"):
            return key_sheet(exam, papers)
        paper = next((one for one in papers if one.code == code), None)
        if paper is None or ending not in ("pdf", "docx"):
            raise NotFound
        printed = print_paper(paper, exam)
        return pdf.paper_pdf(printed) if ending == "pdf" else word.paper_docx(printed)


urlpatterns = [
    path("blueprints/", BlueprintList.as_view(), name="blueprints"),
    path("blueprints/<int:blueprint_id>/", BlueprintDetail.as_view(), name="blueprint"),
    path("blueprints/<int:blueprint_id>/stock/", BlueprintStock.as_view(), name="blueprint-stock"),
    path("exams/<int:exam_id>/", ExamDetail.as_view(), name="exam"),
    path("exams/<int:exam_id>/draw/", ExamDraws.as_view(), name="exam-draw"),
    path("exams/<int:exam_id>/freeze/", ExamFreeze.as_view(), name="exam-freeze"),
    path("exams/<int:exam_id>/papers/<int:number>/", PaperSet.as_view(), name="paper-set"),
    path("exams/<int:exam_id>/papers/<int:number>/<str:filename>", PaperFile.as_view(), name="paper-file"),
]
