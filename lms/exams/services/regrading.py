"""Grading again after a question turned out to be wrong: preview, then carry out. Old results are never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now as clock_now
from lms.common.formats import moment as moment_words
from lms.exams.enums import AttemptState
from lms.exams.errors import CorrectionError
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.signals import attempt_graded
from lms.notifications.services import notify
from quizzes.engine.grading import AttemptScore, grade_attempt, with_marks
from quizzes.enums import CorrectionRule
from quizzes.models import Exam, ItemVersion, KeyCorrection, Paper
from quizzes.queries.papers.compiled import Correction, PaperKey, compile_key, corrections_in_force

CHANGED = "quizzes.result_changed"
_BATCH = 200


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One learner's result before and after."""

    attempt_id: int
    user_id: int
    full_name: str
    number: int
    old_score: Decimal
    old_max: Decimal
    new_score: Decimal
    new_max: Decimal
    passed_before: bool
    passed_after: bool


@dataclass(frozen=True, slots=True)
class RegradePreview:
    """A preview of a correction."""

    looked_at: int
    changes: tuple[ScoreChange, ...]

    @property
    def now_pass(self) -> int:
        return sum(change.passed_after and not change.passed_before for change in self.changes)

    @property
    def now_fail(self) -> int:
        return sum(change.passed_before and not change.passed_after for change in self.changes)


@dataclass(frozen=True, slots=True)
class Regraded:
    """The outcome of regrading: attempts looked at, results changed."""

    looked_at: int
    changed: int


def check_correction(
    *, exam: Exam, version: ItemVersion, rule: CorrectionRule, corrected: ItemVersion | None
) -> Correction:
    """Return the correction if it can be carried out on papers that were asked.

    Raises:
        CorrectionError: the question is not on the exam's papers; the corrected version is of another question, of
            another kind, or has other options; or no question would be left to count.
    """
    layouts = Paper.objects.filter(exam=exam).values_list("layout", flat=True)
    asked = {entry["version"] for layout in layouts for entry in layout}
    if version.pk not in asked:
        raise CorrectionError(_("This question was not asked in this exam."))
    if rule != CorrectionRule.NEW_KEY:
        if rule == CorrectionRule.DROPPED:
            _need_others(exam, version, layouts)
        return Correction(rule)
    if corrected is None:
        raise CorrectionError(_("Choose the corrected version."), fields={"corrected": [_("Choose a version.")]})
    if corrected.item_id != version.item_id or corrected.kind != version.kind or not _same_shape(version, corrected):
        raise CorrectionError(
            _("The corrected version must ask the same with the same options; otherwise give everybody the points.")
        )
    return Correction(rule, corrected.pk)


def _need_others(exam: Exam, version: ItemVersion, layouts: Any) -> None:
    force = corrections_in_force(exam.pk, exam.key_revision)
    dropped = {pk for pk, one in force.items() if one.rule == CorrectionRule.DROPPED} | {version.pk}
    if any(all(entry["version"] in dropped for entry in layout) for layout in layouts):
        raise CorrectionError(_("No question would be left that counts."))


def _same_shape(one: ItemVersion, other: ItemVersion) -> bool:
    def shape(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: shape(inner) for name, inner in value.items() if name not in {"html", "text", "alt", "fixed"}}
        return [shape(inner) for inner in value] if isinstance(value, list) else value

    return bool(shape(one.content) == shape(other.content))


def preview(*, exam: Exam, version: ItemVersion, rule: CorrectionRule, corrected: ItemVersion | None) -> RegradePreview:
    """Return whose result a correction would change, and how. Writes nothing. Raises as :func:`check_correction`."""
    correction = check_correction(exam=exam, version=version, rule=rule, corrected=corrected)
    corrections = corrections_in_force(exam.pk, exam.key_revision) | {version.pk: correction}
    looked_at = 0
    changes = []
    for attempt, result, outcome in _outcomes(exam, corrections, _handed_in(exam)):
        looked_at += 1
        if result is None or _same(result, outcome):
            continue
        changes.append(
            ScoreChange(
                attempt.pk,
                attempt.user_id,
                attempt.user.get_full_name(),
                attempt.number,
                result.score,
                result.max_score,
                outcome.score,
                outcome.max_score,
                exam.passed_with(result.score, result.max_score) is True,
                exam.passed_with(outcome.score, outcome.max_score) is True,
            )
        )
    return RegradePreview(looked_at, tuple(changes))


