"""The values that :mod:`.texts` reads: programmes, lessons, questions, news, names, the public site."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .markup import Block

IMAGES = Path(__file__).parent / "content" / "images"
MODULE_KINDS = ("theory", "professional")
QUESTION_KINDS = ("single_choice", "multiple_response")
LEVELS = ("nhan_biet", "thong_hieu", "van_dung", "van_dung_cao")


@dataclass(frozen=True, slots=True)
class ImageText:
    """A picture in ``content/images`` with its words."""

    file: str
    alt: str
    caption: str = ""

    @property
    def path(self) -> Path:
        return IMAGES / self.file


@dataclass(frozen=True, slots=True)
class LessonText:
    """One lesson; ``number`` counts from 1 within the programme."""

    slug: str
    number: int
    title: str
    module: str
    tiet: int
    summary: str
    objectives: tuple[str, ...]
    image: ImageText
    blocks: tuple[Block, ...]
    self_check: tuple[str, ...]

    @property
    def word_count(self) -> int:
        """Words of the body, split on white space, mark-up left out."""
        return sum(block.word_count for block in self.blocks)


@dataclass(frozen=True, slots=True)
class ModuleText:
    """A module and its lessons in teaching order; ``kind`` is one of MODULE_KINDS."""

    key: str
    title: str
    kind: str
    tiet: int
    lessons: tuple[LessonText, ...]


@dataclass(frozen=True, slots=True)
class OptionText:
    """An answer option; ``fixed`` means that shuffling leaves it last."""

    letter: str
    text: str
    correct: bool
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A bank question; ``topic`` is the slug of the lesson that it tests."""

    id: str
    kind: str
    topic: str
    level: str
    stem: str
    options: tuple[OptionText, ...]
    explanation: str
    source: str

    @property
    def key(self) -> str:
        """The letters of the right options, such as ``"B"`` or ``"AC"``."""
        return "".join(option.letter for option in self.options if option.correct)


@dataclass(frozen=True, slots=True)
class KindText:
    """A question of any kind in the bank's own shapes; ``image`` is the picture of a hotspot."""

    id: str
    kind: str
    stem: str
    content: dict[str, Any]
    key: dict[str, Any]
    explanation: str
    image: ImageText | None


@dataclass(frozen=True, slots=True)
class ExamText:
    """The final test: ``count`` questions of the bank in ``minutes``, passed at ``pass_mark`` out of 10."""

    title: str
    minutes: int
    count: int
    pass_mark: float
    attempts: int


@dataclass(frozen=True, slots=True)
class ProgrammeText:
    """A whole programme with its bank."""

    slug: str
    code: str
    title: str
    description: str
    audience: str
    authority: str
    outcomes: tuple[str, ...]
    image: ImageText
    modules: tuple[ModuleText, ...]
    exam: ExamText
    questions: tuple[QuestionText, ...]

    @property
    def lessons(self) -> tuple[LessonText, ...]:
        """All lessons in the order of the programme."""
        found = [lesson for module in self.modules for lesson in module.lessons]
        return tuple(sorted(found, key=lambda lesson: lesson.number))


@dataclass(frozen=True, slots=True)
class NewsText:
    """A news item; ``body_html`` is a run of ``<p>``."""

    slug: str
    title: str
    date: datetime.date
    summary: str
    image: ImageText
    body_html: str


@dataclass(frozen=True, slots=True)
class SiteText:
    """The words of the public front page. Lists hold (title, text) pairs."""

    name: str
    tagline: str
    hero_title: str
    hero_lead: str
    hero_image: ImageText
    primary_label: str
    secondary_label: str
    offers: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    faq: tuple[tuple[str, str], ...]
    contact: dict[str, str]
    footer: str


@dataclass(frozen=True, slots=True)
class MinorityName:
    """A name that breaks the last-word rule of sorting, with the key it carries."""

    name: str
    ethnic: str
    gender: str
    sort_by: str
    sort_key: str


@dataclass(frozen=True, slots=True)
class NamesText:
    """Parts to make up people from; the dicts map a part to its rough weight."""

    family: dict[str, int]
    middle_male: dict[str, int]
    middle_female: dict[str, int]
    given_male: tuple[str, ...]
    given_female: tuple[str, ...]
    minority: tuple[MinorityName, ...]
    ethnic_shares: dict[str, int]
    positions: dict[str, dict[str, int]]
    party_cell_patterns: tuple[str, ...]
    places: tuple[str, ...]
    organisations: tuple[str, ...]
