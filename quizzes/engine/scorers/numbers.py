"""Numbers as people in Vietnam write them: 3,5 · 3.5 · 1.234,5 · 1 234,5 · 1,234.5 · 1/2 · 2,5 tiết."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizzes.engine.registry import ZERO, scorer

ABSOLUTE = "absolute"
RELATIVE = "relative"
TOLERANCE_KINDS = (ABSOLUTE, RELATIVE)
MAX_LENGTH = 100

_MINUS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"⁄": "/", "’": "'"})
# A number, then perhaps a unit: any words that do not begin with a figure ("tiết", "%", "m2", "đồng/tháng").
_SHAPE = re.compile(
    r"(?P<sign>[+-]?)\s*(?:(?P<above>[0-9]+)\s*/\s*(?P<below>[0-9]+)"
    r"|(?P<body>[0-9.,][0-9.,'\s]*?)(?:[eE](?P<power>[+-]?[0-9]{1,2}))?)"
    r"[.,;]?\s*(?P<unit>[^\W\d_].*|[%‰°].*|)[.;]?",
    re.DOTALL,
)
_AROUND_MARKS = re.compile(r"(?<!\s)\s*+([.,])\s*+")
# A raised figure behind a figure is a power (10² is not 102), a fraction sign a mixed number (1½ is not 11/2).
_RAISED = re.compile("[0-9]\\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_MIXED = re.compile("(?<![0-9])(?P<whole>[0-9]++)\\s*+(?P<sign>[¼½¾⅐-⅞])")
# Figures that belong to a unit: m2, CO2, người/100 dân. Any other is a second answer: "5 hoặc 7" is no number.
_IN_UNIT = re.compile(r"(?<![^\W_])(?:(?:[kcdhm]|da)?m|CO)[23](?![^\W_])|/\s?[0-9]+")
_FIGURE = re.compile("[0-9]")


def readings(text: str) -> frozenset[Fraction]:
    """Return every number that ``text`` may mean; empty when it is no number.

    A point or comma alone before exactly three figures may be either mark: "1.234" is 1234 and 1.234. Everything
    else has one reading; groups must be of three figures. A unit behind the number is ignored; a second number there
    ("5 hoặc 7") makes it none.

    >>> sorted(map(float, readings("1.234")))
    [1.234, 1234.0]
    """
    typed = _MIXED.sub(_improper, text[:MAX_LENGTH])
    if _RAISED.search(typed):
        return frozenset()
    plain = unicodedata.normalize("NFKC", typed).translate(_MINUS).strip()
    found = _SHAPE.fullmatch(plain)
    if found is None or _FIGURE.search(_IN_UNIT.sub("", found["unit"])):
        return frozenset()
    sign = -1 if found["sign"] == "-" else 1
    if found["above"]:
        return frozenset({sign * Fraction(int(found["above"]), int(found["below"]))} if int(found["below"]) else ())
    power = Fraction(10) ** int(found["power"] or 0)
    body = " ".join(_AROUND_MARKS.sub(r"\1", found["body"]).rstrip(".,").split())
    return frozenset(sign * power * value for value in _values(body))


def _improper(found: re.Match[str]) -> str:
    """Return a mixed number as one fraction: ``1½`` is ``3/2``."""
    above, _line, below = unicodedata.normalize("NFKC", found["sign"]).partition("⁄")
    return f"{int(found['whole']) * int(below) + int(above)}/{below}"


def _values(body: str) -> set[Fraction]:
    """Return what figures with points and commas mean; a space or an apostrophe sets off groups of three."""
    for space in " '":
        if space in body:
            whole = re.split("[.,]", body, maxsplit=1)[0]
            if not _groups(whole, space) or space in body[len(whole) :]:
                return set()
            body = body.replace(space, "")
    marks = [char for char in body if char in ".,"]
    if not marks:
        return {Fraction(body)} if body else set()
    last = marks[-1]
    whole, _mark, rest = body.rpartition(last)
    if len(set(marks)) == 2:
        other = marks[0]
        if marks.count(last) > 1 or not _groups(whole, other):
            return set()
        return {Fraction(f"{whole.replace(other, '')}.{rest}")}
    if len(marks) > 1:
        return {Fraction(body.replace(last, ""))} if _groups(body, last) else set()
    values = {Fraction(f"{whole or 0}.{rest}")}
    if len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        values.add(Fraction(whole + rest))
    return values


def _groups(text: str, mark: str) -> bool:
    """Whether ``text`` is a whole number in groups of three figures set off by ``mark``."""
    first, *others = text.split(mark)
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in others)


@scorer("numeric")
def numeric(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"accepted": [{"value", "tolerance", "share"}], "tolerance_kind"}``, answer ``{"number": "3,5"}``.

    A number is right within the tolerance, ends included; a relative tolerance is a share of the value. An answer
    with two readings is right when either is.
    """
    return number_share(key, answer["number"])


def number_share(key: Mapping[str, Any], text: str) -> Decimal:
    """Return the best share that the key's accepted values give ``text``; also for the gaps of a gap text."""
    found = readings(text)
    relative = key.get("tolerance_kind", ABSOLUTE) == RELATIVE
    best = ZERO
    for accepted in key["accepted"]:
        value, tolerance = Fraction(accepted["value"]), Fraction(accepted.get("tolerance", "0"))
        if relative:
            tolerance *= abs(value)
        if any(abs(one - value) <= tolerance for one in found):
            best = max(best, Decimal(accepted.get("share", 1)))
    return best
