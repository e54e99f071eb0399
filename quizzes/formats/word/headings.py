"""The headings of a paper: chapters become topics, forms of questions become hints, levels become levels."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from quizzes.formats.word import options, passages, patterns
from quizzes.formats.word.blocks import TextLine

if TYPE_CHECKING:
    from quizzes.formats.word.drafts import RawQuestion

_DEPTH = {"phần": 0, "phan": 0, "part": 0, "section": 0, "chương": 1, "chuong": 1, "chapter": 1}
_LIMIT_TITLE = 220


class Headings(ABC):
    """Keeps the headings above the question at hand."""

    def __init__(self) -> None:
        self.headings: list[tuple[int, str]] = []
        self.hint = ""
        self.section = 0
        self.chapter = ""
        self.level = ""  # that a heading names
        self.open_heading: int | None = None
        self.current: RawQuestion | None = None
        self.passage: passages.Passage | None = None
        self.reading_passage = False

    @abstractmethod
    def close(self) -> None:
        """End the question at hand."""

    @abstractmethod
    def complete(self) -> bool:
        """Whether the question at hand could end here."""

    def topic(self) -> list[str]:
        return [title for _depth, title in self.headings]

    def is_level_title(self, text: str, line: TextLine) -> bool:
        if not patterns.level_of_title(text) or patterns.field_of(text):
            return False
        if options.begins(line.rich) and not text.lstrip().startswith("I"):
            return False
        return self.current is None or self.complete()

    def take_heading(self, line: TextLine) -> bool:
        text = line.text.strip()
        if self.open_heading is not None:
            continues = self.current is None and len(text) < _LIMIT_TITLE and not patterns.field_of(text)
            depth, self.open_heading = self.open_heading, None
            if continues and not options.begins(line.rich):
                bare = self.headings[-1][1] if self.headings and self.headings[-1][0] == depth else ""
                self.enter(depth, f"{bare}: {text}" if bare else text, replace=True)
                return True
        if options.begins(line.rich) and not patterns.is_section_title(text) and not self._roman_title(text, line):
            return False
        match = patterns.HEADING.match(text)
        if match is not None and not self._is_title(match, text, line):
            match = None
        if match is not None:
            word = match["word"].lower()
            self.enter(_DEPTH.get(re.sub(r"\s+", " ", word), 2), text)
            if not match["rest"].strip() and not patterns.is_section_title(text):
                self.open_heading = _DEPTH.get(re.sub(r"\s+", " ", word), 2)
            return True
        lettered = patterns.LETTERED_HEADING.match(text)
        if lettered is not None and self._is_section(lettered["rest"], text, line):
            self.enter(0, text)
            return True
        if labelled := patterns.LABELLED_TOPIC.match(text):
            if self.current is None or (self.complete() and line.outline is not None):
                self.enter(1, labelled["rest"].strip())
                return True
            return False
        if line.outline is not None and len(text) < _LIMIT_TITLE and (self.current is None or self.complete()):
            self.enter(line.outline, text)
            return True
        if (
            patterns.is_section_title(text)
            and len(text) < 100
            and text.isupper()
            and (self.current is None or self.complete())
        ):
            self.enter(0, text)
            return True
        return False

    def _is_title(self, match: re.Match[str], text: str, line: TextLine) -> bool:
        """Whether "Phần II …" is a heading here and not the beginning of a sentence."""
        if len(text) > _LIMIT_TITLE:
            return False
        number = match["n"]
        if (
            len(number) == 1
            and number.isalpha()
            and number not in "IVX"
            and not match["sep"]
            and match["rest"]
            and not text.isupper()
        ):
            return False
        if not match["sep"] and match["rest"] and match["rest"][0].islower():
            return False
        if line.outline is not None or text.isupper() or patterns.is_section_title(text):
            return True
        return self.current is None or self.complete()

    def _roman_title(self, text: str, line: TextLine) -> bool:
        """Whether "I. LỊCH SỬ ĐẢNG", whose number looks like the letter of an option, is a heading."""
        if not re.match(r"\s*I\s*[.)/:\-–]", text) or not (self.current is None or self.complete()):
            return False
        return text.isupper() or line.rich.share("bold") > 0.9

    def _is_section(self, rest: str, text: str, line: TextLine) -> bool:
        if len(text) > _LIMIT_TITLE:
            return False
        if patterns.is_section_title(rest) and (rest.isupper() or line.rich.share("bold") > 0.6 or len(rest) < 60):
            return self.current is None or self.complete() or rest.isupper()
        roman = re.match(r"^\s*[IVX]{1,5}\s*[.)/:\-–]", text) is not None
        return roman and (rest.isupper() or line.rich.share("bold") > 0.9) and (self.current is None or self.complete())

    def enter(self, depth: int, text: str, *, replace: bool = False) -> None:
        self.close()
        self.passage, self.reading_passage = None, False
        if not replace:
            self.section += 1
        if level := patterns.level_of_title(text):
            self.level = level
            return
        hint = patterns.hint_of(text) if patterns.is_section_title(text) else ""
        if hint:
            self.hint = hint
            return
        self.level = ""
        self.headings = [(level, title) for level, title in self.headings if level < depth]
        title = re.sub(r"\s+", " ", text).strip(" .:-–")[:250]
        self.headings.append((depth, title))
        self.chapter = title[:60]
        if not replace:
            self.hint = self.hint if depth > 0 else ""