def carry_out(
    *,
    exam: Exam,
    version: ItemVersion,
    rule: CorrectionRule,
    corrected: ItemVersion | None,
    reason: str,
    actor: Any,
) -> Regraded:
    """Put a correction in force and grade again what was handed in. Whoever hands in later is graded by it too.

    Two steps, so that a large exam does not hold its learners up: first the correction is on record (from then on
    hand-ins use it), then attempts are graded in batches. If that is interrupted, :func:`regrade` goes on.

    Raises:
        CorrectionError: as :func:`check_correction`; ``reason_needed``; ``in_force``: it counts like that already.
    """
    reason = reason.strip()
    if not reason:
        raise CorrectionError(_("Say why."), code="reason_needed")
    moment = clock_now()
    with transaction.atomic():
        locked = Exam.objects.select_for_update().get(pk=exam.pk)
        correction = check_correction(exam=locked, version=version, rule=rule, corrected=corrected)
        _refuse_repeat(locked, version, correction)
        number = locked.key_revision + 1
        KeyCorrection.objects.create(
            exam=locked,
            number=number,
            version=version,
            rule=rule,
            corrected_id=correction.corrected,
            reason=reason[:200],
            actor=actor,
            at=moment,
        )
        locked.key_revision = number
        locked.save(update_fields=["key_revision", "updated_at"])
        data = {"number": number, "version": version.pk, "rule": rule, "corrected": correction.corrected}
        record(
            actor=actor,
            action="quizzes.key_corrected",
            target=f"exam:{exam.pk}",
            data={**data, "reason": reason},
            stream=f"exam:{exam.pk}",
        )
    exam.key_revision = number
    done = regrade(exam=exam, reason=reason, actor=actor)
    # Whoever was handing in at that very moment may have been graded by the rules read just before.
    late = regrade(exam=exam, reason=reason, actor=actor, since=moment)
    return Regraded(done.looked_at, done.changed + late.changed)


def _refuse_repeat(exam: Exam, version: ItemVersion, correction: Correction) -> None:
    """Refuse what is in force: a button pressed twice, or a second window, must not make a second correction."""
    last = KeyCorrection.objects.filter(exam=exam, version=version).select_related("actor").order_by("-number").first()
    if last is not None and (last.rule, last.corrected_id) == (correction.rule, correction.corrected):
        said = _("This question is corrected like that already: by %(name)s on %(moment)s.")
        raise CorrectionError(said % {"name": last.actor, "moment": moment_words(last.at)}, code="in_force")


def regrade(*, exam: Exam, reason: str, actor: Any = None, since: dt.datetime | None = None) -> Regraded:
    """Grade what was handed in (``since``) again by the corrections in force; only changed results get a further row.

    Deterministic and repeatable: with nothing new in force it changes nothing. Each batch has its own transaction and
    locks its attempts, so that one being handed in is waited for and seen.
    """
    exam = Exam.objects.get(pk=exam.pk)
    corrections = corrections_in_force(exam.pk, exam.key_revision)
    looked_at = changed = 0
    wanted = Attempt.objects.filter(exam=exam)
    if since is not None:
        wanted = wanted.filter(submitted_at__gte=since)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for part in batched(ids, _BATCH):
        with transaction.atomic():
            locked = Attempt.objects.select_for_update(of=("self",)).filter(pk__in=part).order_by("pk")
            standing = [attempt.pk for attempt in locked if attempt.state == AttemptState.SUBMITTED]
            rows = list(_outcomes(exam, corrections, _handed_in(exam).filter(pk__in=standing)))
            looked_at += len(rows)
            moment = clock_now()
            told = []
            for attempt, result, outcome in rows:
                if result is None or _same(result, outcome):
                    continue
                _store(attempt, result, outcome, reason, moment)
                told.append(attempt)
            changed += len(told)
            for attempt in told:
                notify(
                    recipients=[attempt.user_id],
                    kind=CHANGED,
                    params={"exam": exam.title, "reason": reason},
                    url=reverse("attempts:result", args=[attempt.pk]),
                    sender=actor,
                )
    if changed:
        data = {"looked_at": looked_at, "changed": changed, "revision": exam.key_revision, "reason": reason}
        record(actor=actor, action="quizzes.regraded", target=f"exam:{exam.pk}", data=data, stream=f"exam:{exam.pk}")
    return Regraded(looked_at, changed)


