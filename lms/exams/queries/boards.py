"""Sittings seen from the class that sits them: whose they are, and the invigilator's board."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, JSONNull, Max, Q

from lms.classes.models import Enrolment, TrainingClass
from lms.classes.queries import headcount
from lms.common.clock import now
from lms.common.text import fold
from lms.exams.enums import AttemptState
from lms.exams.models import Allowance, Attempt, Sitting, SittingGuest
from lms.programmes.models import EditionItem
from quizzes.models import Paper

# A client that says nothing for longer than this is offline: it sends a sign of life every 25 seconds.
SILENCE = dt.timedelta(seconds=75)
# A class larger than this is shown by who has started, the latest first (an open contest).
ROSTER_LIMIT = 1500
ROWS_LIMIT = 600

NOT_STARTED, WORKING, OFFLINE, HANDED_IN, ANNULLED = "not_started", "working", "offline", "handed_in", "annulled"
STATES = (WORKING, OFFLINE, NOT_STARTED, HANDED_IN, ANNULLED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person on the board. ``heard_at`` is when the server last heard of an attempt that is running.

    A row has an ``enrolment_id``, or a ``guest_id``: guests of a sitting are in no class.
    """

    enrolment_id: int | None
    guest_id: int | None
    user_id: int
    name: str
    organisation: str
    state: str
    attempt_id: int | None = None
    number: int = 0
    answered: int = 0
    heard_at: dt.datetime | None = None
    deadline: dt.datetime | None = None
    submitted_at: dt.datetime | None = None
    forced: bool = False
    paper_code: str = ""
    score: Decimal | None = None
    max_score: Decimal | None = None
    sitting_id: int | None = None
    # how many seconds after the deadline the last answer came, within the allowance for the network; 0 for none
    late_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """A sitting as it stands: counts of everybody, rows of those asked for."""

    sitting: Sitting
    training_class: TrainingClass
    questions: int
    counts: dict[str, int]
    rows: tuple[BoardRow, ...]
    shortened: bool

    @property
    def expected(self) -> int:
        return sum(self.counts.values())

    @property
    def etag(self) -> str:
        """A mark of everything shown; nothing changed, nothing is sent."""
        facts = (
            self.sitting.updated_at,
            self.sitting.opened_at,
            self.sitting.stopped_at,
            self.sitting.closes_at,
            self.sitting.code,
            self.sitting.accepts_guests,
            self.sitting.guest_count,
            sorted(self.counts.items()),
            self.rows,
        )
        return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def board(sitting: Sitting, *, state: str = "", search: str = "") -> Board:
    """Return the board of ``sitting``: the same statements whatever the number, two more where guests are let in."""
    large = headcount(sitting.training_class_id) > ROSTER_LIMIT or sitting.guest_count > ROSTER_LIMIT
    rows = _large(sitting) if large else [*_roster(sitting), *_guests(sitting)]
    counts = Counter(row.state for row in rows)
    if large:
        counts = _large_counts(sitting, counts)
    wanted = [row for row in rows if state in ("", row.state)]
    if folded := fold(search):
        wanted = [row for row in wanted if folded in fold(row.name)]
    return Board(
        sitting=sitting,
        training_class=sitting.training_class,
        questions=question_count(sitting.exam_id),
        counts={one: counts.get(one, 0) for one in STATES},
        rows=tuple(wanted[:ROWS_LIMIT]),
        shortened=large or len(wanted) > ROWS_LIMIT,
    )


def question_count(exam_id: int) -> int:
    """Return the number of questions of a paper of the exam (of its newest set)."""
    layout = Paper.objects.filter(exam_id=exam_id).order_by("-set_number").values_list("layout", flat=True).first()
    return len(layout or ())


_NAME = ("user__family_name", "user__middle_name", "user__given_name")


