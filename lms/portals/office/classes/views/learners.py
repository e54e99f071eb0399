"""The learners of a class: the list, adding, withdrawing, taking back, exporting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment, EnrolmentRequest, TrainingClass
from lms.classes.roster.columns import COLUMNS
from lms.classes.services import enrolments, requests, roster
from lms.common.errors import DomainError
from lms.common.spreadsheets import Column, download, write_csv, write_xlsx
from lms.common.text import fold
from lms.portals.office.classes.forms import AddLearner, NewPerson, Withdrawal
from lms.portals.office.classes.views.classes import class_context
from lms.portals.office.classes.views.common import find_class, find_class_to_manage
from lms.portals.shared import actor_of, take_errors

PER_PAGE = 50
SORTS = {
    "name": ("learner__sort_key", "pk"),
    "-name": ("-learner__sort_key", "-pk"),
    "percent": ("percent", "learner__sort_key"),
    "-percent": ("-percent", "learner__sort_key"),
}
UNUSABLE = "!"  # how a password that nobody has set yet begins (django.contrib.auth.hashers)


def enrolments_of(request: HttpRequest, training_class: TrainingClass) -> Any:
    """Return the enrolments of the class that the person may see, with name and profile, filtered by the query."""
    rows = Enrolment.objects.visible_to(request.user).filter(training_class=training_class)
    if q := fold(request.GET.get("q", ""))[:100]:
        rows = rows.filter(learner__search_text__contains=q)
    status = request.GET.get("status", "")
    if status in EnrolmentStatus.values:
        rows = rows.filter(status=status)
    order = SORTS.get(request.GET.get("sort", ""), SORTS["name"])
    return rows.select_related("learner__profile").order_by(*order)


@require_GET
def learners(request: HttpRequest, pk: int) -> HttpResponse:
    """The learners of a class."""
    training_class = find_class(request, pk)
    page = Paginator(enrolments_of(request, training_class), PER_PAGE).get_page(request.GET.get("page"))
    context = class_context(request, training_class, "learners") | {
        "page": page,
        "rows": [(row, row.learner.password.startswith(UNUSABLE)) for row in page.object_list],
        "asked": _asked(request, training_class),
        "statuses": EnrolmentStatus.choices,
        "q": request.GET.get("q", ""),
        "status": request.GET.get("status", ""),
        "sort": request.GET.get("sort", "name"),
    }
    return render(request, "office/classes/learners.html", context)


def _asked(request: HttpRequest, training_class: TrainingClass) -> Any:
    """Return the people of other units whom the class waits for; names alone."""
    rows = EnrolmentRequest.objects.sent_by(request.user).open().filter(training_class=training_class)
    return rows.select_related("learner", "unit").order_by("learner__sort_key", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def learner_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody who has an account; somebody of another unit is asked for."""
    training_class = find_class_to_manage(request, pk)
    form = AddLearner(request.POST or None, user=actor_of(request))
    if request.method == "POST" and form.is_valid():
        learner = form.cleaned_data["learner"]
        try:
            if enrolments.needing_consent(actor_of(request), [learner.pk]):
                requests.ask(training_class=training_class, learner_ids=[learner.pk], actor=actor_of(request))
                said = _("%(name)s belongs to another unit. The unit and the person are asked.")
            else:
                enrolments.enrol(training_class=training_class, learner=learner, actor=actor_of(request))
                said = _("%(name)s is in the class.")
        except DomainError as error:
            take_errors(form, error)
        else:
            messages.success(request, said % {"name": learner})
            return redirect("office:class-learners", pk=pk)
    return _add_page(request, training_class, add=form, new=NewPerson(prefix="new"))


