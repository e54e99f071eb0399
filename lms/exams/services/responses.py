"""Saving answers: one statement that either keeps the whole batch or nothing, and may be repeated for ever."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from lms.common.clock import now as clock_now
from lms.exams.engine.admission import first_slot_of_page
from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError, AttemptNotFoundError, InvalidResponsesError, PageLeftError
from lms.exams.models import Attempt, Response
from lms.exams.queries import AttemptRef, attempt_ref, is_overdue
from lms.exams.queries.attempts import grace
from lms.exams.services.attempts import submit
from lms.exams.services.devices import leave_pages, require_device
from quizzes.errors import InvalidAnswerError
from quizzes.models import Paper
from quizzes.queries.papers.compiled import SheetSlot, answer_sheet

# The largest whole number that every JSON reader keeps exact.
MAX_SEQUENCE = 2**53 - 1

# The values of the batch come first. The attempt is read under a share lock (PostgreSQL; SQLite has one writer
# anyway), so that handing in waits for an answer that is being saved, and an answer that comes second finds the
# attempt closed: none is acknowledged and then left out of the grading. A lower or equal sequence leaves the row as
# it is, yet is returned, so that the reply always shows the sequence kept.
_STATEMENT = """
INSERT INTO exams_response (attempt_id, slot, answer, seq, saved_at)
SELECT a.id, v.column1, v.column2, v.column3, {moment}
FROM (VALUES {values}) AS v, exams_attempt a
WHERE a.id = %s AND a.user_id = %s AND a.token = %s AND a.state = 'open'
  AND (a.deadline IS NULL OR a.deadline >= {moment})
  AND (a.device = '' OR a.device = {device}) AND a.from_slot <= %s
{lock}
ON CONFLICT (attempt_id, slot) DO UPDATE SET
  answer = CASE WHEN excluded.seq > exams_response.seq THEN excluded.answer ELSE exams_response.answer END,
  saved_at = CASE WHEN excluded.seq > exams_response.seq THEN excluded.saved_at ELSE exams_response.saved_at END,
  seq = CASE WHEN excluded.seq > exams_response.seq THEN excluded.seq ELSE exams_response.seq END
