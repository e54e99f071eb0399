"""Pages of the learner's portal. Each starts from the learner's own enrolments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.queries import lesson_html
from lms.classes.errors import RequestError
from lms.classes.models import Enrolment
from lms.classes.services.requests import accept, decline
from lms.common.clock import now, today
from lms.common.errors import DomainError
from lms.common.outage import noted_if_possible
from lms.completion.queries import missing_sentences, position_of
from lms.completion.services import NotYet, open_item, record_progress
from lms.exams.device_cookie import device_of, remember_device
from lms.exams.enums import AttemptState
from lms.exams.queries import shows_score
from lms.exams.services.admission import Terms, outlook, read_terms
from lms.exams.services.starting import class_window, start_for_enrolment
from lms.portals.learner import queries
from lms.portals.learner.conditions import conditions
from lms.programmes.enums import ItemKind
from lms.progress.models import ItemState
from lms.progress.services.gates import require_open
from quizzes.models import Exam


def _find_enrolment(request: HttpRequest, enrolment_id: int) -> Enrolment:
    """The learner's own enrolment, or 404 (absent and forbidden look the same)."""
    enrolment = queries.own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    return enrolment


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    context = {
        "board": queries.dashboard(request.user),
        "board_day": today(),
        "invitations": queries.own_invitations(request.user),
    }
    return render(request, "learner/dashboard.html", context)


