"""The contract of a kind of question, and the register of kinds."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.engine import layout
from quizzes.engine.references import held_places
from quizzes.engine.shuffle import permute
from quizzes.errors import InvalidAnswerError, InvalidItemError
from quizzes.kinds.cleaning import clean_feedback, clean_options, storable


@dataclass(frozen=True, slots=True)
class Authored:
    """A question as an author wrote it, after cleaning."""

    content: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one paper shows it: its public part, and the original ids of its parts in the order shown.

    ``options`` are the lettered options; ``order`` holds the groups of other parts (see :mod:`quizzes.engine.layout`).
    """

    public: dict[str, Any]
    options: list[str] = field(default_factory=list)
    order: dict[str, list[str]] = field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """Return what the layout of the paper keeps of it."""
        return {"options": self.options, **({"order": self.order} if self.order else {})}


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of a question's results: a part of it, or an answer that was typed.

    ``label`` is a letter or number of the version's own order (empty for typed answers); ``right`` says whether it is
    right by the key (``None`` where the count itself is that of right answers).
    """

    name: str
    label: str
    html: str
    right: bool | None


class Kind(ABC):
    """One kind of question.

    The letters and numbers of a paper differ from the ids in the item version; every answer, and the key when it is
    compiled for grading, speaks the paper's letters and numbers.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    #: The controls on the test page, and the answer beside the key afterwards.
    template: ClassVar[str]
    review_template: ClassVar[str]
    #: How an answer looks, for messages and the API's description.
    example: ClassVar[dict[str, Any]]
    #: What the rows of :meth:`counted` count: "chosen" options, parts got "right", answers "typed", "" for no rows.
    counting: ClassVar[str] = ""

    @abstractmethod
    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        """Return the authored parts cleaned, or raise :class:`InvalidItemError` naming the fields at fault."""

    @abstractmethod
    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        """Return what the paper shows, without anything of the key.

        Args:
            content: of the item version.
            seed: the paper's.
            stream: a name that keeps the orders of one paper independent.
            shuffle: whether the exam shuffles options.
            key: of the item version; only so that lines to be ordered are never shown in the right order.
        """

    @abstractmethod
    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        """Return ``key`` in the paper's letters; ``shown`` maps the names of the parts to what the paper calls them."""

    @abstractmethod
    def lookup(self, public: Mapping[str, Any]) -> Any:
        """Return what :meth:`clean_answer` checks against; computed once per paper and process."""

    @abstractmethod
    def clean_answer(self, answer: Any, lookup: Any) -> dict[str, Any] | None:
        """Return the answer in its one stored form, ``None`` for no answer.

        Raises:
            InvalidAnswerError: the shape is wrong, or a part is unknown.
        """

    @abstractmethod
    def read_form(self, data: QueryDict, name: str, lookup: Any) -> dict[str, Any] | None:
        """Return the answer that a form without JavaScript sent in the control ``name`` and those named after it."""

    @abstractmethod
    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what :attr:`template` needs to show the question with ``answer`` filled in."""

    @abstractmethod
    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return what :attr:`review_template` needs.

        Args:
            question: as the paper shows it.
            answer: the learner's.
            key: in the paper's letters, or ``None`` while it must not be seen.
            notes: feedback by option, in the paper's letters; empty without the key.
        """

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        """Return the names, as on the paper, that ``answer`` adds one to in the results of the question."""
        return ()

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        """Return the rows of the question's results, in the ids of the item version."""
        return ()

    def answer_keys(self, answer: Any, *names: str) -> None:
        """Refuse an answer that is no object with exactly the fields ``names``."""
        if not isinstance(answer, dict) or set(answer) != set(names):
            raise self.wrong_shape()

    def wrong_shape(self) -> InvalidAnswerError:
        """Return the error for an answer that does not look like :attr:`example`."""
        return InvalidAnswerError(
            _("An answer to this question looks like %(example)s.")
            % {"example": json.dumps(self.example, ensure_ascii=False)}
        )

    def unknown(self, given: Any, known: Any) -> InvalidAnswerError:
        """Return the error for a part that the question does not have."""
        return InvalidAnswerError(
            _("There is no option “%(option)s”; the options are %(known)s.")
            % {"option": storable(given[:20]), "known": ", ".join(sorted(known))}
        )

    def check_known(self, letter: Any, known: Any) -> str:
        """Return ``letter`` if the question has that option."""
        if not isinstance(letter, str):
            raise self.wrong_shape()
        if letter not in known:
            raise self.unknown(letter, known)
        return letter


