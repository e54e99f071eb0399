"""The demo texts as plain values: programmes, questions, news, names and the words of the public site.

Everything is read from ``content/`` beside this module and needs neither Django nor a database.
A lesson is a TOML head between ``+++`` lines and a body in a very small Markdown (see :mod:`.markup`).
A mistake in a file raises :class:`TextError`, which names the file and the line.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .markup import ImageBlock, MarkupError, inline, parse_blocks
from .text_types import (
    IMAGES,
    LEVELS,
    MODULE_KINDS,
    QUESTION_KINDS,
    ExamText,
    ImageText,
    KindText,
    LessonText,
    MinorityName,
    ModuleText,
    NamesText,
    NewsText,
    OptionText,
    ProgrammeText,
    QuestionText,
    SiteText,
)

__all__ = [
    "IMAGES",
    "LEVELS",
    "MODULE_KINDS",
    "QUESTION_KINDS",
    "ExamText",
    "ImageText",
    "KindText",
    "LessonText",
    "MinorityName",
    "ModuleText",
    "NamesText",
    "NewsText",
    "OptionText",
    "ProgrammeText",
    "QuestionText",
    "SiteText",
    "TextError",
    "load_kinds",
    "load_lesson",
    "load_names",
    "load_news",
    "load_programme",
    "load_programmes",
    "load_questions",
    "load_site",
]

CONTENT = Path(__file__).parent / "content"
LETTERS = "ABCDEFGH"


class TextError(ValueError):
    """A mistake in a text file; its message starts with ``<file>:<line>:``."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}: {reason}")
        self.path, self.line, self.reason = path, line, reason


@dataclass(slots=True)
class _Table:
    """A TOML table that remembers the file and the line where it starts."""

    path: Path
    line: int
    values: dict[str, Any]

    def get(self, key: str, kind: type | tuple[type, ...], *, optional: Any = None) -> Any:
        if key not in self.values:
            if optional is not None:
                return optional
            raise TextError(self.path, self.line, f"the field “{key}” is missing")
        value = self.values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise TextError(self.path, self.line, f"the field “{key}” has the wrong type")
        return value

    def text(self, key: str, *, optional: str | None = None) -> str:
        return str(self.get(key, str, optional=optional))

    def words(self, key: str, *, optional: Any = None) -> tuple[str, ...]:
        return tuple(str(item) for item in self.get(key, list, optional=optional))

    def table(self, key: str) -> _Table:
        line = _line_of(self.path, lambda row: row.strip() == f"[{key}]", self.line)
        return _Table(self.path, line, self.get(key, dict))

    def tables(self, key: str) -> list[_Table]:
        starts = [n for n, row in _rows(self.path) if row.strip() == f"[[{key}]]"]
        return [_Table(self.path, n, values) for n, values in zip(starts, self.get(key, list), strict=True)]

    def image(self) -> ImageText:
        caption = self.text("image_caption", optional="")
        return checked_image(self.path, self.line, ImageText(self.text("image"), self.text("image_alt"), caption))


def _rows(path: Path) -> list[tuple[int, str]]:
    return list(enumerate(path.read_text(encoding="utf-8").splitlines(), start=1))


def _line_of(path: Path, wanted: Callable[[str], bool], default: int) -> int:
    return next((n for n, row in _rows(path) if wanted(row)), default)


def checked_image(path: Path, line: int, image: ImageText) -> ImageText:
    """Give the image back, or raise TextError if its file is absent or its alternative text is empty."""
    if not image.alt:
        raise TextError(path, line, f"the image {image.file} has no alternative text")
    if not image.path.is_file():
        raise TextError(path, line, f"the image {image.file} is not in {IMAGES.name}/")
    return image


