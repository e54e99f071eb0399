"""Answer sheets from a scanning tool's file: read, looked at, taken all or none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from lms.classes.roster.reading import read_file
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.exams.engine.scanned import Scanned, find_columns, read_sheets
from lms.exams.enums import SheetState
from lms.exams.errors import SheetError
from lms.exams.models import SheetImport
from lms.exams.queries.sheets import CandidateRow, ClassExam, candidates_of
from lms.exams.services.sheets import SheetReading, clean_entry, papers_of, take_sheets
from lms.portals.exams.sheets.views.common import find_class_exam
from lms.portals.shared import actor_of
from quizzes.models import Paper

# Answered by writing, not by marks that a scanner reads.
_WRITTEN = frozenset({"essay", "short_text", "numeric", "gap_text", "hotspot"})


class UploadForm(forms.Form):
    """The file of the scanning tool."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Excel or CSV with a heading row: SBD, Mã đề, and the answers in one column (ABCDA…) "
            "or one column a question."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Choose a file; nothing is taken yet."""
    class_exam = find_class_exam(request, class_id, item_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = _read(class_exam, read_file(file), source=file.name or "", actor=actor_of(request))
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("exams:sheet-import-preview", class_id, item_id, made.pk)
    context = {"class_exam": class_exam, "form": form, "numbers": candidates_of(class_exam)}
    return render(request, "exams/sheets/import.html", context, status=422 if form.errors else 200)


def _read(class_exam: ClassExam, rows: list[Any], *, source: str, actor: Any) -> SheetImport:
    columns = find_columns(rows)
    if columns is None:
        raise SheetError(
            _("No heading row with SBD, Mã đề and the answers was found in the first 20 rows of the file.")
        )
    papers = papers_of(class_exam.exam, class_exam.set_number)
    people = candidates_of(class_exam)
    known = {row.number.lstrip("0"): row for row in people} | {
        row.enrolment.learner.username.lower(): row for row in people
    }
    problems: list[dict[str, Any]] = []
    stored: list[dict[str, Any]] = []
    lines: dict[int, int] = {}
    for scanned in read_sheets(rows, columns, questions={code: marks_of(paper) for code, paper in papers.items()}):
        row = known.get(scanned.number.strip().lower().lstrip("0"))
        stored.append(_checked(scanned, row, papers, lines, problems))
    if not stored:
        raise SheetError(_("There are no answers below the heading row."))
    return SheetImport.objects.create(
        exam=class_exam.exam,
        set_number=class_exam.set_number,
        training_class=class_exam.training_class,
        item=class_exam.item,
        created_by=actor,
        source=source[:200],
        rows=stored,
        problems=problems,
    )


def marks_of(paper: Paper) -> int:
    """Return how many marks a sheet of the paper has: up to the last question that is answered by marks."""
    slots = (one["slot"] for one in paper.content["questions"] if one["kind"] not in _WRITTEN)
    return max(slots, default=0)


def _checked(
    scanned: Scanned,
    row: CandidateRow | None,
    papers: dict[str, Paper],
    lines: dict[int, int],
    problems: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return a row as it is kept, and add what is wrong with it to ``problems`` with its place in the file."""

    def wrong(column: str, text: str) -> None:
        problems.append({"line": scanned.line, "column": column, "text": text})

    if row is None:
        wrong(
            _("Candidate number"),
            _("Nobody on the list has the number “%(number)s”.") % {"number": scanned.number[:30]},
        )
    elif row.enrolment.pk in lines:
        wrong(
            _("Candidate number"),
            _("The same person stands in row %(line)d already.") % {"line": lines[row.enrolment.pk]},
        )
    else:
        lines[row.enrolment.pk] = scanned.line
        if row.sheet is not None and row.sheet.state == SheetState.POSTED:
            wrong(_("Candidate number"), _("This person's sheet is graded already."))
    paper = papers.get(scanned.code)
    if paper is not None and scanned.marks is not None and scanned.marks < marks_of(paper):
        # One mark too few moves all behind it: nobody may be graded by that.
        text = _("There are %(marks)d answers for %(count)d questions. Put “-” where a question was left out.")
        wrong(_("Answers"), text % {"marks": scanned.marks, "count": marks_of(paper)})
    try:
        clean_entry(SheetReading(scanned.code, scanned.answers), papers)
    except SheetError as error:
        for field, texts in error.fields.items():
            name = _("Paper code") if field == "code" else _("Question %(number)s") % {"number": field}
            wrong(name, texts[0])
    return {
        "line": scanned.line,
        "number": scanned.number[:30],
        "name": row.candidate_name if row else "",
        "enrolment": row.enrolment.pk if row else None,
        "code": scanned.code[:20],
        "answers": {str(slot): text for slot, text in scanned.answers.items()},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, class_id: int, item_id: int, import_id: int) -> HttpResponse:
    """Show the rows with every problem at its place; a POST takes and grades all of them, or none."""
    class_exam = find_class_exam(request, class_id, item_id)
    found = get_object_or_404(
        SheetImport.objects.filter(
            exam=class_exam.exam,
            training_class=class_exam.training_class,
            item=class_exam.item,
            created_by=actor_of(request),
        ),
        pk=import_id,
    )
    refused = ""
    if request.method == "POST" and found.done_at is None and not found.problems:
        people = {row.enrolment.pk: row.enrolment for row in candidates_of(class_exam)}
        try:
            done = take_sheets(
                item=class_exam.item,
                rows=[
                    (
                        people[row["enrolment"]],
                        SheetReading(row["code"], {int(slot): text for slot, text in row["answers"].items()}),
                    )
                    for row in found.rows
                    if row["enrolment"] in people
                ],
                source=found.source,
                actor=actor_of(request),
            )
        except SheetError as error:
            refused = str(error)
        else:
            found.done_at = now()
            found.save(update_fields=["done_at", "updated_at"])
            text = ngettext("%(number)d sheet graded.", "%(number)d sheets graded.", done)
            messages.success(request, text % {"number": done})
            return redirect("exams:sheet-grid", class_id, item_id)
    context = {"class_exam": class_exam, "import": found, "refused": refused}
    return render(request, "exams/sheets/import_preview.html", context, status=409 if refused else 200)
