"""Lists of questions, one question, one of its versions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.text import whole_number
from lms.exams.queries.usage import item_usage
from lms.portals.exams.addresses import without
from lms.portals.exams.bank import presentation
from lms.portals.exams.bank.editors import kind_choices
from lms.portals.exams.bank.forms import topic_choices
from lms.portals.exams.bank.views.common import ITEMS, bank_frame, find_bank, find_item
from lms.portals.shared import require_role
from quizzes.access import BANK_ROLES, key_waits
from quizzes.enums import ItemState, Level
from quizzes.models import Item, ItemBank
from quizzes.queries.bank.exposure import exposure_of_items
from quizzes.queries.bank.figures import figures_of_items
from quizzes.queries.bank.flags import flag_choices, flag_notes
from quizzes.queries.bank.page import enemies_of, history, people_of, shown_version, versions_of
from quizzes.queries.bank.search import ItemList, texts_of, with_names
from quizzes.queries.bank.usage import use_counts
from quizzes.queries.bank.versions import compare_versions

PER_PAGE = 50


@require_safe
@never_cache
def bank_items(request: HttpRequest, bank_id: int) -> HttpResponse:
    """The questions of a bank."""
    bank = find_bank(request, bank_id)
    frame = bank_frame(request, bank, ITEMS)
    return _list(request, [bank.pk], frame, home=[bank.pk] if frame["may_write"] else [])


@require_safe
@never_cache
def all_items(request: HttpRequest) -> HttpResponse:
    """The questions of every bank that the person sees; ``?can=duyet`` those that wait for this person's review."""
    require_role(request, BANK_ROLES)
    banks = list(ItemBank.objects.visible_to(request.user).values_list("pk", flat=True))
    home = set(ItemBank.objects.editable_by(request.user).values_list("pk", flat=True))
    return _list(request, banks, {"bank": None, "may_keep": False, "may_write": False}, home=home)


def _list(request: HttpRequest, bank_ids: list[int], frame: dict[str, Any], *, home: Collection[int]) -> HttpResponse:
    """Return a page of the list; ``home`` are the banks whose drafts the person reads."""
    listed = ItemList.of(request.user, bank_ids, request.GET)
    filters, tree = listed.filters, listed.topics
    numbers = listed.items.values_list("pk", flat=True)
    # A search reads every text of the bank: once, for the page and for how many there are.
    page = Paginator(list(numbers) if filters.text else numbers, PER_PAGE).get_page(request.GET.get("page"))
    ids = list(page.object_list)
    by_id = {item.pk: item for item in with_names(Item.objects.visible_to(request.user).filter(pk__in=ids))}
    found = [by_id[pk] for pk in ids]
    own = [item.pk for item in found if item.bank_id in home]  # how others use a shared question is theirs to know
    used, exposed = use_counts(own, reader=request.user), exposure_of_items(own)
    rows = presentation.item_rows(found, texts_of(found, home), used, flag_notes(ids), exposed)
    context = frame | {
        "page": page,
        "rows": rows,
        "filters": filters,
        "reviewing": listed.reviewing,
        "exportable": _exportable(request, listed, frame, page.paginator.count),
        "active": presentation.active_filters(filters, tree),
        "more_filters": any((filters.tag, filters.author, filters.language, filters.used, filters.flags)),
        "topics": topic_choices(tree.rows) if len(bank_ids) == 1 else (),
        "kinds": kind_choices(),
        "levels": Level.choices,
        "states": ItemState.choices,
        "flag_choices": flag_choices(),
        "sorts": presentation.sort_choices(),
        "people": people_of(bank_ids),
        "query": request.GET.urlencode(),
        "export_query": without(request.GET, "page").urlencode(),
    }
    template = "items" if frame["bank"] is not None else "all_items"
    return render(request, f"exams/bank/{template}.html", context)


def _exportable(request: HttpRequest, listed: ItemList, frame: dict[str, Any], found: int) -> int:
    """Return how many of the list may be exported: all by those who keep the bank, for others they are counted."""
    if frame["may_keep"] or not frame["may_write"]:
        return found if frame["may_keep"] else 0
    return listed.exportable_by(request.user).order_by().count()


@require_safe
@never_cache
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """A question: as learners see it, its key, versions, use, states and comments."""
    found = find_item(request, item_id)
    at_home = ItemBank.objects.editable_by(request.user).filter(pk=found.bank_id).exists()
    version = shown_version(found, at_home=at_home)
    may_edit = Item.objects.editable_by(request.user).filter(pk=found.pk).exists()
    may_review = Item.objects.visible_to(request.user).reviewable_by(request.user).filter(pk=found.pk).exists()
    with_key = may_edit or may_review
    comparing = may_review and version is not None and found.approved_version_id not in (None, version.pk)
    context = bank_frame(request, found.bank, ITEMS) | {
        "item": found,
        "version": version,
        "preview": presentation.preview(version) if version else None,
        "key_parts": presentation.key_parts(version) if version and with_key else (),
        "with_key": with_key,
        "key_waits": at_home and not with_key and key_waits(request.user, found.pk),
        "may_edit": may_edit,
        "may_review": may_review,
        "at_home": at_home,
        "may_approve": may_review,
        "state_chip": presentation.STATE_CHIPS[ItemState(found.state)],
        "changes": compare_versions(found.approved_version, version, with_key=with_key)
        if comparing and version
        else (),
        "versions": versions_of(found) if at_home else (),
        "history": history(found) if at_home else (),
        "comments": found.comments.select_related("author", "version") if at_home else (),
        "usage": item_usage(found.pk, reader=request.user) if at_home else (),
        "exposure": exposure_of_items([found.pk]).get(found.pk) if at_home else None,
        "figures": figures_of_items([found.pk]).get(found.pk),
        "flags": flag_notes([found.pk]).get(found.pk, ()),
        "enemies": enemies_of(found),
        "back": request.GET.get("tu", ""),
        "title": presentation.title(found, version),
    }
    return render(request, "exams/bank/item.html", context)


@require_safe
@never_cache
def version(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """One version beside another (``?so-voi=``; the one before by default), what changed marked word by word."""
    found = find_item(request, item_id)
    get_object_or_404(ItemBank.objects.editable_by(request.user), pk=found.bank_id)
    with_key = (
        Item.objects.editable_by(request.user).filter(pk=found.pk).exists()
        or Item.objects.visible_to(request.user).reviewable_by(request.user).filter(pk=found.pk).exists()
    )
    versions = versions_of(found)
    shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        shown = get_object_or_404(found.versions, number=number)
    raw = request.GET.get("so-voi", "")
    given = whole_number(raw)
    against = number - 1 if given is None else given
    other = next((one for one in versions if one.number == against), None)
    context = bank_frame(request, found.bank, ITEMS) | {
        "item": found,
        "version": shown,
        "other": other,
        "versions": versions,
        "changes": compare_versions(other, shown, with_key=with_key),
        "preview": presentation.preview(shown),
        "key_parts": presentation.key_parts(shown) if with_key else (),
        "title": presentation.title(found, shown),
        "item_url": reverse("exams:item", args=[found.pk]),
    }
    return render(request, "exams/bank/version.html", context)