def _attempt_rows(attempts: Any, *more: str) -> list[dict[str, Any]]:
    """Attempts with what has been answered and when the server last heard of them: one statement."""
    return list(
        attempts.order_by("number", "pk")
        .values(
            "pk",
            "enrolment_id",
            "guest_id",
            "user_id",
            "number",
            "state",
            "sitting_id",
            "started_at",
            "deadline",
            "submitted_at",
            "forced",
            "score",
            "max_score",
            "paper__code",
            "presence__seen_at",
            *more,
        )
        .annotate(
            answered=Count("responses__slot", filter=~Q(responses__answer=JSONNull())),
            saved_at=Max("responses__saved_at"),
        )
    )


def _roster(sitting: Sitting) -> list[BoardRow]:
    """Everybody of the class who sits here, in the order of names, with the last attempt of each."""
    elsewhere = _rooms(sitting)
    rows = []
    for row in _people(sitting.training_class_id, sitting.exam_id, sitting.item_id):
        if row.sitting_id not in (None, sitting.pk):
            continue  # sits in another room
        if row.attempt_id is None and elsewhere.get(row.enrolment_id or 0, sitting.pk) != sitting.pk:
            continue
        rows.append(row)
    return rows


def _guests(sitting: Sitting) -> list[BoardRow]:
    """The guests of the sitting by name, with the last attempt of each; they are in no class."""
    if not sitting.guest_count:
        return []
    people = list(
        SittingGuest.objects.filter(sitting=sitting)
        .order_by("user__sort_key", "pk")
        .values_list(
            "pk",
            "user_id",
            "user__family_name",
            "user__middle_name",
            "user__given_name",
            "user__profile__organisation",
        )
    )
    made = Attempt.objects.filter(sitting=sitting, guest__isnull=False)
    attempts: dict[int, dict[str, Any]] = {row["guest_id"]: row for row in _attempt_rows(made)}
    moment = now()
    return [
        _row(
            (None, pk, user_id),
            " ".join(part for part in (family, middle, given) if part),
            organisation or "",
            attempts.get(pk),
            moment,
        )
        for pk, user_id, family, middle, given, organisation in people
    ]


def people_of_test(
    training_class: TrainingClass, item: EditionItem, *, search: str = ""
) -> tuple[list[BoardRow], bool]:
    """Return the people of a class with the last attempt at one of its tests.

    Three statements. The second value says whether there are more than :data:`ROWS_LIMIT`, which are left out.
    """
    rows = _people(training_class.pk, item.exam_id or 0, item.pk, search=search, most=ROWS_LIMIT + 1)
    return rows[:ROWS_LIMIT], len(rows) > ROWS_LIMIT


def _people(class_id: int, exam_id: int, item_id: int, *, search: str = "", most: int | None = None) -> list[BoardRow]:
    """The learners of a class in the order of names, with the last attempt of each: two statements."""
    enrolments = Enrolment.objects.filter(training_class_id=class_id).active()
    if folded := fold(search):
        enrolments = enrolments.filter(learner__search_text__contains=folded)
    people = list(
        enrolments.order_by("learner__sort_key", "pk").values_list(
            "pk",
            "learner_id",
            "learner__family_name",
            "learner__middle_name",
            "learner__given_name",
            "learner__profile__organisation",
        )[:most]
    )
    made = Attempt.objects.filter(exam_id=exam_id, item_id=item_id, enrolment__training_class_id=class_id)
    if most is not None:
        made = made.filter(enrolment_id__in=[pk for pk, *_rest in people])
    attempts: dict[int, dict[str, Any]] = {row["enrolment_id"]: row for row in _attempt_rows(made)}
    moment = now()
    return [
        _row(
            (pk, None, user_id),
            " ".join(part for part in (family, middle, given) if part),
            organisation or "",
            attempts.get(pk),
            moment,
        )
        for pk, user_id, family, middle, given, organisation in people
    ]


def _rooms(sitting: Sitting) -> dict[int, int]:
    """The room settled for each enrolment that has one."""
    rows = Allowance.objects.filter(item_id=sitting.item_id, sitting__training_class_id=sitting.training_class_id)
    return dict(rows.values_list("enrolment_id", "sitting_id"))


