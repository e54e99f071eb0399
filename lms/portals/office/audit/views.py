"""The record of who did what, for those who audit units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lms.audit.events import origins_of
from lms.audit.models import AuditEntry
from lms.common.text import fold
from lms.people.access import people_in_reach_of_audit
from lms.people.enums import AUDIT_ROLES
from lms.people.models import User
from lms.portals.office.audit.facts import Fact, collect, facts_of
from lms.portals.office.audit.names import Named, Names
from lms.portals.office.audit.words import AREAS, words_for
from lms.portals.shared import require_role

PER_PAGE = 50


# Days before and after these have no midnight in every time zone.
_DAYS = (MinValueValidator(dt.date(1000, 1, 1)), MaxValueValidator(dt.date(9000, 1, 1)))


class EntryFilters(forms.Form):
    """Filters of the entries of the record."""

    q = forms.CharField(label=_("Person who acted"), required=False, max_length=100)
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[("", _("All areas")), *AREAS])
    target = forms.CharField(label=_("Acted on"), required=False, max_length=120)
    since = forms.DateField(label=_("From"), required=False, validators=_DAYS)
    until = forms.DateField(label=_("Until"), required=False, validators=_DAYS)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what happened in words."""

    entry: AuditEntry
    words: str | Promise
    target: Named | None
    facts: list[Fact]
    actor: str  # empty when nobody who is signed in acted
    stranger: bool  # somebody who was not signed in


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries first. Pages go by the entry's number: counting a record of millions would cost more than
    reading it.
    """
    require_role(request, AUDIT_ROLES)
    form = EntryFilters(request.GET)
    form.is_valid()
    chosen: dict[str, Any] = getattr(form, "cleaned_data", {})
    found = _filtered(request.user, AuditEntry.objects.visible_to(request.user), chosen)
    if chosen.get("before"):
        found = found.filter(pk__lt=chosen["before"])
    page = list(found.select_related("actor").order_by("-pk")[: PER_PAGE + 1])
    shown = page[:PER_PAGE]
    context = {
        "form": form,
        "rows": _rows(request.user, shown),
        "older": shown[-1].pk if len(page) > PER_PAGE else None,
        "filtered": any(value not in (None, "") for value in chosen.values()),
    }
    return render(request, "office/audit.html", context, status=200 if form.is_valid() else 422)


def _filtered(reader: Any, found: Any, chosen: dict[str, Any]) -> Any:
    if chosen.get("q"):
        found = found.filter(_by_actors_like(reader, found, chosen["q"]))
    if chosen.get("area"):
        found = found.filter(action__startswith=f"{chosen['area']}.")
    if chosen.get("target"):
        found = found.filter(target=chosen["target"].strip())
    if chosen.get("since"):
        found = found.filter(at__gte=_midnight(chosen["since"]))
    if chosen.get("until"):
        found = found.filter(at__lt=_midnight(chosen["until"] + dt.timedelta(days=1)))
    return found


def _by_actors_like(reader: Any, found: Any, text: str) -> Q:
    """Return the condition for entries of people whose name (of those in reach the username too) holds ``text``."""
    people, reach = User.objects.named_like(text).order_by(), people_in_reach_of_audit(reader)
    far = people.exclude(reach).filter(pk__in=found.order_by().values("actor"))
    named = [one.pk for one in far if fold(text) in fold(one.get_full_name())]
    return Q(actor__in=people.filter(reach).values("pk")) | Q(actor__in=named)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _rows(reader: Any, entries: list[AuditEntry]) -> list[Row]:
    """Say each entry in words; what all of them name is read together."""
    origins = origins_of({entry.data["request"] for entry in entries if isinstance(entry.data.get("request"), str)})
    names = Names(reader)
    for entry in entries:
        names.want(*_target(entry))
        collect(names, entry.action, entry.data)
    names.load()
    far = _far_actors(reader, entries, origins)
    return [
        Row(
            entry,
            words_for(entry.action),
            _named(names, entry),
            facts_of(names, entry.action, _data(entry, {} if entry.actor_id in far else origins)),
            _actor_label(names, entry, far),
            stranger=not entry.actor and isinstance(entry.data.get("request"), str),
        )
        for entry in entries
    ]


def _far_actors(reader: Any, entries: list[AuditEntry], origins: dict[str, str]) -> set[int]:
    """Return the ids of those who acted and of whom the reader learns the name alone: people of other units.

    Asked only where more than a name would show.
    """
    more = {
        entry.actor_id
        for entry in entries
        if entry.actor is not None and (entry.data.get("request") in origins or not entry.actor.get_full_name())
    }
    near = User.objects.filter(pk__in=more).filter(people_in_reach_of_audit(reader)) if more else User.objects.none()
    return {pk for pk in more if pk is not None} - set(near.values_list("pk", flat=True))


def _actor_label(names: Names, entry: AuditEntry, far: set[int]) -> str:
    if entry.actor is None:
        return ""
    named: str = entry.actor.get_full_name()
    return named or (names.of("user", entry.actor_id).text if entry.actor_id in far else str(entry.actor))


def _target(entry: AuditEntry) -> tuple[str, list[int]]:
    kind, _colon, number = entry.target.partition(":")
    return kind, [int(number)] if number.isascii() and number.isdigit() and len(number) < 19 else []


def _named(names: Names, entry: AuditEntry) -> Named | None:
    if not entry.target:
        return None
    kind, ids = _target(entry)
    if ids:
        return names.of(kind, ids[0])
    _kind, _colon, rest = entry.target.partition(":")
    return Named(f"{names.label(kind)} {rest}".strip())


def _data(entry: AuditEntry, origins: dict[str, str]) -> dict[str, Any]:
    """Return the entry's data; the digest of an address gives way to the address, while that is kept."""
    data: dict[str, Any] = entry.data
    if isinstance(data.get("request"), str):
        return {**data, "address": origins.get(data["request"], "")}
    return data