RETURNING slot, seq, (SELECT d.deadline FROM exams_attempt d WHERE d.id = exams_response.attempt_id)
"""
_DIALECTS = {
    "sqlite": {"row": "(%s, %s, %s)", "moment": "%s", "device": "%s", "lock": ""},
    "postgresql": {
        "row": "(%s::smallint, %s::jsonb, %s::bigint)",
        "moment": "%s::timestamptz",
        "device": "%s::text",
        "lock": "FOR SHARE OF a",
    },
}


@dataclass(frozen=True, slots=True)
class IncomingResponse:
    """One answer as a client sent it. ``answer`` ``None`` clears; ``seq`` grows with every change of the client."""

    slot: int
    answer: Any
    seq: int


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """The sequence now kept for each slot of the batch, and the clock."""

    saved: tuple[tuple[int, int], ...]
    server_time: dt.datetime
    deadline: dt.datetime | None


def save(*, attempt_id: int, user_id: int, responses: Iterable[IncomingResponse], device: str = "") -> SaveOutcome:
    """Keep a batch of answers; when this returns in autocommit mode, they are on disk.

    Args:
        attempt_id: the attempt, which must be ``user_id``'s.
        user_id: who answers.
        responses: the answers; of several to one slot the highest sequence counts.
        device: the device that sends them; an attempt that is bound to one takes nothing from another, nor from a
            client that names none.

    Raises:
        AttemptNotFoundError: no such attempt of this person.
        InvalidResponsesError: an answer does not fit its question, or there is no such slot; nothing was kept, and
            ``fields`` names each slot at fault.
        AttemptClosedError: handed in, annulled, or past the deadline and its grace.
        AttemptTakenOverError: another device works on the attempt.
        PageLeftError: an answer belongs to a page that was left for good; nothing was kept, ``fields`` names its slot.
    """
    batch = list(responses)
    moment = clock_now()
    answers: list[tuple[int, str, int]] = []
    for fresh in (False, True):  # what this process remembers is checked again before it says no
        ref = attempt_ref(attempt_id, fresh=fresh)
        if ref is None or ref.user_id != user_id:
            continue
        try:
            answers = clean_batch(batch, answer_sheet(ref.paper_id, ref.seed))
        except (InvalidResponsesError, Paper.DoesNotExist):  # the database was put back: another paper, or none
            if fresh:
                raise
            continue
        if rows := _write(ref, answers, moment, device):
            return _saved(ref, rows, moment)
    if ref is None or ref.user_id != user_id:
        raise AttemptNotFoundError(_("There is no such attempt."))
    return _second_look(ref, answers, moment, device)


def _saved(ref: AttemptRef, rows: list[tuple[int, int, Any]], moment: dt.datetime) -> SaveOutcome:
    if ref.one_way:
        # An answer on a later page leaves the earlier ones, whatever client sends it: once a page, one update.
        reached = first_slot_of_page(rows[-1][0], ref.page_size)
        leave_pages(attempt_id=ref.id, from_slot=reached)
    return SaveOutcome(tuple((slot, seq) for slot, seq, _due in rows), moment, _as_datetime(rows[0][2]))


def _second_look(ref: AttemptRef, answers: list[tuple[int, str, int]], moment: dt.datetime, device: str) -> SaveOutcome:
    """Say why the statement kept nothing; or keep the rest when only repeats of left pages stood in the way."""
    attempt = Attempt.objects.select_related("exam", "paper").get(pk=ref.id)
    if is_overdue(attempt):
        submit(attempt=attempt, forced=True)
        attempt.state = AttemptState.SUBMITTED
    if attempt.state != AttemptState.OPEN:
        raise AttemptClosedError(_("This attempt has been handed in. Nothing more can be saved."))
    require_device(attempt, device)
    left = {slot for slot, _answer, _seq in answers if slot < attempt.from_slot}
    kept = dict(Response.objects.filter(attempt_id=ref.id, slot__in=left).values_list("slot", "seq"))
    newer = [slot for slot, _answer, seq in answers if slot in left and seq > kept.get(slot, -1)]
    if newer:
        message = str(_("This page was left; its answers can no longer be changed."))
        raise PageLeftError(
            _("There is no way back to a page that was left."), fields={str(slot): [message] for slot in newer}
        )
    # A reply got lost: what was sent again for left pages is what is kept.
    rest = [row for row in answers if row[0] not in left]
    rows = _write(ref, rest, moment, device) if rest else []
    if rest and not rows:
        raise AttemptClosedError(_("This attempt has been handed in. Nothing more can be saved."))
    again = [(slot, seq, attempt.deadline) for slot, seq in kept.items()]
    return _saved(ref, sorted([*rows, *again], key=lambda row: row[0]), moment)


def clean_batch(batch: list[IncomingResponse], sheet: Mapping[int, SheetSlot]) -> list[tuple[int, str, int]]:
    """Return (slot, answer as JSON, sequence) by slot, one row a slot (PostgreSQL refuses to touch a row twice)."""
    if not batch:
        raise InvalidResponsesError(
            _("Some answers cannot be kept."), fields={"responses": [str(_("Send at least one answer."))]}
        )
    latest: dict[int, IncomingResponse] = {}
    problems: dict[str, list[str]] = {}
    cleaned: dict[int, str] = {}
    for response in batch:
        where = str(response.slot)
        question = sheet.get(response.slot)
        if question is None:
            problems.setdefault(where, []).append(str(_("The paper has no question of this number.")))
            continue
        if not 0 <= response.seq <= MAX_SEQUENCE:
            problems.setdefault(where, []).append(str(_("The sequence is a whole number from 0 to 2^53 - 1.")))
            continue
        try:
            answer = question.kind.clean_answer(response.answer, question.lookup)
        except InvalidAnswerError as error:
            problems.setdefault(where, []).append(str(error))
            continue
        if response.slot not in latest or latest[response.slot].seq < response.seq:
            latest[response.slot] = response
            cleaned[response.slot] = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    if problems:
        raise InvalidResponsesError(_("Some answers cannot be kept."), fields=problems)
    return [(slot, cleaned[slot], latest[slot].seq) for slot in sorted(latest)]


def _write(
    ref: AttemptRef, answers: list[tuple[int, str, int]], moment: dt.datetime, device: str
) -> list[tuple[int, int, Any]]:
    """Run the statement; no rows mean that the attempt takes no answers (or is not what we remember)."""
    dialect = _DIALECTS[connection.vendor]
    adapt = connection.ops.adapt_datetimefield_value
    sql = _STATEMENT.format(
        values=", ".join([dialect["row"]] * len(answers)),
        moment=dialect["moment"],
        device=dialect["device"],
        lock=dialect["lock"],
    )
    values = [value for row in answers for value in row]
    with connection.cursor() as cursor:
        due = adapt(moment - grace())
        cursor.execute(sql, [adapt(moment), *values, ref.id, ref.user_id, ref.token, due, device, answers[0][0]])
        rows: list[tuple[int, int, Any]] = cursor.fetchall()
    return sorted(rows, key=lambda row: row[0])


def _as_datetime(value: Any) -> dt.datetime | None:
    """Return a deadline from the database as an aware moment (SQLite gives text, in UTC)."""
    if isinstance(value, str):
        value = parse_datetime(value)
    if value is not None and value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    return value
