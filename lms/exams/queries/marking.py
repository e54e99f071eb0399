"""Reads of markers and of those who run marking. Nothing here names a learner, except :func:`released_rows`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lms.exams.engine.marking import split_points, step_of
from lms.exams.enums import AttemptState, MarkingState, ScriptState
from lms.exams.models import Attempt, AttemptResult, Marking, MarkingSession, Response, Script
from quizzes.models import ItemVersion

# The one criterion of a question without a rubric.
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric with the most points it can give for this answer."""

    id: str
    title: str
    description: str
    most: Decimal


@dataclass(frozen=True, slots=True)
class QuestionLoad:
    """The share of one marker in one question of a session."""

    session: MarkingSession
    version: ItemVersion
    waiting: int
    in_work: int
    done: int
    released: int

    @property
    def open(self) -> int:
        return self.waiting + self.in_work

    @property
    def whole(self) -> int:
        return self.open + self.done


@dataclass(frozen=True, slots=True)
class MarkerLoad:
    """The progress of one marker with one question, and how generous (the mean of what is done, in per cent)."""

    user: Any
    version_id: int
    waiting: int
    in_work: int
    done: int
    mean: Decimal | None
    percent: float | None


def criteria_of(version: ItemVersion, worth: Decimal) -> list[Criterion]:
    """Return the criteria of a question with their points; one for the whole where the rubric is empty."""
    rubric = version.key.get("rubric") or []
    if not rubric:
        return [Criterion(WHOLE, _("The whole answer"), "", worth)]
    most = split_points(worth, {one["id"]: Decimal(one["share"]) for one in rubric})
    return [Criterion(one["id"], one["title"], one.get("description", ""), most[one["id"]]) for one in rubric]


def point_step(criteria: Iterable[Criterion]) -> Decimal:
    """Return what arrows add on the page of an answer."""
    return step_of([one.most for one in criteria])


def answer_html(script: Script) -> str:
    """Return the cleaned text that the learner wrote."""
    answer = Response.objects.filter(attempt_id=script.attempt_id, slot=script.slot).values_list("answer", flat=True)
    found = answer.first()
    return str(found["html"]) if isinstance(found, dict) and "html" in found else ""


def waiting_attempts(session: MarkingSession) -> QuerySet[Attempt]:
    """Return the attempts of the session's class that wait for a person."""
    return Attempt.objects.filter(
        enrolment__training_class_id=session.training_class_id,
        exam_id=session.exam_id,
        item_id=session.item_id,
        state=AttemptState.SUBMITTED,
        marking=True,
    )


def attempts_to_take_up(session: MarkingSession) -> QuerySet[Attempt]:
    """Return the attempts of which the session knows nothing yet, or that were handed in again since."""
    known = Script.objects.filter(attempt_id=OuterRef("pk"))
    stale = known.exclude(handed_in_at=OuterRef("submitted_at")).exclude(state=ScriptState.VOID)
    return waiting_attempts(session).filter(~Exists(known) | Exists(stale))


def scripts_without_marker(session: MarkingSession) -> QuerySet[Script]:
    """Return the answers that still lack a marker in some round."""
    return _lacking().filter(session=session)


def _lacking() -> QuerySet[Script]:
    given = Marking.objects.filter(script_id=OuterRef("pk"))
    second = Q(session__rounds=2) & ~Exists(given.filter(round=2))
    waiting = Script.objects.alive().filter(state=ScriptState.WAITING)
    return waiting.filter(~Exists(given.filter(round=1)) | second)


def sessions_to_gather(sessions: QuerySet[MarkingSession]) -> QuerySet[MarkingSession]:
    """Return which of ``sessions`` have something to take up or to deal out: one read, however many there are."""
    known = Script.objects.filter(attempt_id=OuterRef("pk"))
    stale = known.exclude(handed_in_at=OuterRef("submitted_at")).exclude(state=ScriptState.VOID)
    fresh = Attempt.objects.filter(
        ~Exists(known) | Exists(stale),
        enrolment__training_class_id=OuterRef("training_class_id"),
        exam_id=OuterRef("exam_id"),
        item_id=OuterRef("item_id"),
        state=AttemptState.SUBMITTED,
        marking=True,
    )
    lacking = _lacking().filter(session=OuterRef("pk"))
    corrected = ~Q(key_revision=F("exam__key_revision"))
    return sessions.filter(Exists(fresh) | Exists(lacking) | corrected)


def state_counts(sessions: Iterable[MarkingSession]) -> dict[int, dict[str, int]]:
    """Return how many answers of each session are in each state."""
    counts: dict[int, dict[str, int]] = {session.pk: dict.fromkeys(ScriptState.values, 0) for session in sessions}
    rows = Script.objects.alive().filter(session_id__in=counts).order_by().values_list("session_id", "state")
    for session, state, number in rows.annotate(number=Count("pk")):
        counts[session][state] = number
    return counts


def queue_of(user: Any) -> list[QuestionLoad]:
    """Return what ``user`` has to mark, by session and question; what is wholly released comes last."""
    rows = (
        Marking.objects.visible_to(user)
        .alive()
        .order_by()
        .values("script__session_id", "script__version_id")
        .annotate(
            waiting=Count("pk", filter=Q(state=MarkingState.WAITING)),
            in_work=Count("pk", filter=Q(state=MarkingState.IN_WORK)),
            done=Count("pk", filter=Q(state=MarkingState.DONE)),
            released=Count("pk", filter=Q(script__state=ScriptState.RELEASED)),
        )
    )
    found = list(rows)
    sessions = MarkingSession.objects.select_related("exam").in_bulk({row["script__session_id"] for row in found})
    versions = ItemVersion.objects.in_bulk({row["script__version_id"] for row in found})
    loads = [
        QuestionLoad(
            sessions[row["script__session_id"]],
            versions[row["script__version_id"]],
            row["waiting"],
            row["in_work"],
            row["done"],
            row["released"],
        )
        for row in found
    ]
    return sorted(loads, key=lambda one: (one.open == 0, -one.session.pk, one.version.pk))


