"""Differences between the last edition and what would be frozen now. Pure apart from reading the last edition."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lms.programmes.models import Edition, EditionItem
from lms.programmes.rules import EditionRules, plain
from lms.programmes.services.plan import PlannedItem, PlannedModule
from quizzes.models import Paper

Key = tuple[str, int | str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """``kind`` is added, removed, moved or changed; ``field``, ``before`` and ``after`` speak of changes."""

    kind: str
    what: str
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, old or new, with the module it stands in."""

    item: PlannedItem
    module: str


def compare(old: Sequence[Placed], new: Sequence[Placed]) -> list[Difference]:
    """Return what differs between two orders of items: removed, added, moved, changed, in this order.

    Items are the same when they lead to the same lesson or exam; a session in class is known by its title.
    """
    before, after = _keyed(old), _keyed(new)
    differences = [Difference("removed", placed.item.title) for key, placed in before.items() if key not in after]
    differences += [Difference("added", placed.item.title) for key, placed in after.items() if key not in before]
    common = [key for key in after if key in before]
    place = {key: index for index, key in enumerate(before)}
    stay = _longest_rising([place[key] for key in common])
    for index, key in enumerate(common):
        was, now = before[key], after[key]
        if was.module != now.module:
            differences.append(Difference("moved", now.item.title, _("module"), was.module, now.module))
        elif index not in stay:
            differences.append(Difference("moved", now.item.title))
    for key in common:
        differences += _changes(before[key].item, after[key].item)
    return differences


def compare_rules(old: EditionRules, new: EditionRules) -> list[Difference]:
    """Return which rules of completion differ."""
    labels = {
        "pass_mark": _("pass mark"),
        "attendance_share": _("share of periods to attend"),
        "bands": _("bands"),
        "certificate_rule": _("certificate"),
    }
    was, now = old.as_json(), new.as_json()
    return [
        Difference("changed", _("Rules of completion"), label, _rule_text(was[name]), _rule_text(now[name]))
        for name, label in labels.items()
        if was[name] != now[name]
    ]


def _rule_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{band['code']} {band['from']}" for band in value)
    return str(value)


def _keyed(placed: Iterable[Placed]) -> dict[Key, Placed]:
    seen: Counter[tuple[str, int | str]] = Counter()
    keyed: dict[Key, Placed] = {}
    for one in placed:
        item = one.item
        target = item.lesson_id or item.exam_id or item.title
        name = (str(item.kind), target)
        keyed[(*name, seen[name])] = one
        seen[name] += 1
    return keyed


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the indexes of one longest rising run in ``numbers``: what stayed in order while the rest moved."""
    tails: list[int] = []
    tail_at: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        slot = bisect_left(tails, number)
        previous.append(tail_at[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(number)
            tail_at.append(index)
        else:
            tails[slot], tail_at[slot] = number, index
    kept: set[int] = set()
    index = tail_at[-1] if tail_at else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return kept


def _changes(was: PlannedItem, now: PlannedItem) -> list[Difference]:
    yes_no = {True: _("yes"), False: _("no")}
    facts = [
        (_("title"), was.title, now.title),
        (_("periods"), str(was.periods), str(now.periods)),
        (_("required"), yes_no[was.required], yes_no[now.required]),
        (_("counts towards the mark"), yes_no[was.counts], yes_no[now.counts]),
        (_("weight"), plain(was.weight), plain(now.weight)),
        (_("least reading time in seconds"), str(was.min_seconds), str(now.min_seconds)),
    ]
    changes = [Difference("changed", now.title, label, old, new) for label, old, new in facts if old != new]
    if was.questions is not None and now.questions is not None and set(was.questions) != set(now.questions):
        changes.append(
            Difference("changed", now.title, _("questions"), str(len(was.questions)), str(len(now.questions)))
        )
    return changes


def placed_plan(modules: Iterable[PlannedModule]) -> list[Placed]:
    """Return the items of a plan with their modules, in order."""
    return [Placed(item, module.title) for module in modules for item in module.items]


def placed_edition(edition: Edition) -> list[Placed]:
    """Return the items of a frozen edition in the same form, with the questions its papers ask."""
    items = list(EditionItem.objects.filter(edition=edition).select_related("module").order_by("position"))
    questions = _frozen_questions(items)
    return [
        Placed(
            PlannedItem(
                kind=item.kind,
                title=item.title,
                periods=item.periods,
                required=item.required,
                counts=item.counts,
                weight=Decimal(item.weight),
                min_seconds=item.min_seconds,
                lesson_id=item.lesson_id,
                exam_id=item.exam_id,
                questions=questions.get((item.exam_id, item.set_number), ()) if item.exam_id else None,
            ),
            item.module.title,
        )
        for item in items
    ]


def _frozen_questions(items: Iterable[EditionItem]) -> dict[tuple[int | None, int | None], tuple[tuple[int, str], ...]]:
    """Read what each frozen set asks from one of its papers; all papers of a set ask the same in another order."""
    wanted = {(item.exam_id, item.set_number) for item in items if item.exam_id}
    papers = Paper.objects.filter(exam_id__in={exam for exam, _set in wanted}).order_by("-code")
    found: dict[tuple[int | None, int | None], tuple[tuple[int, str], ...]] = {}
    for exam_id, number, layout in papers.values_list("exam_id", "set_number", "layout"):
        if (exam_id, number) in wanted:
            found[(exam_id, number)] = tuple((slot["version"], plain(slot["points"])) for slot in layout)
    return found
