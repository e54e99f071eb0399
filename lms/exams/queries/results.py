"""Results of a group in an exam: by person and by question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.exams.engine.tally import QuestionTally, TallySlot, tally_questions
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, AttemptResult, Response
from quizzes.engine.layout import original_names, shown_names
from quizzes.engine.scoring import needs_marking
from quizzes.enums import CorrectionRule
from quizzes.kinds import get_kind
from quizzes.models import ItemVersion, KeyCorrection, Paper


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One part of a question in the order of the item version, or one answer that was typed.

    ``letter`` is its place there (empty for a typed answer). What ``count`` counts is the question's ``counting``.
    """

    letter: str
    html: str
    right: bool | None
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question as a group answered it. Percentages are of ``seen``, the attempts that asked it.

    ``counting`` says what the rows count: ``chosen`` (who chose the option), ``right`` (who got the statement, prompt,
    place or gap right), ``typed`` (who typed this answer), ``""`` (no rows). ``waiting`` answers wait for a person.
    """

    version: int
    kind: str
    stem_html: str
    seen: int
    omitted: int
    correct: int
    percent: float
    difficulty: float
    options: tuple[OptionResult, ...]
    counting: str = "chosen"
    waiting: int = 0


def attempts_of(
    exam_id: int, enrolment_ids: Collection[int], *, item_id: int | None = None
) -> dict[int, list[Attempt]]:
    """Return the attempts at an exam by enrolment, the first one first; annulled ones are left out."""
    found = Attempt.objects.filter(exam_id=exam_id, enrolment_id__in=enrolment_ids).exclude(state=AttemptState.ANNULLED)
    if item_id is not None:
        found = found.filter(item_id=item_id)
    attempts: dict[int, list[Attempt]] = {}
    for attempt in found.order_by("enrolment_id", "number"):
        assert attempt.enrolment_id is not None
        attempts.setdefault(attempt.enrolment_id, []).append(attempt)
    return attempts


def question_results(
    exam_id: int, enrolment_ids: Collection[int], *, item_id: int | None = None
) -> list[QuestionResult]:
    """Return how the group answered each question, the hardest first.

    Each person counts once, with the first attempt handed in: later ones show what was learnt from it. Corrections
    count: a question that was dropped is left out, the key is the corrected one. Five statements (six with essays),
    whatever the number of people, questions and paper codes.
    """
    found = Attempt.objects.filter(exam_id=exam_id, enrolment_id__in=enrolment_ids, state=AttemptState.SUBMITTED)
    if item_id is not None:
        found = found.filter(item_id=item_id)
    firsts: dict[tuple[int, int], tuple[int, int]] = {}
    rows = found.order_by("number").values_list("enrolment_id", "item_id", "pk", "paper_id")
    for enrolment, item, attempt_id, paper_id in rows:
        assert enrolment is not None
        firsts.setdefault((enrolment, item), (attempt_id, paper_id))
    if not firsts:
        return []
    answers: dict[int, dict[int, Any]] = {attempt_id: {} for attempt_id, _paper in firsts.values()}
    for attempt_id, slot, answer in Response.objects.filter(attempt_id__in=list(answers)).values_list(
        "attempt_id", "slot", "answer"
    ):
        answers[attempt_id][slot] = answer
    layouts = dict(Paper.objects.filter(pk__in={paper for _id, paper in firsts.values()}).values_list("pk", "layout"))
    versions, ruled = versions_that_count(exam_id, layouts.values())
    papers = {
        pk: [
            _slot(entry, versions[entry["version"]], ruled.get(entry["version"]))
            for entry in layout
            if ruled.get(entry["version"]) != CorrectionRule.DROPPED
        ]
        for pk, layout in layouts.items()
    }
    marks = _marks(answers) if any(needs_marking(one.kind) for one in versions.values()) else {}
    sheets = (
        (paper_id, answers[attempt_id], _shares(marks.get(attempt_id, {}), layouts[paper_id]))
        for attempt_id, paper_id in firsts.values()
    )
    return [_result(tally, versions[tally.version]) for tally in tally_questions(papers, sheets, _counts)]


def versions_that_count(
    exam_id: int, layouts: Iterable[Sequence[Mapping[str, Any]]]
) -> tuple[dict[int, ItemVersion], dict[int, CorrectionRule]]:
    """Return how the questions of these papers count today, by the version that was asked. Two statements.

    First the version whose key counts (the corrected one where there is one), then what a correction did instead:
    the points for everybody, or none for anybody.
    """
    rules = {row.version_id: row for row in KeyCorrection.objects.filter(exam_id=exam_id).order_by("number")}
    asked = {entry["version"] for layout in layouts for entry in layout}
    used = {pk: (rules[pk].corrected_id if pk in rules else None) or pk for pk in asked}
    found = ItemVersion.objects.in_bulk(set(used.values()))
    ruled = {pk: CorrectionRule(rules[pk].rule) for pk in asked if pk in rules and rules[pk].corrected_id is None}
    return {pk: found[other] for pk, other in used.items()}, ruled


def key_in_force(exam_id: int, version: ItemVersion) -> Mapping[str, Any]:
    """Return the key by which an exam counts a question, in the version's own letters: the corrected one if any."""
    versions, _ruled = versions_that_count(exam_id, [[{"version": version.pk}]])
    key: Mapping[str, Any] = versions[version.pk].key
    return key


def _marks(answers: Mapping[int, Any]) -> dict[int, dict[str, str]]:
    """Return, by attempt, the points by slot of the newest result."""
    rows = AttemptResult.objects.filter(attempt_id__in=list(answers)).order_by("number")
    return dict(rows.values_list("attempt_id", "points"))


def _shares(points: Mapping[str, str], layout: list[dict[str, Any]]) -> dict[int, Decimal]:
    """Return the shares of the points that an attempt earned, by slot; a slot still to be marked is left out."""
    worth = {entry["slot"]: Decimal(entry["points"]) for entry in layout}
    return {int(slot): Decimal(earned) / worth[int(slot)] for slot, earned in points.items()}


def _slot(entry: Mapping[str, Any], version: ItemVersion, rule: CorrectionRule | None) -> TallySlot:
    key = get_kind(version.kind).shown_key(version.key, shown_names(entry))
    everyone = rule == CorrectionRule.EVERYONE
    return TallySlot(entry["slot"], entry["version"], version.kind, key, original_names(entry), everyone)


def _counts(kind: str, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
    return get_kind(kind).counts(key, answer)


def _result(tally: QuestionTally, version: ItemVersion) -> QuestionResult:
    kind = get_kind(version.kind)
    return QuestionResult(
        version=tally.version,
        kind=version.kind,
        stem_html=version.stem,
        seen=tally.seen,
        omitted=tally.omitted,
        correct=tally.correct,
        percent=_percent(tally.correct, tally.seen),
        difficulty=float(round(tally.difficulty, 4)),
        options=tuple(
            OptionResult(
                letter=row.label,
                html=row.html,
                right=row.right,
                count=tally.chosen.get(row.name, 0),
                percent=_percent(tally.chosen.get(row.name, 0), tally.seen),
            )
            for row in kind.counted(version.content, version.key, tally.chosen)
        ),
        counting=kind.counting,
        waiting=tally.waiting,
    )


def _percent(part: int, whole: int) -> float:
    return float(round(Decimal(100 * part) / whole, 1))
