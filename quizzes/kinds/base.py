"""What a kind of question must be able to do, and the register of kinds."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.html import clean_html
from quizzes.engine import layout
from quizzes.engine.shuffle import permute
from quizzes.errors import InvalidAnswerError, InvalidItemError


@dataclass(frozen=True, slots=True)
class Authored:
    """A question as an author wrote it, after cleaning."""

    content: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one paper shows it: its public part, and the original option ids in the order shown."""

    public: dict[str, Any]
    options: list[str]


class Kind(ABC):
    """One kind of question.

    The letters of a paper differ from the ids in the item version; every answer, and the key when it is compiled
    for grading, speaks the paper's letters.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    template: ClassVar[str]
    #: How an answer looks, for messages and the API's description.
    example: ClassVar[dict[str, Any]]

    @abstractmethod
    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        """Return the authored parts cleaned, or raise :class:`InvalidItemError` naming the fields at fault."""

    @abstractmethod
    def show(self, content: Mapping[str, Any], *, seed: int, stream: str, shuffle: bool) -> Shown:
        """Return what the paper shows, without anything of the key."""

    @abstractmethod
    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        """Return ``key`` in the paper's letters; ``shown`` maps original ids to letters."""

    @abstractmethod
    def lookup(self, public: Mapping[str, Any]) -> Any:
        """Return what :meth:`clean_answer` checks against; computed once per paper and process."""

    @abstractmethod
    def clean_answer(self, answer: Any, lookup: Any) -> dict[str, Any] | None:
        """Return the answer in its one stored form, ``None`` for no answer.

        Raises:
            InvalidAnswerError: the shape is wrong, or an option is unknown.
        """

    @abstractmethod
    def read_form(self, data: QueryDict, name: str) -> dict[str, Any] | None:
        """Return the answer that a form without JavaScript sent in the control ``name``."""

    def wrong_shape(self) -> InvalidAnswerError:
        """Return the error for an answer that does not look like :attr:`example`."""
        return InvalidAnswerError(
            _("An answer to this question looks like %(example)s.") % {"example": json.dumps(self.example)}
        )


class OptionKind(Kind):
    """A kind whose learner chooses among lettered options: content ``{"options": [{"id", "html", "fixed"}]}``."""

    @abstractmethod
    def clean_key(self, key: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
        """Return the cleaned key, or raise :class:`InvalidItemError` with the field ``key``."""

    @abstractmethod
    def chosen(self, answer: Mapping[str, Any]) -> list[str]:
        """Return the letters that ``answer`` chooses."""

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        options = self._clean_options(content)
        ids = [option["id"] for option in options]
        return Authored({"options": options}, self.clean_key(key, ids), self._clean_feedback(feedback, ids))

    def show(self, content: Mapping[str, Any], *, seed: int, stream: str, shuffle: bool) -> Shown:
        options: list[dict[str, Any]] = list(content["options"])
        if shuffle:
            options = permute(options, seed=seed, stream=stream, fixed=lambda option: bool(option.get("fixed")))
        public = [{"id": layout.letter(index), "html": option["html"]} for index, option in enumerate(options)]
        return Shown({"options": public}, [option["id"] for option in options])

    def lookup(self, public: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(option["id"] for option in public["options"])

    def check_known(self, letter: Any, known: frozenset[str]) -> str:
        """Return ``letter`` if the question has that option."""
        if not isinstance(letter, str):
            raise self.wrong_shape()
        if letter not in known:
            raise InvalidAnswerError(
                _("There is no option “%(option)s”; the options are %(known)s.")
                % {"option": letter[:20], "known": ", ".join(sorted(known))}
            )
        return letter

    def _clean_options(self, content: Mapping[str, Any]) -> list[dict[str, Any]]:
        raw = content.get("options")
        if not isinstance(raw, list) or not 2 <= len(raw) <= len(layout.LETTERS):
            raise InvalidItemError(
                _("The question cannot be saved."), fields={"options": [str(_("Give 2 to 26 options."))]}
            )
        problems: dict[str, list[str]] = {}
        options: list[dict[str, Any]] = []
        seen: set[str] = set()
        for index, option in enumerate(raw):
            ident = str(option.get("id", "")).strip()
            html = clean_html(str(option.get("html", "")))
            where = f"options.{index}"
            if not ident or ident in seen:
                problems.setdefault(where, []).append(str(_("Each option needs an id of its own.")))
            if not html.strip():
                problems.setdefault(where, []).append(str(_("The option is empty.")))
            seen.add(ident)
            options.append({"id": ident, "html": html, "fixed": bool(option.get("fixed", False))})
        if problems:
            raise InvalidItemError(_("The question cannot be saved."), fields=problems)
        return options

    def _clean_feedback(self, feedback: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        if general := clean_html(str(feedback.get("general", ""))).strip():
            cleaned["general"] = general
        options = {
            ident: clean_html(str(text))
            for ident, text in (feedback.get("options") or {}).items()
            if ident in ids and str(text).strip()
        }
        if options:
            cleaned["options"] = options
        return cleaned


_kinds: dict[str, Kind] = {}


def register(kind: type[Kind]) -> type[Kind]:
    """Class decorator: make ``kind`` known under its name."""
    if kind.name in _kinds:
        raise ValueError(f"The kind {kind.name!r} is registered already")
    _kinds[kind.name] = kind()
    return kind


def get_kind(name: str) -> Kind:
    """Return the kind called ``name``.

    Raises:
        InvalidItemError: there is no such kind.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise InvalidItemError(
            _("The question cannot be saved."),
            fields={"kind": [str(_("There is no kind of question called “%(kind)s”.") % {"kind": name})]},
        ) from None


def all_kinds() -> tuple[Kind, ...]:
    """Return every kind, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))
