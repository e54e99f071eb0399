"""Question files as a whole: the list, uploading, templates, pictures, discarding."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.common.errors import DomainError
from lms.common.spreadsheets import download
from lms.people.once import is_repeat
from lms.portals.exams.bank.views.common import find_bank_to_edit
from lms.portals.exams.imports.forms import UploadForm
from lms.portals.exams.imports.views.common import find_import
from lms.portals.shared import require_role
from media.delivery import send
from quizzes.access import BANK_ROLES
from quizzes.enums import ImportedState
from quizzes.formats.excel_writer import template as excel_template
from quizzes.formats.word.template import template as word_template
from quizzes.models import ItemBank, QuestionImport
from quizzes.services.imports import discard_import, retry_import, start_import

PER_PAGE = 30


@require_safe
@never_cache
def import_list(request: HttpRequest) -> HttpResponse:
    """The files that still wait, and the banks that files can be imported into."""
    require_role(request, BANK_ROLES)
    files = (
        QuestionImport.objects.visible_to(request.user)
        .select_related("bank", "created_by")
        .annotate(
            total=Count("questions"),
            waiting=Count("questions", filter=Q(questions__state=ImportedState.WAITING)),
            imported=Count("questions", filter=Q(questions__state=ImportedState.IMPORTED)),
        )
        .order_by("-created_at", "-pk")
    )
    banks = ItemBank.objects.editable_by(request.user).select_related("unit").order_by("unit__path", "name")
    context = {"page": Paginator(files, PER_PAGE).get_page(request.GET.get("page")), "banks": banks}
    return render(request, "exams/imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Choose a file for a bank; the next page shows what was read."""
    bank = find_bank_to_edit(request, bank_id)
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"token": uuid.uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = start_import(
                bank=bank, file=form.cleaned_data["file"], actor=request.user, token=form.cleaned_data["token"]
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("exams:import", batch.pk)
    return render(
        request, "exams/imports/upload.html", {"bank": bank, "form": form}, status=422 if form.errors else 200
    )


@require_safe
def template_file(request: HttpRequest, form: str) -> HttpResponse:
    """A file to start from."""
    require_role(request, BANK_ROLES)
    if form == "excel":
        return download(excel_template(), f"{_('question-template')}.xlsx")
    if form == "word":
        response = HttpResponse(
            word_template(), content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        )
        name = f"{_('question-template')}.docx"
        response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    raise Http404


@require_safe
def picture(request: HttpRequest, import_id: int, name: str) -> HttpResponseBase:
    """A picture of a file, for whoever may see the file."""
    found = get_object_or_404(find_import(request, import_id).pictures, name=name)
    if not default_storage.exists(found.stored):
        raise Http404
    response = send(request, _Named(found.stored), found.name)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


class _Named:
    """A stored file as :func:`media.delivery.send` takes it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = default_storage.size(name)

    def open(self, mode: str) -> object:
        return default_storage.open(self.name, mode)


@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Forget a file; what was imported from it stays in the bank."""
    if is_repeat(request):  # pressed twice, or in a second window
        messages.info(request, _("The file is discarded already."))
        return redirect("exams:imports")
    batch = find_import(request, import_id)
    discard_import(batch=batch)
    messages.success(request, _("The file is discarded. Questions imported from it stay in the bank."))
    return redirect("exams:imports")


@require_POST
def retry(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let a file be read again whose reading broke off."""
    batch = find_import(request, import_id)
    try:
        retry_import(batch=batch)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("exams:import", batch.pk)
