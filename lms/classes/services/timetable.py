"""The timetable of a class: sessions (*buổi*), and when its items open and are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import RestrictedError
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.errors import ClassInvalidError
from lms.classes.models import ClassItem, ClassSession, TrainingClass
from lms.classes.signals import timetable_changed
from lms.common.text import normalise
from lms.people.models import User
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session to be put on the timetable. An empty title takes the item's, zero periods the item's or 4."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    item_id: int | None = None
    title: str = ""
    periods: int = 0
    place: str = ""
    lecturer: User | None = None


@dataclass(frozen=True, slots=True)
class ItemDates:
    """The opening and the end of an item in a class; either may be missing."""

    item_id: int
    opens_at: dt.datetime | None = None
    due_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The sessions and dates of a new class."""

    sessions: Sequence[PlannedSession] = ()
    items: Sequence[ItemDates] = field(default=())


def lay_out(*, training_class: TrainingClass, schedule: Schedule) -> None:
    """Write a schedule into a new class, inside the caller's transaction (which records the act)."""
    items = {item.pk: item for item in EditionItem.objects.filter(edition_id=training_class.edition_id)}
    ClassSession.objects.bulk_create(_session(training_class, plan, items) for plan in schedule.sessions)
    ClassItem.objects.bulk_create(_item_dates(training_class, dates, items) for dates in schedule.items)


def propose_sessions(training_class: TrainingClass) -> list[PlannedSession]:
    """Return one session a half-day for each session item of the edition, from the first day, Sundays left out.

    Mornings are 07:30-11:00, afternoons 13:30-17:00; sessions that would fall after the last day are left out.
    """
    from django.utils.timezone import get_default_timezone

    zone = get_default_timezone()
    items = EditionItem.objects.filter(edition_id=training_class.edition_id, kind=ItemKind.SESSION).order_by("position")
    halves = [(dt.time(7, 30), dt.time(11, 0)), (dt.time(13, 30), dt.time(17, 0))]
    day, half = training_class.starts_on, 0
    plans = []
    for item in items:
        if day.isoweekday() == 7:
            day += dt.timedelta(days=1)
        if day > training_class.ends_on:
            break
        start, end = halves[half]
        plans.append(
            PlannedSession(
                starts_at=dt.datetime.combine(day, start, zone),
                ends_at=dt.datetime.combine(day, end, zone),
                item_id=item.pk,
                place=training_class.place,
            )
        )
        half = 1 - half
        if half == 0:
            day += dt.timedelta(days=1)
    return plans


def add_session(*, training_class: TrainingClass, plan: PlannedSession, actor: Any) -> ClassSession:
    """Put one session on the timetable.

    Raises:
        ClassInvalidError: the times are the wrong way round, or the item belongs to another programme.
    """
    with transaction.atomic():
        session = _session(training_class, plan, _items_for(training_class, plan.item_id))
        session.save(force_insert=True)
        timetable_changed.send(sender=ClassSession, training_class=training_class)  # before the record: locks in order
        _record(session, actor, "classes.session_added")
    return session


def add_sessions(*, training_class: TrainingClass, plans: Sequence[PlannedSession], actor: Any) -> int:
    """Put several sessions on an empty timetable, together; nothing where there are sessions already."""
    with transaction.atomic():
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        if ClassSession.objects.filter(training_class=training_class).exists():
            return 0
        items = {item.pk: item for item in EditionItem.objects.filter(edition_id=training_class.edition_id)}
        made = ClassSession.objects.bulk_create(_session(training_class, plan, items) for plan in plans)
        timetable_changed.send(sender=ClassSession, training_class=training_class)
        record(
            actor=actor,
            action="classes.timetable_laid_out",
            target=f"class:{training_class.pk}",
            data={"sessions": len(made)},
            stream=f"class:{training_class.pk}",
        )
    return len(made)


