"""Setting up sittings and letting people start: the only door to a sitting's state."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now as clock_now
from lms.common.formats import moment as moment_text
from lms.exams.enums import SittingEventKind
from lms.exams.errors import InvigilationError
from lms.exams.models import Attempt, Sitting, SittingEvent
from lms.exams.queries.exposure import key_shown_sentence
from lms.notifications.services import notify
from quizzes.policy import page_of

# No letter or digit that is mistaken for another when it is read off a wall.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
_TRIES = 5
NAMED = "quizzes-invigilator-named"


def stream_of(sitting: Sitting) -> str:
    """Return the audit stream of a sitting."""
    return f"sitting:{sitting.pk}"


def note_event(
    *,
    sitting: Sitting,
    kind: SittingEventKind,
    actor: Any,
    attempt: Attempt | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> SittingEvent:
    """Write a line of the log and the audit entry that proves it, inside the caller's transaction."""
    record(
        actor=actor,
        action=f"quizzes.sitting_{kind.value}",
        target=f"attempt:{attempt.pk}" if attempt else f"sitting:{sitting.pk}",
        data={"text": text, **(data or {})},
        stream=stream_of(sitting),
    )
    return SittingEvent.objects.create(
        sitting=sitting, kind=kind, actor=actor, attempt=attempt, text=text[:500], at=clock_now()
    )


def note_act(*, attempt: Attempt, kind: SittingEventKind, actor: Any, text: str, data: dict[str, Any]) -> None:
    """Write down what was done with an attempt: in its sitting's log, or where there is none in the exam's audit."""
    data = {"attempt": attempt.pk, "learner": attempt.user_id, **data}
    if attempt.sitting is not None:
        note_event(sitting=attempt.sitting, kind=kind, actor=actor, attempt=attempt, text=text, data=data)
        return
    record(
        actor=actor,
        action=f"quizzes.attempt_{kind.value}",
        target=f"attempt:{attempt.pk}",
        data={"text": text, **data},
        stream=f"exam:{attempt.exam_id}",
    )


@transaction.atomic
def save_sitting(
    *,
    sitting: Sitting,
    actor: Any,
    with_code: bool,
    invigilators: Iterable[Any] | None = None,
    key_known: bool = False,
) -> Sitting:
    """Store a new or changed sitting (validated by its form), with or without an access code.

    A code that is wanted and exists stays; one that is not wanted goes.

    Args:
        key_known: as in :func:`open_start`, for a sitting that was over and gets a later end.

    Raises:
        InvigilationError: ``key_shown``.
    """
    new = sitting.pk is None
    if not new and sitting.closes_at > clock_now():
        before = Sitting.objects.filter(pk=sitting.pk, closes_at__lte=clock_now())
        if before.exists():
            _heed_shown_key(sitting, key_known)
    if new:
        sitting.created_by = actor
    if not with_code:
        sitting.code = ""
    sitting.save()
    if with_code and not sitting.code:
        _give_code(sitting)
    if invigilators is not None:
        _name_invigilators(sitting, invigilators, actor)
    record(
        actor=actor,
        action="quizzes.sitting_made" if new else "quizzes.sitting_changed",
        target=f"sitting:{sitting.pk}",
        data={
            "room": sitting.room,
            "opens_at": sitting.opens_at,
            "closes_at": sitting.closes_at,
            "needs_opening": sitting.needs_opening,
            "coded": bool(sitting.code),
            "mode": sitting.mode,
            "sign_up": sitting.sign_up,
        },
        stream=stream_of(sitting),
    )
    return sitting


def _heed_shown_key(sitting: Sitting, key_known: bool) -> None:
    """Refuse to let people start again who may know the answers, unless that is known."""
    made = Attempt.objects.filter(
        sitting__training_class_id=sitting.training_class_id, sitting__item_id=sitting.item_id
    )
    shown = "" if key_known else key_shown_sentence(made)
    if shown:
        raise InvigilationError(shown, code="key_shown")


def _name_invigilators(sitting: Sitting, people: Iterable[Any], actor: Any) -> None:
    """Set who invigilates, and tell those who are new: without a role for exams they have no menu that leads there."""
    before = set(sitting.invigilators.values_list("pk", flat=True))
    sitting.invigilators.set(people)
    named = set(sitting.invigilators.values_list("pk", flat=True)) - before - {actor.pk}
    if named and sitting.closes_at > clock_now():
        notify(
            recipients=named,
            kind=NAMED,
            params={"exam": sitting.exam.title, "room": sitting.room, "time": moment_text(sitting.opens_at)},
            url=page_of("sitting", sitting),
            sender=actor,
        )


def _give_code(sitting: Sitting) -> None:
    for _try in range(_TRIES):
        code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
        try:
            with transaction.atomic():
                Sitting.objects.filter(pk=sitting.pk).update(code=code)
        except IntegrityError:  # another sitting has it
            continue
        sitting.code = code
        return
    raise InvigilationError(_("No free code was found. Please try again."), code="no_code")


@transaction.atomic
def open_start(*, sitting: Sitting, actor: Any, key_known: bool = False) -> bool:
    """Let people start (again). Returns whether that changed anything.

    Args:
        key_known: ``actor`` knows that learners have seen the right answers, where the start is opened again.

    Raises:
        InvigilationError: ``key_shown``: the sentence says to whom and since when.
    """
    moment = clock_now()
    if sitting.stopped_at is not None:
        _heed_shown_key(sitting, key_known)
    changed = (
        Sitting.objects.filter(pk=sitting.pk)
        .exclude(opened_at__isnull=False, stopped_at__isnull=True)
        .update(opened_at=sitting.opened_at or moment, stopped_at=None)
    )
    if changed:
        note_event(sitting=sitting, kind=SittingEventKind.OPENED, actor=actor)
        sitting.refresh_from_db(fields=["opened_at", "stopped_at"])
    return bool(changed)


@transaction.atomic
def close_start(*, sitting: Sitting, actor: Any) -> bool:
    """Let nobody start any more; who has started goes on. Returns whether that changed anything."""
    moment = clock_now()
    changed = Sitting.objects.filter(pk=sitting.pk, stopped_at__isnull=True).update(stopped_at=moment)
    if changed:
        note_event(sitting=sitting, kind=SittingEventKind.CLOSED, actor=actor)
        sitting.stopped_at = moment
    return bool(changed)


@transaction.atomic
def renew_code(*, sitting: Sitting, actor: Any) -> str:
    """Replace the access code (somebody passed it on)."""
    _give_code(sitting)
    note_event(sitting=sitting, kind=SittingEventKind.CODE, actor=actor)
    return sitting.code


@transaction.atomic
def add_note(*, sitting: Sitting, text: str, actor: Any, attempt: Attempt | None = None) -> SittingEvent:
    """Write down an incident in the invigilator's own words."""
    if not text.strip():
        raise InvigilationError(_("Write what happened."), code="reason_needed")
    return note_event(sitting=sitting, kind=SittingEventKind.NOTE, actor=actor, attempt=attempt, text=text.strip())
