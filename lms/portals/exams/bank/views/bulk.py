"""One change for many questions: choose, see the count, confirm, see what was refused, undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lms.common.formats import number
from lms.common.text import whole_number
from lms.portals.exams.bank.forms import topic_choices
from lms.portals.shared import require_role
from quizzes.access import BANK_ROLES
from quizzes.enums import Level
from quizzes.models import Item, ItemBank
from quizzes.queries.bank.bulk import touchable
from quizzes.queries.bank.search import ItemList, TopicTree
from quizzes.services.bank import bulk as service

UNDO_KEY = "items-bulk-undo"
LABELS = {
    "describe": gettext_lazy("Change topic, level, outcome or tags"),
    "move": gettext_lazy("Move to another bank"),
    "submit": gettext_lazy("Send for review"),
    "approve": gettext_lazy("Approve"),
    "retire": gettext_lazy("Retire"),
}


class BulkDescribe(forms.Form):
    """A change of many questions; fields left empty stay."""

    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False, choices=[("", "—"), *Level.choices])
    outcome = forms.CharField(label=gettext_lazy("Outcome required"), required=False, max_length=500)
    add_tags = forms.CharField(label=gettext_lazy("Add tags"), required=False, max_length=300)
    drop_tags = forms.CharField(label=gettext_lazy("Remove tags"), required=False, max_length=300)


class BulkMove(forms.Form):
    """The target of a move."""

    bank = forms.ModelChoiceField(ItemBank.objects.none(), label=gettext_lazy("Bank"))


class BulkReason(forms.Form):
    """The reason of a change."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@require_POST
@never_cache
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask first (``act`` alone), carry out when ``confirmed``."""
    require_role(request, BANK_ROLES)
    verb = request.POST.get("act", "")
    if verb not in LABELS:
        raise Http404
    items = chosen(request)
    back = _back(request)
    if not items:
        messages.warning(request, _("Choose at least one question."))
        return redirect(back)
    confirmed = request.POST.get("confirmed") == "1"
    form = _form(request, verb, items, confirmed=confirmed)
    if not confirmed or (form is not None and not form.is_valid()):
        context = {
            "verb": verb,
            "label": LABELS[verb],
            "items": items,
            "form": form,
            "back": back,
            "selection": _selection(request),
            "most": service.MOST if len(items) == service.MOST else 0,
        }
        return render(request, "exams/bank/bulk.html", context, status=422 if confirmed else 200)
    result = _carry_out(request, verb, items, form.cleaned_data if form is not None else {})
    if result.undo.get("items"):
        request.session[UNDO_KEY] = result.undo
    else:
        request.session.pop(UNDO_KEY, None)
    done: dict[str, Any] = {
        "label": LABELS[verb],
        "result": result,
        "back": back,
        "selection": _selection(request),
    }
    return render(request, "exams/bank/bulk_done.html", done)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what the last bulk change of this session had changed."""
    require_role(request, BANK_ROLES)
    stored = request.session.pop(UNDO_KEY, None)
    if not stored:
        messages.info(request, _("There is nothing to undo any more: the last change has been undone."))
        return redirect(_back(request))
    ids = [int(pk) for pk in stored["items"]]
    items = list(
        touchable(request.user, stored["kind"])
        .filter(pk__in=ids)
        .select_related("bank", "current")
        .prefetch_related("tags")
    )
    kept = set(ItemBank.objects.manageable_by(request.user).values_list("pk", flat=True))
    result = service.restore(items=items, undo=stored, actor=request.user, banks=kept)
    count = len(result.done)
    messages.success(
        request,
        ngettext("%(count)s question is as before.", "%(count)s questions are as before.", count)
        % {"count": number(count)},
    )
    for refusal in result.refused[:5]:
        messages.warning(request, f"{refusal.item}: {refusal.reason}")
    return redirect(_back(request))


def chosen(request: HttpRequest) -> list[Item]:
    """Return the questions ticked, or with ``all`` everything that the list's filters find, as far as they are seen."""
    if request.POST.get("all") == "1":
        query = QueryDict(request.POST.get("query", ""))
        bank = whole_number(request.POST.get("bank", ""))
        banks = ItemBank.objects.visible_to(request.user)
        if bank is not None:
            banks = banks.filter(pk=bank)
        visible = ItemList.of(request.user, list(banks.values_list("pk", flat=True)), query).items
    else:
        ids = {pk for raw in request.POST.getlist("item") if (pk := whole_number(raw)) is not None}
        visible = Item.objects.visible_to(request.user)
        visible = visible.filter(pk__in=list(ids)[: service.MOST]).order_by("code", "pk")
    found = visible.select_related("bank__unit", "current", "approved_version", "text").prefetch_related("tags")
    return list(found[: service.MOST])


def _seen(request: HttpRequest) -> dict[int, int]:
    """Return the versions that the page to confirm showed, by question."""
    pairs = [map(whole_number, raw.partition(":")[::2]) for raw in request.POST.getlist("seen")]
    return {pk: number for pk, number in pairs if pk is not None and number is not None}


def _selection(request: HttpRequest) -> str:
    """Return under which name the browser keeps what is ticked, so that it forgets it when the change is done."""
    return request.POST.get("selection", "")[:40]


def _carry_out(request: HttpRequest, verb: str, items: list[Item], data: dict[str, Any]) -> service.BulkResult:
    allowed = set(touchable(request.user, verb).filter(pk__in=[item.pk for item in items]).values_list("pk", flat=True))
    mine = [item for item in items if item.pk in allowed]
    match verb:
        case "describe":
            topic = TopicTree.of({item.bank_id for item in mine}) if data["topic"] else None
            result = service.describe_items(
                items=mine,
                topic=next((row for row, _depth in topic.rows if str(row.pk) == data["topic"]), None)
                if topic
                else None,
                level=data["level"],
                outcome=data["outcome"] or None,
                add_tags=_words(data["add_tags"]),
                drop_tags=_words(data["drop_tags"]),
            )
        case "move":
            result = service.move_items(items=mine, bank=data["bank"], actor=request.user)
        case "submit":
            result = service.submit_items(items=mine, actor=request.user)
        case "approve":
            result = service.approve_items(items=mine, actor=request.user, seen=_seen(request))
        case _:
            result = service.retire_items(items=mine, actor=request.user, reason=data["reason"])
    result.refused.extend(
        service.Refusal(item, _("You may not do this with this question.")) for item in items if item.pk not in allowed
    )
    return result


def _form(request: HttpRequest, verb: str, items: list[Item], *, confirmed: bool) -> forms.Form | None:
    data = request.POST if confirmed else None
    if verb == "describe":
        form = BulkDescribe(data)
        banks = {item.bank_id for item in items}
        topics = topic_choices(TopicTree.of(banks).rows) if len(banks) == 1 else []
        form.fields["topic"].choices = [("", "—"), *topics]  # type: ignore[attr-defined]
        return form
    if verb == "move":
        move = BulkMove(data)
        move.fields["bank"].queryset = ItemBank.objects.manageable_by(request.user).order_by("name")  # type: ignore[attr-defined]
        return move
    return BulkReason(data) if verb == "retire" else None


def _words(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    allowed = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if allowed and back.startswith("/") else reverse("exams:items")
