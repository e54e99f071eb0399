"""Acts of a marker on one answer: save drafts, finish, take back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now
from lms.common.formats import number
from lms.exams.engine.marking import merge_points, settle_marks
from lms.exams.enums import AttemptState, MarkingState, ScriptState
from lms.exams.errors import MarkingError, StaleDraftError
from lms.exams.models import Marking, Script
from lms.exams.queries.marking import Criterion, criteria_of
from lms.exams.services.marking.sessions import stream_of

LONGEST = 4000
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class MarkingDraft:
    """A draft as a page sends it: points as typed (``"1,25"``), ``""`` for none; texts are plain."""

    points: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of saving. ``problems`` names, by criterion, points that cannot be taken; the rest was saved."""

    version: int
    total: Decimal
    complete: bool
    problems: dict[str, list[str]]


def read_points(typed: str, most: Decimal) -> Decimal | None:
    """Return points as typed with a comma or a point; ``None`` for nothing.

    Raises:
        ValueError: no number, more than two places, or more than ``most``; the text says what to do.
    """
    text = typed.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("Give 0 to %(most)s points.") % {"most": number(most)})
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:  # pragma: no cover (the pattern lets only numbers through)
        raise ValueError(str(error)) from error
    if value > most:
        raise ValueError(_("Give 0 to %(most)s points.") % {"most": number(most)})
    return value


def clean_draft(
    draft: MarkingDraft, criteria: list[Criterion]
) -> tuple[dict[str, str], dict[str, str], dict[str, list[str]]]:
    """Return points and comments of the criteria there are, and what cannot be taken."""
    points: dict[str, str] = {}
    problems: dict[str, list[str]] = {}
    for one in criteria:
        try:
            value = read_points(str(draft.points.get(one.id, "")), one.most)
        except ValueError as error:
            problems[one.id] = [str(error)]
        else:
            if value is not None:
                points[one.id] = str(value)
    comments = {one.id: text for one in criteria if (text := _text(draft.comments.get(one.id, "")))}
    return points, comments, problems


def _text(value: Any) -> str:
    return str(value).replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]


def save_draft(*, marking: Marking, draft: MarkingDraft, version: int, writer: str = "", turn: int = 0) -> Saved:
    """Keep a draft: one conditional update.

    Args:
        version: the version that the page had read or was last told.
        writer: names the page; its own earlier save is no conflict, a repeated request changes nothing.
        turn: grows with each save of that page.

    Raises:
        StaleDraftError: another page saved since; ``current`` is what is kept. Nothing was written.
        MarkingError: it is finished (code ``finished``).
    """
    criteria = criteria_of(marking.script.version, marking.script.worth)
    points, comments, problems = clean_draft(draft, criteria)
    fresh = Q(version=version)
    if writer:
        fresh |= Q(writer=writer, turn__lt=turn)
    changed = (
        Marking.objects.filter(fresh, pk=marking.pk, marker_id=marking.marker_id)
        .exclude(state=MarkingState.DONE)
        .filter(script__in=Script.objects.alive().filter(pk=marking.script_id))
        .update(
            points=points,
            comments=comments,
            comment=_text(draft.comment),
            note=_text(draft.note),
            state=MarkingState.IN_WORK,
            saved_at=now(),
            version=F("version") + 1,
            writer=writer[:40],
            turn=turn,
        )
    )
    current = Marking.objects.select_related("script__version", "script__session").get(pk=marking.pk)
    if not changed:
        if current.marker_id != marking.marker_id:
            raise MarkingError(_("This answer was passed on to another marker."), code="passed_on")
        if current.state == MarkingState.DONE or not Script.objects.alive().filter(pk=marking.script_id).exists():
            raise MarkingError(_("This marking is finished and cannot be changed."), code="finished")
        if not (writer and current.writer == writer):
            raise StaleDraftError(
                _("This answer was changed in another window. What you typed here is still on this page."),
                current=current,
            )
    for name in ("points", "comments", "comment", "note", "state", "version", "saved_at"):
        setattr(marking, name, getattr(current, name))
    return Saved(
        current.version, total_of(current.points), len(current.points) == len(criteria) and not problems, problems
    )