def shuffled(parts: Sequence[dict[str, Any]], *, seed: int, stream: str, shuffle: bool) -> list[dict[str, Any]]:
    """Return the parts in the paper's order; those marked ``fixed`` keep their place."""
    if not shuffle:
        return list(parts)
    return permute(parts, seed=seed, stream=stream, fixed=lambda part: bool(part.get("fixed")))


def lettered(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the public form of options: ``[{"id": "a", "html"}]`` with the paper's letters."""
    return [{"id": layout.letter(index), "html": part["html"]} for index, part in enumerate(parts)]


def numbered(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the public form of statements or prompts: ``[{"id": "1", "html"}]`` with the paper's numbers."""
    return [{"id": str(index), "html": part["html"]} for index, part in enumerate(parts, start=1)]


def ids(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of ``parts`` in their order."""
    return [part["id"] for part in parts]


def held_options(content: Mapping[str, Any]) -> list[bool]:
    """Return for each option whether it keeps its place: its author said so, or what the options say needs it."""
    held = held_places([option["html"] for option in content["options"]])
    return [bool(option.get("fixed")) or place in held for place, option in enumerate(content["options"])]


class OptionKind(Kind):
    """A kind whose learner chooses among lettered options: content ``{"options": [{"id", "html", "fixed"}]}``."""

    review_template = "quizzes/attempt/review/options.html"
    counting = "chosen"

    @abstractmethod
    def clean_key(self, key: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
        """Return the cleaned key, or raise :class:`InvalidItemError` with the field ``key``."""

    @abstractmethod
    def chosen(self, answer: Mapping[str, Any]) -> list[str]:
        """Return the letters that ``answer`` chooses."""

    @abstractmethod
    def right(self, key: Mapping[str, Any]) -> frozenset[str]:
        """Return the letters that are right."""

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        options = clean_options(content.get("options"))
        own = ids(options)
        return Authored({"options": options}, self.clean_key(key, own), clean_feedback(feedback, own))

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        parts = [part | {"fixed": held} for part, held in zip(content["options"], held_options(content), strict=True)]
        options = shuffled(parts, seed=seed, stream=stream, shuffle=shuffle)
        return Shown({"options": lettered(options)}, ids(options))

    def lookup(self, public: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(ids(public["options"]))

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        chosen = self.chosen(answer) if answer else ()
        return {"options": [{**option, "chosen": option["id"] in chosen} for option in question["options"]]}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        chosen = frozenset(self.chosen(answer) if answer else ())
        right = self.right(key) if key else frozenset()
        return {
            "options": [
                {
                    **option,
                    "chosen": option["id"] in chosen,
                    "right": option["id"] in right,
                    "note": notes.get(option["id"], "") if option["id"] in chosen | right else "",
                }
                for option in question["options"]
            ]
        }

    def counts(self, key: Mapping[str, Any], answer: Mapping[str, Any]) -> Sequence[str]:
        return self.chosen(answer)

    def counted(self, content: Mapping[str, Any], key: Mapping[str, Any], seen: Mapping[str, int]) -> Sequence[Counted]:
        right = self.right(key)
        return [
            Counted(option["id"], layout.letter(index).upper(), option["html"], option["id"] in right)
            for index, option in enumerate(content["options"])
        ]


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
