"""The record of who did what, for those who audit units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lms.audit.events import origins_of
from lms.audit.models import AuditEntry
from lms.common.text import fold
from lms.people.access import has_role
from lms.people.enums import AUDIT_ROLES
from lms.portals.office.audit_words import AREAS, words_for

PER_PAGE = 50


class EntryFilters(forms.Form):
    """Filters of the entries of the record."""

    q = forms.CharField(label=_("Person who acted"), required=False, max_length=100)
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[("", _("All areas")), *AREAS])
    target = forms.CharField(label=_("Acted on"), required=False, max_length=120)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what happened in words."""

    entry: AuditEntry
    words: str | Promise
    facts: list[tuple[str, Any]]
    stranger: bool  # somebody who was not signed in


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries first. Pages go by the entry's number: counting a record of millions would cost more than
    reading it.
    """
    if not has_role(request.user, AUDIT_ROLES):
        raise Http404
    form = EntryFilters(request.GET)
    form.is_valid()
    chosen: dict[str, Any] = getattr(form, "cleaned_data", {})
    found = _filtered(AuditEntry.objects.visible_to(request.user), chosen)
    if chosen.get("before"):
        found = found.filter(pk__lt=chosen["before"])
    page = list(found.select_related("actor").order_by("-pk")[: PER_PAGE + 1])
    origins = origins_of({entry.data["request"] for entry in page[:PER_PAGE] if entry.data.get("request")})
    rows = [
        Row(
            entry, words_for(entry.action), _facts(entry, origins), stranger=not entry.actor and "request" in entry.data
        )
        for entry in page[:PER_PAGE]
    ]
    context = {
        "form": form,
        "rows": rows,
        "older": rows[-1].entry.pk if len(page) > PER_PAGE else None,
        "filtered": any(value not in (None, "") for value in chosen.values()),
    }
    return render(request, "office/audit.html", context, status=200 if form.is_valid() else 422)


def _filtered(found: Any, chosen: dict[str, Any]) -> Any:
    if chosen.get("q"):
        found = found.filter(actor__search_text__contains=fold(chosen["q"]))
    if chosen.get("area"):
        found = found.filter(action__startswith=f"{chosen['area']}.")
    if chosen.get("target"):
        found = found.filter(target=chosen["target"].strip())
    if chosen.get("since"):
        found = found.filter(at__gte=_midnight(chosen["since"]))
    if chosen.get("until"):
        found = found.filter(at__lt=_midnight(chosen["until"] + dt.timedelta(days=1)))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _facts(entry: AuditEntry, origins: dict[str, str]) -> list[tuple[str, Any]]:
    """The entry's data as short lines; long lists are counted. The digest of an address gives way to the address, while
    that is kept.
    """
    facts = []
    data = entry.data
    if "request" in data:
        data = {**data, "address": origins.get(data["request"], "")}
    for name, value in data.items():
        shown = f"{len(value)} …" if isinstance(value, list) and len(value) > 8 else value
        if value not in (None, "", [], {}):
            facts.append((name, ", ".join(map(str, shown)) if isinstance(shown, list) else shown))
    return facts