def _load_toml(path: Path, *, source: str | None = None, offset: int = 0) -> _Table:
    if source is None:
        if not path.is_file():
            raise TextError(path, 0, "the file does not exist")
        source = path.read_text(encoding="utf-8")
    try:
        return _Table(path, offset + 1, tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise TextError(path, offset + _toml_error_line(error, source), str(error)) from error


def _toml_error_line(error: tomllib.TOMLDecodeError, source: str) -> int:
    """The line of a TOML error: an attribute from Python 3.14 on, before that only in the message."""
    words = str(error).replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else source.count("\n") + 1


def load_lesson(path: Path, *, number: int) -> LessonText:
    """Read one lesson file. Raises TextError."""
    rows = path.read_text(encoding="utf-8").splitlines()
    fences = [index for index, row in enumerate(rows) if row == "+++"]
    if len(fences) < 2 or fences[0] != 0:
        raise TextError(path, 1, "the file must start with a TOML head between +++ lines")
    head = _load_toml(path, source="\n".join(rows[1 : fences[1]]), offset=1)
    body_start = fences[1] + 1
    try:
        blocks = parse_blocks(rows[body_start:], first_line=body_start + 1)
    except MarkupError as error:
        raise TextError(path, error.line, error.reason) from error
    for block in blocks:
        if isinstance(block, ImageBlock):
            checked_image(path, block.line, ImageText(block.file, block.alt, block.caption))
    return LessonText(
        slug=head.text("slug"),
        number=number,
        title=head.text("title"),
        module=head.text("module"),
        tiet=head.get("tiet", int),
        summary=head.text("summary"),
        objectives=head.words("objectives"),
        image=head.image(),
        blocks=tuple(blocks),
        self_check=head.words("self_check", optional=[]),
    )


def load_questions(path: Path, *, topics: set[str]) -> tuple[QuestionText, ...]:
    """Read a question file; every topic must be one of ``topics``. Raises TextError."""
    questions: dict[str, QuestionText] = {}
    for table in _load_toml(path).tables("questions"):
        question = _question(table)
        if question.id in questions:
            raise TextError(path, table.line, f"the id {question.id} stands twice")
        if question.topic not in topics:
            raise TextError(path, table.line, f"{question.id}: there is no lesson “{question.topic}”")
        questions[question.id] = question
    return tuple(questions.values())


def _option(table: _Table, letter: str, item: object, correct: bool) -> OptionText:
    """An option is a text, or ``{ text = …, fixed = true }`` for one that shuffling leaves last."""
    if isinstance(item, str):
        return OptionText(letter, item, correct)
    if isinstance(item, dict) and isinstance(item.get("text"), str):
        return OptionText(letter, item["text"], correct, bool(item.get("fixed", False)))
    raise TextError(table.path, table.line, f"{table.text('id')}: option {letter} has no text")


def _question(table: _Table) -> QuestionText:
    key, number = table.text("key"), table.text("id")
    options = tuple(
        _option(table, letter, item, letter in key)
        for letter, item in zip(LETTERS, table.get("options", list), strict=False)
    )
    question = QuestionText(
        id=number,
        kind=table.text("kind"),
        topic=table.text("topic"),
        level=table.text("level"),
        stem=table.text("stem"),
        options=options,
        explanation=table.text("explanation"),
        source=table.text("source"),
    )
    wrong_count = len(key) != 1 if question.kind == "single_choice" else not 2 <= len(key) < len(options)
    checks = {
        f"the kind “{question.kind}” is unknown": question.kind not in QUESTION_KINDS,
        f"the level “{question.level}” is unknown": question.level not in LEVELS,
        f"the key “{key}” does not fit the options": question.key != key,
        f"the key “{key}” does not fit the kind {question.kind}": wrong_count,
        "a fixed option must stand last": any(option.fixed for option in options[:-1]),
    }
    for reason, failed in checks.items():
        if failed:
            raise TextError(table.path, table.line, f"{number}: {reason}")
    return question


def load_kinds() -> tuple[str, tuple[KindText, ...]]:
    """Read the self-check that has one question of every kind: its title and the questions. Raises TextError."""
    table = _load_toml(CONTENT / "kinds.toml")
    questions = []
    for part in table.tables("questions"):
        image = ImageText(part.text("image"), part.text("image_alt")) if "image" in part.values else None
        questions.append(
            KindText(
                id=part.text("id"),
                kind=part.text("kind"),
                stem=part.text("stem"),
                content=part.get("content", dict, optional={}),
                key=part.get("key", dict),
                explanation=part.text("explanation"),
                image=checked_image(part.path, part.line, image) if image else None,
            )
        )
    return table.text("title"), tuple(questions)


def load_programme(folder: Path) -> ProgrammeText:
    """Read ``programme.toml``, the lessons and the questions of one programme folder. Raises TextError."""
    table = _load_toml(folder / "programme.toml")
    files = {path.stem.partition("-")[2]: path for path in folder.glob("[0-9][0-9]-*.md")}
    order = table.words("lessons")
    if set(order) != set(files) or len(order) != len(files):
        raise TextError(table.path, 1, f"“lessons” and the files differ: {sorted(set(order) ^ set(files))}")
    lessons = [load_lesson(files[slug], number=n) for n, slug in enumerate(order, start=1)]
    modules = []
    for part in table.tables("modules"):
        key, kind = part.text("key"), part.text("kind")
        if kind not in MODULE_KINDS:
            raise TextError(part.path, part.line, f"the module kind “{kind}” is unknown")
        own = tuple(lesson for lesson in lessons if lesson.module == key)
        modules.append(ModuleText(key, part.text("title"), kind, part.get("tiet", int), own))
    for lesson in lessons:
        if lesson.module not in {module.key for module in modules}:
            raise TextError(files[lesson.slug], 1, f"there is no module “{lesson.module}”")
    questions = load_questions(folder / "questions.toml", topics=set(order))
    ids = {question.id for question in questions}
    for lesson in lessons:
        if unknown := sorted(set(lesson.self_check) - ids):
            raise TextError(files[lesson.slug], 1, f"there is no question {', '.join(unknown)}")
    exam = table.table("exam")
    return ProgrammeText(
        slug=table.text("slug"),
        code=table.text("code"),
        title=table.text("title"),
        description=table.text("description"),
        audience=table.text("audience"),
        authority=table.text("authority"),
        outcomes=table.words("outcomes"),
        image=table.image(),
        modules=tuple(modules),
        exam=ExamText(
            title=exam.text("title"),
            minutes=exam.get("minutes", int),
            count=exam.get("count", int),
            pass_mark=float(exam.get("pass_mark", (int, float))),
            attempts=exam.get("attempts", int),
        ),
        questions=questions,
    )


def load_programmes() -> list[ProgrammeText]:
    """All demo programmes, the awareness class first."""
    order = ("nhan-thuc-ve-dang", "dang-vien-moi", "nghiep-vu-can-bo-co-so")
    return [load_programme(CONTENT / name) for name in order]


def load_news() -> list[NewsText]:
    """The news items of the public site, newest first."""
    items = [
        NewsText(
            slug=table.text("slug"),
            title=table.text("title"),
            date=table.get("date", datetime.date),
            summary=table.text("summary"),
            image=table.image(),
            body_html="".join(f"<p>{inline(paragraph)}</p>" for paragraph in table.words("body")),
        )
        for table in _load_toml(CONTENT / "news.toml").tables("news")
    ]
    return sorted(items, key=lambda item: item.date, reverse=True)


def load_site() -> SiteText:
    """The words of the public front page."""
    table = _load_toml(CONTENT / "site.toml")
    hero = table.table("hero")

    def pairs(key: str, first: str = "title", second: str = "text") -> tuple[tuple[str, str], ...]:
        return tuple((item.text(first), item.text(second)) for item in table.tables(key))

    return SiteText(
        name=table.text("name"),
        tagline=table.text("tagline"),
        hero_title=hero.text("title"),
        hero_lead=hero.text("lead"),
        hero_image=hero.image(),
        primary_label=hero.text("primary_label"),
        secondary_label=hero.text("secondary_label"),
        offers=pairs("offers"),
        steps=pairs("steps"),
        faq=pairs("faq", "question", "answer"),
        contact=table.table("contact").values,
        footer=table.table("footer").text("text"),
    )


def load_names() -> NamesText:
    """The parts that demo people are made up from."""
    table = _load_toml(CONTENT / "names.toml")
    kinh, cells = table.table("kinh"), table.table("party_cells")
    keys = ("name", "ethnic", "gender", "sort_by", "sort_key")
    return NamesText(
        family=kinh.get("family", dict),
        middle_male=kinh.get("middle_male", dict),
        middle_female=kinh.get("middle_female", dict),
        given_male=kinh.words("given_male"),
        given_female=kinh.words("given_female"),
        minority=tuple(MinorityName(*(item.text(key) for key in keys)) for item in table.tables("minority")),
        ethnic_shares=table.table("ethnic").get("shares", dict),
        positions=table.table("positions").values,
        party_cell_patterns=cells.words("patterns"),
        places=cells.words("places"),
        organisations=table.table("organisations").words("names"),
    )
