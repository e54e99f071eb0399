"""Giving out the marking of an exam in a class: who marks, what joins by itself, who takes over.

Answers handed in later join when anybody looks at the session (:func:`gather`): a test to be handed in pays nothing
for it, and there is no task that could be forgotten.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.models import TrainingClass
from lms.exams.engine.marking import ROUNDS, Work, distribute, draw_code
from lms.exams.enums import MarkingState, ScriptState
from lms.exams.errors import MarkingError
from lms.exams.models import Attempt, AttemptResult, Marking, MarkingSession, Script, SessionMarker
from lms.exams.queries.marking import attempts_to_take_up, sessions_to_gather, waiting_attempts
from lms.notifications.services import notify
from lms.programmes.models import EditionItem
from quizzes.models import Exam, Paper
from quizzes.policy import page_of

GIVEN = "quizzes.marking_given"
_DRAFT: dict[str, Any] = {"points": {}, "comments": {}, "comment": "", "note": "", "writer": "", "turn": 0}


def stream_of(session: MarkingSession) -> str:
    """Return the audit stream of a session."""
    return f"marking:{session.pk}"


def open_session(
    *,
    training_class: TrainingClass,
    item: EditionItem,
    marker_ids: Collection[int],
    actor: Any,
    rounds: int = 1,
    anonymous: bool = True,
    tolerance: Decimal = Decimal("0.1"),
    settler_id: int | None = None,
) -> MarkingSession:
    """Give out the marking of an exam (an item of the edition) in a class, and deal out what has been handed in.

    Raises:
        MarkingError: fewer markers than rounds, or somebody has given it out already (code ``exists``).
    """
    assert item.exam_id is not None
    people = sorted(set(marker_ids))
    if rounds not in ROUNDS or len(people) < rounds:
        text = _("Choose at least two markers, so that nobody marks an answer twice.")
        raise MarkingError(text if rounds == 2 else _("Choose who marks."), code="markers", fields={"markers": [text]})
    try:
        with transaction.atomic():
            session = MarkingSession.objects.create(
                exam_id=item.exam_id,
                unit_id=training_class.unit_id,
                training_class=training_class,
                item=item,
                name=training_class.name[:250],
                rounds=rounds,
                anonymous=anonymous,
                tolerance=tolerance,
                settler_id=settler_id,
                seed=secrets.randbits(62),
                created_by=actor,
            )
            SessionMarker.objects.bulk_create([SessionMarker(session=session, user_id=pk) for pk in people])
            record(
                actor=actor,
                action="quizzes.marking_opened",
                target=f"marking_session:{session.pk}",
                data={"markers": people, "rounds": rounds, "anonymous": anonymous, "tolerance": str(tolerance)},
                stream=stream_of(session),
            )
            gather(session)
            _tell(session, people, actor)
    except IntegrityError as error:
        raise MarkingError(_("The marking of this exam has been given out already."), code="exists") from error
    return session


def gather(session: MarkingSession) -> int:
    """Take up what was handed in (again) since, and give every answer its markers; return how many answers joined.

    Costs one read when there is nothing to do. Two at once are in turn: the session's row is locked.
    """
    if not sessions_to_gather(MarkingSession.objects.filter(pk=session.pk)).exists():
        return 0
    with transaction.atomic():
        locked = MarkingSession.objects.select_for_update().get(pk=session.pk)
        revision = Exam.objects.values_list("key_revision", flat=True).get(pk=locked.exam_id)
        wanted = attempts_to_take_up(locked)
        if revision != locked.key_revision:
            wanted = waiting_attempts(locked)
            MarkingSession.objects.filter(pk=locked.pk).update(key_revision=revision)
            _void_answered(locked)
        joined = _take_up(locked, list(wanted.order_by("pk")))
        _deal(locked)
    return joined


def gather_all(sessions: QuerySet[MarkingSession]) -> None:
    """Take up what joined any of ``sessions``: one read when nothing did."""
    for session in sessions_to_gather(sessions):
        gather(session)


def _void_answered(session: MarkingSession) -> None:
    """Take out what no longer waits for anybody: a correction gave everybody the points, or dropped the question."""
    finished = Script.objects.filter(session=session, attempt__marking=False)
    finished.exclude(state__in=[ScriptState.RELEASED, ScriptState.VOID]).filter(released_at__isnull=True).update(
        state=ScriptState.VOID, points=None
    )


def _take_up(session: MarkingSession, attempts: list[Attempt]) -> int:
    """Make the rows of what waits in these attempts; what was marked before the last hand-in is marked again."""
    pending: dict[int, list[int]] = {}
    ids = [attempt.pk for attempt in attempts]
    rows = AttemptResult.objects.filter(attempt_id__in=ids).order_by("number").values_list("attempt_id", "pending")
    pending.update(rows)  # the last result of each counts
    known: dict[int, dict[int, Script]] = {}
    for script in Script.objects.filter(attempt_id__in=ids):
        known.setdefault(script.attempt_id, {})[script.slot] = script
    codes = dict(Script.objects.filter(session=session).values_list("attempt_id", "code"))
    taken = set(codes.values())
    layouts = dict(Paper.objects.filter(pk__in={one.paper_id for one in attempts}).values_list("pk", "layout"))
    expected = len(taken) + len(attempts)
    made = []
    for attempt in attempts:
        asked = {entry["slot"]: entry for entry in layouts[attempt.paper_id]}
        had = known.get(attempt.pk, {})
        slots = pending.get(attempt.pk, [])
        if attempt.pk not in codes:
            codes[attempt.pk] = draw_code(session.seed, attempt.token, taken, expected)
            taken.add(codes[attempt.pk])
        for slot, script in had.items():
            _renew(script, attempt, waits=slot in slots)
        made += [
            Script(
                session=session,
                attempt=attempt,
                slot=slot,
                version_id=asked[slot]["version"],
                code=codes[attempt.pk],
                worth=Decimal(asked[slot]["points"]),
                handed_in_at=attempt.submitted_at or attempt.started_at,
            )
            for slot in slots
            if slot not in had
        ]
    Script.objects.bulk_create(made)
    return len(made)


def _renew(script: Script, attempt: Attempt, *, waits: bool) -> None:
    """Bring the row of an answer in line with the attempt as it was handed in last."""
    rows = Script.objects.filter(pk=script.pk)
    if not waits:
        if script.state != ScriptState.RELEASED:
            rows.update(state=ScriptState.VOID, points=None, handed_in_at=attempt.submitted_at)
        return
    if script.handed_in_at == attempt.submitted_at and script.state != ScriptState.VOID:
        return
    # The old points stay as a draft: the marker looks at the new text and confirms or changes them.
    rows.update(
        state=ScriptState.WAITING,
        points=None,
        criteria={},
        settled_by=None,
        reason="",
        comment="",
        handed_in_at=attempt.submitted_at,
        released_at=None,
    )
    Marking.objects.filter(script=script, state=MarkingState.DONE).update(
        state=MarkingState.IN_WORK, total=None, done_at=None
    )


def _deal(session: MarkingSession) -> None:
    """Give every answer its markers, evenly; nobody gets an answer of their own or twice the same."""
    markers = list(session.markers.filter(active=True).order_by("pk").values_list("user_id", flat=True))
    for number in ROUNDS[: session.rounds]:
        scripts = list(
            Script.objects.alive()
            .filter(session=session, state=ScriptState.WAITING)
            .exclude(markings__round=number)
            .select_related("attempt")
            .prefetch_related("markings")
            .order_by("version_id", "code")
        )
        works = [
            Work(
                one.pk,
                one.version_id,
                frozenset({one.attempt.user_id, *(marking.marker_id for marking in one.markings.all())}),
            )
            for one in scripts
        ]
        given = distribute(works, markers, _loads(session))
        Marking.objects.bulk_create(
            [Marking(script_id=script, round=number, marker_id=marker) for script, marker in given.items()]
        )


def _loads(session: MarkingSession) -> dict[tuple[int, int], int]:
    rows = Marking.objects.filter(script__session=session).order_by().values_list("marker_id", "script__version_id")
    return {(marker, version): number for marker, version, number in rows.annotate(number=Count("pk"))}


def add_marker(*, session: MarkingSession, user: Any, actor: Any) -> None:
    """Let one more person mark: what nobody marks yet, what comes later, and what is passed on."""
    with transaction.atomic():
        MarkingSession.objects.select_for_update().get(pk=session.pk)
        SessionMarker.objects.update_or_create(session=session, user=user, defaults={"active": True})
        record(
            actor=actor,
            action="quizzes.marker_added",
            target=f"marking_session:{session.pk}",
            data={"marker": user.pk},
            stream=stream_of(session),
        )
        gather(session)
        _tell(session, [user.pk], actor)


def reassign(*, session: MarkingSession, giver: Any, taker: Any, actor: Any, drafts: bool = False) -> tuple[int, int]:
    """Pass the answers that wait for ``giver`` on to ``taker``; return how many went and how many had to stay.

    What ``taker`` wrote or marks in the other round stays. With ``drafts`` what was begun goes too, from the start:
    the draft is nobody else's.

    Raises:
        MarkingError: ``taker`` does not mark in this session, or is ``giver``.
    """
    if giver.pk == taker.pk or not session.markers.filter(user=taker, active=True).exists():
        raise MarkingError(_("Choose another marker of this session."), code="markers")
    states = [MarkingState.WAITING, MarkingState.IN_WORK] if drafts else [MarkingState.WAITING]
    with transaction.atomic():
        MarkingSession.objects.select_for_update().get(pk=session.pk)
        mine = Marking.objects.alive().filter(script__session=session, marker=giver, state__in=states)
        rows = list(mine.select_related("script__attempt").order_by("pk"))
        theirs = set(Marking.objects.filter(script__session=session, marker=taker).values_list("script_id", flat=True))
        free = [one for one in rows if one.script_id not in theirs and one.script.attempt.user_id != taker.pk]
        moved = 0
        for one in free:  # conditional: whoever has just begun or finished one keeps it
            same = Marking.objects.filter(pk=one.pk, marker=giver, state=one.state, version=one.version)
            moved += same.update(marker=taker, state=MarkingState.WAITING, saved_at=None, **_DRAFT)
        record(
            actor=actor,
            action="quizzes.marking_passed_on",
            target=f"marking_session:{session.pk}",
            data={"from": giver.pk, "to": taker.pk, "moved": moved, "drafts": drafts},
            stream=stream_of(session),
        )
        if moved:
            _tell(session, [taker.pk], actor)
    return moved, len(rows) - moved


def remove_marker(*, session: MarkingSession, user: Any, actor: Any) -> None:
    """Let somebody mark no more. What was finished stays.

    Raises:
        MarkingError: answers still wait for this person, or too few markers would be left.
    """
    with transaction.atomic():
        MarkingSession.objects.select_for_update().get(pk=session.pk)
        waiting = Marking.objects.alive().filter(script__session=session, marker=user).exclude(state=MarkingState.DONE)
        if waiting.exists():
            raise MarkingError(_("Answers still wait for this marker: pass them on first."), code="waiting")
        if session.markers.filter(active=True).exclude(user=user).count() < session.rounds:
            raise MarkingError(_("Too few markers would be left."), code="markers")
        session.markers.filter(user=user).update(active=False)
        record(
            actor=actor,
            action="quizzes.marker_removed",
            target=f"marking_session:{session.pk}",
            data={"marker": user.pk},
            stream=stream_of(session),
        )


def _tell(session: MarkingSession, people: Iterable[int], actor: Any) -> None:
    notify(
        recipients=people,
        kind=GIVEN,
        params={"exam": session.exam.title, "class": session.name},
        url=page_of("marking", session),
        sender=actor,
    )
