"""Checking a receipt: what was handed in is what the server has."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, AttemptResult, Response
from quizzes.engine.receipt import receipt as work_out


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """The proof of a receipt. ``current`` is false for one that a later hand-in or file has replaced."""

    exam: str
    paper_code: str
    number: int
    submitted_at: dt.datetime | None
    current: bool
    intact: bool
    annulled: bool


def verified_receipt(attempt_id: int, receipt: str) -> VerifiedReceipt | None:
    """Return what ``receipt`` proves, ``None`` when the attempt never had it.

    ``intact`` says that the hash of the answers kept today is the attempt's receipt.
    """
    attempt = Attempt.objects.select_related("exam", "paper").filter(pk=attempt_id).first()
    if attempt is None:
        return None
    known = {*AttemptResult.objects.filter(attempt=attempt).values_list("receipt", flat=True), attempt.receipt} - {""}
    given = receipt.lower().encode()
    if not any(hmac.compare_digest(one.encode(), given) for one in known):
        return None
    answers = dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer"))
    return VerifiedReceipt(
        exam=attempt.exam.title,
        paper_code=attempt.paper.code,
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        current=attempt.receipt == receipt.lower(),
        intact=work_out(attempt.paper.digest, answers) == attempt.receipt,
        annulled=attempt.state == AttemptState.ANNULLED,
    )
