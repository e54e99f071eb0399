"""Answer sheets from a scanning tool's file: read, looked at, taken all or none."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from lms.classes.roster.reading import read_file
from lms.common.errors import DomainError
from lms.exams.errors import SheetError
from lms.exams.models import SheetImport
from lms.exams.queries.sheets import candidates_of
from lms.exams.services.scans import read_scans, take_scans
from lms.portals.exams.sheets.views.common import find_class_exam
from lms.portals.shared import actor_of


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
            made = read_scans(
                class_exam=class_exam, rows=read_file(file), source=file.name or "", actor=actor_of(request)
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("exams:sheet-import-preview", class_id, item_id, made.pk)
    context = {"class_exam": class_exam, "form": form, "numbers": candidates_of(class_exam)}
    return render(request, "exams/sheets/import.html", context, status=422 if form.errors else 200)


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
        try:
            done = take_scans(class_exam=class_exam, sheet_import=found, actor=actor_of(request))
        except SheetError as error:
            refused = str(error)
        else:
            text = ngettext("%(number)d sheet graded.", "%(number)d sheets graded.", done)
            messages.success(request, text % {"number": done})
            return redirect("exams:sheet-grid", class_id, item_id)
    context = {"class_exam": class_exam, "import": found, "refused": refused}
    return render(request, "exams/sheets/import_preview.html", context, status=409 if refused else 200)
