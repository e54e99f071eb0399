"""Working out the statistics of exams. A task does it after hand-ins; pages only read what it left.

What is counted: each person's first graded attempt (later ones show what was learnt from the first). The latest
grading of an attempt counts, so a regrade brings new figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Subquery

from lms.common.clock import now as clock_now
from lms.exams.engine import irt
from lms.exams.engine.flags import Flag, flags
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.queries.results import versions_that_count
from quizzes.engine.layout import original_by_shown
from quizzes.enums import CorrectionRule
from quizzes.kinds import get_kind
from quizzes.kinds.base import OptionKind
from quizzes.models import Exam, ExamStatistics, ItemStatistics, ItemVersion, Paper

if TYPE_CHECKING:
    from lms.exams.engine.irt import Fitted
    from lms.exams.engine.statistics import ItemFigures, ResponseMatrix, TestFigures

#: More people than this tell nothing new: the first ones by number of the attempt are taken.
MOST_PEOPLE = 20_000
#: A large exam is counted less often: a minute more between two runs for this many people.
PEOPLE_A_MINUTE = 1_000
#: Results of slow transactions may appear after later ones.
_OVERLAP = dt.timedelta(minutes=15)
_CHUNK = 500
RULED = {CorrectionRule.EVERYONE: "given", CorrectionRule.DROPPED: "dropped"}


def refresh_stale(now: dt.datetime | None = None) -> int:
    """Work out every exam with gradings newer than its figures; return how many. Safe to run at any time, twice."""
    moment = now or clock_now()
    last = ExamStatistics.objects.aggregate(last=Max("computed_at"))["last"]
    graded = AttemptResult.objects.all()
    if last is not None:
        graded = graded.filter(graded_at__gt=last - _OVERLAP)
    newest: dict[int, dt.datetime] = dict(
        graded.values("attempt__exam_id").annotate(last=Max("graded_at")).values_list("attempt__exam_id", "last")
    )
    known = {row.exam_id: row for row in ExamStatistics.objects.filter(exam_id__in=list(newest))}
    done = 0
    for exam_id in sorted(newest):
        row = known.get(exam_id)
        if row is not None and (row.last_graded_at >= newest[exam_id] or _too_early(row, moment)):
            continue
        done += refresh(exam_id) is not None
    return done


def _too_early(row: ExamStatistics, moment: dt.datetime) -> bool:
    return moment - row.computed_at < dt.timedelta(minutes=row.people // PEOPLE_A_MINUTE)


def refresh(exam_id: int) -> ExamStatistics | None:
    """Work out one exam anew; ``None`` when nobody's attempt has been graded (older figures then go).

    The figures are taken before the transaction that stores them; of two runs at once the later writer wins, and
    both counted what was there.
    """
    # numpy and its models are loaded here, by the worker that counts, and not by every web process
    from lms.exams.engine.statistics import item_figures, test_figures

    exam = Exam.objects.get(pk=exam_id)
    moment = clock_now()
    seen = AttemptResult.objects.filter(attempt__exam_id=exam_id).aggregate(
        last=Max("graded_at"), attempts=Count("attempt", distinct=True)
    )
    loaded = load_answers(exam_id)
    if loaded is None:
        with transaction.atomic():
            ItemStatistics.objects.filter(exam_id=exam_id).delete()
            ExamStatistics.objects.filter(exam_id=exam_id).delete()
        return None
    answers, versions, ruled = loaded
    items, whole = item_figures(answers), test_figures(answers)
    fitted = [model for name in ("rasch", "2pl") if (model := irt.fit(answers.earned, name)) is not None]
    passed = _passed(answers, float(exam.pass_share))
    with transaction.atomic():
        row, _made = ExamStatistics.objects.update_or_create(
            exam=exam,
            defaults={
                "computed_at": moment,
                "last_graded_at": seen["last"],
                "attempts": seen["attempts"],
                "passed": passed,
                "model": {
                    model.name: {
                        "people": model.people,
                        "converged": model.converged,
                        "log_likelihood": round(model.log_likelihood, 2),
                    }
                    for model in fitted
                },
                **_test_row(whole),
            },
        )
        ItemStatistics.objects.filter(exam_id=exam_id).delete()
        ItemStatistics.objects.bulk_create(
            [
                _item_row(exam_id, figures, versions[figures.version], column, fitted, rule=ruled.get(figures.version))
                for column, figures in enumerate(items)
            ]
        )
    return row


def _test_row(whole: TestFigures) -> dict[str, Any]:
    from lms.exams.engine.statistics import rounded

    return {name: rounded(value) for name, value in asdict(whole).items()}


def _item_row(
    exam_id: int,
    figures: ItemFigures,
    version: ItemVersion,
    column: int,
    fitted: Sequence[Fitted],
    *,
    rule: CorrectionRule | None,
) -> ItemStatistics:
    """Return the row of a question; points that a correction gave or took tell nothing of how hard it is."""
    from lms.exams.engine.statistics import rounded

    correct = version.key.get("correct", ()) if isinstance(get_kind(version.kind), OptionKind) else ()
    found = [Flag(RULED[rule])] if rule else []
    models = [] if rule else [model for model in fitted if column in model.items]
    if rule:
        figures = replace(figures, difficulty=None, deviation=None, discrimination=None, upper_lower=None)
    else:
        best = models[-1].items[column] if models and models[-1] is fitted[-1] else None
        found = flags(figures, [correct] if isinstance(correct, str) else correct, best)
    return ItemStatistics(
        exam_id=exam_id,
        version_id=figures.version,
        asked=figures.asked,
        omitted=figures.omitted,
        difficulty=rounded(figures.difficulty),
        deviation=rounded(figures.deviation),
        discrimination=rounded(figures.discrimination),
        upper_lower=rounded(figures.upper_lower),
        seconds=rounded(figures.seconds, 1),
        curve=rounded(figures.curve),
        options=[{name: rounded(value) for name, value in asdict(option).items()} for option in figures.options],
        irt={
            model.name: {name: rounded(value) for name, value in asdict(model.items[column]).items()}
            for model in models
        },
        flags=[asdict(flag) for flag in found],
    )


def _passed(answers: ResponseMatrix, pass_share: float) -> int:
    import numpy as np

    got = (np.nan_to_num(answers.earned) * answers.points).sum(axis=1)
    # Points have two decimals; the tolerance only undoes binary fractions.
    return int((got + 1e-9 >= answers.points.sum(axis=1) * pass_share).sum())


def load_answers(exam_id: int) -> tuple[ResponseMatrix, dict[int, ItemVersion], dict[int, CorrectionRule]] | None:
    """Read what everybody earned, omitted and chose; ``None`` when no attempt of the exam has been graded.

    Beside it, by the version that was asked, the version whose key counts, and the corrections that gave everybody
    the points or dropped the question. Of a dropped one it is as if nobody had been asked.
    """
    import numpy as np

    from lms.exams.engine.statistics import ResponseMatrix

    firsts = _first_attempts(exam_id)
    if not firsts:
        return None
    layouts = dict(
        Paper.objects.filter(pk__in={paper for paper, _started, _points in firsts.values()}).values_list("pk", "layout")
    )
    versions, ruled = versions_that_count(exam_id, layouts.values())
    columns = {version: column for column, version in enumerate(sorted(versions))}
    slots = {paper: {entry["slot"]: entry for entry in layout} for paper, layout in layouts.items()}
    size = (len(firsts), len(columns))
    earned, seconds = np.full(size, np.nan), np.full(size, np.nan)
    points, omitted = np.zeros(size), np.zeros(size, dtype=bool)
    options = {pk: [option["id"] for option in v.content.get("options", ())] for pk, v in versions.items()}
    chosen = {
        pk: {option: np.zeros(size[0], dtype=bool) for option in options[pk]}
        for pk, version in versions.items()
        if isinstance(get_kind(version.kind), OptionKind)
    }
    rows = {attempt_id: row for row, attempt_id in enumerate(firsts)}
    for attempt_id, (paper, _started, result) in firsts.items():
        row = rows[attempt_id]
        for slot, entry in slots[paper].items():
            worth = float(entry["points"])
            if str(slot) not in result or ruled.get(entry["version"]) == CorrectionRule.DROPPED:
                continue  # it waits for a person's mark, or does not count
            column = columns[entry["version"]]
            points[row, column] = worth
            earned[row, column] = float(result[str(slot)]) / worth
            omitted[row, column] = True
    for attempt_id, answered in _responses(list(firsts)):
        paper, started, _result = firsts[attempt_id]
        row, last = rows[attempt_id], started
        for slot, answer, saved_at in sorted(answered, key=lambda one: one[2]):
            entry = slots[paper].get(slot)
            if entry is None:
                continue
            column, version = columns[entry["version"]], entry["version"]
            if saved_at > last:  # answers that came in one batch tell no time of their own
                seconds[row, column] = (saved_at - last).total_seconds()
                last = saved_at
            if answer is None:
                continue
            omitted[row, column] = False
            kind = get_kind(versions[version].kind)
            if version in chosen and isinstance(kind, OptionKind):
                originals = original_by_shown(entry["options"])
                for letter in kind.chosen(answer):
                    chosen[version][originals[letter]][row] = True
    return ResponseMatrix(list(columns), earned, points, omitted, seconds, chosen), versions, ruled


def _first_attempts(exam_id: int) -> dict[int, tuple[int, dt.datetime, Mapping[str, str]]]:
    """Return (paper, start, points by slot of the last grading) by attempt: the first of each person in each class."""
    last = AttemptResult.objects.filter(attempt_id=OuterRef("pk")).order_by("-number").values("points")[:1]
    found = (
        Attempt.objects.filter(exam_id=exam_id, state=AttemptState.SUBMITTED)
        .order_by("number", "pk")
        .annotate(points=Subquery(last))
        .values_list("pk", "enrolment_id", "guest_id", "item_id", "paper_id", "started_at", "points")
    )
    firsts: dict[int, tuple[int, dt.datetime, Mapping[str, str]]] = {}
    people: set[tuple[int | None, int | None, int]] = set()
    for pk, enrolment, guest, item, paper, started, result in found.iterator(chunk_size=2000):
        if (enrolment, guest, item) in people or result is None:
            continue
        people.add((enrolment, guest, item))
        firsts[pk] = (paper, started, result)
        if len(firsts) == MOST_PEOPLE:
            break
    return firsts


def _responses(attempts: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, Any, dt.datetime]]]]:
    for start in range(0, len(attempts), _CHUNK):
        by_attempt: dict[int, list[tuple[int, Any, dt.datetime]]] = {}
        rows = Response.objects.filter(attempt_id__in=attempts[start : start + _CHUNK])
        for attempt_id, slot, answer, saved_at in rows.values_list("attempt_id", "slot", "answer", "saved_at"):
            by_attempt.setdefault(attempt_id, []).append((slot, answer, saved_at))
        yield from by_attempt.items()
