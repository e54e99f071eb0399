"""The matrix as HTML. A class of 100 and 30 items has 3,000 cells: they are put together here, not by a template."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lms.common.formats import score
from lms.portals.teacher.queries.matrix import MatrixCell
from lms.progress.models import ItemState

_STATES = (ItemState.TODO, ItemState.DOING, ItemState.DONE)


class CellMaker:
    """Makes the cells of one page; each state is rendered once."""

    def __init__(self) -> None:
        self.dots = {
            state.value: format_html(
                '<td class="m"><span class="dot dot-{}" role="img" aria-label="{}"></span></td>',
                state.value,
                state.label,
            )
            for state in _STATES
        }

    def row(self, cells: Sequence[MatrixCell]) -> SafeString:
        """The cells of one learner: a mark where there is one, else the state."""
        return mark_safe("".join(self.cell(cell) for cell in cells))  # noqa: S308 (every part is escaped)

    def cell(self, cell: MatrixCell) -> SafeString:
        """One cell."""
        if cell.mark is None:
            return self.dots[cell.state]
        css = "m m-passed" if cell.state == ItemState.DONE else "m m-mark"
        return format_html('<td class="{}">{}</td>', css, score(cell.mark))
