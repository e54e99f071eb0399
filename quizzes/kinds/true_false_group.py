"""True/false group: each statement is judged by itself; a scale says what a number of right judgements earns.

Answer ``{"statements": {"1": true, "2": false}}`` (may be partial), key ``{"true": ["1", "3"], "scale": […]}``. The
scale of four statements is the national one unless another is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quizzes.engine.scorers.choices import judged_rightly, national_scale
from quizzes.kinds.base import Authored, Counted, Kind, Shown, ids, numbered, register, shuffled
from quizzes.kinds.cleaning import Problems, clean_decimal, clean_feedback, clean_parts

MOST = 10


@register
class TrueFalseGroup(Kind):
    name = "true_false_group"
    label = _("True/false group")
    template = "quizzes/attempt/kinds/true_false_group.html"
    review_template = "quizzes/attempt/review/true_false_group.html"
    counting = "right"
    example = {"statements": {"1": True, "2": False}}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        wanted = _("Give 2 to %(most)d statements.") % {"most": MOST}
        statements = clean_parts(content.get("statements"), "statements", least=2, most=MOST, wanted=wanted)
        known = ids(statements)
        problems = Problems()
        true = key.get("true")
        if not isinstance(true, list) or any(ident not in known for ident in true):
            problems.add("key", _("Mark which statements are true."))
            true = []
        scale = self._clean_scale(key.get("scale"), len(known), problems)
        problems.check()
        return Authored(
            {"statements": statements},
            {"true": [ident for ident in known if ident in true], "scale": scale},
            clean_feedback(feedback, known),
        )

    def _clean_scale(self, raw: Any, count: int, problems: Problems) -> list[str]:
        if raw is None:
            return national_scale(count)
        if not isinstance(raw, list) or len(raw) != count + 1:
            problems.add("key", _("The scale needs %(count)d values: for 0, 1, 2 … right.") % {"count": count + 1})
            return []
        scale = [clean_decimal(value, "key", problems, low="0", high="1") for value in raw]
        values = [Decimal(value) for value in scale]
        if values[0] != 0 or values[-1] != 1 or any(one > other for one, other in pairwise(values)):
            problems.add("key", _("The scale must start at 0, end at 1 and never fall."))
        return scale

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        statements = shuffled(content["statements"], seed=seed, stream=stream, shuffle=shuffle)
        return Shown({"statements": numbered(statements)}, order={"statements": ids(statements)})

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return {**key, "true": sorted((shown[f"statements/{ident}"] for ident in key["true"]), key=int)}

    def lookup(self, public: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(ids(public["statements"]))

    def clean_answer(self, answer: Any, lookup: frozenset[str]) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "statements")
        given = answer["statements"]
        if not isinstance(given, dict):
            raise self.wrong_shape()
        cleaned = {}
        for ident in sorted(given, key=lambda one: (len(one), one)):
            self.check_known(ident, lookup)
            if given[ident] is None:
                continue
            if not isinstance(given[ident], bool):
                raise self.wrong_shape()
            cleaned[ident] = given[ident]
        return {"statements": cleaned} if cleaned else None

    def read_form(self, data: QueryDict, name: str, lookup: frozenset[str]) -> dict[str, Any] | None:
        given = {ident: data[f"{name}-{ident}"] == "1" for ident in lookup if data.get(f"{name}-{ident}") in ("0", "1")}
        return {"statements": given} if given else None

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        given = answer["statements"] if answer else {}
        return {"statements": [{**one, "given": given.get(one["id"])} for one in question["statements"]]}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        given = answer["statements"] if answer else {}
        return {
            "statements": [
                {
                    **one,
                    "given": given.get(one["id"]),
                    "right": one["id"] in key["true"] if key else None,
                    "good": key is not None and given.get(one["id"]) is (one["id"] in key["true"]),
                    "note": notes.get(one["id"], ""),
                }
                for one in question["statements"]
            ]
        }

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return [f"statements/{ident}" for ident in judged_rightly(key, answer)]

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        return [
            Counted(f"statements/{one['id']}", str(number), one["html"], None)
            for number, one in enumerate(content["statements"], start=1)
        ]
