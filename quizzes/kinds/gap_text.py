"""Gap text: words are missing from a text; a gap with choices is chosen, one without is typed.

The text marks its gaps ``[[1]]``. Answer ``{"gaps": {"1": "a", "2": "1930"}}`` (may be partial), key ``{"gaps": {"1":
{"correct": "a"}, "2": {"accepted": […]}}, "scoring": "partial"}``; the accepted answers of a typed gap are those of
short text, or with ``"numeric": true`` those of numeric.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext_lazy as _

from lms.common.html import clean_html, cut_html
from quizzes.engine.registry import ONE
from quizzes.engine.scorers.gaps import GAP_MODES, gap_shares
from quizzes.engine.scorers.numbers import RELATIVE, TOLERANCE_KINDS
from quizzes.kinds.base import Authored, Counted, Kind, Shown, ids, lettered, register, shuffled
from quizzes.kinds.cleaning import (
    Problems,
    answer_text,
    clean_accepted_numbers,
    clean_accepted_texts,
    clean_decimal,
    clean_feedback,
    clean_mode,
    clean_options,
    mapping,
    one_problem,
)
from quizzes.kinds.matching import plain_option
from quizzes.kinds.numeric import number_with_tolerance

MOST_GAPS = 30
MARK = re.compile(r"\[\[\s*([^\[\]/\s]{1,20})\s*\]\]")

type Gaps = Mapping[str, frozenset[str] | None]


@register
class GapText(Kind):
    name = "gap_text"
    label = _("Gap text")
    template = "quizzes/attempt/kinds/gap_text.html"
    review_template = "quizzes/attempt/review/gap_text.html"
    counting = "right"
    example = {"gaps": {"1": "a", "2": "1930"}}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        text = MARK.sub(lambda mark: f"[[{mark[1]}]]", clean_html(str(content.get("text", ""))))
        marks = MARK.findall(text)
        raw = content.get("gaps")
        gaps = {str(mapping(gap).get("id", "")).strip(): mapping(gap) for gap in raw} if isinstance(raw, list) else {}
        if not marks or len(marks) > MOST_GAPS:
            raise one_problem("text", _("Mark 1 to %(most)d gaps in the text: [[1]].") % {"most": MOST_GAPS})
        if (
            len(set(marks)) != len(marks)
            or sorted(marks) != sorted(gaps)
            or len(gaps) != len(raw or ())
            or (
                MARK.findall(strip_tags(text)) != marks  # one stands inside a tag
            )
        ):
            raise one_problem("gaps", _("Each gap must stand in the text exactly once."))
        problems = Problems()
        cleaned = [self._clean_gap(ident, gaps[ident]) for ident in marks]
        keys = mapping(key.get("gaps"))
        compiled = {gap["id"]: self._clean_key(gap, mapping(keys.get(gap["id"])), problems) for gap in cleaned}
        mode = clean_mode(key, GAP_MODES, problems)
        problems.check()
        return Authored(
            {"text": text, "gaps": cleaned}, {"gaps": compiled, "scoring": mode}, clean_feedback(feedback, marks)
        )

    def _clean_gap(self, ident: str, gap: Mapping[str, Any]) -> dict[str, Any]:
        choices = gap.get("choices")
        return {"id": ident, "choices": clean_options(choices)} if choices else {"id": ident}

    def _clean_key(self, gap: Mapping[str, Any], key: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
        where = f"key.{gap['id']}"
        cleaned: dict[str, Any]
        if "choices" in gap:
            if key.get("correct") not in ids(gap["choices"]):
                problems.add(where, _("Mark one option as the right one."))
            cleaned = {"correct": key.get("correct")}
        elif key.get("numeric", False):
            cleaned = {**clean_accepted_numbers(key, where, problems, kinds=TOLERANCE_KINDS), "numeric": True}
        else:
            cleaned = clean_accepted_texts(key, where, problems)
        if "weight" in key:
            cleaned["weight"] = clean_decimal(key["weight"], where, problems, low="0.01", high="100")
        return cleaned

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        numbers = {gap["id"]: str(number) for number, gap in enumerate(content["gaps"], start=1)}
        order = {"gaps": list(numbers)}
        gaps: list[dict[str, Any]] = []
        for gap in content["gaps"]:
            shown: dict[str, Any] = {"id": numbers[gap["id"]]}
            if "choices" in gap:
                choices = shuffled(gap["choices"], seed=seed, stream=f"{stream}/{gap['id']}", shuffle=shuffle)
                order[f"gaps/{gap['id']}"] = ids(choices)
                shown["choices"] = lettered(choices)
            gaps.append(shown)
        text = MARK.sub(lambda mark: f"[[{numbers[mark[1]]}]]", content["text"])
        return Shown({"text": text, "gaps": gaps}, order=order)

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        gaps = {}
        for ident, gap in key["gaps"].items():
            right = {"correct": shown[f"gaps/{ident}/{gap['correct']}"]} if "correct" in gap else {}
            gaps[shown[f"gaps/{ident}"]] = {**gap, **right}
        return {**key, "gaps": gaps}

    def lookup(self, public: Mapping[str, Any]) -> Gaps:
        return {gap["id"]: frozenset(ids(gap["choices"])) if "choices" in gap else None for gap in public["gaps"]}

    def clean_answer(self, answer: Any, lookup: Gaps) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "gaps")
        given = answer["gaps"]
        if not isinstance(given, dict):
            raise self.wrong_shape()
        cleaned = {}
        for ident in sorted(given, key=lambda one: (len(one), one)):
            choices = lookup[self.check_known(ident, lookup)]
            if (text := answer_text(given[ident], self.wrong_shape())) is not None:
                cleaned[ident] = text if choices is None else self.check_known(text, choices)
        return {"gaps": cleaned} if cleaned else None

    def read_form(self, data: QueryDict, name: str, lookup: Gaps) -> dict[str, Any] | None:
        given = {ident: text for ident in lookup if (text := data.get(f"{name}-{ident}", "").strip())}
        return {"gaps": given} if given else None

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        given = answer["gaps"] if answer else {}
        gaps = {
            gap["id"]: {
                "id": gap["id"],
                "given": given.get(gap["id"], ""),
                "choices": [{"id": one["id"], "text": plain_option(one)} for one in gap.get("choices", [])],
            }
            for gap in question["gaps"]
        }
        return {"pieces": pieces(question["text"], gaps)}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        given = answer["gaps"] if answer else {}
        shares = gap_shares(key, {"gaps": given}) if key else {}
        gaps = {}
        for gap in question["gaps"]:
            ident = gap["id"]
            choices = {one["id"]: plain_option(one) for one in gap.get("choices", [])}
            text = given.get(ident, "")
            gaps[ident] = {
                "id": ident,
                "given": choices.get(text, text),
                "known": key is not None,
                "good": shares.get(ident) == ONE,
                "right": accepted_in_gap(key["gaps"][ident], choices) if key else "",
                "note": notes.get(ident, ""),
            }
        return {"pieces": pieces(question["text"], gaps), "gaps": list(gaps.values()), "known": key is not None}

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return [f"gaps/{ident}" for ident, earned in gap_shares(key, answer).items() if earned == ONE]

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        rows = []
        for number, gap in enumerate(content["gaps"], start=1):
            choices = {one["id"]: plain_option(one) for one in gap.get("choices", [])}
            right = accepted_in_gap(key["gaps"][gap["id"]], choices)
            rows.append(Counted(f"gaps/{gap['id']}", str(number), escape(right), None))
        return rows


def pieces(text: str, gaps: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Cut the text at its gaps: ``[{"html": …}, {"gap": …}, …]``, to be written one after the other."""
    parts: list[dict[str, Any]] = []
    for index, part in enumerate(cut_html(text, MARK)):
        if index % 2:
            parts.append({"gap": gaps[part]})
        elif part:
            parts.append({"html": part})
    return parts


def accepted_in_gap(key: Mapping[str, Any], choices: Mapping[str, str]) -> str:
    """Return what is right in a gap as one line of plain text."""
    if "correct" in key:
        return choices[key["correct"]]
    full = [one for one in key["accepted"] if Decimal(one["share"]) == ONE]
    if key.get("numeric", False):
        relative = key.get("tolerance_kind") == RELATIVE
        return " / ".join(number_with_tolerance(one, relative=relative) for one in full)
    return " / ".join(one["text"] for one in full)
