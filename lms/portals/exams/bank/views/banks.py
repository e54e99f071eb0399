"""Item banks: the list, making, renaming, questions that are nearly the same."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.errors import DomainError
from lms.portals.exams.bank.forms import BankForm
from lms.portals.exams.bank.views.common import (
    DUPLICATES,
    SETTINGS,
    bank_frame,
    find_bank,
    find_bank_to_manage,
)
from lms.portals.shared import require_role, take_errors
from quizzes.access import BANK_ROLES
from quizzes.enums import ItemState
from quizzes.models import Item, ItemBank
from quizzes.queries.bank.units import units_for_banks
from quizzes.services.bank.banks import create_bank, rename_bank
from quizzes.services.bank.duplicates import pairs_in_bank


@require_safe
@never_cache
def bank_list(request: HttpRequest) -> HttpResponse:
    """The banks where the person works, and those shared from above."""
    require_role(request, BANK_ROLES)
    own = set(ItemBank.objects.editable_by(request.user).values_list("pk", flat=True))
    banks = (
        ItemBank.objects.visible_to(request.user)
        .select_related("unit")
        .annotate(
            usable=Count("items", filter=Q(items__approved_version__isnull=False) & ~Q(items__state=ItemState.RETIRED)),
            drafts=Count("items", filter=Q(items__state=ItemState.DRAFT)),
            waiting=Count("items", filter=Q(items__state=ItemState.IN_REVIEW)),
        )
        .order_by("unit__path", "name")
    )
    rows = list(banks)
    reviewable = Item.objects.visible_to(request.user).reviewable_by(request.user).count()
    context = {
        "own": [bank for bank in rows if bank.pk in own],
        "shared": [bank for bank in rows if bank.pk not in own],
        "may_create": units_for_banks(request.user).exists(),
        "reviewable": reviewable,
    }
    return render(request, "exams/bank/banks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bank_new(request: HttpRequest) -> HttpResponse:
    """Make a bank."""
    units = units_for_banks(request.user)
    if not units.exists():
        raise Http404
    form = BankForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            bank = create_bank(actor=request.user, **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            return redirect("exams:bank", bank.pk)
    return render(request, "exams/bank/bank_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bank_edit(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Rename a bank."""
    bank = find_bank_to_manage(request, bank_id)
    form = BankForm(request.POST or None, initial={"name": bank.name, "code_prefix": bank.code_prefix})
    if request.method == "POST" and form.is_valid():
        try:
            rename_bank(bank=bank, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("exams:bank", bank.pk)
    context = bank_frame(request, bank, SETTINGS) | {"form": form}
    return render(request, "exams/bank/bank_form.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def duplicates(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Pairs of a bank's questions that are nearly the same."""
    bank = find_bank(request, bank_id)
    visible = set(Item.objects.visible_to(request.user).filter(bank=bank).values_list("pk", flat=True))
    pairs = [pair for pair in pairs_in_bank(bank.pk) if pair.one.pk in visible and pair.two.pk in visible]
    context = bank_frame(request, bank, DUPLICATES) | {"pairs": [(pair, round(pair.score * 100)) for pair in pairs]}
    return render(request, "exams/bank/duplicates.html", context)
