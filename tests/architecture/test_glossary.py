"""The glossary is sorted, and its words are those of the code and of the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation

from lms.common.text import fold
from tests.architecture.test_house_rules import ours

ROOT = Path(settings.BASE_DIR)
QUALIFIER = re.compile(r"\s*\([^)]*\)")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Term:
    """One row: the English words, the Vietnamese ones, what it is."""

    english: str
    vietnamese: str
    meaning: str

    @property
    def words(self) -> list[str]:
        """The English words without what tells them apart from others."""
        return [word.strip() for word in QUALIFIER.sub("", self.english).split(", ")]

    @property
    def shown(self) -> list[str]:
        """The Vietnamese words without what tells them apart from others."""
        return [word.strip() for word in re.split(r"[,;] ", QUALIFIER.sub("", self.vietnamese))]


def terms(text: str) -> list[Term]:
    """Return the rows of the table."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [Term(*cells) for cells in lines if cells[0] != "English"]


TERMS = terms((ROOT / "docs/glossary.md").read_text())


def out_of_order(rows: list[Term]) -> list[str]:
    """Return the terms that stand before one they should follow, or twice."""
    keys = [row.english.casefold() for row in rows]
    return [rows[at].english for at in range(1, len(rows)) if keys[at] <= keys[at - 1]]


@cache
def on_the_screen() -> str:
    """Return every Vietnamese sentence of the interface, folded: hủy and huỷ are one word."""
    entries = [entry for path in ours("django*.po") for entry in polib.pofile(str(path))]
    return "\n".join(fold(f"{entry.msgstr} {' '.join(entry.msgstr_plural.values())}") for entry in entries)


@cache
def in_the_code() -> str:
    """Return the text of the code, with names taken apart into words."""
    return "\n".join(
        " ".join(CAMEL.sub(" ", path.read_text()).replace("_", " ").replace("-", " ").casefold().split())
        for path in ours("*.py")
        if "migrations" not in path.parts
    )


def test_the_terms_are_sorted_and_stand_once() -> None:
    assert out_of_order(TERMS) == []
    a, b = Term("a", "x", ""), Term("B", "y", "")
    assert (out_of_order([a, b]), out_of_order([b, a]), out_of_order([a, a])) == ([], ["a"], ["a"])


def test_every_term_stands_on_the_screen_in_vietnamese() -> None:
    assert [word for term in TERMS for word in term.shown if fold(word) not in on_the_screen()] == []
    assert fold("từ không có ở đâu") not in on_the_screen()


def test_every_term_stands_in_the_code_in_english() -> None:
    assert [
        word for term in TERMS for word in term.words if word.casefold().replace("-", " ") not in in_the_code()
    ] == []
    assert "a term of nobody" not in in_the_code()


OUR_MODELS = [
    model for model in apps.get_models() if model.__module__.split(".")[0] in {"lms", "cms", "quizzes", "media"}
]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_a_model_is_called_as_the_glossary_says(model: type) -> None:
    with translation.override("en"):
        english = str(model._meta.verbose_name)  # type: ignore[attr-defined]
    with translation.override("vi"):
        vietnamese = str(model._meta.verbose_name)  # type: ignore[attr-defined]
    said = [word for term in TERMS if english in term.words for word in term.shown]
    assert not said or vietnamese in said
