"""One's own data: to read, to take along, and to have erased."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.common.clock import now
from lms.people.exports import export_person, readable
from lms.people.forms import AskErasureForm
from lms.people.models import User
from lms.people.queries import latest_erasure
from lms.people.services import disclosure, erasure
from lms.people.views.proofs import prover


@require_GET
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """All that is kept about oneself, in words; the reading is recorded."""
    return _page(request, _person(request), AskErasureForm())


@require_GET
@never_cache
def archive(request: HttpRequest) -> HttpResponse:
    """The same as a ZIP: a page for people, JSON for programs."""
    user = _person(request)
    disclosure.record_export(person=user, actor=user)
    data = export_person(user)
    page = render_to_string("people/own_data_file.html", {"sections": readable(data), "person": user, "at": now()})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("du-lieu.html", page)
        pack.writestr("du-lieu.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    response = HttpResponse(buffer.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="sen-{user.pk}.zip"'
    return response


@never_cache
@require_POST
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """Ask the managers to erase one's data; the password proves that it is the person."""
    user = _person(request)
    form = AskErasureForm(request.POST, prove=prover(request))
    if form.is_valid():
        try:
            erasure.ask(user=user, actor=user, reason=form.cleaned_data["reason"])
        except erasure.ErasureError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your centre will answer your request."))
            return redirect("profile-data")
    return _page(request, user, form, status=422)


@never_cache
@require_POST
def withdraw_erasure(request: HttpRequest) -> HttpResponse:
    """Take the request back."""
    if erasure.withdraw(user=_person(request)):
        messages.success(request, _("Your request is withdrawn. Nothing was erased."))
    else:
        messages.info(request, _("You have no open request: it was withdrawn or answered before."))
    return redirect("profile-data")


def _page(request: HttpRequest, user: User, form: AskErasureForm, status: int = 200) -> HttpResponse:
    disclosure.record_reading(person=user, actor=user)
    context: dict[str, Any] = {
        "sections": readable(export_person(user)),
        "form": form,
        "asked": latest_erasure(user),
        "preview": erasure.preview(user),
    }
    return render(request, "people/own_data.html", context, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
