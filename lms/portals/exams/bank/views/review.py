"""Decisions and comments about a question."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.text import whole_number
from lms.portals.exams.bank.views.common import find_item, find_item_to_edit
from quizzes.models import Item, ItemBank
from quizzes.services.bank import approval
from quizzes.services.bank.banks import keep_apart, let_meet


def _keeps(request: HttpRequest, item: Item) -> bool:
    return ItemBank.objects.manageable_by(request.user).filter(pk=item.bank_id).exists()


@require_POST
def change_state(request: HttpRequest, item_id: int) -> HttpResponse:
    """Submit, take back, approve, return, retire, bring back; who may do which is asked of the same querysets."""
    item = find_item(request, item_id)
    note, verb = request.POST.get("note", ""), request.POST.get("act", "")
    try:
        match verb:
            case "submit":
                find_item_to_edit(request, item_id)
                approval.submit_item(item=item, actor=request.user, note=note)
                said = _("The question is waiting for review.")
            case "withdraw":
                find_item_to_edit(request, item_id)
                approval.withdraw_item(item=item, actor=request.user)
                said = _("The question is a draft again.")
            case "approve" if _keeps(request, item):
                expected = whole_number(request.POST.get("version", ""))
                approval.approve_item(item=item, actor=request.user, note=note, expected=expected)
                said = _("The question is approved: new papers take this version.")
            case "return" if _keeps(request, item):
                approval.request_changes(item=item, actor=request.user, note=note)
                said = _("The question went back to its author.")
            case "retire" if _keeps(request, item):
                approval.retire_item(item=item, actor=request.user, reason=note)
                said = _("The question is retired; exams that hold it keep it.")
            case "unretire" if _keeps(request, item):
                approval.unretire_item(item=item, actor=request.user, note=note)
                said = _("The question is back.")
            case _:
                raise Http404
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("exams:item", item_id)


@require_POST
def comment(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say something about the question; everybody who works in its bank may."""
    item = find_item(request, item_id)
    get_object_or_404(ItemBank.objects.editable_by(request.user), pk=item.bank_id)
    try:
        made = approval.comment_item(item=item, actor=request.user, text=request.POST.get("text", ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("exams:item", item_id)
    return redirect(f"{_url(item_id)}#comment-{made.pk}")


@require_POST
def resolve(request: HttpRequest, item_id: int, comment_id: int) -> HttpResponse:
    """Mark a comment as dealt with, or open it again."""
    item = find_item_to_edit(request, item_id)
    found = get_object_or_404(item.comments, pk=comment_id)
    approval.resolve_comment(comment=found, done=found.resolved_at is None or found.resolved_at > now())
    return redirect(f"{_url(item_id)}#comment-{found.pk}")


@require_POST
def enemies(request: HttpRequest, item_id: int) -> HttpResponse:
    """Keep another question out of papers with this one, or let it in again."""
    item = find_item(request, item_id)
    if not _keeps(request, item):
        raise Http404
    verb, _colon, raw = request.POST.get("act", "").partition(":")
    if verb == "drop" and (dropped := whole_number(raw)):
        let_meet(item=item, other_id=dropped)
        return redirect(f"{_url(item_id)}#enemies")
    code = request.POST.get("code", "").strip()
    other = Item.objects.visible_to(request.user).filter(bank_id=item.bank_id, code__iexact=code).first()
    if other is None:
        messages.error(request, _("The bank has no question with the code “%(code)s”.") % {"code": code})
    else:
        try:
            keep_apart(item=item, other=other, reason=request.POST.get("reason", ""), actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
    return redirect(f"{_url(item_id)}#enemies")


def _url(item_id: int) -> str:
    return reverse("exams:item", args=[item_id])
