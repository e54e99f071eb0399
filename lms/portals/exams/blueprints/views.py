"""Pages of the blueprints: list, matrix, editing, what the bank lacks, printing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.common.spreadsheets import download
from lms.common.text import fold
from lms.portals.exams.blueprints.exports import matrix_docx, matrix_xlsx
from lms.portals.exams.blueprints.forms import BlueprintNew
from lms.portals.exams.blueprints.grid import Grid, make_grid, read_grid
from lms.portals.exams.files import attach
from lms.portals.shared import actor_of, require_role, take_errors
from quizzes import policy
from quizzes.access import BANK_ROLES
from quizzes.errors import BlueprintError
from quizzes.models import Blueprint, Exam, Item
from quizzes.queries.bank.topics import topic_rows
from quizzes.queries.bank.versions import short_text
from quizzes.queries.papers.stock import (
    RowSpec,
    conflict_sentences,
    limits_of,
    make_task,
    row_label,
    row_labels,
    specs_of,
    stock_rows,
)
from quizzes.queries.papers.units import units_for_blueprints
from quizzes.services.papers.blueprints import copy_blueprint, create_blueprint, rename_blueprint, save_rows, state_mark

PER_PAGE = 30
ITEMS_SHOWN = 200


def _find_blueprint(request: HttpRequest, pk: int) -> Blueprint:
    return get_object_or_404(
        Blueprint.objects.visible_to(request.user).shared().select_related("unit", "bank", "current"), pk=pk
    )


def _find_blueprint_to_edit(request: HttpRequest, pk: int) -> Blueprint:
    return get_object_or_404(
        Blueprint.objects.editable_by(request.user).shared().select_related("unit", "bank", "current"), pk=pk
    )


@require_safe
def blueprint_list(request: HttpRequest) -> HttpResponse:
    """The blueprints of the person's units and of those above."""
    require_role(request, BANK_ROLES)
    found = Blueprint.objects.visible_to(request.user).shared()
    if q := " ".join(request.GET.get("q", "").split())[:100]:
        names = found.values_list("pk", "name")  # few: names are read and compared without accents
        found = found.filter(pk__in=[pk for pk, name in names if fold(q) in fold(name)])
    found = found.select_related("unit", "bank", "current").annotate(
        uses=Count("exams", distinct=True), row_count=Count("current__rows", distinct=True)
    )
    page = Paginator(found.order_by("-updated_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/blueprints/list.html", {"page": page, "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
def blueprint_new(request: HttpRequest) -> HttpResponse:
    """Name a blueprint and choose its bank; the matrix comes next."""
    require_role(request, BANK_ROLES)
    form = BlueprintNew(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_blueprint(actor=actor_of(request), **form.cleaned_data)
        except BlueprintError as error:
            take_errors(form, error)
        else:
            return redirect("exams:blueprint-edit", made.pk)
    context = {"form": form, "title": _("New blueprint")}
    return render(request, "exams/blueprints/form.html", context, status=422 if form.errors else 200)


@require_safe
def blueprint(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """The matrix with its totals, the specification, and what the bank lacks."""
    found = _find_blueprint(request, blueprint_id)
    specs = specs_of(found.current) if found.current else []
    task = make_task(found.bank_id, specs, limits_of(None))
    stocks = stock_rows(task, specs)
    labels = row_labels(specs, found.bank_id)
    makes = Exam.objects.editable_by(request.user).filter(pk=OuterRef("pk"))
    context = {
        "blueprint": found,
        "grid": make_grid(found, specs, stocks=stocks, every_topic=False),
        "rows": [(number, labels[number], spec, stocks[number - 1]) for number, spec in enumerate(specs, start=1)],
        "conflicts": conflict_sentences(task, labels) if specs and any(one.stock.missing for one in stocks) else [],
        "editable": Blueprint.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        "exams": found.exams.visible_to(request.user).annotate(opens=Exists(makes)).order_by("-updated_at")[:20],
    }
    return render(request, "exams/blueprints/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def blueprint_edit(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """Edit the matrix. The button "Show" only draws the table again, for whoever has no JavaScript."""
    found = _find_blueprint_to_edit(request, blueprint_id)
    specs = specs_of(found.current) if found.current else []
    problems: dict[str, str] = {}
    name, note, kinds, base = found.name, found.note, request.GET.getlist("loai"), state_mark(found)
    if request.method == "POST":
        specs, problems = read_grid(request.POST)
        name, note = request.POST.get("name", "").strip(), request.POST.get("note", "")
        kinds, begun = request.POST.getlist("kinds"), request.POST.get("base", "")
        if not name:
            problems["name"] = _("Give the blueprint a name.")
        if not problems and request.POST.get("act") != "show":
            try:
                save_rows(blueprint=found, rows=specs, actor=actor_of(request), expected=begun or None)
                if (name, note.strip()) != (found.name, found.note):
                    rename_blueprint(blueprint=found, name=name, note=note)
            except BlueprintError as error:
                problems = {field: texts[0] for field, texts in error.fields.items()}
            else:
                messages.success(request, _("The blueprint is saved."))
                return redirect("exams:blueprint", found.pk)
        if "base" not in problems:  # told once; who saves again has seen it
            base = begun
    context = {
        "blueprint": found,
        "name": name,
        "note": note,
        "problems": problems,
        "base": base,
        **_edit_grid(found, specs, kinds, request.POST, problems),
        "used": found.current is not None and found.current.draws.exists(),
    }
    return render(request, "exams/blueprints/edit.html", context, status=422 if problems else 200)


def _edit_grid(
    found: Blueprint, specs: list[RowSpec], kinds: list[str], typed: Mapping[str, Any], problems: dict[str, str]
) -> dict[str, Any]:
    task = make_task(found.bank_id, specs, limits_of(None))
    grid: Grid = make_grid(
        found,
        specs,
        stocks=stock_rows(task, specs),
        kinds=[kind for kind in kinds if kind],
        typed=typed,
        problems=problems,
    )
    return {"grid": grid, "chosen": {name for name, _label in grid.kinds}}


@require_POST
def blueprint_check(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """Say for each slot of a grid being edited what the bank has; nothing is saved."""
    found = _find_blueprint_to_edit(request, blueprint_id)
    specs, problems = read_grid(request.POST)
    task = make_task(found.bank_id, specs, limits_of(None))
    slots = {}
    for row in stock_rows(task, specs):
        spec = row.spec
        place = f"{spec.topic or 0}-{spec.level or 'any'}-{spec.kind or 'any'}"
        slots[place] = {"text": row.sentence, "short": bool(row.stock.missing), "free": row.stock.free}
    labels = row_labels(specs, found.bank_id)
    short = any(one["short"] for one in slots.values())
    sentences = conflict_sentences(task, labels) if short else []
    return JsonResponse({"slots": slots, "conflicts": sentences, "problems": problems})


@require_POST
def blueprint_copy(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """Copy a blueprint to the person's own unit (the blueprint's, if the person writes there)."""
    found = _find_blueprint(request, blueprint_id)
    units = units_for_blueprints(request.user)
    unit = units.filter(pk=found.unit_id).first() or units.first()
    if unit is None:
        raise Http404
    made = copy_blueprint(blueprint=found, unit=unit, actor=actor_of(request))
    messages.success(request, _("The copy is made. Give it a name of its own."))
    return redirect("exams:blueprint-edit", made.pk)


@require_safe
def blueprint_row(request: HttpRequest, blueprint_id: int, row: int) -> HttpResponse:
    """The questions that one row may draw, and why some stay out."""
    found = _find_blueprint(request, blueprint_id)
    specs = specs_of(found.current) if found.current else []
    if not 1 <= row <= len(specs):
        raise Http404
    task = make_task(found.bank_id, specs, limits_of(None))
    cell = task.cells[row - 1]
    items = Item.objects.visible_to(request.user).filter(pk__in=cell.items).select_related("approved_version", "topic")
    topics = {pk: name for pk, name, _depth in topic_rows(found.bank_id)}
    context = {
        "blueprint": found,
        "label": row_label(specs[row - 1], topics),
        "stock": stock_rows(task, specs)[row - 1],
        "items": [
            (item, short_text(item.approved_version), task.candidates[item.pk], policy.page_of("item", item))
            for item in items.order_by("code", "pk")[:ITEMS_SHOWN]
            if item.approved_version is not None
        ],
        "total": len(cell.items),
    }
    return render(request, "exams/blueprints/row.html", context)


@require_safe
def blueprint_xlsx(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """The matrix and the specification as a spreadsheet."""
    found = _find_blueprint(request, blueprint_id)
    return download(matrix_xlsx(found), f"{pgettext('file name', 'blueprint')}-{found.pk}.xlsx")


@require_safe
def blueprint_docx(request: HttpRequest, blueprint_id: int) -> HttpResponse:
    """The matrix and the specification as a Word file."""
    found = _find_blueprint(request, blueprint_id)
    return attach(matrix_docx(found), f"{pgettext('file name', 'blueprint')}-{found.pk}.docx")