def next_marking(
    user: Any, *, session_id: int, version_id: int | None = None, after: int | None = None
) -> Marking | None:
    """Return the next answer that waits for ``user``: begun ones first, of the same question, in the order of codes."""
    mine = (
        Marking.objects.visible_to(user)
        .alive()
        .filter(script__session_id=session_id)
        .exclude(state=MarkingState.DONE)
        .select_related("script")
        .order_by("script__version_id", "script__code")
    )
    rows = list(mine)
    if not rows:
        return None

    def order(one: Marking) -> tuple[bool, bool, int, int]:
        other = version_id is not None and one.script.version_id != version_id
        passed = after is not None and one.script.code <= after
        return other, passed, one.script.version_id, one.script.code

    return min(rows, key=order)


def other_markings(marking: Marking) -> list[Marking]:
    """Return what the other marker gave, once both are done; nothing before."""
    others = list(Marking.objects.filter(script_id=marking.script_id).exclude(pk=marking.pk))
    if marking.state != MarkingState.DONE or any(one.state != MarkingState.DONE for one in others):
        return []
    return others


def marker_loads(session: MarkingSession) -> list[MarkerLoad]:
    """Return how far every marker is with every question; the mean shows who marks severely."""
    rows = (
        Marking.objects.alive()
        .filter(script__session=session)
        .order_by()
        .values("marker_id", "script__version_id")
        .annotate(
            waiting=Count("pk", filter=Q(state=MarkingState.WAITING)),
            in_work=Count("pk", filter=Q(state=MarkingState.IN_WORK)),
            done=Count("pk", filter=Q(state=MarkingState.DONE)),
            mean=Avg("total"),
            worth=Avg("script__worth"),
        )
    )
    people = {one.user_id: one.user for one in session.markers.select_related("user")}
    loads = []
    for row in rows:
        mean = None if row["mean"] is None else Decimal(str(row["mean"]))
        percent = None if mean is None else float(mean) / float(row["worth"]) * 100
        loads.append(
            MarkerLoad(
                people[row["marker_id"]],
                row["script__version_id"],
                row["waiting"],
                row["in_work"],
                row["done"],
                mean,
                percent,
            )
        )
    return sorted(loads, key=lambda one: (one.version_id, one.user.sort_key, one.user.pk))


def who_has_waiting(session: MarkingSession) -> list[tuple[Any, int]]:
    """Return the markers who have not finished, with how many answers they have."""
    rows = Marking.objects.alive().filter(script__session=session).exclude(state=MarkingState.DONE).order_by()
    counts = dict(rows.values_list("marker_id").annotate(number=Count("pk")))
    people = session.markers.filter(user_id__in=counts).select_related("user").order_by("user__sort_key", "user_id")
    return [(one.user, counts[one.user_id]) for one in people]


def session_questions(session: MarkingSession) -> list[ItemVersion]:
    """Return the questions of the session that have answers."""
    ids = Script.objects.alive().filter(session=session).order_by().values_list("version_id", flat=True).distinct()
    return list(ItemVersion.objects.filter(pk__in=ids).order_by("pk"))


def marked_of(attempt_id: int) -> Mapping[int, dict[str, Any]]:
    """Return, by slot, what the learner was told of marks that persons gave; nothing that was not released."""
    rows = Script.objects.filter(attempt_id=attempt_id, released__isnull=False, released_at__isnull=False)
    return {slot: released for slot, released in rows.values_list("slot", "released") if released}


def sealed_slots(attempt_id: int) -> set[int]:
    """Return the slots whose text nobody may see beside the learner's name.

    What waits for a person is sealed from the hand-in on, since markers see codes by default: until the results are
    released, or until the marking is given out with names (ADR 26).
    """
    given: set[int] = set()
    sealed: set[int] = set()
    scripts = Script.objects.filter(attempt_id=attempt_id).exclude(state=ScriptState.VOID)
    for slot, anonymous, released in scripts.values_list("slot", "session__anonymous", "released_at"):
        given.add(slot)
        if anonymous and released is None:
            sealed.add(slot)
    newest = AttemptResult.objects.filter(attempt_id=attempt_id).order_by("-number").values_list("pending", flat=True)
    return sealed | (set(newest.first() or ()) - given)


def session_scripts(session: MarkingSession) -> QuerySet[Script]:
    """Return the answers of a session with their markings, by question and code."""
    scripts = Script.objects.alive().filter(session=session).select_related("version", "session", "settled_by")
    return scripts.prefetch_related("markings__marker").order_by("version_id", "code")


def released_names(session: MarkingSession) -> dict[int, str]:
    """Return, by attempt, whose it is: of attempts that were released, or all where nobody is anonymous."""
    attempts = Attempt.objects.filter(scripts__session=session).annotate(
        closed=~Exists(Script.objects.alive().filter(attempt_id=OuterRef("pk"), released_at__isnull=True))
    )
    if session.anonymous:
        attempts = attempts.filter(closed=True)
    return {attempt.pk: attempt.user.get_full_name() for attempt in attempts.select_related("user").distinct()}


def is_somebody_elses(user: Any, marking_id: int) -> bool:
    """Whether ``user`` marks, or marked, in the session of a marking that is not, or no longer, among the own ones."""
    rows = Marking.objects.filter(pk=marking_id, script__session__markers__user_id=user.pk)
    return rows.exclude(script__attempt__user_id=user.pk).exists()