def _large(sitting: Sitting) -> list[BoardRow]:
    """Who started last, without the many who have not."""
    recent = Attempt.objects.filter(sitting=sitting).order_by("-pk").values_list("pk", flat=True)[:ROWS_LIMIT]
    found = _attempt_rows(Attempt.objects.filter(pk__in=list(recent)), *_NAME, "user__profile__organisation")
    moment = now()
    return [
        _row(
            (row["enrolment_id"], row["guest_id"], row["user_id"]),
            " ".join(part for name in _NAME if (part := row[name])),
            row["user__profile__organisation"] or "",
            row,
            moment,
        )
        for row in reversed(found)
    ]


def _large_counts(sitting: Sitting, shown: Counter[str]) -> Counter[str]:
    """Counts by state of everybody; who of the working is offline is known of the rows shown only."""
    by_state = dict(Attempt.objects.filter(sitting=sitting).order_by().values_list("state").annotate(_people_in()))
    started = Attempt.objects.filter(sitting=sitting).aggregate(people=_people_in())["people"]
    running = by_state.get(AttemptState.OPEN, 0)
    return Counter(
        {
            NOT_STARTED: max(0, headcount(sitting.training_class_id) + sitting.guest_count - started),
            WORKING: max(0, running - shown[OFFLINE]),
            OFFLINE: shown[OFFLINE],
            HANDED_IN: by_state.get(AttemptState.SUBMITTED, 0),
            ANNULLED: by_state.get(AttemptState.ANNULLED, 0),
        }
    )


def _people_in() -> Any:
    """How many people made some attempts: learners by enrolment, and guests."""
    return Count("enrolment_id", distinct=True) + Count("guest_id", distinct=True)


def _row(
    who: tuple[int | None, int | None, int],
    name: str,
    organisation: str,
    attempt: dict[str, Any] | None,
    moment: dt.datetime,
) -> BoardRow:
    """``who`` is an enrolment or a guest, and the person."""
    if attempt is None:
        return BoardRow(*who, name, organisation, NOT_STARTED)
    signs = [attempt["started_at"], attempt["saved_at"], attempt["presence__seen_at"]]
    heard_at = max(sign for sign in signs if sign is not None)
    open_now = attempt["state"] == AttemptState.OPEN
    quiet = open_now and moment - heard_at > SILENCE
    running = OFFLINE if quiet else WORKING
    ended = {AttemptState.SUBMITTED.value: HANDED_IN, AttemptState.ANNULLED.value: ANNULLED}
    return BoardRow(
        enrolment_id=who[0],
        guest_id=who[1],
        user_id=who[2],
        name=name,
        organisation=organisation,
        state=ended.get(attempt["state"], running),
        attempt_id=attempt["pk"],
        number=attempt["number"],
        answered=attempt["answered"],
        heard_at=heard_at if quiet else None,
        deadline=attempt["deadline"],
        submitted_at=attempt["submitted_at"],
        forced=attempt["forced"],
        paper_code=attempt["paper__code"],
        score=attempt["score"],
        max_score=attempt["max_score"],
        sitting_id=attempt["sitting_id"],
        late_seconds=late_seconds(attempt["deadline"], attempt["saved_at"]),
    )


def late_seconds(deadline: dt.datetime | None, saved_at: dt.datetime | None) -> int:
    """Return how many seconds after the deadline the last answer was kept, rounded up; 0 for none."""
    if deadline is None or saved_at is None or saved_at <= deadline:
        return 0
    return math.ceil((saved_at - deadline).total_seconds())


@dataclass(frozen=True, slots=True)
class SittingCounts:
    """Counts of a sitting: people who started and who handed in."""

    started: int = 0
    handed_in: int = 0


def counts_of(sittings: Iterable[Sitting]) -> dict[int, SittingCounts]:
    """Return the counts of each sitting, in one statement."""
    ids = [sitting.pk for sitting in sittings]
    rows = (
        Attempt.objects.filter(sitting_id__in=ids)
        .exclude(state=AttemptState.ANNULLED)
        .order_by()
        .values_list("sitting_id")
        .annotate(
            started=_people_in(),
            handed_in=Count("pk", filter=Q(state=AttemptState.SUBMITTED)),
        )
    )
    found = {pk: SittingCounts(started, handed_in) for pk, started, handed_in in rows}
    return {pk: found.get(pk, SittingCounts()) for pk in ids}
