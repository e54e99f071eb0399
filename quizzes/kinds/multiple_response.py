"""Multiple response: one or more options are right.

Answer ``{"choices": ["a", "c"]}``, key ``{"correct": ["a", "c"], "scoring": "all_or_nothing"}``; the ways of
scoring are explained in :func:`quizzes.engine.scorers.choices.multiple_response`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quizzes.engine.scoring import ALL_OR_NOTHING, MULTIPLE_MODES
from quizzes.errors import InvalidItemError
from quizzes.kinds.base import OptionKind, register


@register
class MultipleResponse(OptionKind):
    name = "multiple_response"
    label = _("Multiple response")
    template = "quizzes/attempt/kinds/multiple_response.html"
    example = {"choices": ["a", "c"]}

    def clean_key(self, key: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
        correct = key.get("correct")
        problems = []
        if not isinstance(correct, list) or not correct or any(ident not in ids for ident in correct):
            problems.append(str(_("Mark at least one option as right.")))
        mode = key.get("scoring", ALL_OR_NOTHING)
        if mode not in MULTIPLE_MODES:
            problems.append(str(_("There is no such way of scoring.")))
        if problems:
            raise InvalidItemError(_("The question cannot be saved."), fields={"key": problems})
        return {"correct": [ident for ident in ids if ident in (correct or ())], "scoring": mode}

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return {**key, "correct": sorted(shown[ident] for ident in key["correct"])}

    def chosen(self, answer: Mapping[str, Any]) -> list[str]:
        return list(answer["choices"])

    def right(self, key: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(key["correct"])

    def clean_answer(self, answer: Any, lookup: frozenset[str]) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "choices")
        choices = answer["choices"]
        if not isinstance(choices, list) or len(choices) > len(lookup):
            raise self.wrong_shape()
        cleaned = sorted({self.check_known(letter, lookup) for letter in choices})
        return {"choices": cleaned} if cleaned else None

    def read_form(self, data: QueryDict, name: str, lookup: frozenset[str]) -> dict[str, Any] | None:
        values = data.getlist(name)
        return {"choices": values} if values else None
