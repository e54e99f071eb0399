"""The pages on which units are kept: their history, names, the communes they serve, and their end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.common.errors import DomainError
from lms.people.access import may_restructure
from lms.people.models import Unit
from lms.people.services import reform, units
from lms.portals.office.classes.views.classes import picked
from lms.portals.office.units.forms import (
    DissolveForm,
    RenameForm,
    ServesForm,
    neighbours,
    possible_heirs,
    possible_places,
)
from lms.portals.shared import actor_of, take_errors


def _find_unit(request: HttpRequest, unit_id: int) -> Unit:
    found = Unit.objects.visible_to(request.user).select_related("kind", "heir")
    return get_object_or_404(found, pk=unit_id)


def _find_unit_to_restructure(request: HttpRequest, unit_id: int) -> Unit:
    """A unit that the person may rename and dissolve, or 404."""
    unit = _find_unit(request, unit_id)
    if not may_restructure(request.user, unit):
        raise Http404
    return unit


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a unit's history."""

    on: dt.date | None
    text: str
    unit: Unit | None = None
    decision: str = ""


def _history(unit: Unit) -> list[Event]:
    """Founding, predecessors, names and end, the newest first; what has no day stands last."""
    events = [Event(unit.valid_from, _("Founded"))] if unit.valid_from else []
    for former in unit.former_names.all():
        text = _("Renamed; until then “%(name)s”") % {"name": former.name}
        events.append(Event(former.valid_to, text, decision=former.decision))
    for row in unit.successions_from.select_related("predecessor"):
        text = _("Took over, as the principal successor, from") if row.principal else _("Took over a part of")
        events.append(Event(row.predecessor.valid_to, text, row.predecessor, row.decision))
    successions = list(unit.successions.select_related("successor").order_by("-principal", "pk"))
    for row in successions:
        text = _("Principal successor:") if row.principal else _("Successor:")
        events.append(Event(unit.valid_to, text, row.successor, row.decision))
    if unit.valid_to and not successions:
        events.append(Event(unit.valid_to, _("Dissolved without a successor")))
    return sorted(events, key=lambda event: event.on or dt.date.min, reverse=True)


@require_safe
def profile(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show a unit, whom it serves, and its history through the reforms."""
    unit = _find_unit(request, unit_id)
    events = _history(unit)
    others = [event.unit.pk for event in events if event.unit]
    seen = set(Unit.objects.visible_to(request.user).filter(pk__in=others).values_list("pk", flat=True))
    may = may_restructure(request.user, unit)
    context = {
        "unit": unit,
        "events": [(event, event.unit is not None and event.unit.pk in seen) for event in events],
        "serves": list(unit.serves.order_by("sort_key")),
        "served_by": list(unit.served_by.current().order_by("sort_key")),
        "may": may,
        "ended": unit.valid_to is not None,
        "restore_problem": reform.restore_problem(unit) if may and unit.valid_to else "",
    }
    return render(request, "office/units/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give the unit another name from a day on."""
    unit = _find_unit_to_restructure(request, unit_id)
    form = RenameForm(request.POST or None, initial={"name": unit.name, "short_name": unit.short_name})
    if request.method == "POST" and form.is_valid():
        try:
            units.rename_unit(unit=unit, actor=actor_of(request), **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The unit has its new name; the former one stays in its history."))
            return redirect("office:unit-profile", unit_id)
    return _form(request, unit, form, _("Rename the unit"))


@require_http_methods(["GET", "HEAD", "POST"])
def serves(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Say for which communes the unit works."""
    unit = _find_unit_to_restructure(request, unit_id)
    initial = {"communes": list(unit.serves.values_list("pk", flat=True))}
    form = ServesForm(request.POST or None, user=actor_of(request), unit=unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            units.set_serves(unit=unit, communes=form.cleaned_data["communes"], actor=actor_of(request))
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:unit-profile", unit_id)
    return _form(request, unit, form, _("Communes served"))


@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Dissolve the unit or merge it into others: the facts, then what they mean, then the act."""
    unit = _find_unit_to_restructure(request, unit_id)
    if unit.valid_to is not None:
        return redirect("office:unit-profile", unit_id)
    form = DissolveForm(request.POST or None, user=actor_of(request), unit=unit)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") in ("preview", "confirm"):
        if request.POST["act"] == "preview":
            return _preview(request, unit, form)
        data = form.cleaned_data
        try:
            reform.dissolve(
                unit=unit,
                on=data["on"],
                successors=form.successors,
                decision=data["decision"],
                move_roles=data["move_roles"],
                actor=actor_of(request),
            )
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The unit is dissolved as of that day. Its classes stay where they were held."))
            return redirect("office:unit-profile", unit_id)
    return _form(request, unit, form, _("Dissolve or merge the unit"), step="preview")


def _preview(request: HttpRequest, unit: Unit, form: DissolveForm) -> HttpResponse:
    held = TrainingClass.objects.visible_to(request.user).filter(unit=unit)
    context = {
        "unit": unit,
        "form": form,
        "data": form.cleaned_data,
        "successors": form.successors,
        "preview": reform.preview_dissolve(unit),
        "classes": held.exclude(state=ClassState.CANCELLED).count(),
        "running": held.filter(Q(state=ClassState.OPEN) | Q(state=ClassState.PLANNED)).count(),
        "hidden": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "office/units/dissolve.html", context)


@require_POST
def restore(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Take a mistaken dissolution back."""
    unit = _find_unit_to_restructure(request, unit_id)
    try:
        reform.restore(unit=unit, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The unit is in force again."))
    return redirect("office:unit-profile", unit_id)


@require_safe
def pick(request: HttpRequest, unit_id: int, field: str) -> HttpResponse:
    """The units that a search finds for a field of these forms."""
    unit = _find_unit_to_restructure(request, unit_id)
    user = request.user
    if field == "communes":
        return picked(request, possible_places(user, unit), field, many=True)
    if field not in ("principal", "others"):
        raise Http404
    return picked(request, possible_heirs(user, unit), field, many=field == "others", first=neighbours(user, unit))


def _form(request: HttpRequest, unit: Unit, form: Any, title: str, *, step: str = "") -> HttpResponse:
    context = {"unit": unit, "form": form, "title": title, "step": step}
    return render(request, "office/units/form.html", context, status=422 if form.errors else 200)
