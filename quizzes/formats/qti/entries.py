"""Typed answers of QTI: texts and numbers, from the declaration, the mapping or the rules of the item."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quizzes.formats.markup import decimal, shown
from quizzes.formats.model import ERROR

if TYPE_CHECKING:
    from quizzes.formats.qti.items import AssessmentItem


def typed_gap(
    item: AssessmentItem, interaction: Any, ident: str, *, numeric: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return gap and key of a typed answer."""
    name = item.name(interaction)
    declared = item.processing.declared.get(name)
    kind = declared.get("baseType") if declared is not None else "string"
    numeric = numeric or kind in ("float", "integer")
    rows: dict[str, Decimal] = {}
    case = True
    if declared is not None:
        for entry in declared.iterfind("mapping/mapEntry"):
            worth = decimal(entry.get("mappedValue") or "0") or Decimal(0)
            if worth > 0:
                rows[entry.get("mapKey") or ""] = worth
                case = case and entry.get("caseSensitive", "true") == "true"
    if not rows or "match_correct" in item.processing.template:
        correct = item.correct(interaction)
        if correct:
            rows = {one: Decimal(1) for one in correct}
    if not rows:
        rows, case = _from_rules(item, name, case)
    best = max(rows.values(), default=Decimal(1))
    if numeric:
        return {"id": ident}, _numbers(item, name, rows, best, ident)
    accepted = [
        {"text": text, "share": shown((worth / best).quantize(Decimal("0.0001")))} for text, worth in rows.items()
    ]
    if not accepted:
        item.question.doubt("gap_no_key", ERROR, gap=ident)
    case = case and _case_counts(item, name)
    return {"id": ident}, {"accepted": accepted, "case": case, "accents": True}


def _numbers(item: AssessmentItem, name: str, rows: dict[str, Decimal], best: Decimal, ident: str) -> dict[str, Any]:
    found = [(text, worth, "exact", Decimal(0), Decimal(0)) for text, worth in rows.items()]
    if compared := _compared(item, name):
        found = compared
        best = max((worth for _text, worth, *_width in found), default=Decimal(1))
    accepted = []
    for text, worth, mode, low, high in found:
        value = decimal(text)
        if value is None:
            item.question.doubt("gap_not_a_number", ERROR, gap=ident, text=text[:40])
            continue
        if mode == "relative":
            low, high = abs(value) * low / 100, abs(value) * high / 100
        middle, half = (value - low + value + high) / 2, (low + high) / 2
        share = shown((worth / best).quantize(Decimal("0.0001")))
        accepted.append({"value": shown(middle), "tolerance": shown(half), "share": share})
    if not accepted:
        item.question.doubt("gap_no_key", ERROR, gap=ident)
    return {"accepted": accepted, "numeric": True}


def _compared(item: AssessmentItem, name: str) -> list[tuple[str, Decimal, str, Decimal, Decimal]]:
    """Return (value, worth, tolerance mode, below, above) of the numbers that the rules compare the variable with."""
    found = []
    if item.processing.rules is None:
        return []
    for element in item.processing.comparisons(name):
        if element.tag != "equal":
            continue
        children = list(element)
        mode = element.get("toleranceMode", "exact")
        widths = [decimal(one) or Decimal(0) for one in (element.get("tolerance") or "0").split()] or [Decimal(0)]
        if mode == "exact":
            widths = [Decimal(0)]
        for child in children:
            values: list[str] = []
            if child.tag == "baseValue":
                values = [(child.text or "").strip()]
            elif child.tag == "correct":
                values = list(item.processing.correct.get(child.get("identifier") or "") or ())
            for value in values:
                worth = _worth(item, name, value)
                if worth > 0:
                    found.append((value, worth, mode, widths[0], widths[-1]))
    return found


def _worth(item: AssessmentItem, name: str, value: str) -> Decimal:
    """Return what a value adds to the score of the item."""
    with_it, without = item.score(_Named(name), [value]), item.score(_Named(name), None)
    if with_it is None or without is None:
        return Decimal(1)
    return with_it - without


def _from_rules(item: AssessmentItem, name: str, case: bool) -> tuple[dict[str, Decimal], bool]:
    """Return the texts that the rules compare the variable with."""
    rows: dict[str, Decimal] = {}
    if item.processing.rules is None:
        return rows, case
    for element in item.processing.comparisons(name):
        for child in element:
            if child.tag == "baseValue" and child.text:
                text = child.text.strip()
                worth = _worth(item, name, text)
                if worth > 0:
                    rows[text] = worth
    return rows, case


def _case_counts(item: AssessmentItem, name: str) -> bool:
    if item.processing.rules is None:
        return True
    for element in item.processing.rules.iter("stringMatch"):
        if (
            any(child.get("identifier") == name for child in element)
            and element.get("caseSensitive", "true") == "false"
        ):
            return False
    return True


class _Named:
    """Looks like an interaction that answers into a variable."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get(self, _attribute: str) -> str:
        return self.name
