"""Acts of an invigilator: on the sitting, an attempt, a learner, a file."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import JSONNull, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.exams.enums import FileDecision
from lms.exams.models import Allowance, Attempt, OfflineFile, Sitting
from lms.exams.queries import review_level
from lms.exams.queries.boards import late_seconds
from lms.exams.queries.class_tests import attempts_shown_on
from lms.exams.queries.invigilation import log_of
from lms.exams.services import guests, invigilation, offline_files, sittings
from lms.people.once import is_repeat
from lms.portals.exams.invigilation.forms import (
    AllowanceForm,
    ExtendForm,
    NoteForm,
    ReasonForm,
    ReopenForm,
    UploadForm,
)
from lms.portals.exams.invigilation.views.common import Occasion, find_attempt, find_sitting, occasion_of
from lms.portals.shared import sentences_of
from quizzes.enums import Review
from quizzes.kinds.cleaning import storable


@require_POST
def act(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Open or close the start, renew the code, give everybody time, write a note: the button's ``act`` says which."""
    sitting = find_sitting(request, sitting_id)
    command = request.POST.get("act", "")
    try:
        said = _act(request, sitting, command)
    except DomainError as error:
        if error.code == "key_shown":
            context = {"sitting": sitting, "shown": str(error)}
            return render(request, "exams/invigilation/reopen.html", context, status=409)
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect("exams:sitting", sitting.pk)


def _act(request: HttpRequest, sitting: Sitting, command: str) -> str:
    if command == "open":
        known = request.POST.get("key_known") == "1"
        sittings.open_start(sitting=sitting, actor=request.user, key_known=known)
        return _("Learners can start now.")
    if command == "close":
        sittings.close_start(sitting=sitting, actor=request.user)
        return _("Nobody can start any more. Who has started goes on.")
    if command == "renew-code":
        sittings.renew_code(sitting=sitting, actor=request.user)
        return _("There is a new access code.")
    if command in {"admit-guests", "refuse-guests"}:
        guests.accept_guests(sitting=sitting, accepts=command == "admit-guests", actor=request.user)
        return (
            _("New guests can come in.") if command == "admit-guests" else _("Nobody new comes in. Who is in goes on.")
        )
    if command == "extend":
        form = ExtendForm(request.POST)
        if not form.is_valid():
            messages.error(request, sentences_of(form))
            return ""
        data = form.cleaned_data
        count = invigilation.extend_all(
            sitting=sitting, minutes=data["minutes"], reason=data["reason"], actor=request.user
        )
        words = ngettext(
            "%(minutes)s minutes more for %(count)s learner at work.",
            "%(minutes)s minutes more for %(count)s learners at work.",
            count,
        )
        return words % {"minutes": data["minutes"], "count": count}
    note = NoteForm(request.POST)
    if command == "note" and note.is_valid():
        sittings.add_note(sitting=sitting, text=note.cleaned_data["text"], actor=request.user)
        return _("Written down.")
    messages.error(request, sentences_of(note))
    return ""


@never_cache
@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest, sitting_id: int, guest_id: int) -> HttpResponse:
    """A guest: the attempts made; a POST gives a new personal code, which this page shows once."""
    sitting = find_sitting(request, sitting_id)
    found = get_object_or_404(sitting.guests.select_related("user__profile"), pk=guest_id)
    code = ""
    if request.method == "POST" and is_repeat(request):
        messages.info(request, _("The code was shown once. If it is lost, give a new one."))
        return redirect("exams:sitting-guest", sitting.pk, found.pk)
    if request.method == "POST":
        try:
            code = guests.renew_personal_code(guest=found, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("exams:sitting-guest", sitting.pk, found.pk)
    attempts = Attempt.objects.filter(guest=found).order_by("-number")
    context = {"sitting": sitting, "guest": found, "code": code, "attempts": attempts}
    return render(request, "exams/invigilation/guest.html", context)


@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, sitting_id: int, attempt_id: int) -> HttpResponse:
    """One attempt: how it stands, its history, and what may be done with it."""
    sitting = find_sitting(request, sitting_id)
    return attempt_page(request, occasion_of(sitting), find_attempt(sitting, attempt_id))


def attempt_page(request: HttpRequest, occasion: Occasion, found: Attempt) -> HttpResponse:
    """The page of an attempt that the person may decide about."""
    if request.method == "POST":
        try:
            said = _act_on(request, found, request.POST.get("act", ""))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            if said:
                messages.success(request, said)
        return redirect(occasion.attempt_url(found.pk))
    context = {
        "occasion": occasion,
        "terms_url": occasion.terms_url(found.enrolment_id) if found.enrolment_id else "",
        "guest_url": occasion.guest_url(found.guest_id) if found.guest_id else "",
        "late_seconds": late_seconds(found.deadline, found.responses.aggregate(last=Max("saved_at"))["last"]),
        "attempt": found,
        "own": found.user_id == request.user.pk,
        "answered": found.responses.exclude(answer=JSONNull()).count(),
        "results": found.results.order_by("-number"),
        "events": log_of(found),
        "key_seen": found.key_shown_at is not None or review_level(found) == Review.KEY,
        # each form has ids of its own, so that every label belongs to its own field
        "extend_form": ExtendForm(auto_id="extend_%s"),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "reason_form": ReasonForm(auto_id="force_%s"),
        "annul_form": ReasonForm(auto_id="annul_%s"),
    }
    return render(request, "exams/invigilation/attempt.html", context)


