"""Response processing, as far as scoring needs it: a small interpreter.

Whether an item's scoring is ours is found by trying answers, not by comparing markup: publishers write the same rule in
many ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from quizzes.formats.markup import decimal

type Value = list[str] | None  # every value is a list of its members; None is NULL

_MATCH, _MAP, _POINT = "match_correct", "map_response", "map_response_point"
MAX_STEPS = 20_000
#: For all the answers together that are tried on one item: readers try some for every option and every gap.
MAX_STEPS_OF_ITEM = 200_000


class NotUnderstoodError(Exception):
    """An expression that scoring of ours cannot follow; the text names it."""


class Mapping:
    """The worth of the values of a response: a ``mapping`` by its keys, the first entry of a key counts."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self._exact: dict[str, tuple[int, Decimal]] = {}
        self._folded: dict[str, tuple[int, Decimal]] = {}
        self.fallback = Decimal(0)
        if element is None:
            return
        self.fallback = decimal(element.get("defaultValue") or "0") or Decimal(0)
        for index, entry in enumerate(element.iterfind("mapEntry")):
            key = re.sub(r"\s+", " ", entry.get("mapKey") or "").strip()
            found = (index, _attribute(entry, "mappedValue"))
            if entry.get("caseSensitive", "true") == "false":
                self._folded.setdefault(key.casefold(), found)
            else:
                self._exact.setdefault(key, found)

    def worth(self, values: Iterable[str]) -> Decimal:
        """Return what values are worth together, within the bounds of the mapping."""
        if self.element is None:
            return Decimal(0)
        total = Decimal(0)
        for value in values:
            hits = [one for one in (self._exact.get(value), self._folded.get(value.casefold())) if one is not None]
            total += min(hits)[1] if hits else self.fallback
        return _bounded(total, self.element)