@require_POST
def learner_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody who has no account yet; the same checks as for a list, so nobody gets two accounts."""
    training_class = find_class_to_manage(request, pk)
    form = NewPerson(request.POST, prefix="new")
    actor = actor_of(request)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if value}
        cells = [{"date": value.isoformat()} if name == "birth_date" else value for name, value in data.items()]
        headings = [str(COLUMNS[name]) for name in data]
        try:
            read = roster.preview(training_class=training_class, rows=[headings, cells], actor=actor, source="1")
            problems = [(problem["field"], problem["message"]) for problem in read.problems]
            result = None if problems else roster.carry_out(roster_import=read, actor=actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if result is not None and (result.enrolled or result.asked):
                said = _("%(name)s belongs to another unit. The unit and the person are asked.")
                if result.enrolled:
                    said = _("%(name)s is in the class.")
                messages.success(request, said % {"name": form.cleaned_data["full_name"]})
                return redirect("office:class-learners", pk=pk)
            roster.discard(roster_import=read)
            if result is not None:
                form.add_error(None, _("This person is in the class already, or asked for."))
            for field, message in problems:
                form.add_error(field if field in form.fields else None, message.partition(": ")[2] or message)
    return _add_page(request, training_class, add=AddLearner(user=actor), new=form)


def _add_page(request: HttpRequest, training_class: TrainingClass, *, add: AddLearner, new: NewPerson) -> HttpResponse:
    context = {"class": training_class, "add": add, "new": new, "title": _("Add a learner")}
    return render(request, "office/classes/learner_add.html", context, status=422 if add.errors or new.errors else 200)


def _find_enrolment(request: HttpRequest, training_class: TrainingClass, enrolment_id: int) -> Enrolment:
    visible = Enrolment.objects.visible_to(request.user).filter(training_class=training_class)
    return get_object_or_404(visible.select_related("learner"), pk=enrolment_id)


@require_http_methods(["GET", "HEAD", "POST"])
def learner_withdraw(request: HttpRequest, pk: int, enrolment_id: int) -> HttpResponse:
    """Take a learner out, with the reason."""
    training_class = find_class_to_manage(request, pk)
    enrolment = _find_enrolment(request, training_class, enrolment_id)
    form = Withdrawal(request.POST or None)
    was_out = enrolment.status == EnrolmentStatus.WITHDRAWN
    if request.method == "POST" and form.is_valid():
        try:
            enrolments.withdraw(enrolment=enrolment, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except DomainError as error:
            take_errors(form, error)
        else:
            if was_out:  # in another window, or by somebody else
                messages.info(request, _("%(name)s had left the class before.") % {"name": enrolment.learner})
                return redirect("office:class-learners", pk=pk)
            said = _("%(name)s has left the class. What was done is kept, and the person can be taken back.")
            messages.success(request, said % {"name": enrolment.learner})
            return redirect("office:class-learners", pk=pk)
    context = {"form": form, "class": training_class, "enrolment": enrolment}
    return render(request, "office/classes/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
def learner_reinstate(request: HttpRequest, pk: int, enrolment_id: int) -> HttpResponse:
    """Take a withdrawn learner back."""
    training_class = find_class_to_manage(request, pk)
    enrolment = _find_enrolment(request, training_class, enrolment_id)
    try:
        enrolments.enrol(training_class=training_class, learner=enrolment.learner, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s is in the class again.") % {"name": enrolment.learner})
    return redirect("office:class-learners", pk=pk)


@require_GET
def learners_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The list as a file, by the filters of the page; nothing sensitive is in it."""
    if form not in {"xlsx", "csv"}:
        raise Http404
    training_class = find_class(request, pk)
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Full name"), width=28),
        Column(_("Position"), width=24),
        Column(_("Unit / Party cell"), width=30),
        Column(_("Username"), width=22),
        Column(_("Status"), width=16),
        Column(_("Percent done"), "percent"),
        Column(_("Mark"), "score"),
        Column(_("Completed on"), "date", 12),
        Column(_("Last activity"), "moment", 18),
    ]
    rows = []
    for number, row in enumerate(enrolments_of(request, training_class), start=1):
        profile = getattr(row.learner, "profile", None)
        rows.append(
            [
                number,
                str(row.learner),
                profile.position if profile else "",
                profile.organisation if profile else "",
                row.learner.username,
                row.get_status_display(),
                row.percent,
                row.score,
                row.completed_at,
                row.last_activity_at,
            ]
        )
    enrolments.record_export(training_class=training_class, rows=len(rows), form=form, actor=actor_of(request))
    name = f"{slugify(fold(f'{_("learners")} {training_class.name}').replace('/', '-'))}.{form}"
    content = write_csv(rows, columns) if form == "csv" else write_xlsx(rows, columns, title=training_class.name)
    return download(content, name)
