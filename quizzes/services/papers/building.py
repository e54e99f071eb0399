"""Working out one paper from its questions and its seed: order, parts, options, and where the keys stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from quizzes.engine.keys import target_letters
from quizzes.engine.layout import letter, shown_by_original
from quizzes.engine.parts import part_place
from quizzes.engine.shuffle import permute
from quizzes.kinds import get_kind
from quizzes.kinds.base import Shown, held_options
from quizzes.models import Exam, ItemVersion

#: How many shuffles of a question's options are tried to bring its key to the letter that is wanted.
TRIES = 400


class Question(Protocol):
    """The facts of one question that a paper needs: an ``ExamQuestion`` or an entry of a draw."""

    @property
    def position(self) -> int: ...
    @property
    def version(self) -> ItemVersion: ...
    @property
    def points(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class DrawnQuestion:
    """A question of a drawn form."""

    position: int
    version: ItemVersion
    points: Decimal


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper worked out but not stored. ``keys`` are the key letters of its single-choice questions in their order."""

    content: dict[str, Any]
    layout: list[dict[str, Any]]
    max_score: Decimal


def json_number(value: Decimal) -> int | float:
    """Return ``value`` as JSON shows points: 1, not 1.00; 0.25 as it is."""
    return int(value) if value == value.to_integral_value() else float(value)


def build_paper(*, exam: Exam, questions: Sequence[Question], seed: int) -> PaperDraft:
    """Work out the paper that ``seed`` gives: pure but for what the arguments carry."""
    ordered = order_of(exam, questions, seed)
    targets = key_targets(exam, ordered, seed)
    shown_questions = []
    layout = []
    for slot, question in enumerate(ordered, start=1):
        version = question.version
        shown = _shown(exam, question, seed, targets.get(question.position))
        shown_questions.append(
            {
                "slot": slot,
                "kind": version.kind,
                "points": json_number(question.points),
                "stem_html": version.stem,
                **shown.public,
            }
        )
        layout.append({"slot": slot, "version": version.pk, "points": str(question.points), **shown.entry()})
    total = sum((question.points for question in questions), Decimal(0))
    return PaperDraft({"questions": shown_questions}, layout, total)


def order_of(exam: Exam, questions: Sequence[Question], seed: int) -> list[Question]:
    """Return the questions in the order of the paper: shuffled if the exam says so, and then by parts."""
    ordered = list(questions)
    if exam.shuffle_questions:
        ordered = permute(ordered, seed=seed, stream="questions")
    if exam.sections:
        ordered.sort(key=lambda question: part_place(question.version.kind))
    return ordered


def key_targets(exam: Exam, ordered: Sequence[Question], seed: int) -> dict[int, int]:
    """Return where the key of each single-choice question shall stand (0 is A), by the question's position."""
    singles = [question for question in ordered if question.version.kind == "single_choice"]
    letters = target_letters([_places(exam, question.version) for question in singles], seed=seed)
    return {question.position: place for question, place in zip(singles, letters, strict=True)}


def _places(exam: Exam, version: ItemVersion) -> list[int]:
    """Return the places that the right option may take: those of options that may be shuffled, or its own."""
    options = version.content["options"]
    own = next(index for index, option in enumerate(options) if option["id"] == version.key["correct"])
    held = held_options(version.content)
    if not exam.shuffle_options or held[own]:
        return [own]
    return [index for index in range(len(options)) if not held[index]]


def _shown(exam: Exam, question: Question, seed: int, target: int | None) -> Shown:
    """Return the question as the paper shows it, shuffled until the key stands where it is wanted."""
    version = question.version
    kind = get_kind(version.kind)
    stream = f"options/{question.position}"
    shuffle = exam.shuffle_options
    first = shown = kind.show(version.content, seed=seed, stream=stream, shuffle=shuffle, key=version.key)
    if target is None or not shuffle:
        return shown
    for turn in range(1, TRIES):
        if shown_by_original(shown.options)[version.key["correct"]] == letter(target):
            return shown
        shown = kind.show(version.content, seed=seed, stream=f"{stream}/{turn}", shuffle=True, key=version.key)
    return first
