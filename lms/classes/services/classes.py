"""Opening, editing and ending training classes.

planned → open → closed → recognised; planned and open classes may be cancelled, and a class closed by mistake may be
opened again until it is recognised. Each change is a conditional update, audited in the class's own stream.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.services import record
from lms.classes.enums import ClassState
from lms.classes.errors import ClassInvalidError, ClassNameTakenError, ClassStateError
from lms.classes.models import TrainingClass
from lms.classes.queries import headcount
from lms.classes.reopening import reopening_warnings
from lms.classes.services.staff import set_staff
from lms.classes.services.tallies import slots_for
from lms.classes.services.timetable import Schedule, lay_out
from lms.classes.signals import class_moved, class_recognised, tally_moved
from lms.common.clock import now
from lms.common.text import fold, normalise
from lms.people.models import Unit, User
from lms.programmes.models import Edition

EDITABLE = frozenset({ClassState.PLANNED, ClassState.OPEN, ClassState.CLOSED})


@dataclass(frozen=True, slots=True)
class OpenedClass:
    """A new class and what its office should know about it (sentences; none of them stops the class)."""

    training_class: TrainingClass
    warnings: list[str]


def class_stream(class_id: int) -> str:
    """The audit stream of one class, so that classes never wait for each other."""
    return f"class:{class_id}"


def warnings_of(training_class: TrainingClass, learners: int) -> list[str]:
    """Return what is unusual about a class in sentences: too few learners, over capacity, no decision yet."""
    warnings = []
    least = settings.SEN_CLASS_MIN_LEARNERS
    if learners < least:
        warnings.append(
            ngettext(
                "The class has %(count)s learner; the regulation asks for at least %(least)s.",
                "The class has %(count)s learners; the regulation asks for at least %(least)s.",
                learners,
            )
            % {"count": learners, "least": least}
        )
    if training_class.capacity < least:
        warnings.append(
            _("The capacity of %(capacity)s is below the %(least)s learners that a class needs.")
            % {"capacity": training_class.capacity, "least": least}
        )
    if not training_class.opening_decision:
        warnings.append(_("The decision to open the class has no number yet."))
    return warnings


def open_class(
    *,
    edition: Edition,
    unit: Unit,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    actor: Any,
    opening_decision: str = "",
    opening_decided_on: dt.date | None = None,
    capacity: int = 100,
    place: str = "",
    homeroom: User | None = None,
    lecturers: Iterable[User] = (),
    schedule: Schedule | None = None,
    planned: bool = False,
) -> OpenedClass:
    """Make a class of ``edition`` at ``unit``, open for study unless ``planned``.

    Args:
        schedule: sessions of the timetable and dates of items; none are made without one.
        planned: keep the class out of learners' sight until :func:`start_class`.

    Raises:
        ClassInvalidError: a date, the capacity or the schedule cannot be.
        ClassNameTakenError: the unit has a class of this name in this year.
    """
    training_class = TrainingClass(
        edition=edition,
        unit=unit,
        name=normalise(name),
        state=ClassState.PLANNED if planned else ClassState.OPEN,
        year=starts_on.year,
        starts_on=starts_on,
        ends_on=ends_on,
        opening_decision=normalise(opening_decision),
        opening_decided_on=opening_decided_on,
        capacity=capacity,
        place=normalise(place),
        tally_slots=slots_for(capacity),
        created_by=actor,
    )
    _check(training_class)
    with transaction.atomic():
        _save(training_class)
        set_staff(training_class=training_class, homeroom=homeroom, lecturers=lecturers, actor=None)
        if schedule is not None:
            lay_out(training_class=training_class, schedule=schedule)
        tally_moved.send(sender=TrainingClass, class_id=training_class.pk)  # its year may have been summed up
        record(
            actor=actor,
            action="classes.class_opened",
            target=f"class:{training_class.pk}",
            data=_facts(training_class) | {"edition": edition.pk, "unit": unit.pk},
            stream=class_stream(training_class.pk),
        )
    return OpenedClass(training_class, warnings_of(training_class, 0))


def edit_class(*, training_class: TrainingClass, actor: Any, **changes: Any) -> TrainingClass:
    """Change name, dates, decision, capacity or place of a class that is not recognised or cancelled.

    Raises:
        ClassStateError: the class is recognised or cancelled.
        ClassInvalidError: a date cannot be, or the capacity is below the learners enrolled.
    """
    allowed = {"name", "starts_on", "ends_on", "opening_decision", "opening_decided_on", "capacity", "place"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"edit_class() cannot change {sorted(unknown)}")
    with transaction.atomic():
        locked = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        _require(locked, EDITABLE)
        before = _facts(locked)
        for field, value in changes.items():
            setattr(locked, field, normalise(value) if isinstance(value, str) else value)
        locked.year = locked.starts_on.year
        _check(locked)
        active = headcount(locked.pk)
        if locked.capacity < active:
            message = _("%(count)s learners are in the class already.") % {"count": active}
            raise ClassInvalidError(message, fields={"capacity": [message]})
        after = _facts(locked)
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        if changed:
            tally_moved.send(sender=TrainingClass, class_id=locked.pk)  # before and after: the year may change
            _save(locked)
            tally_moved.send(sender=TrainingClass, class_id=locked.pk)
            record(
                actor=actor,
                action="classes.class_edited",
                target=f"class:{locked.pk}",
                data=changed,
                stream=class_stream(locked.pk),
            )
    return locked


def start_class(
    *, training_class: TrainingClass, actor: Any, decision: str = "", decided_on: dt.date | None = None
) -> None:
    """Open a planned class for study; with a decision, note its number and date."""
    noted: dict[str, Any] = {}
    if decision:
        number = normalise(decision)
        searched = fold(f"{training_class.name} {number} {training_class.place}")
        noted = {"opening_decision": number, "opening_decided_on": decided_on, "search_text": searched}
    _move(training_class, {ClassState.PLANNED}, ClassState.OPEN, actor, "classes.class_started", **noted)


def close_class(*, training_class: TrainingClass, actor: Any) -> None:
    """End an open class: nobody can be enrolled any more."""
    _move(training_class, {ClassState.OPEN}, ClassState.CLOSED, actor, "classes.class_closed")


def reopen_class(*, training_class: TrainingClass, actor: Any, key_known: bool = False) -> None:
    """Take back :func:`close_class`, as long as no decision has recognised the class.

    Args:
        key_known: ``actor`` knows that learners have seen the right answers of the tests that open again.

    Raises:
        ClassStateError: ``class_state``; or ``key_shown``: the sentence says to whom and since when.
    """
    shown = reopening_warnings(training_class)
    if shown and not key_known:
        raise ClassStateError(shown, code="key_shown")
    known = _("Learners had seen the right answers.") if shown else ""
    _move(training_class, {ClassState.CLOSED}, ClassState.OPEN, actor, "classes.class_reopened", reason=known)


def recognise_class(*, training_class: TrainingClass, decision: str, on: dt.date, actor: Any) -> None:
    """Record the decision that recognises completion of a closed class; sends ``class_recognised``.

    Raises:
        ClassStateError: the class has not ended.
        ClassInvalidError: there is no decision number, or its date lies before the class began.
    """
    number = normalise(decision)
    if not number:
        message = _("Give the number of the decision.")
        raise ClassInvalidError(message, fields={"decision": [message]})
    if on < training_class.starts_on:
        message = _("The decision cannot be older than the class.")
        raise ClassInvalidError(message, fields={"on": [message]})
    with transaction.atomic():
        _move(
            training_class,
            {ClassState.CLOSED},
            ClassState.RECOGNISED,
            actor,
            "classes.class_recognised",
            recognition_decision=number,
            recognised_on=on,
        )
        class_recognised.send(sender=TrainingClass, training_class=training_class, actor=actor)


def cancel_class(*, training_class: TrainingClass, actor: Any, reason: str = "") -> None:
    """Call a planned or open class off. Its records stay; learners no longer see it."""
    _move(
        training_class,
        {ClassState.PLANNED, ClassState.OPEN},
        ClassState.CANCELLED,
        actor,
        "classes.class_cancelled",
        reason=reason,
    )


def _move(
    training_class: TrainingClass,
    sources: Collection[ClassState],
    target: ClassState,
    actor: Any,
    action: str,
    *,
    reason: str = "",
    **fields: Any,
) -> None:
    """Change the state by one conditional update, so that of two people who act at once only one succeeds."""
    with transaction.atomic():
        moved = TrainingClass.objects.filter(pk=training_class.pk, state__in=sources).update(
            state=target, updated_at=now(), **fields
        )
        training_class.refresh_from_db(fields=["state", *fields])
        if not moved:
            _require(training_class, sources)
            raise ClassStateError(_("Somebody else has just changed this class."))
        tally_moved.send(sender=TrainingClass, class_id=training_class.pk)
        class_moved.send(sender=TrainingClass, training_class=training_class)
        data = {key: str(value) for key, value in fields.items()} | ({"reason": reason} if reason else {})
        record(
            actor=actor,
            action=action,
            target=f"class:{training_class.pk}",
            data=data,
            stream=class_stream(training_class.pk),
        )


def _require(training_class: TrainingClass, states: Collection[ClassState]) -> None:
    if training_class.state not in states:
        label = ClassState(training_class.state).label
        raise ClassStateError(_("The class is in the state “%(state)s”, which does not allow this.") % {"state": label})


def _check(training_class: TrainingClass) -> None:
    fields: dict[str, list[str]] = {}
    if not training_class.name:
        fields["name"] = [_("Give the class a name.")]
    if training_class.ends_on < training_class.starts_on:
        fields["ends_on"] = [_("The last day must not be before the first.")]
    if training_class.capacity < 1:
        fields["capacity"] = [_("The capacity must be at least 1.")]
    if fields:
        raise ClassInvalidError(" ".join(messages[0] for messages in fields.values()), fields=fields)


def _save(training_class: TrainingClass) -> None:
    try:
        with transaction.atomic():
            training_class.save()
    except IntegrityError as error:
        taken = TrainingClass.objects.filter(
            unit_id=training_class.unit_id, year=training_class.year, name=training_class.name
        ).exclude(pk=training_class.pk)
        if not taken.exists():
            raise
        message = _("The unit has a class of this name in this year.")
        raise ClassNameTakenError(message, fields={"name": [message]}) from error


def _facts(training_class: TrainingClass) -> dict[str, Any]:
    decided = training_class.opening_decided_on
    return {
        "name": training_class.name,
        "starts_on": training_class.starts_on.isoformat(),
        "ends_on": training_class.ends_on.isoformat(),
        "opening_decision": training_class.opening_decision,
        "opening_decided_on": decided.isoformat() if decided else None,
        "capacity": training_class.capacity,
        "place": training_class.place,
    }
