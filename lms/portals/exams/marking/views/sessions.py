"""Giving out the marking of an exam, following it, passing work on, releasing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.common.errors import DomainError
from lms.exams.enums import ScriptState
from lms.exams.models import MarkingSession
from lms.exams.queries.giving_out import classes_to_mark, essay_items
from lms.exams.queries.marking import marker_loads, session_questions, state_counts
from lms.exams.services.marking.release import release, what_waits
from lms.exams.services.marking.sessions import add_marker, gather, open_session, reassign, remove_marker
from lms.portals.exams.marking.forms import MarkerForm, PassOnForm, RemoveForm, SessionForm
from lms.portals.exams.marking.views.common import find_session, short_stem
from lms.portals.shared import actor_of, sentences_of


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Choose who marks an exam of a class."""
    training_class = get_object_or_404(classes_to_mark(request.user), pk=class_id)
    item = get_object_or_404(essay_items(training_class), pk=item_id)
    known = MarkingSession.objects.manageable_by(request.user).filter(
        exam=item.exam, training_class_id=training_class.pk, item_id=item.pk
    )
    if existing := known.first():
        return redirect("exams:marking-session", existing.pk)
    form = SessionForm(request.POST or None, class_id=training_class.pk, unit_id=training_class.unit_id)
    if request.method == "POST" and form.is_valid() and item.exam is not None:
        data = form.cleaned_data
        try:
            made = open_session(
                training_class=training_class,
                item=item,
                marker_ids=[one.pk for one in data["markers"]],
                actor=actor_of(request),
                rounds=data["rounds"],
                anonymous=data["anonymous"],
                tolerance=form.share,
                settler_id=data["settler"].pk if data["settler"] else None,
            )
        except DomainError as error:
            form.add_error("markers", str(error))
        else:
            messages.success(request, _("The marking has been given out."))
            return redirect("exams:marking-session", made.pk)
    context = {"form": form, "training_class": training_class, "item": item}
    return render(request, "exams/marking/new.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def session(request: HttpRequest, marking_session_id: int) -> HttpResponse:
    """Show the progress of marking by state, marker and question, with its acts."""
    found = find_session(request, marking_session_id)
    gather(found)
    counts = state_counts([found])[found.pk]
    loads = marker_loads(found)
    questions = session_questions(found)
    waits = what_waits(found)
    markers = list(found.markers.select_related("user").order_by("user__sort_key", "user_id"))
    context: dict[str, Any] = {
        "session": found,
        "counts": counts,
        "questions": [
            (version, short_stem(version), [load for load in loads if load.version_id == version.pk])
            for version in questions
        ],
        "markers": markers,
        "waits": waits,
        "releasable": not waits and counts[ScriptState.READY] > 0,
        "mine": any(one.user_id == actor_of(request).pk and one.active for one in markers),
        "marker_form": MarkerForm(session=found),
        "pass_on_form": PassOnForm(session=found),
        "remove_form": RemoveForm(session=found, auto_id="remove_%s"),
        "tolerance": found.tolerance * 100,
    }
    return render(request, "exams/marking/session.html", context)


@require_POST
def act(request: HttpRequest, marking_session_id: int) -> HttpResponse:
    """Add a marker, pass work on, let somebody stop, release: the button's ``act`` says which."""
    found = find_session(request, marking_session_id)
    try:
        said = _act(request, found, request.POST.get("act", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect("exams:marking-session", found.pk)


def _act(request: HttpRequest, found: MarkingSession, command: str) -> str:
    actor = actor_of(request)
    if command == "release":
        done = release(session=found, actor=actor)
        text = ngettext(
            "The result of %(count)s learner was released.",
            "The results of %(count)s learners were released.",
            done.people,
        )
        return text % {"count": done.people}
    if command == "add":
        add = MarkerForm(request.POST, session=found)
        if add.is_valid():
            add_marker(session=found, user=add.cleaned_data["user"], actor=actor)
            return _("%(name)s marks from now on.") % {"name": add.cleaned_data["user"].get_full_name()}
        return _refuse(request, add)
    if command == "pass-on":
        form = PassOnForm(request.POST, session=found)
        if form.is_valid():
            data = form.cleaned_data
            moved, stayed = reassign(
                session=found, giver=data["giver"], taker=data["taker"], actor=actor, drafts=data["drafts"]
            )
            if stayed:
                text = ngettext(
                    "%(count)s answer stays: the other one marks it already, or wrote it.",
                    "%(count)s answers stay: the other one marks them already, or wrote them.",
                    stayed,
                )
                messages.warning(request, text % {"count": stayed})
            text = ngettext("%(count)s answer was passed on.", "%(count)s answers were passed on.", moved)
            return text % {"count": moved}
        return _refuse(request, form)
    stop = RemoveForm(request.POST, session=found)
    if command == "remove" and stop.is_valid():
        remove_marker(session=found, user=stop.cleaned_data["user"], actor=actor)
        return _("%(name)s marks no more here.") % {"name": stop.cleaned_data["user"].get_full_name()}
    return _refuse(request, stop)


def _refuse(request: HttpRequest, form: Any) -> str:
    messages.error(request, sentences_of(form))
    return ""
