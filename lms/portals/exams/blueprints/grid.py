"""The matrix as teachers draw it: topics down, levels across, kinds and counts in the cells, totals at the edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from lms.common.text import whole_number
from quizzes.enums import Level
from quizzes.kinds import all_kinds, get_kind
from quizzes.models import Blueprint
from quizzes.queries.bank.topics import topic_rows
from quizzes.queries.papers.stock import RowSpec, StockRow

ANY = "any"
DEFAULT_POINTS = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind in one cell. ``points`` is set where it differs from the column's; ``value`` is what stands in the
    field, as it was typed where that is wrong."""

    name: str
    kind: str
    label: str
    count: int
    points: str
    own_points: bool
    specification: str
    row: int = 0
    stock: StockRow | None = None
    value: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A topic at a level."""

    level: str
    level_label: str
    slots: tuple[Slot, ...]

    @property
    def used(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.count or slot.problem]


@dataclass(frozen=True, slots=True)
class Total:
    """Questions, points and the share of all points in per cent."""

    count: int
    points: Decimal
    percent: float


@dataclass(frozen=True, slots=True)
class GridRow:
    """A topic with its cells and its total."""

    topic: int | None
    name: str
    depth: int
    cells: tuple[GridCell, ...]
    total: Total


@dataclass(frozen=True, slots=True)
class PointsField:
    """The points of one kind at one level."""

    name: str
    level: str
    kind: str
    label: str
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a blueprint as its page shows them."""

    levels: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]
    points: tuple[tuple[str, tuple[PointsField, ...]], ...]
    totals: tuple[Total, ...]
    total: Total
    other_kinds: tuple[tuple[str, str], ...] = field(default=())


def slot_name(topic: int | None, level: str, kind: str) -> str:
    """Return what the fields of a slot are called after their first letter."""
    return f"{topic or 0}-{level or ANY}-{kind or ANY}"


