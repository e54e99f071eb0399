"""Reading the table of an annual plan: typed row by row, or pasted from Excel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.text import fold

Figures = tuple[int, int]  # classes, learners
_CELLS = re.compile(r"\t|;|\s{2,}")


@dataclass(slots=True)
class PlanRow:
    """One programme on the page: what is stored, what was typed, and what was held this year."""

    programme_id: int
    title: str
    stored: Figures = (0, 0)
    approved: Figures = (0, 0)
    held: Figures = (0, 0)
    typed: tuple[str, str] | None = None
    error: str = ""

    @property
    def shown(self) -> tuple[str, str]:
        """Return the texts of the two boxes; nought is left empty."""
        if self.typed is not None:
            return self.typed
        classes, learners = self.stored
        return str(classes or ""), str(learners or "")

    @property
    def revised(self) -> bool:
        return self.approved != self.stored and self.approved != (0, 0)


def take_typed(rows: Sequence[PlanRow], data: Mapping[str, str]) -> dict[int, Figures]:
    """Read the boxes into the rows; returns the figures that differ from what is stored, by programme.

    A box that holds no whole number puts an error on its row, and the row is not among the figures.
    """
    changed: dict[int, Figures] = {}
    for row in rows:
        names = f"classes-{row.programme_id}", f"learners-{row.programme_id}"
        if not any(name in data for name in names):
            continue
        typed = data.get(names[0], "").strip(), data.get(names[1], "").strip()
        row.typed = typed
        figures = _number(typed[0]), _number(typed[1])
        if figures[0] is None or figures[1] is None:
            row.error = _("Give whole numbers.")
        elif figures[1] and not figures[0]:
            row.error = _("Learners need at least one class.")
        elif (figures[0], figures[1]) != row.stored:
            changed[row.programme_id] = figures[0], figures[1]
    return changed


@dataclass(slots=True)
class Pasted:
    """A pasted plan: figures by programme, and what could not be read, line by line."""

    figures: dict[int, Figures] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_pasted(rows: Sequence[PlanRow], text: str) -> Pasted:
    """Read lines of programme, classes and learners; a line of headings or totals is passed over."""
    pasted = Pasted()
    by_title = {fold(row.title): row for row in rows}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in _CELLS.split(line) if cell.strip()]
        if cells and cells[0].rstrip(".").isdigit() and len(cells) > 1:
            cells = cells[1:]  # a column of row numbers
        if not cells or (_number(cells[-1]) is None and len(cells) > 1 and number == 1):
            continue
        row = by_title.get(fold(cells[0]))
        figures = [_number(cell) for cell in cells[1:3]]
        if row is None:
            pasted.problems.append(_("Line %(line)s: no programme is called “%(name)s”.") % _facts(number, cells[0]))
        elif len(figures) < 2 or None in figures:
            problem = _("Line %(line)s: after “%(name)s” two numbers are needed, classes and learners.")
            pasted.problems.append(problem % _facts(number, cells[0]))
        elif row.programme_id in pasted.figures:
            pasted.problems.append(_("Line %(line)s: “%(name)s” stands there twice.") % _facts(number, cells[0]))
        else:
            pasted.figures[row.programme_id] = figures[0] or 0, figures[1] or 0
    return pasted


def _facts(number: int, name: str) -> dict[str, Any]:
    return {"line": number, "name": name[:80]}


def _number(text: str) -> int | None:
    """A whole number as people write it (1.200, 1 200); nothing counts as nought."""
    bare = re.sub(r"(?<=\d)[.\s\u00a0](?=\d{3}(\D|$))", "", text)
    if not bare:
        return 0
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 9 else None


class ReturnForm(forms.Form):
    """The reason why a plan is given back."""

    note = forms.CharField(
        label=gettext_lazy("What should change"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
