"""Items that ask several things of one sort at once: taken apart into items that ask one thing each.

Nothing is read here: every part is an ``assessmentItem`` again, with the text that all share, and goes the way of all
items. An item is taken apart only when trying answers shows that its things are scored apart from each other.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from quizzes.formats.markup import decimal
from quizzes.formats.qti.body import BLOCKS, INLINE
from quizzes.formats.qti.interactions import READERS
from quizzes.formats.qti.processing import NotUnderstoodError, Processing

_BEYOND = (NotUnderstoodError, ArithmeticError, ValueError, IndexError, KeyError)
#: More things than this in one item are a form, not a question.
MOST = 30


def take_apart(root: Any) -> list[Any]:
    """Return the parts of an item as items of their own; the item alone when it is one, or cannot be taken apart."""
    found = _interactions(root)
    if not 1 < len(found) <= MOST or len({one.tag for one in found}) > 1 or found[0].tag not in READERS:
        return [root]
    names = [one.get("responseIdentifier") or "" for one in found]
    if len(set(names)) < len(names) or not _apart(Processing(root), names):
        return [root]
    return [_part(root, index, names) for index in range(len(found))]


def _interactions(root: Any) -> list[Any]:
    body = root.find("itemBody")
    return [] if body is None else [one for one in body.iter(*BLOCKS, *INLINE) if one.tag != "positionObjectStage"]


def _apart(processing: Processing, names: list[str]) -> bool:
    """Whether the right answers together are worth what each is worth alone, and nothing is worth nothing."""
    right = {name: _right(processing, name) for name in names}
    try:
        alone = [processing.score({name: right[name]}) for name in names]
        return (
            processing.score({}) == 0
            and min(alone) > 0
            and processing.score(dict(right)) == sum(alone, Decimal(0))
            and all(
                processing.score({**right, name: None}) == sum(alone, Decimal(0)) - worth
                for name, worth in zip(names, alone, strict=True)
            )
        )
    except _BEYOND:
        return False


def _right(processing: Processing, name: str) -> list[str] | None:
    declared = processing.declared.get(name)
    entries = [] if declared is None else declared.findall("mapping/mapEntry")
    mapped = [one.get("mapKey") or "" for one in entries if (decimal(one.get("mappedValue") or "0") or 0) > 0]
    return processing.correct.get(name) or mapped or None


def _part(root: Any, index: int, names: list[str]) -> Any:
    part = copy.deepcopy(root)
    mine = names[index]
    for key in ("title", "identifier"):
        if root.get(key):
            told = f"{root.get(key)} ({index + 1}/{len(names)})" if key == "title" else f"{root.get(key)}-{index + 1}"
            part.set(key, told)
    _forget_others(part, mine, names)
    for shown in part.findall("modalFeedback"):
        if _speaks_of(root, shown, names) - {mine}:
            part.remove(shown)
    found = _interactions(part)
    units = [_unit(one) for one in found]
    others = [position for position in range(len(units)) if position != index]
    gone = [units[position] for position in others]
    for position in others:
        gone += _lead(found[position], units[position], units, first=position == 0)
    for element in gone:
        if element.getparent() is not None:  # what stands behind it in a line of text goes with it
            element.getparent().remove(element)
    return part


def _forget_others(part: Any, mine: str, names: list[str]) -> None:
    """Leave nothing known of the other things' right answers, so that they are worth nothing when answers are tried."""
    for declared in part.findall("responseDeclaration"):
        if declared.get("identifier") != mine and declared.get("identifier") in names:
            for known in ("correctResponse", "mapping", "areaMapping"):
                for one in declared.findall(known):
                    declared.remove(one)


def _unit(interaction: Any) -> Any:
    """Return the widest part of the text that holds this one interaction alone."""
    unit = interaction
    while (parent := unit.getparent()) is not None and parent.tag != "itemBody":
        if sum(1 for _one in parent.iter(*BLOCKS)) > 1:
            break
        unit = parent
    return unit


def _lead(interaction: Any, unit: Any, units: list[Any], *, first: bool) -> list[Any]:
    """Return what belongs to an interaction of the text before it: all behind the one before.

    Before the first one stands what all share; without a prompt of its own the last paragraph there is its question.
    """
    if first and (interaction.find("prompt") is not None or unit is not interaction):
        return []
    lead: list[Any] = []
    before = unit.getprevious()
    while before is not None and before not in units:
        lead.append(before)
        if first:
            break
        before = before.getprevious()
    return lead


def _speaks_of(root: Any, shown: Any, names: list[str]) -> set[str]:
    """Return the responses on which it depends whether a feedback is shown."""
    outcome = shown.get("outcomeIdentifier") or ""
    rules = root.find("responseProcessing")
    found: set[str] = set()
    for rule in rules.iter("setOutcomeValue") if rules is not None else ():
        if rule.get("identifier") != outcome:
            continue
        top = next((one for one in rule.iterancestors("responseCondition")), rule)
        found |= {one.get("identifier") for one in top.iter() if one.get("identifier") in names}
    return found
