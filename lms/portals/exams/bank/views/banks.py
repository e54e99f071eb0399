"""Item banks: the list, making, renaming."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.portals.exams.bank.views.common import check_works_here
from quizzes.models import ItemBank


@require_safe
@never_cache
def bank_list(request: HttpRequest) -> HttpResponse:
    """The banks where the person works, and those shared from above."""
    check_works_here(request)
    banks = ItemBank.objects.visible_to(request.user).select_related("unit").order_by("unit__path", "name")
    return render(request, "exams/bank/banks.html", {"banks": banks})
