"""The questions of a file: looking, mending, deciding, importing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.errors import DomainError
from lms.common.text import whole_number
from lms.portals.exams.imports.forms import QuestionForm
from lms.portals.exams.imports.presentation import file_doubts, question_view
from lms.portals.exams.imports.views.common import find_import, find_question
from quizzes.enums import ImportedState, ImportState, Level
from quizzes.formats import ParsedQuestion
from quizzes.formats.messages import sentence
from quizzes.models import QuestionImport
from quizzes.services import imports

PER_PAGE = 25
WAIT_SECONDS = 3
_SHOWS = {
    "all": Q(state=ImportedState.WAITING),
    "doubts": Q(state=ImportedState.WAITING) & (Q(broken=True) | Q(doubtful=True)),
    "errors": Q(state=ImportedState.WAITING, broken=True),
    "skipped": Q(state=ImportedState.SKIPPED),
    "imported": Q(state=ImportedState.IMPORTED),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """Every question as it will be, each doubt at its place; a POST decides about the chosen ones."""
    batch = find_import(request, import_id)
    if request.method == "POST":
        return _decide(request, batch)
    if batch.state != ImportState.READY:
        refused = sentence(batch.problem["code"], batch.problem.get("params")) if batch.problem else ""
        response = render(request, "exams/imports/waiting.html", {"batch": batch, "refused": refused})
        if batch.state == ImportState.READING:
            response.headers["Refresh"] = str(WAIT_SECONDS)
        return response
    counts = batch.questions.aggregate(**{name: Count("pk", filter=query) for name, query in _SHOWS.items()})
    counts["good"] = counts["all"] - counts["errors"]
    show = request.GET.get("xem", "all")
    show = show if show in _SHOWS else "all"
    rows = batch.questions.filter(_SHOWS[show]).select_related("topic", "item").order_by("position")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "counts": counts,
        "show": show,
        "shows": [
            ("all", _("All"), counts["all"]),
            ("doubts", _("With doubts"), counts["doubts"]),
            ("errors", _("To be mended"), counts["errors"]),
            ("skipped", pgettext("question", "Left out"), counts["skipped"]),
            ("imported", _("Imported"), counts["imported"]),
        ],
        "page": page,
        "questions": [question_view(row) for row in page.object_list],
        "doubts": file_doubts(batch.doubts),
        "topics": batch.bank.topics.select_related("parent"),
        "levels": Level.choices,
    }
    return render(request, "exams/imports/preview.html", context)


def _decide(request: HttpRequest, batch: QuestionImport) -> HttpResponse:
    """Carry out the button that was pressed, on the chosen questions."""
    ids = [number for value in request.POST.getlist("row") if (number := whole_number(value)) is not None]
    act = request.POST.get("act", "")
    try:
        said = _act(request, batch, act, ids)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    show = request.POST.get("xem", "all")
    address = reverse("exams:import", args=[batch.pk])
    return redirect(f"{address}?xem={show}" if show in _SHOWS and show != "all" else address)


def _act(request: HttpRequest, batch: QuestionImport, act: str, ids: list[int]) -> str:
    match act:
        case "import":
            count = imports.commit_import(batch=batch, actor=request.user)
            return ngettext(
                "%(count)d question is in the bank as a draft.", "%(count)d questions are in the bank as drafts.", count
            ) % {"count": count}
        case "import-chosen":
            count = imports.commit_import(batch=batch, actor=request.user, ids=ids)
            return ngettext(
                "%(count)d question is in the bank as a draft.", "%(count)d questions are in the bank as drafts.", count
            ) % {"count": count}
        case "skip":
            count = imports.skip_questions(batch=batch, ids=ids)
            return ngettext("%(count)d question is left out.", "%(count)d questions are left out.", count) % {
                "count": count
            }
        case "take-back":
            count = imports.take_back(batch=batch, ids=ids)
            return ngettext("%(count)d question is back.", "%(count)d questions are back.", count) % {"count": count}
    topic = None
    if (wanted := whole_number(request.POST.get("topic", ""))) is not None:
        topic = get_object_or_404(batch.bank.topics, pk=wanted)
    count = imports.describe_questions(
        batch=batch, ids=ids, topic=topic, level=request.POST.get("level", ""), looked_at=act == "looked-at"
    )
    return ngettext("%(count)d question is changed.", "%(count)d questions are changed.", count) % {"count": count}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, import_id: int, row_id: int) -> HttpResponse:
    """One question in a form, in the words of the Excel template."""
    row = find_question(request, import_id, row_id)
    question = ParsedQuestion.from_json(row.data)
    form = QuestionForm(request.POST if request.method == "POST" else None, question=question, level=row.level)
    context: dict[str, Any] = {"row": row, "batch": row.batch, "form": form, "view": question_view(row)}
    if request.method == "POST" and form.is_valid():
        try:
            fixed = imports.fix_question(row=row, cells=form.cells())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if not fixed.broken:
                messages.success(request, _("The question is mended."))
                return redirect(f"{reverse('exams:import', args=[import_id])}#q{row.pk}")
            row.refresh_from_db()
            context["view"] = question_view(row)
            return render(request, "exams/imports/edit.html", context, status=422)
    return render(request, "exams/imports/edit.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: HttpRequest, import_id: int, row_id: int) -> HttpResponse:
    """Mark the right option where the file did not."""
    row = find_question(request, import_id, row_id)
    try:
        imports.choose_answer(row=row, letters=request.POST.getlist("right"))
    except DomainError as error:
        messages.error(request, str(error))
    back = request.POST.get("back", "")
    query = f"?{back}" if back and all(char.isalnum() or char in "=&-_" for char in back) else ""
    return redirect(f"{reverse('exams:import', args=[import_id])}{query}#q{row.pk}")
