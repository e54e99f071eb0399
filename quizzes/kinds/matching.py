"""Matching: each prompt is given one of the options; there may be more options than prompts.

Answer ``{"pairs": {"1": "b"}}`` (may be partial), key ``{"pairs": {"1": "b"}, "scoring": "partial"}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from quizzes.engine.scorers.arrangements import MATCHING_MODES, paired_rightly
from quizzes.engine.texts import plain_text
from quizzes.kinds.base import Authored, Counted, Kind, Shown, ids, lettered, numbered, register, shuffled
from quizzes.kinds.cleaning import Problems, clean_feedback, clean_mode, clean_options, clean_parts, mapping

MOST_PROMPTS = 20
# An option up to this long, without markup, is shown in the list of choices alone.
SHORT = 60


class Sides(NamedTuple):
    """The prompts and the options that a question has."""

    prompts: frozenset[str]
    options: frozenset[str]


@register
class Matching(Kind):
    name = "matching"
    label = _("Matching")
    template = "quizzes/attempt/kinds/matching.html"
    review_template = "quizzes/attempt/review/matching.html"
    counting = "right"
    example = {"pairs": {"1": "b", "2": "a"}}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        wanted = _("Give 1 to %(most)d prompts.") % {"most": MOST_PROMPTS}
        prompts = clean_parts(
            content.get("prompts"), "prompts", least=1, most=MOST_PROMPTS, wanted=wanted, can_be_fixed=False
        )
        options = clean_options(content.get("options"))
        known = ids(options)
        problems = Problems()
        raw = mapping(key.get("pairs"))
        pairs = {ident: raw.get(ident) for ident in ids(prompts)}
        if any(option not in known for option in pairs.values()) or not set(raw) <= set(pairs):
            problems.add("key", _("Give each prompt its option."))
        mode = clean_mode(key, MATCHING_MODES, problems)
        problems.check()
        return Authored(
            {"prompts": prompts, "options": options},
            {"pairs": pairs, "scoring": mode},
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
        prompts = shuffled(content["prompts"], seed=seed, stream=f"{stream}/prompts", shuffle=shuffle)
        # Authors write each option beside its prompt, so their order says too much: it is always shuffled.
        options = shuffled(content["options"], seed=seed, stream=stream, shuffle=True)
        public = {"prompts": numbered(prompts), "options": lettered(options)}
        return Shown(public, ids(options), {"prompts": ids(prompts)})

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        pairs = {shown[f"prompts/{prompt}"]: shown[option] for prompt, option in key["pairs"].items()}
        return {**key, "pairs": dict(sorted(pairs.items(), key=lambda pair: int(pair[0])))}

    def lookup(self, public: Mapping[str, Any]) -> Sides:
        return Sides(frozenset(ids(public["prompts"])), frozenset(ids(public["options"])))

    def clean_answer(self, answer: Any, lookup: Sides) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "pairs")
        given = answer["pairs"]
        if not isinstance(given, dict):
            raise self.wrong_shape()
        cleaned = {}
        for prompt in sorted(given, key=lambda one: (len(one), one)):
            self.check_known(prompt, lookup.prompts)
            if given[prompt] is not None:
                cleaned[prompt] = self.check_known(given[prompt], lookup.options)
        return {"pairs": cleaned} if cleaned else None

    def read_form(self, data: QueryDict, name: str, lookup: Sides) -> dict[str, Any] | None:
        given = {prompt: data[f"{name}-{prompt}"] for prompt in lookup.prompts if data.get(f"{name}-{prompt}")}
        return {"pairs": given} if given else None

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        given = answer["pairs"] if answer else {}
        options = [{**one, "text": plain_option(one)} for one in question["options"]]
        return {
            "prompts": [{**one, "given": given.get(one["id"], "")} for one in question["prompts"]],
            "options": options,
            "listed": any(one["text"] != unescape(one["html"]) for one in options),
        }

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        given = answer["pairs"] if answer else {}
        options = {one["id"]: one for one in question["options"]}
        right = key["pairs"] if key else {}
        return {
            "known": key is not None,
            "prompts": [
                {
                    **one,
                    "given": options.get(given.get(one["id"], "")),
                    "right": options.get(right.get(one["id"], "")),
                    "good": key is not None and given.get(one["id"]) == right[one["id"]],
                }
                for one in question["prompts"]
            ],
            "notes": [{**options[ident], "note": note} for ident, note in sorted(notes.items()) if ident in options],
        }

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return [f"prompts/{prompt}" for prompt in paired_rightly(key, answer)]

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        return [
            Counted(f"prompts/{one['id']}", str(number), one["html"], None)
            for number, one in enumerate(content["prompts"], start=1)
        ]


def plain_option(option: Mapping[str, str]) -> str:
    """Return an option as one line of plain text for a list of choices."""
    return Truncator(plain_text(option["html"])).chars(SHORT)