class Processing:
    """The declarations and rules of one item."""

    def __init__(self, item: Any) -> None:
        self.item = item
        self.rules = item.find("responseProcessing")
        self.declared = {one.get("identifier"): one for one in item.findall("responseDeclaration")}
        self.correct = {name: _values(one.find("correctResponse")) for name, one in self.declared.items()}
        self.defaults: dict[str, Value] = {}
        for outcome in item.findall("outcomeDeclaration"):
            found = _values(outcome.find("defaultValue"))
            numeric = outcome.get("baseType") in ("float", "integer")
            self.defaults[outcome.get("identifier")] = found or (["0"] if numeric else None)
        self._steps = 0
        self._budget = MAX_STEPS_OF_ITEM
        self._mappings: dict[str, Mapping] = {}
        self._comparisons: dict[str, list[Any]] | None = None

    @property
    def template(self) -> str:
        """The name of the standard template that the item uses, if any."""
        address = (self.rules.get("template") or "") if self.rules is not None else ""
        return re.sub(r"\.xml$", "", address.rpartition("/")[2])

    @property
    def scored(self) -> bool:
        """Whether the item says anything about scoring."""
        return self.rules is not None and bool(self.template or len(self.rules))

    def run(self, answers: dict[str, Value]) -> dict[str, Value]:
        """Return the outcomes for these answers.

        Raises:
            NotUnderstoodError: the rules use what is not known here.
        """
        self._steps = 0
        outcomes = dict(self.defaults)
        scope = {name: answers.get(name) for name in self.declared}
        if self.rules is None:
            return outcomes
        if self.template and not len(self.rules):
            self._template(scope, outcomes)
            return outcomes
        self._run_all(self.rules, scope, outcomes)
        return outcomes

    def score(self, answers: dict[str, Value]) -> Decimal:
        """Return SCORE, or where the item has no such outcome the sum of what it calls scores."""
        outcomes = self.run(answers)
        if outcomes.get("SCORE"):
            return _number(outcomes["SCORE"])
        found = [value for name, value in outcomes.items() if name and "SCORE" in name.upper() and "MAX" not in name]
        return sum((_number(value) for value in found), Decimal(0))

    def _template(self, scope: dict[str, Value], outcomes: dict[str, Value]) -> None:
        name = self.template.lower()
        response = "RESPONSE" if "RESPONSE" in self.declared else next(iter(self.declared), "")
        if _POINT in name:
            outcomes["SCORE"] = [str(self._map_point(response, scope))]
        elif _MAP in name:
            outcomes["SCORE"] = [str(self._map(response, scope))]
        elif "match" in name or "correct" in name:
            outcomes["SCORE"] = ["1" if self._same(scope[response], self.correct[response], response) else "0"]
        else:
            raise NotUnderstoodError(self.template)

    def _run_all(self, parent: Any, scope: dict[str, Value], outcomes: dict[str, Value]) -> bool:
        return any(self._rule(element, scope, outcomes) for element in parent)

    def _rule(self, element: Any, scope: dict[str, Value], outcomes: dict[str, Value]) -> bool:
        """Run one rule; true means that processing is over."""
        self._step(1)
        match element.tag:
            case "responseCondition":
                for branch in element:
                    if branch.tag == "responseElse":
                        return self._run_all(branch, scope, outcomes)
                    if self._truth(branch[0], scope, outcomes):
                        return any(self._rule(rule, scope, outcomes) for rule in branch[1:])
                return False
            case "setOutcomeValue":
                outcomes[element.get("identifier")] = self._value(element[0], scope, outcomes)
                return False
            case "responseProcessingFragment":
                return self._run_all(element, scope, outcomes)
            case "exitResponse":
                return True
            case "lookupOutcomeValue":
                raise NotUnderstoodError(element.tag)
            case _:
                raise NotUnderstoodError(str(element.tag))

    def _truth(self, element: Any, scope: dict[str, Value], outcomes: dict[str, Value]) -> bool:
        return self._value(element, scope, outcomes) == ["true"]

    def _value(self, element: Any, scope: dict[str, Value], outcomes: dict[str, Value]) -> Value:
        self._step(1)
        name = element.get("identifier") or ""
        match element.tag:
            case "variable":
                return scope[name] if name in scope else outcomes.get(name)
            case "correct":
                return self.correct.get(name)
            case "default":
                return self.defaults.get(name)
            case "baseValue":
                return [(element.text or "").strip()]
            case "null":
                return None
            case "mapResponse":
                return [str(self._map(name, scope))]
            case "mapResponsePoint":
                return [str(self._map_point(name, scope))]
        values = [self._value(child, scope, outcomes) for child in element]
        self._step(sum(len(value) for value in values if value))
        return self._operator(element, values, element)

    def _step(self, count: int) -> None:
        """Count work; a rule without end, or an item whose rules are dear to try so often, is not followed."""
        self._steps += count
        self._budget -= count
        if self._steps > MAX_STEPS or self._budget < 0:
            raise NotUnderstoodError("too long")

    def comparisons(self, name: str) -> list[Any]:
        """Return the rules that compare a variable with something, in order."""
        if self._comparisons is None:
            self._comparisons = {}
            for element in self.rules.iter("match", "stringMatch", "equal") if self.rules is not None else ():
                for one in dict.fromkeys(child.get("identifier") for child in element if child.tag == "variable"):
                    self._comparisons.setdefault(one or "", []).append(element)
        return self._comparisons.get(name, [])

    def _operator(self, element: Any, values: list[Value], source: Any) -> Value:  # noqa: C901 (one case each)
        first = values[0] if values else None
        second = values[1] if len(values) > 1 else None
        match element.tag:
            case "multiple" | "ordered":
                members = [one for value in values for one in value or ()]
                return members or None
            case "and":
                return _bool(all(value == ["true"] for value in values))
            case "or":
                return _bool(any(value == ["true"] for value in values))
            case "not":
                return None if first is None else _bool(first != ["true"])
            case "isNull":
                return _bool(not first or first == [""])
            case "match":
                return None if first is None or second is None else _bool(self._equal(first, second, source))
            case "equal" | "equalRounded":
                return _bool(_near(first, second, element))
            case "stringMatch":
                same = element.get("caseSensitive", "true") == "true"
                left, right = "".join(first or ()), "".join(second or ())
                hit = left == right if same else left.casefold() == right.casefold()
                return _bool(hit or (element.get("substring") == "true" and right.casefold() in left.casefold()))
            case "member":
                return _bool(bool(first) and bool(second) and first[0] in second)  # type: ignore[index,operator]
            case "contains":
                return _bool(bool(first) and set(second or ()) <= set(first or ()))
            case "containerSize":
                return [str(len(first or ()))]
            case "sum":
                return [str(sum((_number(value) for value in values), Decimal(0)))]
            case "product":
                total = Decimal(1)
                for value in values:
                    total *= _number(value)
                return [str(total)]
            case "subtract":
                return [str(_number(first) - _number(second))]
            case "divide":
                return [str(_number(first) / _number(second))] if _number(second) else None
            case "gt" | "gte" | "lt" | "lte":
                one, two = _number(first), _number(second)
                return _bool({"gt": one > two, "gte": one >= two, "lt": one < two, "lte": one <= two}[element.tag])
            case "min" | "max":
                numbers = [_number(value) for value in values]
                return [str(min(numbers) if element.tag == "min" else max(numbers))]
            case "truncate" | "round" | "integerToFloat":
                return [str(int(_number(first)))] if element.tag != "integerToFloat" else first
            case "index":
                place = int(element.get("n", "1")) - 1
                return [first[place]] if first and 0 <= place < len(first) else None
        raise NotUnderstoodError(str(element.tag))

    def _equal(self, first: list[str], second: list[str], element: Any) -> bool:
        response = next((child.get("identifier") for child in element if child.get("identifier") in self.declared), "")
        return self._same(first, second, response)

    def _same(self, first: Value, second: Value, response: str) -> bool:
        if not first or not second:
            return False
        declared = self.declared.get(response)
        cardinality = declared.get("cardinality") if declared is not None else "single"
        kind = declared.get("baseType") if declared is not None else ""
        left, right = list(first), list(second)
        if kind in ("float", "integer"):
            left, right = [str(_number([one])) for one in left], [str(_number([one])) for one in right]
        if kind == "pair":
            left, right = (["|".join(sorted(one.split())) for one in side] for side in (left, right))
        return left == right if cardinality == "ordered" else sorted(left) == sorted(right)

    def _map(self, name: str, scope: dict[str, Value]) -> Decimal:
        if name not in self._mappings:
            found = self.declared[name].find("mapping") if name in self.declared else None
            self._mappings[name] = Mapping(found)
        values = dict.fromkeys(scope.get(name) or ())
        self._step(len(values))
        return self._mappings[name].worth(values)

    def _map_point(self, name: str, scope: dict[str, Value]) -> Decimal:
        from quizzes.formats.qti.areas import inside

        mapping = self.declared[name].find("areaMapping") if name in self.declared else None
        if mapping is None:
            return Decimal(0)
        total = Decimal(0)
        for value in scope.get(name) or ():
            entries = mapping.findall("areaMapEntry")
            self._step(len(entries))
            entry = next((one for one in entries if inside(one, value)), None)
            total += _attribute(entry, "mappedValue") if entry is not None else _attribute(mapping, "defaultValue")
        return _bounded(total, mapping)


