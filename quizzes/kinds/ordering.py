"""Ordering: lines are put into their right order; a paper never shows them in it.

Answer ``{"order": ["c", "a", "b"]}``, key ``{"order": ["c", "a", "b"], "scoring": "all_or_nothing"}``. With two
lines the other order would be the right one on every paper, so there are at least three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.common.text import whole_number
from quizzes.engine.scorers.arrangements import ORDERING_MODES, placed_rightly
from quizzes.kinds.base import Authored, Counted, Kind, Shown, ids, lettered, register, shuffled
from quizzes.kinds.cleaning import Problems, clean_feedback, clean_mode, clean_options


@register
class Ordering(Kind):
    name = "ordering"
    label = _("Ordering")
    template = "quizzes/attempt/kinds/ordering.html"
    review_template = "quizzes/attempt/review/ordering.html"
    counting = "right"
    example = {"order": ["c", "a", "b"]}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        options = clean_options(content.get("options"), least=3, can_be_fixed=False)
        known = ids(options)
        problems = Problems()
        order = key.get("order")
        if not isinstance(order, list) or sorted(map(str, order)) != sorted(known):
            problems.add("key", _("Name each line once, in the right order."))
            order = []
        mode = clean_mode(key, ORDERING_MODES, problems)
        problems.check()
        return Authored(
            {"options": options},
            {"order": [str(ident) for ident in order], "scoring": mode},
            clean_feedback(feedback, known),
        )

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        right = list(key["order"]) if key else []
        options, again = shuffled(content["options"], seed=seed, stream=stream, shuffle=True), 0
        while ids(options) == right:
            again += 1
            options = shuffled(content["options"], seed=seed, stream=f"{stream}/{again}", shuffle=True)
        return Shown({"options": lettered(options)}, ids(options))

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return {**key, "order": [shown[ident] for ident in key["order"]]}

    def lookup(self, public: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(ids(public["options"]))

    def clean_answer(self, answer: Any, lookup: tuple[str, ...]) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "order")
        order = answer["order"]
        if not isinstance(order, list):
            raise self.wrong_shape()
        cleaned = [self.check_known(letter, lookup) for letter in order]
        if len(set(cleaned)) != len(cleaned):
            raise self.wrong_shape()
        return {"order": cleaned} if cleaned else None

    def read_form(self, data: QueryDict, name: str, lookup: tuple[str, ...]) -> dict[str, Any] | None:
        """Read a place for each line; lines without one fill what is left, two at one place keep the order shown."""
        places = {}
        for letter in lookup:
            if (place := whole_number(data.get(f"{name}-{letter}", ""))) is not None:
                places[letter] = place
        if not places:
            return None
        order = sorted(places, key=lambda letter: (places[letter], lookup.index(letter)))
        waiting = [letter for letter in lookup if letter not in places]
        complete: list[str] = []
        while order or waiting:
            take = order if order and (not waiting or places[order[0]] <= len(complete) + 1) else waiting
            complete.append(take.pop(0))
        return {"order": complete}

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        given = answer["order"] if answer else []
        options = {one["id"]: one for one in question["options"]}
        lines = [*given, *(ident for ident in options if ident not in given)]
        return {
            "lines": [
                {**options[ident], "place": place if ident in given else None}
                for place, ident in enumerate(lines, start=1)
            ],
            "places": range(1, len(options) + 1),
        }

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        options = {one["id"]: one for one in question["options"]}
        given = answer["order"] if answer else []
        right = key["order"] if key else []
        return {
            "known": key is not None,
            "given": [
                {**options[ident], "good": place < len(right) and right[place] == ident}
                for place, ident in enumerate(given)
            ],
            "right": [options[ident] for ident in right] if right != given else [],
        }

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return placed_rightly(key, answer)

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        options = {one["id"]: one for one in content["options"]}
        return [
            Counted(ident, str(place), options[ident]["html"], None)
            for place, ident in enumerate(key["order"], start=1)
        ]