def total_of(points: Mapping[str, str]) -> Decimal:
    """Return the sum of points by criterion."""
    return sum((Decimal(value) for value in points.values()), Decimal(0))


def finish(*, marking: Marking, version: int | None = None) -> Marking:
    """Finish a marking; with the last one of an answer its points are known, or it is to be settled.

    Finishing again changes nothing.

    Args:
        version: what the marker had before their eyes.

    Raises:
        MarkingError: criteria without points (``incomplete``, named in ``fields``), or the answer is settled.
        StaleDraftError: another window saved since.
    """
    with transaction.atomic():
        script = _locked(marking)
        current = Marking.objects.get(pk=marking.pk)
        if current.marker_id != marking.marker_id:
            raise MarkingError(_("This answer was passed on to another marker."), code="passed_on")
        if current.state == MarkingState.DONE:
            return current
        if version is not None and version != current.version:
            current.script = script
            raise StaleDraftError(_("This answer was changed in another window."), current=current)
        if script.state != ScriptState.WAITING or script.attempt.state != AttemptState.SUBMITTED:
            raise MarkingError(_("This answer is settled already."), code="settled")
        criteria = criteria_of(script.version, script.worth)
        missing = {one.id: [_("Give the points.")] for one in criteria if one.id not in current.points}
        if missing:
            raise MarkingError(_("Some criteria have no points yet."), code="incomplete", fields=missing)
        current.state, current.total, current.done_at = MarkingState.DONE, total_of(current.points), now()
        current.version += 1
        current.save(update_fields=["state", "total", "done_at", "version"])
        evaluate(script)
        _note(marking, script, "quizzes.marking_finished", {"points": current.points, "round": current.round})
    return current


def evaluate(script: Script) -> None:
    """Work out where an answer stands, inside the caller's transaction that has locked it."""
    markings = list(script.markings.order_by("round"))
    if len(markings) < script.session.rounds or any(one.state != MarkingState.DONE for one in markings):
        script.state, script.points, script.criteria = ScriptState.WAITING, None, {}
    else:
        totals = [one.total for one in markings if one.total is not None]
        found = settle_marks(totals, worth=script.worth, tolerance=script.session.tolerance)
        script.points, script.criteria = found.points, {}
        script.state = ScriptState.DIFFERS if found.points is None else ScriptState.READY
        if found.points is not None:
            given = [{name: Decimal(value) for name, value in one.points.items()} for one in markings]
            script.criteria = {name: str(value) for name, value in merge_points(given, found.points).items()}
    # the reason of a correction stays until the corrected result is released
    script.settled_by, script.comment = None, ""
    script.reason = script.reason if script.released_at else ""
    script.save(update_fields=["state", "points", "criteria", "settled_by", "reason", "comment"])


def take_back(*, marking: Marking) -> Marking:
    """Let the marker change a finished marking, until somebody has settled or released the answer.

    Raises:
        MarkingError: settled or released already, or not finished.
    """
    with transaction.atomic():
        script = _locked(marking)
        current = Marking.objects.get(pk=marking.pk)
        if current.marker_id != marking.marker_id or current.state != MarkingState.DONE:
            raise MarkingError(_("This marking is not finished."), code="finished")
        open_states = (ScriptState.WAITING, ScriptState.READY, ScriptState.DIFFERS)
        if script.state not in open_states or script.settled_by_id is not None:
            raise MarkingError(_("This answer is settled already."), code="settled")
        _note(marking, script, "quizzes.marking_taken_back", {"points": current.points, "round": current.round})
        current.state, current.total, current.done_at = MarkingState.IN_WORK, None, None
        current.version += 1
        current.save(update_fields=["state", "total", "done_at", "version"])
        evaluate(script)
    return current


def _locked(marking: Marking) -> Script:
    """Return the answer, locked: all that changes where it stands does so in turn."""
    rows = Script.objects.select_for_update(of=("self",)).select_related("version", "session", "attempt")
    return rows.get(pk=marking.script_id)


def _note(marking: Marking, script: Script, action: str, data: dict[str, Any]) -> None:
    record(
        actor=marking.marker, action=action, target=f"script:{script.pk}", data=data, stream=stream_of(script.session)
    )