def _values(element: Any) -> Value:
    if element is None:
        return None
    found = [re.sub(r"\s+", " ", (one.text or "")).strip() for one in element.iterfind("value")]
    return found or None


def _attribute(element: Any, name: str) -> Decimal:
    return decimal(element.get(name) or "0") or Decimal(0)


def _bounded(total: Decimal, mapping: Any) -> Decimal:
    low, high = mapping.get("lowerBound"), mapping.get("upperBound")
    if low is not None:
        total = max(total, decimal(low) or Decimal(0))
    if high is not None:
        total = min(total, decimal(high) or Decimal(0))
    return total


def _bool(value: bool) -> Value:
    return ["true"] if value else ["false"]


def _number(value: Value) -> Decimal:
    return (decimal(value[0]) or Decimal(0)) if value else Decimal(0)


def _near(first: Value, second: Value, element: Any) -> bool:
    if not first or not second:
        return False
    left, right = _number(first), _number(second)
    mode = element.get("toleranceMode", "exact")
    if mode == "exact" or element.tag == "equalRounded":
        if element.tag == "equalRounded":
            figures = int(element.get("figures", "3")) if element.get("figures", "3").isdigit() else 3
            return round(left, figures) == round(right, figures)
        return left == right
    widths = [decimal(one) or Decimal(0) for one in (element.get("tolerance") or "0").split()] or [Decimal(0)]
    low, high = widths[0], widths[-1]
    if mode == "relative":
        low, high = abs(left) * low / 100, abs(left) * high / 100
    return left - low <= right <= left + high
