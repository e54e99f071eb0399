"""Acts of a learner on an item: it is kept what was done, then the standing follows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.classes.models import Enrolment
from lms.classes.services.enrolments import Standing
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.completion.services.standings import note_begun, refresh_standing
from lms.programmes.enums import ItemKind
from lms.progress.models import ItemProgress, ItemState
from lms.progress.queries import find_item
from lms.progress.services import store
from lms.progress.services.gates import may_study, require_open

# A report that changes no state moves "last activity" only this often: it is a courtesy to lecturers, not a fact
# that completion rests on, and must not write the enrolment's row every ten seconds.
ACTIVITY_EVERY = dt.timedelta(minutes=5)


class NotYet(DomainError):  # noqa: N818 (named like its code, not_yet)
    """The item may not be marked done yet. ``missing`` says in sentences what is still to do."""

    code = "not_yet"

    def __init__(self, missing: dict[str, str]) -> None:
        super().__init__(" ".join(missing.values()), fields={name: [text] for name, text in missing.items()})
        self.missing = list(missing.values())


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """The new state of the item and of the enrolment."""

    item_id: int
    item_state: str
    position: float
    furthest: float
    seconds: int
    enrolment_status: str
    percent: int
    score: Decimal | None
    next_item_id: int | None


def open_item(*, enrolment: Enrolment, item_id: int) -> ItemOutcome:
    """Note that the learner opened the item; its reading time counts from the first opening.

    Where nothing may be recorded any more (the class has ended) the present state is returned and nothing written: a
    text stays readable. Raises :class:`ItemNotFound` for a foreign item.
    """
    if not may_study(enrolment):
        find_item(enrolment.training_class.edition_id, item_id)
        row = ItemProgress.objects.filter(enrolment_id=enrolment.pk, item_id=item_id).first()
        kept = row or ItemProgress(state=ItemState.TODO)
        return _outcome(
            enrolment,
            item_id,
            store.KeptProgress(
                kept.state, kept.position, kept.furthest, kept.seconds, just_started=False, just_done=False
            ),
            None,
        )
    return _write(enrolment=enrolment, item_id=item_id, position=None, seconds=0, finish=False)


def record_progress(
    *, enrolment: Enrolment, item_id: int, position: float, seconds: int, completed: bool
) -> ItemOutcome:
    """Keep how far the learner is with a lesson; with ``completed`` ask for it to be done.

    Idempotent: ``position`` is where to resume, ``seconds`` the total for the item so far; a lower total never
    lowers what is kept. Raises :class:`NotYet` when the rule (end reached, least time spent) does not allow "done"
    yet — position and seconds are kept all the same —, ``DomainError`` ``wrong_kind`` for an item that is not read,
    and those of :func:`open_item`.
    """
    return _write(
        enrolment=enrolment,
        item_id=item_id,
        position=min(1.0, max(0.0, position)),
        seconds=max(0, seconds),
        finish=completed,
    )


def begin_exam_item(*, enrolment_id: int, item_id: int) -> None:
    """Note that the learner has begun an exam's item. Joins the caller's transaction."""
    moment = now()
    with transaction.atomic(savepoint=False):
        kept = store.begin_item(enrolment_id=enrolment_id, item_id=item_id, at=moment)
        if kept.just_started:
            _follow(enrolment_id, kept, moment)


def _write(*, enrolment: Enrolment, item_id: int, position: float | None, seconds: int, finish: bool) -> ItemOutcome:
    require_open(enrolment)
    item = find_item(enrolment.training_class.edition_id, item_id)
    if position is not None and item.kind != ItemKind.LESSON:
        raise DomainError(_("Only lessons are read; this item is done in another way."), code="wrong_kind")
    moment = now()
    standing = None
    with transaction.atomic():
        kept = store.keep(
            enrolment_id=enrolment.pk,
            item_id=item_id,
            now=moment,
            position=position,
            seconds=seconds,
            finish=finish,
            min_seconds=item.min_seconds,
            tolerance=settings.SEN_READING_TOLERANCE,
        )
        if kept.just_started or kept.just_done:
            standing = _follow(enrolment.pk, kept, moment)
        else:  # what refreshes the standing notes the activity with it
            _touch(enrolment, moment)
    if finish and kept.state != ItemState.DONE:
        raise NotYet(_what_is_missing(kept, item.min_seconds))
    return _outcome(enrolment, item_id, kept, standing)


def _follow(enrolment_id: int, kept: store.KeptProgress, moment: dt.datetime) -> Standing | None:
    """Refresh the standing after an item changed its state; ``None`` when it stays what it was."""
    if kept.state == ItemState.DOING and note_begun(enrolment_id=enrolment_id, active_at=moment):
        return None
    return refresh_standing(enrolment_id=enrolment_id, active_at=moment)


def _touch(enrolment: Enrolment, moment: dt.datetime) -> None:
    last = enrolment.last_activity_at
    if last is None or moment - last > ACTIVITY_EVERY:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_activity_at=moment)
        enrolment.last_activity_at = moment


def _outcome(enrolment: Enrolment, item_id: int, kept: store.KeptProgress, standing: Standing | None) -> ItemOutcome:
    source = standing or enrolment
    return ItemOutcome(
        item_id=item_id,
        item_state=kept.state,
        position=kept.position,
        furthest=kept.furthest,
        seconds=kept.seconds,
        enrolment_status=source.status,
        percent=source.percent,
        score=source.score,
        next_item_id=source.next_item_id,
    )


def _what_is_missing(kept: store.KeptProgress, min_seconds: int) -> dict[str, str]:
    missing = {}
    if kept.furthest < store.REACHED:
        missing["position"] = _("Read to the end of the lesson.")
    left = min_seconds - kept.seconds
    if left > 0:
        minutes = -(-left // 60)
        missing["seconds"] = ngettext(
            "Read for about %(minutes)d more minute.", "Read for about %(minutes)d more minutes.", minutes
        ) % {"minutes": minutes}
    return missing
