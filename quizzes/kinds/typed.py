"""Shared parts of the kinds answered by typing one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.html import escape

from quizzes.engine.scoring import ONE, share
from quizzes.kinds.base import Counted, Kind
from quizzes.kinds.cleaning import MAX_TEXT, answer_text

# How many of the answers that were typed the results list.
MOST_COMMON = 8


class TypedKind(Kind):
    """A kind whose answer is one text under :attr:`field`."""

    field: ClassVar[str]
    longest: ClassVar[int] = MAX_TEXT
    review_template = "quizzes/attempt/review/typed.html"
    counting = "typed"

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return dict(key)

    def lookup(self, public: Mapping[str, Any]) -> None:
        return None

    def clean_answer(self, answer: Any, lookup: None) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, self.field)
        text = answer_text(answer[self.field], self.wrong_shape(), most=self.longest)
        return None if text is None else {self.field: text}

    def read_form(self, data: QueryDict, name: str, lookup: None) -> dict[str, Any] | None:
        text = data.get(name, "").strip()
        return {self.field: text} if text else None

    def accepted(self, question: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
        """Return the accepted answers as a learner reads them."""
        raise TypeError(f"{type(self).__name__} does not say what it accepts")

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"value": answer[self.field] if answer else "", "longest": self.longest, "unit": question.get("unit")}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        return {
            "given": answer[self.field] if answer else "",
            "unit": question.get("unit", ""),
            "known": key is not None,
            "good": key is not None and share(self.name, key, answer) == ONE,
            "accepted": self.accepted(question, key) if key else [],
        }

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return [" ".join(answer[self.field].split())]

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        most = sorted(seen, key=lambda text: (-seen[text], text))[:MOST_COMMON]
        return [Counted(text, "", escape(text), share(self.name, key, {self.field: text}) == ONE) for text in most]
