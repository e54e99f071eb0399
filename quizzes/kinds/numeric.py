"""Numeric: a number is typed, right within a tolerance.

Answer ``{"number": "3,5"}``, key ``{"accepted": [{"value", "tolerance", "share"}], "tolerance_kind"}``; how numbers
are read is explained in :mod:`quizzes.engine.scorers.numbers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.text import normalise
from quizzes.engine.registry import ONE
from quizzes.engine.scorers.numbers import MAX_LENGTH, RELATIVE, TOLERANCE_KINDS
from quizzes.kinds.base import Authored, Shown, register
from quizzes.kinds.cleaning import Problems, clean_accepted_numbers, clean_feedback, written
from quizzes.kinds.typed import TypedKind

LONGEST_UNIT = 40


@register
class Numeric(TypedKind):
    name = "numeric"
    label = pgettext_lazy("kind of question", "Number")
    template = "quizzes/attempt/kinds/numeric.html"
    example = {"number": "3,5"}
    field = "number"
    longest = MAX_LENGTH

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        problems = Problems()
        unit = normalise(str(content.get("unit", "")))
        if len(unit) > LONGEST_UNIT:
            problems.add("unit", _("The unit has at most %(most)d characters.") % {"most": LONGEST_UNIT})
        cleaned = clean_accepted_numbers(key, "key", problems, kinds=TOLERANCE_KINDS)
        problems.check()
        return Authored({"unit": unit} if unit else {}, cleaned, clean_feedback(feedback, []))

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        return Shown({"unit": content.get("unit", "")})

    def accepted(self, question: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
        relative = key.get("tolerance_kind") == RELATIVE
        return [
            number_with_tolerance(one, relative=relative) for one in key["accepted"] if Decimal(one["share"]) == ONE
        ]


def number_with_tolerance(accepted: Mapping[str, str], *, relative: bool) -> str:
    """Return an accepted number as it is read in Vietnam: ``3,5 ± 0,1``.

    >>> number_with_tolerance({"value": "3.5", "tolerance": "0.1"}, relative=False)
    '3,5 ± 0,1'
    """
    tolerance = Decimal(accepted.get("tolerance", "0"))
    text = accepted["value"]
    if tolerance:
        text += f" ± {written(tolerance * 100)} %" if relative else f" ± {written(tolerance)}"
    return text.replace(".", ",")
