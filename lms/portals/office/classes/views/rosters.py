"""Lists of learners: reading a file or pasted text, looking at it, carrying it out."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.classes.models import RosterImport, TrainingClass
from lms.classes.roster.template import template_xlsx
from lms.classes.services import roster
from lms.common.errors import DomainError
from lms.common.spreadsheets import download
from lms.people.enums import OFFICE_ROLES
from lms.portals.office.classes.forms import RosterForm
from lms.portals.office.classes.views.common import find_class_to_manage
from lms.portals.shared import actor_of, require_role

PER_PAGE = 100


@require_GET
def template_file(request: HttpRequest) -> HttpResponse:
    """The spreadsheet to fill in."""
    require_role(request, OFFICE_ROLES)
    return download(template_xlsx(), f"{_('learner-list-template')}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def roster_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file or paste a list."""
    training_class = find_class_to_manage(request, pk)
    form = RosterForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = roster.read_file(file) if file else roster.read_text(form.cleaned_data["text"])
            read = roster.preview(
                training_class=training_class,
                rows=rows,
                actor=actor_of(request),
                source=file.name if file else _("pasted list"),
            )
        except DomainError as error:
            form.add_error("file" if file else "text", str(error))
        else:
            problems = [] if file else [problem["message"] for problem in read.problems]
            if not problems:
                return redirect("office:class-import-preview", pk=pk, import_id=read.pk)
            roster.discard(roster_import=read)  # what was pasted is corrected where it stands, and read again
    context = {"class": training_class, "form": form, "problems": problems, "title": _("Add a list of learners")}
    return render(request, "office/classes/import.html", context, status=422 if form.errors or problems else 200)


def _find_import(request: HttpRequest, training_class: TrainingClass, import_id: int) -> RosterImport:
    """Return a list that this person read for this class: nobody else sees its rows."""
    return get_object_or_404(training_class.imports.filter(created_by=actor_of(request)), pk=import_id)


@require_http_methods(["GET", "HEAD", "POST"])
def roster_preview(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """Show what a list would do, its problems above it; a POST carries it out."""
    training_class = find_class_to_manage(request, pk)
    read = _find_import(request, training_class, import_id)
    refused = ""
    if request.method == "POST" and read.done_at is None:
        try:
            roster.carry_out(roster_import=read, actor=actor_of(request))
        except DomainError as error:
            refused = str(error)
        else:
            messages.success(request, _("The list is carried out."))
            return redirect("office:class-import-preview", pk=pk, import_id=import_id)
    counts = Counter(row["status"] for row in read.rows)
    page = Paginator(read.rows, PER_PAGE).get_page(request.GET.get("page"))  # in the order of the list
    for row in page.object_list:
        row["born"] = dt.date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    context = {
        "class": training_class,
        "import": read,
        "refused": refused,
        "counts": counts,
        "adding": counts["new"] + counts["existing"],
        "problem_rows": len({problem["line"] for problem in read.problems if problem["line"]}),
        "page": page,
    }
    return render(request, "office/classes/import_preview.html", context, status=409 if refused else 200)


@require_POST
def roster_discard(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """Forget a list."""
    training_class = find_class_to_manage(request, pk)
    roster.discard(roster_import=_find_import(request, training_class, import_id))
    return redirect("office:class-import", pk=pk)
