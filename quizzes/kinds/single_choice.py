"""Single choice: exactly one option is right. Answer ``{"choice": "a"}``, key ``{"correct": "b"}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quizzes.errors import InvalidItemError
from quizzes.kinds.base import OptionKind, register


@register
class SingleChoice(OptionKind):
    name = "single_choice"
    label = _("Single choice")
    template = "quizzes/attempt/kinds/single_choice.html"
    example = {"choice": "a"}

    def clean_key(self, key: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
        if key.get("correct") not in ids:
            raise InvalidItemError(
                _("The question cannot be saved."), fields={"key": [str(_("Mark one option as the right one."))]}
            )
        return {"correct": key["correct"]}

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return {"correct": shown[key["correct"]]}

    def chosen(self, answer: Mapping[str, Any]) -> list[str]:
        return [answer["choice"]]

    def right(self, key: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({key["correct"]})

    def clean_answer(self, answer: Any, lookup: frozenset[str]) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "choice")
        if answer["choice"] is None:
            return None
        return {"choice": self.check_known(answer["choice"], lookup)}

    def read_form(self, data: QueryDict, name: str, lookup: frozenset[str]) -> dict[str, Any] | None:
        value = data.get(name)
        return {"choice": value} if value else None
