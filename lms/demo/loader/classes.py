"""Forty-two classes in every state over three years."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.classes.services.classes import open_class
from lms.classes.services.timetable import ItemDates, PlannedSession, Schedule
from lms.common.clock import now, today
from lms.people.models import Unit, User
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, EditionItem
from quizzes.enums import ExamPurpose

# Days of a class by programme slug (docs/domain.md).
DAYS = {"nhan-thuc-ve-dang": 5, "dang-vien-moi": 18, "nghiep-vu-can-bo-co-so": 5}


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class to be made. ``state`` is what it is today; ``size`` how many learners it gets."""

    unit: Unit
    slug: str
    state: str
    starts_on: dt.date
    ends_on: dt.date
    size: int


def plans(home: Unit, centres: Sequence[Unit], former: Unit, rng: random.Random) -> Iterator[DemoClass]:
    """Yield the classes, those of the home centre first (the first is the one that ``hocvien`` studies in), those of
    the ``former`` centre, which the home centre took over, last.
    """
    day = today()

    def at(unit: Unit, slug: str, state: str, begins: dt.date, length: int | None = None) -> DemoClass:
        ends = begins + dt.timedelta(days=length or DAYS[slug])
        return DemoClass(unit, slug, state, begins, ends, rng.randint(28, 44))

    def ago(days: int) -> dt.date:
        return day - dt.timedelta(days=days)

    yield at(home, "nhan-thuc-ve-dang", ClassState.OPEN, ago(10), 30)
    yield at(home, "dang-vien-moi", ClassState.OPEN, ago(12), 32)
    yield at(home, "nghiep-vu-can-bo-co-so", ClassState.OPEN, ago(3), 14)
    yield at(home, "nghiep-vu-can-bo-co-so", ClassState.RECOGNISED, ago(380))
    yield at(home, "nghiep-vu-can-bo-co-so", ClassState.RECOGNISED, ago(190))
    yield at(home, "nhan-thuc-ve-dang", ClassState.PLANNED, day + dt.timedelta(days=20))
    yield at(home, "nhan-thuc-ve-dang", ClassState.CLOSED, ago(25))
    others = iter(centres)
    slugs = ("nhan-thuc-ve-dang", "dang-vien-moi")
    for index in range(9):  # two years ago
        yield at(next(others), slugs[index % 2], ClassState.RECOGNISED, dt.date(day.year - 2, index + 2, 6))
    for index in range(10):  # last year
        yield at(next(others), slugs[index % 2], ClassState.RECOGNISED, dt.date(day.year - 1, index + 2, 10))
    for index in range(5):  # this year, recognised
        yield at(next(others), slugs[index % 2], ClassState.RECOGNISED, ago(170 - 20 * index))
    for index in range(3):
        yield at(next(others), slugs[index % 2], ClassState.CLOSED, ago(40 - 5 * index))
    for index in range(4):
        yield at(next(others), slugs[index % 2], ClassState.OPEN, ago(2 + 3 * index), 24)
    yield at(next(others), slugs[0], ClassState.CANCELLED, ago(60))
    yield at(next(others), slugs[1], ClassState.PLANNED, day + dt.timedelta(days=12))
    yield at(former, slugs[0], ClassState.RECOGNISED, dt.date(day.year - 2, 9, 9))
    yield at(former, slugs[1], ClassState.RECOGNISED, dt.date(day.year - 1, 3, 17))


def make_class(
    plan: DemoClass, number: int, *, edition: Edition, lecturers: Sequence[User], homeroom: User, actor: User
) -> TrainingClass:
    """Open the class with its timetable and dates; it stays open until its learners have lived through it."""
    decided = plan.starts_on - dt.timedelta(days=14)
    opened = open_class(
        edition=edition,
        unit=plan.unit,
        name=f"Lớp {number:02d}/{plan.starts_on.year}",
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        actor=actor,
        opening_decision=f"{100 + number}-QĐ/TTCT",
        opening_decided_on=decided,
        capacity=60,
        place=f"Hội trường {plan.unit.label}"[:200],
        homeroom=homeroom,
        lecturers=[user for user in lecturers if user.pk != homeroom.pk],
        schedule=_schedule(plan, edition),
        planned=plan.state == ClassState.PLANNED,
    )
    return opened.training_class


def _schedule(plan: DemoClass, edition: Edition) -> Schedule:
    """Sessions spread over the class's days, and the final test open from the first day to the last."""
    items = list(EditionItem.objects.filter(edition=edition).select_related("exam"))
    zone = now().tzinfo
    sessions = []
    held = [item for item in items if item.kind == ItemKind.SESSION]
    days = (plan.ends_on - plan.starts_on).days
    for index, item in enumerate(held, start=1):
        date = plan.starts_on + dt.timedelta(days=max(1, days * index // (len(held) + 2)))
        begins = dt.datetime.combine(date, dt.time(0, 30), zone)
        sessions.append(
            PlannedSession(starts_at=begins, ends_at=begins + dt.timedelta(hours=3, minutes=30), item_id=item.pk)
        )
    dates = [
        ItemDates(
            item_id=item.pk,
            opens_at=dt.datetime.combine(plan.starts_on, dt.time(0), zone),
            due_at=dt.datetime.combine(plan.ends_on, dt.time(10), zone),
        )
        for item in items
        if item.exam is not None and item.exam.purpose == ExamPurpose.FINAL
    ]
    return Schedule(sessions=sessions, items=dates)
