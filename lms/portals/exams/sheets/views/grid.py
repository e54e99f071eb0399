"""Answers from paper: the key grid, settling differences, grading."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.common.text import whole_number
from lms.exams.access import SHEET_ROLES
from lms.exams.enums import SheetState
from lms.exams.errors import SheetError
from lms.exams.models import PaperSheet
from lms.exams.queries.sheets import (
    CandidateRow,
    ClassExam,
    candidates_of,
    classes_with_sheets,
    exams_of,
)
from lms.exams.services.sheets import SheetReading, differences, enter_sheet, papers_of, post_sheets, settle_sheet
from lms.portals.exams.sheets.presentation import columns_of
from lms.portals.exams.sheets.views.common import find_class_exam
from lms.portals.shared import actor_of, require_role

CLASSES_PER_PAGE = 20
CANDIDATES_PER_PAGE = 25
OTHER = "other:"


@require_safe
def class_exams(request: HttpRequest) -> HttpResponse:
    """The exams of the person's classes, with how many sheets are in."""
    require_role(request, SHEET_ROLES)
    page = Paginator(classes_with_sheets(request.user), CLASSES_PER_PAGE).get_page(request.GET.get("page"))
    classes = list(page.object_list)
    exams = exams_of(classes)
    return render(
        request, "exams/sheets/list.html", {"page": page, "classes": [(one, exams[one.pk]) for one in classes]}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def key_grid(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Candidates down, questions across. Whoever enters a second time sees nothing of the first entry."""
    class_exam = find_class_exam(request, class_id, item_id)
    rows = candidates_of(class_exam)
    page = Paginator(rows, CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    errors: dict[int, dict[str, str]] = {}
    typed: dict[int, SheetReading] = {}
    if request.method == "POST":
        typed = _typed(request, list(page.object_list))
        taken, errors = _enter(request, class_exam, list(page.object_list), typed)
        if taken:
            text = ngettext("%(number)d sheet taken.", "%(number)d sheets taken.", taken)
            messages.success(request, text % {"number": taken})
        if not errors:
            return redirect(request.get_full_path())
        rows = candidates_of(class_exam)
        page = Paginator(rows, CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    papers = list(papers_of(class_exam.exam, class_exam.set_number).values())
    columns = columns_of(papers)
    states = [row.sheet.state for row in rows if row.sheet]
    context = {
        "class_exam": class_exam,
        "page": page,
        "columns": columns,
        "codes": [paper.code for paper in papers],
        "rows": [_row(request, row, columns, typed.get(row.enrolment.pk), errors) for row in page.object_list],
        "counts": {state: states.count(state) for state in SheetState.values},
        "none": len(rows) - len(states),
        "errors": [(row.candidate_name, texts) for row in rows if (texts := errors.get(row.enrolment.pk))],
    }
    return render(request, "exams/sheets/grid.html", context, status=422 if errors else 200)


def _mine(request: HttpRequest, sheet: PaperSheet | None) -> dict[str, Any] | None:
    """Return the entry of this person, which alone may be shown; ``None`` when there is none."""
    if sheet is None:
        return None
    if sheet.first_by_id == actor_of(request).pk and sheet.second is None:
        return cast("dict[str, Any]", sheet.first)
    return None


def _enterable(request: HttpRequest, sheet: PaperSheet | None) -> bool:
    return sheet is None or sheet.state == SheetState.ONCE


def _row(
    request: HttpRequest,
    row: CandidateRow,
    columns: list[dict[str, Any]],
    typed: SheetReading | None,
    errors: dict[int, dict[str, str]],
) -> dict[str, Any]:
    wrong = errors.get(row.enrolment.pk, {})
    own = _mine(request, row.sheet)
    if typed is not None and wrong:
        code, answers = typed.code, {str(slot): text for slot, text in typed.answers.items()}
    else:
        code, answers = (own["code"], own["answers"]) if own else ("", {})
    turn = 0
    if _enterable(request, row.sheet):
        turn = 2 if row.sheet is not None and row.sheet.first_by_id != actor_of(request).pk else 1
    return {
        "pk": row.enrolment.pk,
        "name": row.candidate_name,
        "number": row.number,
        "sheet": row.sheet,
        "turn": turn,
        "code": code,
        "cells": [
            (column, answers.get(str(column["slot"]), ""), wrong.get(str(column["slot"]), "")) for column in columns
        ],
        "wrong": wrong,
    }


def _typed(request: HttpRequest, rows: list[CandidateRow]) -> dict[int, SheetReading]:
    """Return what was typed for the candidates of the page, without the rows left empty."""
    answers: dict[int, dict[int, str]] = {row.enrolment.pk: {} for row in rows}
    for name, value in request.POST.items():
        if name.startswith("a-") and str(value).strip():
            _a, _dash, place = name.partition("-")
            enrolment, slot = (whole_number(part) for part in (place + "-").split("-")[:2])
            if enrolment in answers and slot is not None:
                answers[enrolment][slot] = str(value)
    typed = {}
    for enrolment_id, given in answers.items():
        code = request.POST.get(f"code-{enrolment_id}", "").strip()
        if code or given:
            typed[enrolment_id] = SheetReading(code, given)
    return typed


def _enter(
    request: HttpRequest, class_exam: ClassExam, rows: list[CandidateRow], typed: dict[int, SheetReading]
) -> tuple[int, dict[int, dict[str, str]]]:
    """Take every row that is right and changed; return how many, and what is wrong with the others by field."""
    taken = 0
    errors: dict[int, dict[str, str]] = {}
    for row in rows:
        entry = typed.get(row.enrolment.pk)
        if entry is None or not _enterable(request, row.sheet):
            continue
        own = _mine(request, row.sheet)
        if own == {"code": entry.code, "answers": {str(slot): text for slot, text in sorted(entry.answers.items())}}:
            continue
        try:
            enter_sheet(
                enrolment=row.enrolment,
                item=class_exam.item,
                entry=entry,
                actor=actor_of(request),
            )
        except SheetError as error:
            fields = {name: texts[0] for name, texts in error.fields.items()}
            errors[row.enrolment.pk] = fields or {"code": str(error)}
        else:
            taken += 1
    return taken, errors


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, class_id: int, item_id: int, sheet_id: int) -> HttpResponse:
    """The differences between two entries; the person decides each by looking at the sheet of paper."""
    class_exam = find_class_exam(request, class_id, item_id)
    row = next((row for row in candidates_of(class_exam) if row.sheet and row.sheet.pk == sheet_id), None)
    if row is None or row.sheet is None:
        raise Http404
    sheet = get_object_or_404(PaperSheet, pk=row.sheet.pk)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        choices = {
            name.removeprefix("choice-"): (
                request.POST.get(f"other-{name.removeprefix('choice-')}", "") if value == OTHER else str(value)
            )
            for name, value in request.POST.items()
            if name.startswith("choice-")
        }
        try:
            settle_sheet(sheet=sheet, choices=choices, actor=actor_of(request))
        except SheetError as error:
            wrong = {name: texts[0] for name, texts in error.fields.items()} or {"": str(error)}
        else:
            messages.success(request, _("The differences are settled."))
            return redirect("exams:sheet-grid", class_id, item_id)
    context = {"class_exam": class_exam, "row": row, "sheet": sheet, "differences": differences(sheet), "wrong": wrong}
    return render(request, "exams/sheets/settle.html", context, status=422 if wrong else 200)


@require_POST
def post_all(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Grade every sheet on which both entries agree."""
    class_exam = find_class_exam(request, class_id, item_id)
    ready = [row.sheet for row in candidates_of(class_exam) if row.sheet and row.sheet.state == SheetState.AGREED]
    done, refused = post_sheets(sheets=ready, actor=actor_of(request))
    if done:
        text = ngettext("%(number)d sheet graded.", "%(number)d sheets graded.", done)
        messages.success(request, text % {"number": done})
    for sheet, reason in refused[:10]:
        messages.error(request, f"{sheet.user}: {reason}")
    if not done and not refused:
        messages.info(request, _("No sheet waits to be graded."))
    return redirect("exams:sheet-grid", class_id, item_id)
