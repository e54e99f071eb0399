"""Requests to erase what is kept about a person, for the managers of the person's units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.common.errors import DomainError
from lms.people.backends import find_account
from lms.people.enums import MANAGER_ROLES, Role
from lms.people.models import ErasureRequest, User
from lms.people.services import erasure
from lms.portals.shared import actor_of, require_role

PER_PAGE = 25
HANDLERS = MANAGER_ROLES | {Role.ADMINISTRATOR}


class EnterForm(forms.Form):
    """The letter of somebody who does not use the product."""

    person = forms.CharField(label=gettext_lazy("Username, e-mail or phone"), max_length=254)
    reason = forms.CharField(
        label=gettext_lazy("The letter: number, date, how it came"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """Carrying out or refusing, with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of the decision"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have checked who asks, and that this cannot be undone."), required=False
    )


def _manager(request: HttpRequest) -> User:
    require_role(request, HANDLERS)
    return actor_of(request)


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Open requests first, then those that were decided."""
    _manager(request)
    rows = ErasureRequest.objects.visible_to(request.user).select_related("user", "asked_by", "decided_by")
    page = Paginator(rows.order_by("decided_at", "-asked_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/erasures.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a letter; a second manager decides on it."""
    actor = _manager(request)
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = find_account(form.cleaned_data["person"])
        if person is None or not User.objects.editable_by(actor).filter(pk=person.pk).exists():
            form.add_error("person", _("Nobody of your units has this name."))
        else:
            try:
                made = erasure.ask(user=person, actor=actor, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The request is entered."))
                return redirect("office:erasure", made.pk)
    return render(request, "office/erasure_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what would be erased, and the decision."""
    actor = _manager(request)
    rows = ErasureRequest.objects.visible_to(request.user).select_related("user", "asked_by", "decided_by")
    row = get_object_or_404(rows, pk=request_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(request, row, form, actor):
        return redirect("office:erasure", row.pk)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "preview": erasure.preview(row.user) if row.state == "open" else None,
        "second": actor.pk in {row.asked_by_id, row.user_id},
    }
    return render(request, "office/erasure.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, row: ErasureRequest, form: DecisionForm, actor: User) -> bool:
    reason, act = form.cleaned_data["reason"], request.POST.get("act", "")
    try:
        if act == "refuse":
            erasure.refuse(request=row, actor=actor, reason=reason)
            messages.success(request, _("The request is refused. The person reads your reason."))
        elif not form.cleaned_data["sure"]:
            form.add_error("sure", _("Tick this to erase."))
            return False
        elif act != "erase":  # nothing so final happens unless it is named
            return False
        else:
            erasure.carry_out(request=row, actor=actor, reason=reason)
            messages.success(request, _("The personal data are erased."))
    except DomainError as error:
        if error.code == "not_open":  # decided in another window, or by somebody else; the page says by whom
            messages.info(request, str(error))
            return True
        form.add_error(None, " ".join([str(error), *error.fields.get("blockers", [])]))
        return False
    return True