def _store(
    attempt: Attempt, before: AttemptResult, outcome: AttemptScore, reason: str, moment: dt.datetime
) -> AttemptResult:
    attempt.marking = bool(outcome.pending)
    attempt.score, attempt.max_score = None if attempt.marking else outcome.score, outcome.max_score
    attempt.save(update_fields=["score", "max_score", "marking"])
    result = AttemptResult.objects.create(
        attempt=attempt,
        number=before.number + 1,
        points=_points(outcome),
        pending=sorted(outcome.pending),
        score=outcome.score,
        max_score=outcome.max_score,
        reason=reason[:200],
        receipt=before.receipt or attempt.receipt,
        graded_at=moment,
    )
    if not attempt.marking:
        attempt_graded.send(sender=Attempt, attempt=attempt, result=result)
    return result


def _handed_in(exam: Exam) -> Any:
    return (
        Attempt.objects.filter(exam=exam, state=AttemptState.SUBMITTED)
        .select_related("user", "exam", "paper")
        .defer("paper__content", "paper__layout")
        .order_by("user__sort_key", "pk")
    )


def _outcomes(
    exam: Exam, corrections: Mapping[int, Correction], attempts: Any
) -> Iterator[tuple[Attempt, AttemptResult | None, AttemptScore]]:
    """Yield each attempt with its last result and what it would get under ``corrections``."""
    keys: dict[int, PaperKey] = {}
    for part in batched(attempts.iterator(chunk_size=_BATCH), _BATCH):
        ids = [attempt.pk for attempt in part]
        answers: dict[int, dict[int, Any]] = {pk: {} for pk in ids}
        for pk, slot, answer in Response.objects.filter(attempt_id__in=ids).values_list("attempt_id", "slot", "answer"):
            answers[pk][slot] = answer
        last: dict[int, AttemptResult] = {}
        for result in AttemptResult.objects.filter(attempt_id__in=ids).order_by("number"):
            last[result.attempt_id] = result
        for attempt in part:
            if attempt.paper_id not in keys:
                layout = Paper.objects.values_list("layout", flat=True).get(pk=attempt.paper_id)
                keys[attempt.paper_id] = compile_key(layout, corrections)
            outcome = grade_attempt(keys[attempt.paper_id].slots, answers[attempt.pk])
            before = last.get(attempt.pk)
            yield attempt, before, outcome if before is None else with_marks(outcome, _marks(before))


def _marks(result: AttemptResult) -> dict[int, Decimal]:
    """Points by slot of what no longer waits: marks that persons gave are kept."""
    return {int(slot): Decimal(points) for slot, points in result.points.items() if int(slot) not in result.pending}


def _points(outcome: AttemptScore) -> dict[str, str]:
    return {str(slot): str(points) for slot, points in outcome.points.items()}


def _same(result: AttemptResult, outcome: AttemptScore) -> bool:
    before = {slot: Decimal(points) for slot, points in result.points.items()}
    after = {slot: Decimal(points) for slot, points in _points(outcome).items()}
    return before == after and result.max_score == outcome.max_score
