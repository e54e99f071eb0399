"""The timetable of a class, and when its items open and are due."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.classes.models import ClassSession, TrainingClass
from lms.classes.services import timetable as services
from lms.common.errors import DomainError
from lms.portals.office.classes.forms import ItemDatesForm, SessionForm
from lms.portals.office.classes.views.classes import class_context
from lms.portals.office.classes.views.common import find_class, find_class_to_manage
from lms.portals.shared import actor_of, take_errors
from lms.programmes.enums import ItemKind


@require_GET
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """Sessions and dates of a class."""
    training_class = find_class(request, pk)
    items = list(training_class.edition.items.exclude(kind=ItemKind.SESSION).order_by("position"))
    dated = {row.item_id: row for row in training_class.items.all()}
    context = class_context(request, training_class, "timetable") | {
        "sessions": list(training_class.sessions.select_related("lecturer", "item").order_by("starts_at", "pk")),
        "dates": [(item, dated.get(item.pk)) for item in items if item.kind != ItemKind.LESSON or item.pk in dated],
        "proposable": len(services.propose_sessions(training_class)),
    }
    return render(request, "office/classes/timetable.html", context)


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the programme's sessions out over the days of the class."""
    training_class = find_class_to_manage(request, pk)
    plans = services.propose_sessions(training_class)
    made = services.add_sessions(training_class=training_class, plans=plans, actor=actor_of(request))
    text = ngettext("%(count)s session is on the timetable.", "%(count)s sessions are on the timetable.", made)
    messages.success(request, text % {"count": made})
    return redirect("office:class-timetable", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a session."""
    training_class = find_class_to_manage(request, pk)
    form = SessionForm(request.POST or None, training_class=training_class, initial={"place": training_class.place})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_session(training_class=training_class, plan=_plan(form), actor=actor_of(request))
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:class-timetable", pk=pk)
    return _form_page(request, training_class, form, _("Add a session"))


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, pk: int, session_id: int) -> HttpResponse:
    """Change a session."""
    training_class = find_class_to_manage(request, pk)
    session = get_object_or_404(training_class.sessions.all(), pk=session_id)
    initial = {name: getattr(session, name) for name in SessionForm.base_fields}
    form = SessionForm(request.POST or None, training_class=training_class, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_session(session=session, plan=_plan(form), actor=actor_of(request))
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:class-timetable", pk=pk)
    return _form_page(request, training_class, form, _("Change the session"), session)


@require_POST
def session_remove(request: HttpRequest, pk: int, session_id: int) -> HttpResponse:
    """Take a session off the timetable."""
    training_class = find_class_to_manage(request, pk)
    session = get_object_or_404(training_class.sessions.all(), pk=session_id)
    try:
        services.remove_session(session=session, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The session is removed."))
    return redirect("office:class-timetable", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_dates(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    """Say when an item opens and closes in this class."""
    training_class = find_class_to_manage(request, pk)
    item = get_object_or_404(training_class.edition.items.exclude(kind=ItemKind.SESSION), pk=item_id)
    row = training_class.items.filter(item=item).first()
    initial = {"opens_at": row.opens_at, "due_at": row.due_at} if row else {}
    form = ItemDatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        dates = services.ItemDates(item.pk, **form.cleaned_data)
        try:
            services.set_item_dates(training_class=training_class, dates=dates, actor=actor_of(request))
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:class-timetable", pk=pk)
    return _form_page(request, training_class, form, item.title)


def _plan(form: SessionForm) -> services.PlannedSession:
    data = form.cleaned_data
    item = data.pop("item")
    return services.PlannedSession(item_id=item.pk if item else None, **data)


def _form_page(
    request: HttpRequest, training_class: TrainingClass, form: Any, title: str, session: ClassSession | None = None
) -> HttpResponse:
    context = {"form": form, "class": training_class, "title": title, "session": session, "back": "timetable"}
    return render(request, "office/classes/form.html", context, status=422 if form.errors else 200)