def make_grid(
    blueprint: Blueprint,
    specs: Sequence[RowSpec],
    *,
    stocks: Iterable[StockRow] = (),
    kinds: Iterable[str] = (),
    every_topic: bool = True,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Grid:
    """Return the matrix of ``specs``.

    Args:
        blueprint: whose bank has the topics.
        specs: the rows; of several for one topic, level and kind the counts are added up.
        stocks: what the bank has for each row.
        kinds: kinds that get a field in every cell, besides those in use.
        every_topic: whether topics without questions are shown.
        typed: what a form sent, which stands in its fields again.
        problems: what is wrong with it, by field name.
    """
    form = _Form(typed or {}, problems or {})
    by_place: dict[tuple[int | None, str, str], tuple[int, RowSpec]] = {}
    for number, spec in enumerate(specs, start=1):
        place = (spec.topic, spec.level, spec.kind)
        if place in by_place:
            first, known = by_place[place]
            spec = RowSpec(*place, known.count + spec.count, known.points, known.specification)
            by_place[place] = (first, spec)
        else:
            by_place[place] = (number, spec)
    used = {place[2] for place in by_place} | set(kinds) or {"single_choice"}
    names = [kind.name for kind in all_kinds() if kind.name in used] + ([""] if "" in used else [])
    levels = list(Level.values) + ([""] if any(place[1] == "" for place in by_place) else [])
    column = _column_points(by_place, levels, names)
    stock = {one.number: one for one in stocks}
    total_points = sum((spec.count * spec.points for _n, spec in by_place.values()), Decimal(0))
    topics: list[tuple[int | None, str, int]] = list(topic_rows(blueprint.bank_id))
    topics.append((None, _("Any topic"), 0))
    rows = []
    for topic, name, depth in topics:
        cells = tuple(_cell(topic, level, names, by_place, column, stock, form) for level in levels)
        own = [spec for (place, _l, _k), (_n, spec) in by_place.items() if place == topic]
        if own or every_topic:
            rows.append(GridRow(topic, name, depth, cells, _total(own, total_points)))
    everything = [spec for _n, spec in by_place.values()]
    return Grid(
        levels=tuple((level, _level_label(level)) for level in levels),
        kinds=tuple((name, kind_label(name)) for name in names),
        rows=tuple(rows),
        points=tuple(
            (
                kind_label(name),
                tuple(_points_field(level, name, _text(column[level, name]), form) for level in levels),
            )
            for name in names
        ),
        totals=tuple(_total([spec for spec in everything if spec.level == level], total_points) for level in levels),
        total=_total(everything, total_points),
        other_kinds=tuple((kind.name, str(kind.label)) for kind in all_kinds() if kind.name not in used),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """What a form sent, and what is wrong with it."""

    typed: Mapping[str, Any]
    problems: Mapping[str, str]

    def value(self, name: str, kept: str) -> str:
        return str(self.typed.get(name, kept))[:20]


def _points_field(level: str, kind: str, points: str, form: _Form) -> PointsField:
    name = f"p-{level or ANY}-{kind or ANY}"
    return PointsField(name, level, kind, _level_label(level), form.value(name, points), form.problems.get(name, ""))


def kind_label(name: str) -> str:
    """Return the name of a kind, or the words for any."""
    return str(get_kind(name).label) if name else _("any kind")


def _level_label(level: str) -> str:
    return str(Level(level).label) if level else _("Any level")


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _column_points(
    by_place: Mapping[tuple[int | None, str, str], tuple[int, RowSpec]], levels: list[str], kinds: list[str]
) -> dict[tuple[str, str], Decimal]:
    """Return the points of each level and kind: those of the first row there, else those of the kind elsewhere."""
    found: dict[tuple[str, str], Decimal] = {}
    by_kind: dict[str, Decimal] = {}
    for (_topic, level, kind), (_number, spec) in by_place.items():
        found.setdefault((level, kind), spec.points)
        by_kind.setdefault(kind, spec.points)
    return {
        (level, kind): found.get((level, kind), by_kind.get(kind, DEFAULT_POINTS)) for level in levels for kind in kinds
    }


def _cell(
    topic: int | None,
    level: str,
    kinds: list[str],
    by_place: Mapping[tuple[int | None, str, str], tuple[int, RowSpec]],
    column: Mapping[tuple[str, str], Decimal],
    stock: Mapping[int, StockRow],
    form: _Form,
) -> GridCell:
    slots = []
    for kind in kinds:
        number, spec = by_place.get((topic, level, kind), (0, None))
        points = spec.points if spec else column[level, kind]
        name = slot_name(topic, level, kind)
        slots.append(
            Slot(
                name,
                kind,
                kind_label(kind),
                spec.count if spec else 0,
                form.value(f"q-{name}", _text(points)),
                points != column[level, kind] or bool(form.typed.get(f"q-{name}")),
                str(form.typed.get(f"s-{name}", spec.specification if spec else "")),
                number,
                stock.get(number),
                form.value(f"n-{name}", str(spec.count) if spec else ""),
                form.problems.get(f"n-{name}") or form.problems.get(f"q-{name}", ""),
            )
        )
    return GridCell(level, _level_label(level), tuple(slots))


def _total(specs: Iterable[RowSpec], all_points: Decimal) -> Total:
    rows = list(specs)
    points = sum((spec.count * spec.points for spec in rows), Decimal(0))
    percent = float(100 * points / all_points) if all_points else 0.0
    return Total(sum(spec.count for spec in rows), points, percent)


def read_grid(data: Mapping[str, Any]) -> tuple[list[RowSpec], dict[str, str]]:
    """Return the rows that a form of the grid sends, and what is wrong by field name.

    Rows come topic by topic, level by level and kind by kind, as the form shows them.
    """
    specs: list[RowSpec] = []
    problems: dict[str, str] = {}
    known = {ANY, *(kind.name for kind in all_kinds())}
    for name, raw in data.items():
        if not name.startswith("n-") or not str(raw).strip():
            continue
        place = name.removeprefix("n-")
        topic, level, kind = place.split("-", 2) if place.count("-") == 2 else ("", "", "")
        if whole_number(topic) is None or level not in {*Level.values, ANY} or kind not in known:
            continue
        count = str(raw).strip()
        if (number := whole_number(count)) is None or number > 200:
            problems[name] = _("A whole number up to 200 is wanted.")
            continue
        if number == 0:
            continue
        own = str(data.get(f"q-{place}", "")).strip()
        points = _decimal(own or str(data.get(f"p-{level}-{kind}", "")))
        if points is None:
            problems[f"q-{place}" if own else f"p-{level}-{kind}"] = _("Points above 0 are wanted, such as 0,25.")
            continue
        specs.append(
            RowSpec(
                int(topic) or None,
                "" if level == ANY else level,
                "" if kind == ANY else kind,
                number,
                points,
                str(data.get(f"s-{place}", "")).strip()[:2000],
            )
        )
    return specs, problems


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 < value < 1000 else None
