"""The form of a question: rows that grow and shrink, settings, and how both become content and key.

A form's state is plain text, exactly what was typed, so that a page that comes back (another row, an error, somebody
else's version) loses nothing. What is right or wrong about it, the kinds of :mod:`quizzes.kinds` say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.text import whole_number
from quizzes.models import ItemVersion

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 50_000
ON = "1"


@dataclass(frozen=True, slots=True)
class Column:
    """One control of a row. ``widget``: rich, text, area, number, check, radio (one of all rows), select."""

    name: str
    label: str | Promise
    widget: str
    choices: tuple[tuple[str, str | Promise], ...] = ()
    help: str | Promise = ""
    start: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one sort. ``marks`` is how they are called: letters, numbers or nothing."""

    name: str
    label: str | Promise
    add: str | Promise
    columns: tuple[Column, ...]
    least: int = 1
    most: int = 26
    start: int = 4
    marks: str = ""
    movable: bool = False
    help: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One control for the whole question."""

    name: str
    label: str | Promise
    widget: str
    choices: tuple[tuple[str, str | Promise], ...] = ()
    help: str | Promise = ""
    start: str = ""


@dataclass(slots=True)
class State:
    """The content of the form: ``values`` by control, ``rows`` by section."""

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def on(self, name: str) -> bool:
        """Whether the checkbox ``name`` is ticked."""
        return self.values.get(name) == ON


class Built(NamedTuple):
    """The content that the kind is asked to clean."""

    content: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, Any]


class Editor(ABC):
    """The form of one kind."""

    kind: ClassVar[str]
    sections: ClassVar[tuple[Section, ...]] = ()
    settings: ClassVar[tuple[Setting, ...]] = ()
    hint: ClassVar[str | Promise] = ""

    @abstractmethod
    def build(self, state: State) -> Built:
        """Return content, key and feedback as the form says."""

    @abstractmethod
    def load(self, version: ItemVersion) -> State:
        """Return the form of an existing version."""

    def problems(self, state: State) -> dict[str, list[str]]:
        """Return what is wrong with the form that content and key cannot say; most kinds have nothing."""
        return {}

    def blank(self) -> State:
        """Return an empty form with as many rows as such a question usually has."""
        state = State({setting.name: setting.start for setting in self.settings})
        for section in self.sections:
            state.rows[section.name] = []
            for _index in range(section.start):
                self.add_row(state, section)
        return state

    def read(self, data: QueryDict) -> State:
        """Return what was typed."""
        state = State({"stem": _text(data, "stem"), "general": _text(data, "general")})
        for setting in self.settings:
            state.values[setting.name] = _text(data, setting.name)
        for section in self.sections:
            rows = []
            chosen = {column.name: data.get(f"{section.name}-{column.name}") for column in section.columns}
            for index in range(min(_count(data, section.name), section.most)):
                prefix = f"{section.name}-{index}"
                row = {"id": _text(data, f"{prefix}-id")[:8]}
                for column in section.columns:
                    if column.widget == "radio":
                        row[column.name] = ON if row["id"] and chosen[column.name] == row["id"] else ""
                    else:
                        row[column.name] = _text(data, f"{prefix}-{column.name}")
                rows.append(row)
            state.rows[section.name] = rows
            while len(rows) < section.least:
                self.add_row(state, section)
        return state

    def section(self, name: str) -> Section | None:
        """Return the section called ``name``."""
        return next((section for section in self.sections if section.name == name), None)

    def add_row(self, state: State, section: Section) -> None:
        """Add an empty row with a free mark, unless there are as many as there may be."""
        rows = state.rows.setdefault(section.name, [])
        if len(rows) >= section.most:
            return
        taken = {row["id"] for row in rows}
        marks = LETTERS if section.marks == "letters" else [str(number) for number in range(1, section.most + 1)]
        row = {"id": next(mark for mark in marks if mark not in taken)}
        rows.append(row | {column.name: column.start for column in section.columns})

    def act(self, state: State, command: str) -> bool:
        """Carry out a button (``add:options``, ``drop:options:2``, ``up:…``, ``down:…``); whether it was one."""
        verb, _colon, rest = command.partition(":")
        name, _colon, number = rest.partition(":")
        section = self.section(name)
        if verb not in {"add", "drop", "up", "down"} or section is None:
            return False
        rows = state.rows[name]
        if verb == "add":
            self.add_row(state, section)
            return True
        index = whole_number(number)
        if index is None or index >= len(rows):
            return True
        if verb == "drop" and len(rows) > section.least:
            del rows[index]
        target = index - 1 if verb == "up" else index + 1
        if verb in {"up", "down"} and 0 <= target < len(rows):
            rows[index], rows[target] = rows[target], rows[index]
        return True

    def feedback(self, state: State, section: str = "") -> dict[str, Any]:
        """Return the feedback of the whole and of the rows of ``section``."""
        options = {row["id"]: row["feedback"] for row in state.rows.get(section, ()) if row.get("feedback", "").strip()}
        return {"general": state.values.get("general", ""), "options": options}

    def common(self, version: ItemVersion) -> dict[str, str]:
        """Return the parts that every kind has."""
        return {"stem": version.stem, "general": version.feedback.get("general", "")}


def filled(row: Mapping[str, str], *names: str) -> bool:
    """Whether anything stands in the row's controls ``names``."""
    return any(row.get(name, "").strip() for name in names)


def decimal_text(text: str) -> str:
    """Return a number as content keeps it: 3,5 becomes 3.5. What is no number stays, for the kind to refuse."""
    return text.strip().replace(" ", "").replace(",", ".")


def shown_number(text: object) -> str:
    """Return a kept number as people write it."""
    return str(text).replace(".", ",")


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "")[:LONGEST]


def _count(data: QueryDict, section: str) -> int:
    raw = data.get(f"{section}-count", "0")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else 0


FIXED = Column("fixed", _("Do not shuffle"), "check")
REMARK = Column("feedback", _("Remark"), "text")
SHARE = Column("share", _("Share of the points"), "number", start="1")
ALL, PARTIAL, FREE, PENALTY = (
    ("all_or_nothing", _("All or nothing")),
    ("partial", _("Each right part counts")),
    ("partial", _("Each right part counts, wrong ones cost nothing: who ticks everything has everything")),
    ("partial_penalty", _("Each right part counts, a wrong one takes away")),
)
