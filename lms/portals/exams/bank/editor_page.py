"""The content of the question form's template: rows, controls and where each error stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from lms.common.text import whole_number
from lms.portals.exams.bank.editors.base import ON, Built, Column, Editor, Section, State
from quizzes.engine.references import refers_to_others

# Where an error stands that names a part of the key.
ALIASES = {"correct": "options", "order": "options", "true": "statements", "pairs": "prompts"}
OWN_FIELDS = {"stem", "topic", "level", "code", "outcome", "tags", "source", "language"}


@dataclass(frozen=True, slots=True)
class Control:
    """One control with everything around it."""

    name: str
    label: str
    widget: str
    value: str
    choices: list[tuple[str, str | Promise]] = field(default_factory=list)
    help: str | Promise = ""
    errors: list[str] = field(default_factory=list)
    ident: str = ""
    radio_value: str = ""

    @property
    def checked(self) -> bool:
        return self.value == ON

    @property
    def is_remark(self) -> bool:
        """Whether it is a remark, which most rows do not have."""
        return self.name.endswith("-feedback")

    @property
    def is_more(self) -> bool:
        """Whether it stands below the row's text and marks."""
        return self.widget not in {"check", "radio", "rich"} and not self.is_remark


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a section."""

    index: int
    ident: str
    mark: str
    controls: list[Control]
    errors: list[str]
    suggests_fixed: bool

    @property
    def has_more(self) -> bool:
        return any(control.is_more for control in self.controls)


@dataclass(frozen=True, slots=True)
class SectionView:
    """Rows of one sort with their buttons."""

    section: Section
    rows: list[RowView]
    errors: list[str]
    may_add: bool
    may_drop: bool


@dataclass(frozen=True, slots=True)
class EditorView:
    """The whole form; ``errors`` found no control."""

    editor: Editor
    stem: Control
    general: Control
    sections: list[SectionView]
    settings: list[Control]
    errors: list[str]


def present(
    editor: Editor, state: State, errors: Mapping[str, list[str]] | None = None, built: Built | None = None
) -> EditorView:
    """Return the form in ``state`` with ``errors`` at the controls that they name."""
    by_place, rest = _places(editor, state, errors or {}, built)
    return EditorView(
        editor=editor,
        stem=Control(
            "stem", "", "rich", state.values.get("stem", ""), errors=by_place.pop("stem", []), ident="id_stem"
        ),
        general=Control("general", "", "rich", state.values.get("general", ""), ident="id_general"),
        sections=[_section(section, state, by_place) for section in editor.sections],
        settings=[
            Control(
                setting.name,
                str(setting.label),
                setting.widget,
                state.values.get(setting.name, ""),
                list(setting.choices),
                setting.help,
                by_place.pop(setting.name, []),
                f"id_{setting.name}",
            )
            for setting in editor.settings
        ],
        errors=rest,
    )


def _section(section: Section, state: State, errors: dict[str, list[str]]) -> SectionView:
    rows = state.rows[section.name]
    views = []
    for index, row in enumerate(rows):
        mark = row["id"].upper() if section.marks else str(index + 1)
        views.append(
            RowView(
                index,
                row["id"],
                mark,
                [_control(section, column, index, row, mark) for column in section.columns],
                errors.get(f"{section.name}.{row['id']}", []),
                suggests_fixed=any(column.name == "fixed" for column in section.columns)
                and row.get("fixed") != ON
                and refers_to_others(row.get("html", "")),
            )
        )
    return SectionView(
        section, views, errors.get(section.name, []), len(rows) < section.most, len(rows) > section.least
    )


def _control(section: Section, column: Column, index: int, row: Mapping[str, str], mark: str) -> Control:
    name = f"{section.name}-{column.name}" if column.widget == "radio" else f"{section.name}-{index}-{column.name}"
    return Control(
        name,
        str(column.label) % {"mark": mark, "place": index + 1},
        column.widget,
        row.get(column.name, ""),
        list(column.choices),
        column.help,
        ident=f"id_{section.name}-{index}-{column.name}",
        radio_value=row["id"],
    )


def _places(
    editor: Editor, state: State, errors: Mapping[str, list[str]], built: Built | None
) -> tuple[dict[str, list[str]], list[str]]:
    """Sort errors by place: a row is named by its own id, for empty rows were left out before the kind counted."""
    names = {section.name for section in editor.sections}
    settings = {setting.name for setting in editor.settings}
    placed: dict[str, list[str]] = {}
    rest: list[str] = []
    for place, texts in errors.items():
        where = place
        if editor.section("gaps") and place.startswith("key."):
            where = f"gaps.{place.removeprefix('key.')}"  # a gap's key is named by the gap alone
        head, _dot, tail = where.removeprefix("key.").removeprefix("content.").partition(".")
        head = ALIASES.get(head, head)
        if head in names:
            ident = _row_id(editor, state, built, head, tail.partition(".")[0])
            placed.setdefault(f"{head}.{ident}" if ident else head, []).extend(texts)
        elif head in settings or head == "stem":
            placed.setdefault(head, []).extend(texts)
        elif head == "key" and editor.sections:
            placed.setdefault(editor.sections[-1].name, []).extend(texts)
        elif head not in OWN_FIELDS:
            rest.extend(texts)
    return placed, rest


def _row_id(editor: Editor, state: State, built: Built | None, section: str, tail: str) -> str:
    if not tail:
        return ""
    ids = [row["id"] for row in state.rows[section]]
    if section == "gaps":
        return tail if tail in ids else ""  # gaps are named, not counted
    place = whole_number(tail)
    if place is not None and built is not None:
        made: Any = built.content.get(section) or built.key.get(section)
        if isinstance(made, list) and place < len(made):
            ident = made[place].get("id")
            if ident in ids:
                return str(ident)
            full = [row["id"] for row in state.rows[section] if _holds(editor, section, row)]
            return full[int(tail)] if int(tail) < len(full) else ""
    return tail if tail in ids else ""


def _holds(editor: Editor, name: str, row: Mapping[str, str]) -> bool:
    section = editor.section(name)
    return section is not None and bool(row.get(section.columns[0].name, "").strip() or row.get("coords", "").strip())
