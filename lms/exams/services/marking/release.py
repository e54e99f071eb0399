"""From marks to results: settling what two markers see differently, releasing together, correcting one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.services import record
from lms.common.clock import now
from lms.exams.enums import AttemptState, MarkingState, ScriptState
from lms.exams.errors import MarkingError
from lms.exams.models import Attempt, MarkingSession, Script
from lms.exams.queries.marking import criteria_of, scripts_without_marker, state_counts, who_has_waiting
from lms.exams.services.marking.marks import record_marks
from lms.exams.services.marking.sessions import gather, stream_of
from lms.exams.services.marking.work import MarkingDraft, clean_draft, total_of
from lms.notifications.services import notify

RELEASED = "quizzes.marks_released"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Release:
    """The number of results released by this very call, and how many more could not be."""

    people: int
    left: int


def settle_script(*, script: Script, points: Mapping[str, str], reason: str, actor: Any, comment: str = "") -> Script:
    """Give the final points of an answer whose markers are too far apart, or that came back for a correction.

    Raises:
        MarkingError: not to be settled (any more); no reason; points missing or out of range (``fields``); ``actor``
            marked it: a third person settles, or the two agree by changing their own marks.
    """
    reason = reason.strip()
    with transaction.atomic():
        locked = _locked(script)
        if locked.state != ScriptState.DIFFERS or locked.attempt.state != AttemptState.SUBMITTED:
            raise MarkingError(_settled_before(locked), code="settled")
        if locked.session.rounds > 1 and locked.markings.filter(marker=actor).exists():
            raise MarkingError(_("Whoever marked an answer does not settle it."), code="own_marking")
        criteria = criteria_of(locked.version, locked.worth)
        cleaned, _comments, problems = clean_draft(MarkingDraft(points=points), criteria)
        for one in criteria:
            if one.id not in cleaned and one.id not in problems:
                problems[one.id] = [_("Give the points.")]
        if not reason:
            problems["reason"] = [_("Say why.")]
        if problems:
            raise MarkingError(_("The points cannot be settled like this."), code="incomplete", fields=problems)
        locked.state, locked.points, locked.criteria = ScriptState.READY, total_of(cleaned), cleaned
        locked.settled_by, locked.reason, locked.comment = actor, reason[:200], comment.strip()[:4000]
        locked.save(update_fields=["state", "points", "criteria", "settled_by", "reason", "comment"])
        record(
            actor=actor,
            action="quizzes.marks_settled",
            target=f"script:{locked.pk}",
            data={"points": cleaned, "reason": reason[:200]},
            stream=stream_of(locked.session),
        )
    return locked


def _settled_before(script: Script) -> str:
    if script.settled_by is None:
        return _("There is nothing to settle here any more.")
    return _("This answer was settled already, by %(name)s.") % {"name": script.settled_by}


def give_back(*, script: Script, reason: str, actor: Any) -> Script:
    """Take a released answer up again, to be settled anew: the result stands until it is released again.

    Raises:
        MarkingError: it was not released, or no reason was given.
    """
    reason = reason.strip()
    if not reason:
        raise MarkingError(_("Say why."), code="reason_needed", fields={"reason": [_("Say why.")]})
    with transaction.atomic():
        locked = _locked(script)
        if locked.state != ScriptState.RELEASED or locked.attempt.state != AttemptState.SUBMITTED:
            raise MarkingError(_("Only a released answer can be taken up again."), code="settled")
        before = str(locked.points)
        locked.state, locked.points, locked.criteria = ScriptState.DIFFERS, None, {}
        locked.settled_by, locked.reason, locked.comment = None, reason[:200], ""
        locked.save(update_fields=["state", "points", "criteria", "settled_by", "reason", "comment"])
        record(
            actor=actor,
            action="quizzes.marks_taken_up",
            target=f"script:{locked.pk}",
            data={"points": before, "reason": reason[:200]},
            stream=stream_of(locked.session),
        )
    return locked


def what_waits(session: MarkingSession) -> list[str]:
    """Return, in sentences, what keeps the results from being released; nothing when they can be."""
    counts = state_counts([session])[session.pk]
    sentences = []
    for user, count in who_has_waiting(session):
        text = ngettext("%(name)s has %(count)s answer left.", "%(name)s has %(count)s answers left.", count)
        sentences.append(text % {"name": user.get_full_name(), "count": count})
    if differs := counts[ScriptState.DIFFERS]:
        text = ngettext("%(count)s answer is to be settled.", "%(count)s answers are to be settled.", differs)
        sentences.append(text % {"count": differs})
    if orphans := scripts_without_marker(session).count():
        text = ngettext("%(count)s answer lacks a marker.", "%(count)s answers lack a marker.", orphans)
        sentences.append(text % {"count": orphans})
    return sentences


def release(*, session: MarkingSession, actor: Any) -> Release:
    """Turn the marks of a session into results, all together, and tell the learners.

    Safe to repeat and to do twice at once: each answer is released by one conditional update, in the transaction that
    records its marks.

    Raises:
        MarkingError: some answers wait (code ``waiting``; ``fields["waiting"]`` says whose), or there is nothing.
    """
    gather(session)
    waits = what_waits(session)
    if waits:
        raise MarkingError(
            _("The results cannot be released yet: %(what)s") % {"what": " ".join(waits)},
            code="waiting",
            fields={"waiting": waits},
        )
    ready = Script.objects.alive().filter(session=session, state=ScriptState.READY)
    ids = list(ready.order_by("attempt_id").values_list("attempt_id", flat=True).distinct())
    if not ids:
        raise MarkingError(_("There are no marks to release."), code="nothing")
    people = 0
    for part in batched(ids, _BATCH):
        with transaction.atomic():
            people += _release_batch(session, part, actor)
    return Release(people, len(ids) - people)


def _release_batch(session: MarkingSession, ids: tuple[int, ...], actor: Any) -> int:
    rows = Attempt.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=AttemptState.SUBMITTED)
    attempts = {attempt.pk: attempt for attempt in rows.order_by("pk")}
    scripts: dict[int, list[Script]] = {pk: [] for pk in attempts}
    found = Script.objects.filter(session=session, attempt_id__in=attempts).exclude(state=ScriptState.VOID)
    related = found.select_related("version", "session").prefetch_related("markings")
    for script in related.order_by("attempt_id", "slot"):
        scripts[script.attempt_id].append(script)
    moment = now()
    people = []
    for pk, attempt in attempts.items():
        mine = [one for one in scripts[pk] if one.state == ScriptState.READY]
        # a marker may have taken one back since; all answers of a person are released together
        if not mine or any(one.state not in (ScriptState.READY, ScriptState.RELEASED) for one in scripts[pk]):
            continue
        changed = [one for one in mine if _set_released(one, moment)]
        if len(changed) != len(mine):
            _undo(changed)
            continue
        marks = {one.slot: one.points for one in changed if one.points is not None}
        reason = next((one.reason for one in changed if one.reason), "")
        record_marks(attempt=attempt, marks=marks, actor=actor, reason=reason)
        people.append(attempt)
    for attempt in people:
        notify(
            recipients=[attempt.user_id],
            kind=RELEASED,
            params={"exam": session.exam.title},
            url=reverse("attempts:result", args=[attempt.pk]),
        )
    if people:
        record(
            actor=actor,
            action="quizzes.marks_released",
            target=f"marking_session:{session.pk}",
            data={"people": len(people)},
            stream=stream_of(session),
        )
    return len(people)


def _set_released(script: Script, moment: Any) -> bool:
    rows = Script.objects.filter(pk=script.pk, state=ScriptState.READY, points=script.points)
    return bool(rows.update(state=ScriptState.RELEASED, released=told(script), released_at=moment))


def _undo(scripts: list[Script]) -> None:
    for one in scripts:
        Script.objects.filter(pk=one.pk).update(
            state=ScriptState.READY, released=one.released, released_at=one.released_at
        )


def told(script: Script) -> dict[str, Any]:
    """Return what the learner reads: points and comments, no name of a marker, no note for other markers."""
    done = [one for one in script.markings.all() if one.state == MarkingState.DONE]
    done.sort(key=lambda one: one.round)
    comments = [one.comment for one in done if one.comment]
    return {
        "points": str(script.points),
        "criteria": [
            {
                "id": one.id,
                "title": one.title,
                "points": str(Decimal(script.criteria.get(one.id, "0"))),
                "most": str(one.most),
                "comments": [marking.comments[one.id] for marking in done if one.id in marking.comments],
            }
            for one in criteria_of(script.version, script.worth)
        ],
        "comments": [*comments, *([script.comment] if script.comment else [])],
    }


def _locked(script: Script) -> Script:
    rows = Script.objects.select_for_update(of=("self",)).select_related("version", "session", "attempt")
    return rows.get(pk=script.pk)