def edit_session(*, session: ClassSession, plan: PlannedSession, actor: Any) -> ClassSession:
    """Replace what a session says, keeping its attendance."""
    training_class = session.training_class
    with transaction.atomic():
        changed = _session(training_class, plan, _items_for(training_class, plan.item_id))
        changed.pk = session.pk
        changed.save(force_update=True)
        if (changed.periods, changed.item_id) != (session.periods, session.item_id):
            timetable_changed.send(sender=ClassSession, training_class=training_class)
        _record(changed, actor, "classes.session_edited")
    return changed


def remove_session(*, session: ClassSession, actor: Any) -> None:
    """Take a session off the timetable.

    Raises:
        ClassInvalidError: ``session_used``, attendance has been taken in it.
    """
    try:
        with transaction.atomic():
            ClassSession.objects.filter(pk=session.pk).delete()
            timetable_changed.send(sender=ClassSession, training_class=session.training_class)
            _record(session, actor, "classes.session_removed")
    except RestrictedError as error:
        raise ClassInvalidError(
            _("Attendance has been taken in this session, so it stays."), code="session_used"
        ) from error


def set_item_dates(*, training_class: TrainingClass, dates: ItemDates, actor: Any) -> None:
    """Say when an item opens and is due in this class; with neither, the row goes away.

    Raises:
        ClassInvalidError: it would be due before it opens, or belongs to another programme.
    """
    with transaction.atomic():
        row = _item_dates(training_class, dates, _items_for(training_class, dates.item_id))
        rows = ClassItem.objects.filter(training_class=training_class, item_id=dates.item_id)
        if dates.opens_at is None and dates.due_at is None:
            rows.delete()
        else:
            ClassItem.objects.update_or_create(
                training_class=training_class,
                item_id=dates.item_id,
                defaults={"opens_at": row.opens_at, "due_at": row.due_at},
            )
        record(
            actor=actor,
            action="classes.item_dated",
            target=f"class:{training_class.pk}",
            data={"item": dates.item_id, "opens_at": _iso(dates.opens_at), "due_at": _iso(dates.due_at)},
            stream=f"class:{training_class.pk}",
        )


def _items_for(training_class: TrainingClass, item_id: int | None) -> dict[int, EditionItem]:
    if item_id is None:
        return {}
    items = EditionItem.objects.filter(edition_id=training_class.edition_id, pk=item_id)
    return {item.pk: item for item in items}


def _item(items: dict[int, EditionItem], item_id: int) -> EditionItem:
    if item_id not in items:
        raise ClassInvalidError(_("This item is not part of the programme of the class."), code="foreign_item")
    return items[item_id]


def _session(training_class: TrainingClass, plan: PlannedSession, items: dict[int, EditionItem]) -> ClassSession:
    item = _item(items, plan.item_id) if plan.item_id is not None else None
    title = normalise(plan.title) or (item.title if item else "")
    if not title:
        message = _("Give the session a title.")
        raise ClassInvalidError(message, fields={"title": [message]})
    if plan.ends_at <= plan.starts_at:
        message = _("A session must end after it starts.")
        raise ClassInvalidError(message, fields={"ends_at": [message]})
    return ClassSession(
        training_class=training_class,
        item=item,
        title=title[:250],
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        periods=plan.periods or (item.periods if item and item.periods else 4),
        place=normalise(plan.place),
        lecturer=plan.lecturer,
    )


def _item_dates(training_class: TrainingClass, dates: ItemDates, items: dict[int, EditionItem]) -> ClassItem:
    item = _item(items, dates.item_id)
    if dates.opens_at and dates.due_at and dates.due_at <= dates.opens_at:
        message = _("“%(item)s” must be due after it opens.") % {"item": item.title}
        raise ClassInvalidError(message, fields={"due_at": [message]})
    return ClassItem(training_class=training_class, item=item, opens_at=dates.opens_at, due_at=dates.due_at)


def _record(session: ClassSession, actor: Any, action: str) -> None:
    record(
        actor=actor,
        action=action,
        target=f"class:{session.training_class_id}",
        data={
            "session": session.pk,
            "title": session.title,
            "starts_at": _iso(session.starts_at),
            "ends_at": _iso(session.ends_at),
        },
        stream=f"class:{session.training_class_id}",
    )


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
