"""Pages of classes: the list, opening, facts, staff and states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.classes.enums import ClassState, StaffRole
from lms.classes.models import TrainingClass
from lms.classes.queries import figures_of
from lms.classes.services import classes, staff
from lms.common.errors import DomainError
from lms.completion.queries import class_refresh
from lms.people.access import has_role
from lms.people.enums import OFFICE_ROLES
from lms.people.models import User
from lms.portals.office.classes.forms import (
    ClassFacts,
    ClassNew,
    ClassStaffForm,
    Recognition,
    lecturers_first,
    units_to_open,
)
from lms.portals.office.classes.listing import class_list as list_of_classes
from lms.portals.office.classes.views.common import find_class, find_class_to_manage, may_manage
from lms.portals.office.pickers import options
from lms.portals.shared import actor_of, require_role, take_errors


@require_GET
def class_list(request: HttpRequest) -> HttpResponse:
    """The classes of the units that the person oversees."""
    context = {
        "list": list_of_classes(request),
        "states": ClassState.choices,
        "may_open": has_role(request.user, OFFICE_ROLES),
    }
    return render(request, "office/classes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def class_new(request: HttpRequest) -> HttpResponse:
    """Open a class."""
    require_role(request, OFFICE_ROLES)
    user = actor_of(request)
    form = ClassNew(request.POST or None, user=user, initial=_copied(request))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            opened = classes.open_class(actor=user, **data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The class is open. Now add its learners."))
            return redirect("office:class", pk=opened.training_class.pk)
    status = 422 if form.errors else 200
    return render(request, "office/classes/form.html", {"form": form, "title": _("Open a class")}, status=status)


def _copied(request: HttpRequest) -> dict[str, Any]:
    """Start from another class (``?tu=12``): the same unit, edition, place and capacity."""
    source = request.GET.get("tu", "")
    if not (source.isascii() and source.isdigit()):
        return {}
    found = TrainingClass.objects.manageable_by(request.user).filter(pk=int(source[:18])).first()
    if found is None:
        return {}
    return {"unit": found.unit_id, "edition": found.edition_id, "place": found.place, "capacity": found.capacity}


@require_GET
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: facts, what needs attention, staff, and what can be done with it."""
    training_class = find_class(request, pk)
    context = class_context(request, training_class, "overview") | {"refolding": class_refresh(pk)}
    return render(request, "office/classes/class.html", context)


def class_context(request: HttpRequest, training_class: TrainingClass, tab: str) -> dict[str, Any]:
    """Return what the head and the tabs of every page of a class need."""
    figures = figures_of([training_class.pk])[training_class.pk]
    manageable = may_manage(request, training_class)
    state = training_class.state
    live = state in {ClassState.PLANNED, ClassState.OPEN}
    people = list(training_class.staff.select_related("user").order_by("user__sort_key"))
    return {
        "class": training_class,
        "figures": figures,
        "tab": tab,
        "manageable": manageable,
        "editable": manageable and state in classes.EDITABLE,
        "enrollable": manageable and live,
        "warnings": classes.warnings_of(training_class, figures.active) if live or state == ClassState.CLOSED else [],
        "homeroom": next((row.user for row in people if row.role == StaffRole.HOMEROOM), None),
        "lecturers": [row.user for row in people if row.role == StaffRole.LECTURER],
        "registrars": [row.user for row in people if row.role == StaffRole.REGISTRAR],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of a class."""
    training_class = find_class_to_manage(request, pk)
    initial = {name: getattr(training_class, name) for name in ClassFacts.base_fields}
    form = ClassFacts(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            classes.edit_class(training_class=training_class, actor=actor_of(request), **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:class", pk=pk)
    context = {"form": form, "class": training_class, "title": _("Change the class")}
    return render(request, "office/classes/form.html", context, status=422 if form.errors else 200)


_ACTS: dict[str, Callable[..., None]] = {
    "start": classes.start_class,
    "close": classes.close_class,
    "reopen": classes.reopen_class,
    "cancel": classes.cancel_class,
}


@require_POST
def class_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Start, close, reopen or cancel a class."""
    training_class = find_class_to_manage(request, pk)
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise Http404
    said = {
        "start": _("The class is open."),
        "close": _("The class has ended. You can open it again until it is recognised."),
        "reopen": _("The class is open again."),
        "cancel": _("The class is cancelled."),
    }
    known = {"key_known": True} if act == "reopen" and request.POST.get("key_known") == "1" else {}
    try:
        _ACTS[act](training_class=training_class, actor=actor_of(request), **known)
    except DomainError as error:
        if error.code == "key_shown":
            context = {"class": training_class, "shown": str(error)}
            return render(request, "office/classes/reopen.html", context, status=409)
        messages.error(request, str(error))
    else:
        messages.success(request, said[act])
    return redirect("office:class", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def class_recognise(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the decision that recognises completion."""
    training_class = find_class_to_manage(request, pk)
    form = Recognition(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            classes.recognise_class(training_class=training_class, actor=actor_of(request), **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The class is recognised."))
            return redirect("office:class", pk=pk)
    context = {
        "form": form,
        "class": training_class,
        "figures": figures_of([pk])[pk],
        "title": _("Record the decision of recognition"),
    }
    return render(request, "office/classes/recognise.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def class_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the homeroom lecturer and the lecturers."""
    training_class = find_class_to_manage(request, pk)
    rows = list(training_class.staff.values_list("user_id", "role"))
    initial = {
        "homeroom": next((user for user, role in rows if role == StaffRole.HOMEROOM), None),
        "lecturers": [user for user, role in rows if role == StaffRole.LECTURER],
    }
    present = [user for user, _role in rows]
    form = ClassStaffForm(request.POST or None, user=actor_of(request), present=present, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            staff.set_staff(training_class=training_class, actor=actor_of(request), **form.cleaned_data)
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:class", pk=pk)
    context = {"form": form, "class": training_class, "title": _("Lecturers of the class")}
    return render(request, "office/classes/form.html", context, status=422 if form.errors else 200)


@require_GET
def pick_unit(request: HttpRequest) -> HttpResponse:
    """The units that a search finds among those where the person may open classes."""
    units = units_to_open(request.user)
    return picked(request, units, "unit", many=False)


@require_GET
def pick_person(request: HttpRequest, field: str) -> HttpResponse:
    """The people that a search finds among those whom the person may see."""
    if field not in {"homeroom", "lecturers", "learner"}:
        raise Http404
    require_role(request, OFFICE_ROLES)
    people = User.objects.visible_to(request.user).active().order_by("sort_key")
    first = people.none() if field == "learner" else lecturers_first(people)
    return picked(request, people, field, many=field == "lecturers", first=first)


def picked(request: HttpRequest, queryset: Any, field: str, *, many: bool, first: Any = None) -> HttpResponse:
    """Return the hits of a picker's search, as the part that htmx replaces."""
    chosen = [int(one) for one in request.GET.getlist(field) if one.isascii() and one.isdigit() and len(one) < 19]
    q = " ".join(request.GET.get(f"{field}_q", "").split())[:100]
    reader = request.user
    found = options(queryset, first=first, chosen=chosen[:200], q=q, name=field, many=many, reader=reader)
    context = {"widget": found}
    return render(request, "office/pickers/options.html", context)
