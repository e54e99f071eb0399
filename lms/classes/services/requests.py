"""Asking for learners of other units (docs/adr/0030).

Locks are taken in the order of :mod:`lms.classes.services.enrolments`, the request after the class.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from itertools import batched
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.enums import RequestState
from lms.classes.errors import AlreadyEnrolledError, RequestError
from lms.classes.models import Enrolment, EnrolmentRequest, TrainingClass
from lms.classes.queries import what_became_of
from lms.classes.services.enrolments import enrol_agreed, lock_for_enrolment
from lms.common.clock import now
from lms.notifications.services import notify
from lms.people.models import User
from lms.people.queries import home_units, office_of

LASTS = dt.timedelta(days=30)
_BATCH = 900


def ask(*, training_class: TrainingClass, learner_ids: Iterable[int], actor: Any) -> int:
    """Ask the home units of people, and the people themselves, to let them attend; returns how many were asked.

    Whoever is in the class, or is asked already, is passed over, so that a repeat changes nothing. A request takes no
    place. After 30 days without an answer it has expired and may be made again. Tells the office of each home unit
    and each person.

    Raises:
        ClassStateError: the class takes nobody any more.
    """
    wanted = list(dict.fromkeys(learner_ids))
    moment = now()
    made: list[int] = []
    with transaction.atomic():
        locked = lock_for_enrolment(training_class.pk)
        for ids in batched(wanted, _BATCH):
            passed = _passed_over(locked, ids, moment)
            new = [pk for pk in ids if pk not in passed]
            homes = home_units(new)
            EnrolmentRequest.objects.bulk_create(
                EnrolmentRequest(
                    training_class=locked,
                    learner_id=pk,
                    unit_id=homes.get(pk),
                    asked_by=actor,
                    asked_at=moment,
                    expires_at=moment + LASTS,
                )
                for pk in new
            )
            made += new
        if made:
            _record(actor, "classes.learners_asked", locked.pk, {"learners": made})
            _tell_asked(locked, made)
    return len(made)


def _passed_over(locked: TrainingClass, ids: Collection[int], moment: dt.datetime) -> set[int]:
    """Return the people to pass over: in the class, asked already, or guests. Closes requests that have expired."""
    requests = EnrolmentRequest.objects.filter(training_class=locked, learner__in=ids)
    requests.filter(state=RequestState.OPEN, expires_at__lte=moment).update(
        state=RequestState.EXPIRED, decided_at=moment
    )
    inside = Enrolment.objects.active().filter(training_class=locked, learner__in=ids)
    return {
        *requests.open(moment).values_list("learner_id", flat=True),
        *inside.values_list("learner_id", flat=True),
        *User.objects.filter(pk__in=ids, is_guest=True).values_list("pk", flat=True),
    }


def accept(*, request: EnrolmentRequest, actor: Any) -> Enrolment:
    """Say yes: the person is enrolled in the same transaction, by all the rules of enrolling.

    Raises:
        RequestError: ``not_open``, or ``not_allowed``.
        ClassFullError, ClassStateError, NotEnrollableError: as in enrolling; the request stays open.
    """
    with transaction.atomic():
        locked = lock_for_enrolment(request.training_class_id)
        _decide(request, RequestState.ACCEPTED, actor, EnrolmentRequest.objects.answerable_by(_fresh(actor)))
        learner = User.objects.get(pk=request.learner_id)
        asker = User.objects.filter(pk=request.asked_by_id).first()
        try:
            made = enrol_agreed(training_class=locked, learner=learner, actor=actor, enrolled_by=asker, invited=True)
        except AlreadyEnrolledError:  # the person came in another way meanwhile, by a code
            made = Enrolment.objects.get(training_class=locked, learner=learner)
        _record(actor, "classes.request_accepted", locked.pk, {"learner": learner.pk, "request": request.pk})
        _tell_answer(request, actor, "enrolment_accepted")
    return made


def decline(*, request: EnrolmentRequest, actor: Any, reason: str = "") -> None:
    """Say no, with a reason that the asking unit reads.

    Raises:
        RequestError: ``not_open``, or ``not_allowed``.
    """
    with transaction.atomic():
        allowed = EnrolmentRequest.objects.answerable_by(_fresh(actor))
        _decide(request, RequestState.DECLINED, actor, allowed, reason=reason.strip()[:250])
        data = {"learner": request.learner_id, "request": request.pk, "reason": request.reason}
        _record(actor, "classes.request_declined", request.training_class_id, data)
        _tell_answer(request, actor, "enrolment_declined")
        if actor.pk != request.learner_id:
            names = {"class": request.training_class.name, "unit": request.training_class.unit.label}
            notify(
                recipients=[request.learner_id], kind="enrolment_declined_for_you", params=names, text=request.reason
            )


def take_back(*, request: EnrolmentRequest, actor: Any) -> None:
    """Ask no more; for whoever runs the class.

    Raises:
        RequestError: ``not_open``, or ``not_allowed``.
    """
    with transaction.atomic():
        _decide(request, RequestState.WITHDRAWN, actor, EnrolmentRequest.objects.sent_by(_fresh(actor)).open())
        data = {"learner": request.learner_id, "request": request.pk}
        _record(actor, "classes.request_taken_back", request.training_class_id, data)


def _decide(request: EnrolmentRequest, state: RequestState, actor: Any, allowed: Any, *, reason: str = "") -> None:
    """Close an open request; of two at once, one succeeds."""
    moment = now()
    if not allowed.filter(pk=request.pk).exists():
        open_still = EnrolmentRequest.objects.open(moment).filter(pk=request.pk).exists()
        raise _not_allowed() if open_still else _not_open(request, actor)
    rows = EnrolmentRequest.objects.open(moment).filter(pk=request.pk)
    if not rows.update(state=state, decided_by=actor, decided_at=moment, reason=reason):
        raise _not_open(request, actor)
    request.state, request.decided_by, request.decided_at, request.reason = state, actor, moment, reason


def _not_open(request: EnrolmentRequest, actor: Any) -> RequestError:
    return RequestError(what_became_of(request.pk, reader=actor), code="not_open")


def _not_allowed() -> RequestError:
    return RequestError(_("This request is not for you to answer."), code="not_allowed")


def _fresh(actor: Any) -> User:
    """Return ``actor`` with the roles of this moment, not of when the page was shown."""
    return User.objects.get(pk=actor.pk)


def _tell_asked(training_class: TrainingClass, learner_ids: list[int]) -> None:
    names = {"class": training_class.name, "unit": training_class.unit.label}
    notify(recipients=learner_ids, kind="enrolment_invited", params=names, url=reverse("learner:home"))
    homes = {pk: unit for ids in batched(learner_ids, _BATCH) for pk, unit in home_units(ids).items()}
    offices = {officer for unit_id in {homes.get(pk) for pk in learner_ids} for officer in office_of(unit_id)}
    notify(recipients=offices, kind="enrolment_asked", params=names, url=reverse("office:requests"))


def _tell_answer(request: EnrolmentRequest, actor: Any, kind: str) -> None:
    if request.asked_by_id in {None, actor.pk}:
        return
    training_class = TrainingClass.objects.get(pk=request.training_class_id)
    learner = User.objects.get(pk=request.learner_id)
    notify(
        recipients=[request.asked_by_id],
        kind=kind,
        params={"name": str(learner), "class": training_class.name},
        text=request.reason,
        url=reverse("office:class-learners", args=[training_class.pk]),
    )


def _record(actor: Any, action: str, class_id: int, data: dict[str, Any]) -> None:
    record(actor=actor, action=action, target=f"class:{class_id}", data=data, stream=f"class:{class_id}")
