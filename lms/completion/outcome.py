"""Rules of completion: what a learner has done + the edition's rules → where the learner stands.

Pure Python on purpose (an import contract keeps Django out): the same facts always give the same standing, so a
standing may be computed again at any time, for one enrolment or for a million, and tested by properties.
The rules are those of the teaching regulation (docs/domain.md), every number a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lms.gradebook.fold import round_mark

ENROLLED, IN_PROGRESS, COMPLETED, FAILED = "enrolled", "in_progress", "completed", "failed"
LESSON, EXAM, ESSAY, SESSION = "lesson", "exam", "essay", "session"

_MISSING_BY_KIND = {LESSON: "read_lesson", EXAM: "pass_exam", ESSAY: "pass_essay", SESSION: "attend_session"}


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """An item of the edition, as far as completion is concerned."""

    id: int
    position: int
    kind: str
    required: bool = True
    counts: bool = False
    weight: Decimal = Decimal(1)
    module_kind: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The edition's rules. ``bands`` are (code, lowest mark), in any order."""

    pass_mark: Decimal = Decimal(5)
    attendance_share: Decimal = Decimal("0.8")
    bands: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Periods (*tiết*) credited to the learner and planned in the class's timetable."""

    attended: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Earned:
    """A completed status that the learner holds already; it is never taken away, and its mark never falls."""

    score: Decimal | None = None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The deeds of the learner.

    ``marks`` are on 10, one per item, after the exam's counting rule. ``closed`` are the items at which nothing
    more can be done (no attempt left). ``ended`` says that the class is over; the caller decides that.
    """

    done: frozenset[int] = frozenset()
    doing: frozenset[int] = frozenset()
    marks: Mapping[int, Decimal] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    attendance: Attendance = Attendance()
    ended: bool = False
    earned: Earned | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that still stands between the learner and completion. ``code`` is one of

    ``read_lesson``, ``pass_exam``, ``pass_essay``, ``attend_session`` (about ``item_id``), ``exam_closed`` (no
    attempt left at ``item_id``), ``attendance_share``, ``pass_mark`` (``have`` of ``need``), ``mark_pending``
    (``item_id`` waits for its mark).
    """

    code: str
    item_id: int | None = None
    have: Decimal | None = None
    need: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CompletionOutcome:
    """The standing of the learner. ``percent`` is 100 exactly when ``status`` is completed; ``kinds_done`` are the
    kinds of modules (theory, professional) of which every required item is done.
    """

    status: str
    percent: int
    score: Decimal | None
    band: str
    missing: tuple[Missing, ...]
    next_item_id: int | None
    kinds_done: frozenset[str] = frozenset()


def final_mark(items: Iterable[CompletionItem], marks: Mapping[int, Decimal]) -> Decimal | None:
    """The weighted mark on 10 of the items that count; ``None`` while a required one has no mark.

    An optional item without a mark is left out of the weighting.
    """
    total = weights = Decimal(0)
    for item in items:
        if not item.counts:
            continue
        mark = marks.get(item.id)
        if mark is None:
            if item.required:
                return None
            continue
        total += item.weight * mark
        weights += item.weight
    return round_mark(total / weights) if weights else None


def band_of(score: Decimal | None, rules: Rules) -> str:
    """The code of the highest band whose lowest mark ``score`` reaches, or an empty string."""
    if score is None:
        return ""
    reached = [(lowest, code) for code, lowest in rules.bands if score >= lowest]
    return max(reached)[1] if reached else ""


def attendance_needed(rules: Rules, planned: int) -> int:
    """The number of periods that reaches the share, rounded up."""
    exact = rules.attendance_share * planned
    return int(exact.to_integral_value(rounding="ROUND_CEILING"))


def compute_outcome(items: Iterable[CompletionItem], rules: Rules, facts: Facts) -> CompletionOutcome:
    """Compute the standing of one enrolment from its facts.

    Completed means: every required item done, the share of periods attended (when the class has a timetable),
    the weighted mark reached (when items count). A required session counts as done when the share is reached:
    who attends 80 % is not held back by the 20 %. Failed means: the class is over, or all that could still be
    done is done or closed and completion stays out of reach.
    """
    ordered = sorted(items, key=lambda item: (item.position, item.id))
    missing: list[Missing] = []

    planned = facts.attendance.planned
    needed = attendance_needed(rules, planned)
    share_applies = needed > 0
    share_reached = share_applies and facts.attendance.attended >= needed

    def satisfied(item: CompletionItem) -> bool:
        return item.id in facts.done or (item.kind == SESSION and share_reached)

    required = [item for item in ordered if item.required]
    open_items = [item for item in required if not satisfied(item)]
    kinds_done = frozenset({item.module_kind for item in required} - {item.module_kind for item in open_items} - {""})
    for item in open_items:
        if item.kind == SESSION and share_applies:
            continue  # one line about the share says it all
        code = "exam_closed" if item.id in facts.closed else _MISSING_BY_KIND[item.kind]
        missing.append(Missing(code, item.id))
    if share_applies and not share_reached:
        missing.append(
            Missing("attendance_share", have=Decimal(facts.attendance.attended), need=Decimal(needed)),
        )

    score = final_mark(ordered, facts.marks)
    below = score is not None and score < rules.pass_mark
    if below:
        missing.append(Missing("pass_mark", have=score, need=rules.pass_mark))
    missing.extend(
        Missing("mark_pending", item.id)
        for item in required
        if item.counts and satisfied(item) and item.id not in facts.marks
    )

    if facts.earned is not None:
        better = facts.earned.score is None or (score is not None and score > facts.earned.score)
        kept = score if better else facts.earned.score
        return CompletionOutcome(COMPLETED, 100, kept, band_of(kept, rules) or facts.earned.band, (), None, kinds_done)
    if not missing:
        return CompletionOutcome(COMPLETED, 100, score, band_of(score, rules), (), None, kinds_done)

    share_done = (len(required) - len(open_items)) * 100 // len(required) if required else 0
    percent = min(99, share_done)
    if facts.ended or _out_of_reach(ordered, open_items, facts, below=below):
        return CompletionOutcome(FAILED, percent, score, "", tuple(missing), None, kinds_done)
    begun = bool(facts.done or facts.doing or facts.marks or facts.attendance.attended)
    status = IN_PROGRESS if begun else ENROLLED
    following = _next_item(ordered, open_items, facts)
    return CompletionOutcome(status, percent, score, "", tuple(missing), following, kinds_done)


def _out_of_reach(
    ordered: list[CompletionItem], open_items: list[CompletionItem], facts: Facts, *, below: bool
) -> bool:
    """Whether all that can still be done is done, and what is left can no longer be repaired by the learner."""
    if any(item.id not in facts.closed for item in open_items):
        return False
    if open_items:
        return True
    counting = [item for item in ordered if item.counts]
    return below and all(item.id in facts.closed for item in counting)


def _next_item(ordered: list[CompletionItem], open_items: list[CompletionItem], facts: Facts) -> int | None:
    """The one obvious next step: what the learner can do alone comes before a session in class."""
    doable = [item for item in open_items if item.id not in facts.closed]
    alone = [item for item in doable if item.kind != SESSION]
    improvable = [item for item in ordered if item.counts and item.kind == EXAM and item.id not in facts.closed]
    chosen = alone or doable or improvable
    return chosen[0].id if chosen else None