@require_POST
def invitation(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept or decline the invitation of a class of another unit."""
    row = queries.own_invitation(request.user, request_id)
    act = request.POST.get("act", "")
    if row is None or act not in {"accept", "decline"}:
        raise Http404
    try:
        if act == "accept":
            made = accept(request=row, actor=request.user)
            messages.success(request, _("You are enrolled in the class."))
            shown = Enrolment.objects.own(request.user).filter(pk=made.pk).exists()  # not before the class is opened
            return redirect("learner:class", made.pk) if shown else redirect("learner:home")
        decline(request=row, actor=request.user)
        messages.success(request, _("You have declined. The unit that asked is told."))
    except RequestError as error:  # pressed twice, or answered in another window or by the unit
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("learner:home")


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    return render(request, "learner/schedule.html", {"days": queries.schedule(request.user)})


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    return render(request, "learner/certificates.html", {"certificates": queries.own_certificates(request.user)})


@require_safe
def outline(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = queries.own_class(request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    position = position_of(enrolment)
    sections = queries.class_outline(enrolment)
    context = {
        "enrolment": enrolment,
        "training_class": enrolment.training_class,
        "sections": sections,
        "conditions": conditions(enrolment, position),
        "missing": missing_sentences(position.outcome.missing, [section.module for section in sections]),
        "certificate": getattr(enrolment, "certificate", None),
    }
    return render(request, "learner/outline.html", context)


@require_safe
def item(request: HttpRequest, enrolment_id: int, item_id: int) -> HttpResponse:
    """One item of the class: a lesson to read, an exam to take or a session to attend."""
    enrolment = _find_enrolment(request, enrolment_id)
    sections = queries.class_outline(enrolment)
    here = queries.locate(sections, item_id)
    if here is None:
        raise Http404
    context = {"enrolment": enrolment, "training_class": enrolment.training_class, "sections": sections, "here": here}
    page = {ItemKind.LESSON: _lesson, ItemKind.EXAM: _exam}.get(ItemKind(here.row.item.kind), _session)
    return page(request, context)


def _lesson(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    here: queries.Neighbours = context["here"]
    enrolment, item = context["enrolment"], here.row.item
    if item.lesson_id is None:
        raise Http404
    if here.row.state == ItemState.TODO:  # its reading time counts from the first opening
        with noted_if_possible("an item was opened"):
            open_item(enrolment=enrolment, item_id=item.id)
    context |= {
        "state": here.row.state,
        "closed": _why_closed(enrolment),  # a class that is over stays readable; nothing is recorded any more
        "lesson": lesson_html(item.lesson_id, request=request),
        "progress_url": reverse("api:item-progress", args=[enrolment.pk, item.id]),
    }
    return render(request, "learner/lesson.html", context)


def _exam(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    here: queries.Neighbours = context["here"]
    attempts = queries.own_attempts(context["enrolment"], here.row.item.id)
    done = [attempt for attempt in attempts if attempt.state == AttemptState.SUBMITTED]
    exam_id = here.row.item.exam_id
    assert exam_id is not None  # the kind of the item says so
    exam = Exam.objects.get(pk=exam_id)
    enrolment: Enrolment = context["enrolment"]
    terms = read_terms(
        class_id=enrolment.training_class_id,
        item_id=here.row.item.id,
        enrolment_id=enrolment.pk,
        user_id=enrolment.learner_id,
    )
    used = sum(attempt.state != AttemptState.ANNULLED for attempt in attempts)
    left = None if exam.max_attempts is None else max(0, exam.max_attempts + terms.personal.extra_attempts - used)
    sitting = outlook(exam=exam, terms=terms, moment=now())
    refusal = _why_closed(enrolment)
    if sitting is not None:
        refusal = refusal or sitting.refusal or (_("You have used all your attempts.") if left == 0 else "")
    else:
        refusal = refusal or _why_not(enrolment, terms, left)
    context |= {
        "sitting": sitting,
        "exam": exam,
        "attempts": attempts,
        "open_attempt": next((attempt for attempt in attempts if attempt.state == AttemptState.OPEN), None),
        "attempts_left": left,
        "question_count": exam.questions.count(),
        "pass_percent": exam.pass_share * 100,
        "shows_score": bool(done) and shows_score(done[0]),
        "can_start": not refusal,
        "refusal": refusal,
    }
    return render(request, "learner/exam.html", context)


def _why_closed(enrolment: Enrolment) -> str:
    """Why nothing is recorded in this class, in a sentence; empty while it runs."""
    try:
        require_open(enrolment)
    except DomainError as error:
        return str(error)
    return ""


def _why_not(enrolment: Enrolment, terms: Terms, attempts_left: int | None) -> str:
    """Why the learner cannot start now, in a sentence; empty when nothing stands in the way."""
    opens_at, closes_at = class_window(enrolment.training_class, terms.opens_at, terms.due_at)
    opens_at, closes_at = terms.personal.opens_at or opens_at, terms.personal.closes_at or closes_at
    if now() < opens_at:
        return _("This test is not open yet.")
    if now() >= closes_at:
        return _("This test is closed.")
    if attempts_left == 0:
        return _("You have used all your attempts.")
    return ""


def _session(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    here: queries.Neighbours = context["here"]
    context["class_sessions"] = queries.sessions_of(context["enrolment"], here.row.item.id)
    return render(request, "learner/session.html", context)


@require_POST
def finish(request: HttpRequest, enrolment_id: int, item_id: int) -> HttpResponse:
    """Mark a lesson as read (the button works without JavaScript) and go on to the next item."""
    enrolment = _find_enrolment(request, enrolment_id)
    here = queries.locate(queries.class_outline(enrolment), item_id)
    if here is None or here.row.item.kind != ItemKind.LESSON:
        raise Http404
    try:
        # Pressing the button at the foot of the page says that its end was reached.
        record_progress(enrolment=enrolment, item_id=item_id, position=1.0, seconds=0, completed=True)
    except NotYet as error:
        messages.warning(request, str(error))
        return redirect("learner:item", enrolment_id, item_id)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("learner:class", enrolment_id)
    if here.following is None:
        messages.success(request, _("You have reached the end of the class outline."))
        return redirect("learner:class", enrolment_id)
    return redirect("learner:item", enrolment_id, here.following.item.id)


@require_POST
def start_exam(request: HttpRequest, enrolment_id: int, item_id: int) -> HttpResponse:
    """Start the test, or go on with the attempt that is open."""
    enrolment = _find_enrolment(request, enrolment_id)
    if queries.locate(queries.class_outline(enrolment), item_id) is None:
        raise Http404
    try:
        attempt = start_for_enrolment(
            enrolment=enrolment,
            item_id=item_id,
            user=request.user,
            code=request.POST.get("code", ""),
            device=device_of(request),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("learner:item", enrolment_id, item_id)
    return remember_device(request, redirect("attempts:attempt", attempt.pk))