def _act_on(request: HttpRequest, found: Attempt, command: str) -> str:
    forms = {"extend": ExtendForm, "reopen": ReopenForm, "annul": ReasonForm, "hand-in": ReasonForm}
    if command not in forms:
        return ""
    form = forms[command](request.POST)
    if not form.is_valid():
        messages.error(request, sentences_of(form))
        return ""
    reason, actor = form.cleaned_data["reason"], request.user
    if isinstance(form, ReopenForm):
        invigilation.reopen(attempt=found, until=form.until(now()), reason=reason, actor=actor)
        return _("The attempt is open again.")
    if isinstance(form, ExtendForm):
        invigilation.extend(attempt=found, minutes=form.cleaned_data["minutes"], reason=reason, actor=actor)
        return _("The deadline has been moved.")
    if command == "annul":
        invigilation.annul(attempt=found, reason=reason, actor=actor)
        return _("The attempt has been annulled.")
    invigilation.force_hand_in(attempt=found, reason=reason, actor=actor)
    return _("The test has been handed in.")


@require_http_methods(["GET", "POST"])
def allowance(request: HttpRequest, sitting_id: int, enrolment_id: int) -> HttpResponse:
    """Show and set the personal terms of one learner."""
    sitting = find_sitting(request, sitting_id)
    enrolment = get_object_or_404(
        Enrolment.objects.filter(training_class_id=sitting.training_class_id).select_related("learner"), pk=enrolment_id
    )
    return allowance_page(request, occasion_of(sitting), enrolment, sitting.item_id)


def allowance_page(request: HttpRequest, occasion: Occasion, enrolment: Enrolment, item_id: int) -> HttpResponse:
    """The personal terms of a learner about whom the person may decide."""
    sitting = occasion.sitting
    stored = Allowance.objects.filter(enrolment_id=enrolment.pk, item_id=item_id).first()
    initial = {"here_only": bool(stored and sitting and stored.sitting_id == sitting.pk)}
    form = AllowanceForm(request.POST or None, instance=stored, initial=initial, has_rooms=sitting is not None)
    if request.method == "POST" and form.is_valid():
        try:
            terms = form.place(enrolment=enrolment, item_id=item_id, sitting=sitting)
            invigilation.grant_allowance(allowance=terms, actor=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The personal terms have been saved."))
            return redirect(occasion.url)
    context = {"form": form, "occasion": occasion, "enrolment": enrolment, "stored": stored}
    return render(request, "exams/invigilation/allowance.html", context, status=422 if form.errors else 200)


@require_POST
def upload(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Take a file that a learner's page saved, and lead to the decision about it."""
    sitting = find_sitting(request, sitting_id)
    return take_file(request, occasion_of(sitting), attempts_shown_on(sitting))


def take_file(request: HttpRequest, occasion: Occasion, attempts: QuerySet[Attempt]) -> HttpResponse:
    """Take a file of one of these attempts."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, sentences_of(form))
        return redirect(occasion.url)
    body = form.cleaned_data["file"].read(offline_files.MAX_BYTES + 1)
    try:
        stored = offline_files.receive(attempts=attempts, body=body, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(occasion.url)
    return redirect(occasion.file_url(stored.pk))


@require_http_methods(["GET", "POST"])
def offline_file(request: HttpRequest, sitting_id: int, file_id: int) -> HttpResponse:
    """Show a file beside what the server has, and decide about it."""
    sitting = find_sitting(request, sitting_id)
    return file_page(request, occasion_of(sitting), attempts_shown_on(sitting), file_id)


def file_page(request: HttpRequest, occasion: Occasion, attempts: QuerySet[Attempt], file_id: int) -> HttpResponse:
    """The page of a file of one of these attempts."""
    files = OfflineFile.objects.filter(attempt__in=attempts).select_related(
        "attempt__user", "attempt__exam", "attempt__sitting", "decided_by"
    )
    stored = get_object_or_404(files, pk=file_id)
    if request.method == "POST":
        decide = {"accept": offline_files.accept, "refuse": offline_files.refuse}.get(request.POST.get("act", ""))
        if decide is not None:
            try:
                decide(stored=stored, reason=storable(request.POST.get("reason", "")), actor=request.user)
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("The decision has been recorded."))
        return redirect(occasion.file_url(stored.pk))
    lines = offline_files.lines_of(stored)
    context = {
        "occasion": occasion,
        "file": stored,
        "lines": lines,
        "newer": sum(line.newer for line in lines),
        "other_device": offline_files.from_other_device(stored),
        "key_seen": stored.attempt.key_shown_at is not None or review_level(stored.attempt) == Review.KEY,
        "pending": stored.decision == FileDecision.PENDING,
    }
    return render(request, "exams/invigilation/offline_file.html", context)
