"""The stock of a bank for the rows of a blueprint: the question that is put to the solver, and its answer in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.clock import now
from quizzes.engine.blueprint import Candidate, Cell, Limits, Task
from quizzes.engine.feasibility import Conflict, Relaxation, Stock, conflicts_of, stock_of
from quizzes.enums import Level
from quizzes.kinds import get_kind
from quizzes.models import BlueprintRow, BlueprintVersion, Exam, Item, ItemEnemy, ItemUse, Topic
from quizzes.queries.bank.exposure import exposure_of_items
from quizzes.queries.bank.figures import figures_of_items

#: Below so many answers the share of the points says nothing yet.
ANSWERS_NEEDED = 20


@dataclass(frozen=True, slots=True)
class RowSpec:
    """One row as it is planned, stored or not; empty topic, level and kind stand for any."""

    topic: int | None
    level: str
    kind: str
    count: int
    points: Decimal
    specification: str = ""


@dataclass(frozen=True, slots=True)
class StockRow:
    """A row with what the bank has for it; ``items`` are all that match, ``sentence`` says it as teachers do."""

    number: int
    spec: RowSpec
    stock: Stock
    items: tuple[int, ...]
    sentence: str


def specs_of(version: BlueprintVersion) -> list[RowSpec]:
    """Return the stored rows of a version in their order."""
    return [spec_of(row) for row in version.rows.all()]


def spec_of(row: BlueprintRow) -> RowSpec:
    """Return a stored row as a plan."""
    return RowSpec(row.topic_id, row.level, row.kind, row.count, row.points, row.specification)


def limits_of(exam: Exam | None) -> Limits:
    """Return what a draw for ``exam`` must keep to; one form without limits for none."""
    if exam is None:
        return Limits()
    return Limits(
        forms=exam.forms,
        overlap=exam.overlap,
        max_uses=exam.max_uses,
        rest_days=exam.rest_days,
        tolerance=float(exam.tolerance) if exam.tolerance is not None else None,
        spare_shown=exam.spare_shown,
    )


def subtrees(bank_id: int) -> dict[int, set[int]]:
    """Return for each topic of a bank itself and all topics below it."""
    parents = dict(Topic.objects.filter(bank_id=bank_id).values_list("pk", "parent_id"))
    below: dict[int, set[int]] = {topic: set() for topic in parents}
    for topic in parents:
        above: int | None = topic
        while above is not None and topic not in below[above]:
            below[above].add(topic)
            above = parents[above]
    return below


def make_task(bank_id: int, specs: Sequence[RowSpec], limits: Limits, *, besides: int | None = None) -> Task:
    """Return the question for the solver: cells numbered from 1 in the order of ``specs``.

    Args:
        bank_id: whose approved items may be drawn.
        specs: the rows.
        limits: what to keep to.
        besides: an exam whose own papers do not count as uses (it is being drawn again).
    """
    rows = list(Item.objects.usable().filter(bank_id=bank_id).values_list("pk", "topic_id", "level", "kind"))
    below = subtrees(bank_id)
    cells = tuple(
        Cell(number, spec.count, spec.points, tuple(_matching(rows, spec, below)))
        for number, spec in enumerate(specs, start=1)
    )
    wanted = {item for cell in cells for item in cell.items}
    candidates = _candidates(bank_id, wanted, besides)
    enemies = ItemEnemy.objects.filter(item_low__bank_id=bank_id).values_list("item_low_id", "item_high_id")
    pairs = frozenset((low, high) for low, high in enemies if low in wanted and high in wanted)
    return Task(cells, candidates, limits, pairs)


def _matching(rows: Iterable[tuple[int, int | None, str, str]], spec: RowSpec, below: dict[int, set[int]]) -> list[int]:
    topics = below.get(spec.topic, set()) if spec.topic is not None else None
    return [
        pk
        for pk, topic, level, kind in rows
        if (topics is None or topic in topics)
        and (not spec.level or level == spec.level)
        and (not spec.kind or kind == spec.kind)
    ]


def _candidates(bank_id: int, wanted: set[int], besides: int | None) -> dict[int, Candidate]:
    today = now().date()
    uses = ItemUse.objects.filter(item__bank_id=bank_id)
    if besides is not None:
        uses = uses.exclude(exam_id=besides)
    asked: dict[int, tuple[int, dt.date]] = {
        item: (times, last)
        for item, times, last in uses.values("item_id")
        .annotate(times=Count("pk"), last=Max("used_on"))
        .values_list("item_id", "times", "last")
    }
    figures = figures_of_items(wanted)
    exposed = exposure_of_items(wanted)
    candidates = {}
    for item in wanted:
        known = figures.get(item)
        difficulty = known.difficulty if known is not None and known.asked >= ANSWERS_NEEDED else None
        times, last = asked.get(item, (0, None))
        idle = None if last is None else max(0, (today - last).days)
        candidates[item] = Candidate(item, difficulty, times, idle, item in exposed and exposed[item].shown > 0)
    return candidates


def stock_rows(task: Task, specs: Sequence[RowSpec]) -> list[StockRow]:
    """Return every row with what there is for it."""
    cells = {cell.id: cell for cell in task.cells}
    return [
        StockRow(stock.cell, specs[stock.cell - 1], stock, cells[stock.cell].items, stock_sentence(stock, task.limits))
        for stock in stock_of(task)
    ]


def stock_sentence(stock: Stock, limits: Limits) -> str:
    """Say what a cell needs and has: "needs 6, the bank has 4 (2 asked in the last 90 days)"."""
    reasons = []
    if stock.rested:
        reasons.append(
            ngettext(
                "%(number)d asked in the last %(days)d days",
                "%(number)d asked in the last %(days)d days",
                stock.rested,
            )
            % {"number": stock.rested, "days": limits.rest_days}
        )
    if stock.worn:
        reasons.append(
            ngettext("%(number)d asked too often", "%(number)d asked too often", stock.worn) % {"number": stock.worn}
        )
    if stock.shown:
        reasons.append(
            ngettext("of %(number)d the key was shown", "of %(number)d the keys were shown", stock.shown)
            % {"number": stock.shown}
        )
    text = _("needs %(need)d, the bank has %(have)d") % {"need": stock.need, "have": stock.free}
    return f"{text} ({', '.join(reasons)})" if reasons else text


def conflict_sentences(task: Task, labels: dict[int, str], conflicts: Sequence[Conflict] | None = None) -> list[str]:
    """Say what stands against a draw; ``labels`` name the rows."""
    stocks = {stock.cell: stock for stock in stock_of(task)}
    sentences = []
    for one in conflicts_of(task) if conflicts is None else conflicts:
        names = "; ".join(f"“{labels[cell]}”" for cell in one.cells)
        values = {"cells": names, "need": one.need, "have": one.have, "forms": task.limits.forms}
        match one.kind:
            case "short":
                sentences.append(f"{labels[one.cells[0]]}: {stock_sentence(stocks[one.cells[0]], task.limits)}")
            case "contested":
                sentences.append(
                    _("%(cells)s want the same questions: together they need %(need)d, there are %(have)d.") % values
                )
            case "across":
                sentences.append(
                    _("%(cells)s: %(forms)d forms need %(need)d different questions, there are %(have)d.") % values
                )
            case "enemies":
                sentences.append(_("Questions that must not meet in one paper leave too few for: %(cells)s.") % values)
            case "difficulty":
                sentences.append(_("No choice of questions comes near enough to the common difficulty."))
            case _:
                sentences.append(
                    _("The %(forms)d forms cannot keep all limits on sharing, exposure and difficulty at once.")
                    % values
                )
    return sentences


def relaxation_sentence(one: Relaxation, labels: dict[int, str]) -> str:
    """Say one change that would be enough."""
    number = int(one.value)
    match one.limit:
        case "overlap":
            return _("Let two forms share up to %(number)d questions.") % {"number": number}
        case "reuse":
            return _("Let a question stand in up to %(number)d forms.") % {"number": number}
        case "rest_days":
            return _("Leave out only questions asked in the last %(number)d days.") % {"number": number}
        case "max_uses":
            return _("Allow questions asked in up to %(number)d exams.") % {"number": number - 1}
        case "tolerance":
            return _("Let the difficulty of the forms differ by %(number)d %%.") % {"number": round(one.value * 100)}
        case "enemies":
            return _("Allow questions in one paper that are marked to be kept apart.")
        case "forms":
            return ngettext("Draw %(number)d form.", "Draw %(number)d forms.", number) % {"number": number}
        case _:
            return _("%(cell)s: ask for %(number)d.") % {"cell": labels[one.cell], "number": number}


def row_labels(specs: Sequence[RowSpec], bank_id: int) -> dict[int, str]:
    """Return a name for each row: topic – level – kind."""
    topics = dict(Topic.objects.filter(bank_id=bank_id).values_list("pk", "name"))
    return {number: row_label(spec, topics) for number, spec in enumerate(specs, start=1)}


def row_label(spec: RowSpec, topics: dict[int, str]) -> str:
    """Return the name of one row."""
    parts: list[Any] = [topics.get(spec.topic, "") if spec.topic is not None else _("any topic")]
    if spec.level:
        parts.append(Level(spec.level).label)
    if spec.kind:
        parts.append(get_kind(spec.kind).label)
    return " – ".join(str(part) for part in parts)
