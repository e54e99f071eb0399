"""Answers handed over as a signed file when the network never came back.

The file is JSON: ``{"format": "sen-offline-1", "payload": "<JSON text>", "signature": "<hex>"}``. The signature is
HMAC-SHA256 over the UTF-8 bytes of ``payload`` with the attempt's key (:func:`lms.exams.queries.attempts.offline_key`);
the payload is ``{"attempt", "paper", "device", "made_at", "responses": [{"slot", "answer", "seq"}]}``. It is a text
inside the text so that nobody has to agree on how numbers are written.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import math
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lms.common.clock import now as clock_now
from lms.exams.enums import AttemptState, FileDecision, SittingEventKind
from lms.exams.errors import InvalidResponsesError, OfflineFileError
from lms.exams.models import Attempt, AttemptResult, OfflineFile, Response
from lms.exams.queries.attempts import grace, offline_keys
from lms.exams.services.attempts import grade
from lms.exams.services.responses import IncomingResponse, clean_batch
from lms.exams.services.sittings import note_act
from quizzes.kinds.cleaning import storable
from quizzes.queries.papers.compiled import answer_sheet

FORMAT = "sen-offline-1"
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class FileLine:
    """One answer of a file beside what the server has."""

    slot: int
    seq: int
    kept_seq: int | None
    answered: bool
    left: bool = False  # one way: the server knows that the page was left, and would refuse the answer itself
    late: bool = False  # given after the deadline, by the learner's machine; earlier proves nothing

    @property
    def newer(self) -> bool:
        """Whether accepting the file would change this answer."""
        return self.kept_seq is None or self.seq > self.kept_seq


def receive(*, attempts: QuerySet[Attempt], body: bytes, actor: Any) -> OfflineFile:
    """Check a file and keep it for a decision; the same file twice is the same row.

    Args:
        attempts: those about which ``actor`` decides: a sitting's, or a class's at a test without one.
        body: the file.
        actor: who brings it in.

    Raises:
        OfflineFileError: ``invalid_file`` (not such a file), ``bad_signature`` (changed on the way, or never ours),
            ``other_sitting``.
    """
    payload, attempt = _verified(attempts, body)
    moment = clock_now()
    late = attempt.deadline is not None and moment > attempt.deadline + grace()
    digest = hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            stored = OfflineFile.objects.create(
                attempt=attempt,
                digest=digest,
                payload=payload,
                made_at=_moment(payload.get("made_at")),
                uploaded_at=moment,
                uploaded_by=actor,
                late=late or attempt.state != AttemptState.OPEN,
            )
            note_act(
                attempt=attempt,
                kind=SittingEventKind.FILE_RECEIVED,
                actor=actor,
                text=str(attempt.user),
                data={"file": stored.pk, "sha256": digest, "late": stored.late},
            )
    except IntegrityError:
        return OfflineFile.objects.select_related("attempt").get(attempt=attempt, digest=digest)
    return stored


def _verified(attempts: QuerySet[Attempt], body: bytes) -> tuple[dict[str, Any], Attempt]:
    wrong = OfflineFileError(_("This is not a file that a test page saved."))
    if len(body) > MAX_BYTES:
        raise OfflineFileError(_("The file is too large."))
    try:
        outer = json.loads(body)
        text, signature = outer["payload"], outer["signature"]
        payload = _storable(json.loads(text))
        attempt_id, rows = int(payload["attempt"]), list(payload["responses"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise wrong from error
    if outer.get("format") != FORMAT or not isinstance(signature, str) or not all(map(_is_row, rows)):
        raise wrong
    attempt = Attempt.objects.select_related("paper", "exam", "user", "sitting").filter(pk=attempt_id).first()
    if attempt is None or not _signed(attempt, text, signature):
        raise OfflineFileError(
            _("The signature is wrong: the file was changed, or it is not from this system."), code="bad_signature"
        )
    if not attempts.filter(pk=attempt.pk).exists():
        raise OfflineFileError(_("This file belongs to another sitting."), code="other_sitting")
    return payload, attempt


def _storable(value: Any) -> Any:
    """Return parsed JSON without what no database keeps: NUL, halves of surrogate pairs. Its signer may write anything.

    Raises:
        ValueError: a number that is none (``NaN``, ``1e400``).
    """
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _storable(one) for name, one in value.items()}
    return value


def _is_row(row: Any) -> bool:
    """Whether ``row`` is an answer as a test page writes it; bool is an int in Python, not in JSON."""
    return isinstance(row, dict) and type(row.get("slot")) is int and type(row.get("seq")) is int and "answer" in row


def _signed(attempt: Attempt, text: str, signature: str) -> bool:
    matches = [
        hmac.compare_digest(hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().encode(), given)
        for given in [signature.encode("utf-8", "replace")]
        for key in offline_keys(attempt.pk, attempt.token)
    ]
    return any(matches)


def _moment(value: Any) -> dt.datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
        return found.astimezone(dt.UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):  # no day, or one before the year 1
        return None


def _rows(stored: OfflineFile) -> list[IncomingResponse]:
    return [IncomingResponse(row["slot"], row["answer"], row["seq"]) for row in stored.payload["responses"]]


def lines_of(stored: OfflineFile) -> list[FileLine]:
    """Return what the file holds beside what the server has, by slot."""
    kept = dict(Response.objects.filter(attempt_id=stored.attempt_id).values_list("slot", "seq"))
    attempt = stored.attempt
    front = attempt.from_slot if attempt.one_way else 0
    # Our pages take sequences from the server's clock, in milliseconds.
    end = None if attempt.deadline is None else int((attempt.deadline + grace()).timestamp() * 1000)
    return [
        FileLine(
            row.slot,
            row.seq,
            kept.get(row.slot),
            row.answer is not None,
            left=row.slot < front,
            late=end is not None and row.seq > end,
        )
        for row in sorted(_rows(stored), key=lambda row: row.slot)
    ]


def from_other_device(stored: OfflineFile) -> bool:
    """Whether the file was saved by another device than the one that works, or worked last, on the attempt.

    A machine that broke down is a good reason for that, and so is no proof; a person decides.
    """
    return bool(stored.attempt.device) and stored.payload.get("device") != stored.attempt.device


@transaction.atomic
def accept(*, stored: OfflineFile, reason: str, actor: Any) -> OfflineFile:
    """Take the file's answers over by their sequences, as if they had come through the network.

    A running attempt goes on with them; one that was handed in is graded again: a further result, the old one stays.

    Raises:
        OfflineFileError: ``decided`` already, ``annulled``, ``reason_needed`` (a late file, or one of another device,
            is a decision to explain), ``invalid_file`` (an answer does not fit its question).
    """
    reason = reason.strip()
    if stored.attempt.user_id == actor.pk:
        raise OfflineFileError(_("This is your own test: ask another invigilator."), code="own_attempt")
    if stored.late and not reason:
        raise OfflineFileError(_("The file came after the deadline: say why it is accepted."), code="reason_needed")
    if from_other_device(stored) and not reason:
        raise OfflineFileError(_("The file is of another device: say why it is accepted."), code="reason_needed")
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("exam", "paper", "user", "sitting")
        .get(pk=stored.attempt_id)
    )
    if attempt.state == AttemptState.ANNULLED:
        raise OfflineFileError(_("This attempt was annulled."), code="annulled")
    _decide(stored, FileDecision.ACCEPTED, reason, actor)
    moment = clock_now()
    try:
        answers = clean_batch(_rows(stored), answer_sheet(attempt.paper_id, attempt.paper.seed))
    except InvalidResponsesError as error:
        raise OfflineFileError(_("An answer of the file does not fit its question."), fields=error.fields) from error
    kept = dict(Response.objects.filter(attempt_id=attempt.pk).values_list("slot", "seq"))
    newer = [row for row in answers if row[2] > kept.get(row[0], -1)]
    Response.objects.bulk_create(
        [
            Response(attempt=attempt, slot=slot, answer=json.loads(answer), seq=seq, saved_at=moment)
            for slot, answer, seq in newer
        ],
        update_conflicts=True,
        unique_fields=["attempt_id", "slot"],
        update_fields=["answer", "seq", "saved_at"],
    )
    stored.merged = len(newer)
    stored.save(update_fields=["merged"])
    before = attempt.receipt
    if newer and attempt.state == AttemptState.SUBMITTED:
        number = AttemptResult.objects.filter(attempt=attempt).count() + 1
        grade(attempt=attempt, moment=moment, number=number, reason=_("Answers from an offline file"))
    data = {"file": stored.pk, "sha256": stored.digest, "merged": len(newer), "late": stored.late}
    note_act(
        attempt=attempt,
        kind=SittingEventKind.FILE_ACCEPTED,
        actor=actor,
        text=f"{attempt.user}. {reason}".strip(),
        data={**data, "receipt_before": before, "receipt": attempt.receipt},
    )
    return stored


@transaction.atomic
def refuse(*, stored: OfflineFile, reason: str, actor: Any) -> OfflineFile:
    """Leave the file's answers out; the file stays on record. Raises as :func:`accept` does."""
    if not reason.strip():
        raise OfflineFileError(_("Say why."), code="reason_needed")
    _decide(stored, FileDecision.REFUSED, reason.strip(), actor)
    attempt = stored.attempt
    note_act(
        attempt=attempt,
        kind=SittingEventKind.FILE_REFUSED,
        actor=actor,
        text=f"{attempt.user}. {reason.strip()}",
        data={"file": stored.pk, "sha256": stored.digest},
    )
    return stored


def _decide(stored: OfflineFile, decision: FileDecision, reason: str, actor: Any) -> None:
    moment = clock_now()
    changed = OfflineFile.objects.filter(pk=stored.pk, decision=FileDecision.PENDING).update(
        decision=decision, reason=reason[:300], decided_by=actor, decided_at=moment
    )
    if not changed:
        raise OfflineFileError(_("This file has been decided on already."), code="decided")
    stored.refresh_from_db(fields=["decision", "reason", "decided_by", "decided_at"])
