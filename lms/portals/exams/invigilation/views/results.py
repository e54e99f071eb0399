"""The results of a sitting, on the page and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.spreadsheets import Column, download, write_xlsx
from lms.common.text import fold
from lms.exams.models import Sitting
from lms.exams.queries.boards import HANDED_IN, Board, BoardRow, board
from lms.portals.exams.invigilation.views.common import find_sitting, state_words
from quizzes.models import Exam


@require_safe
@never_cache
def results(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Show the results of the people."""
    sitting = find_sitting(request, sitting_id)
    found = board(sitting)
    passed = sum(_passed(sitting, row) is True for row in found.rows)
    context = {"sitting": sitting, "board": found, "passed": passed, "rows": _lines(sitting, found)}
    context["may_correct"] = Exam.objects.correctable_by(request.user).filter(pk=sitting.exam_id).exists()
    return render(request, "exams/invigilation/results.html", context)


def _passed(sitting: Sitting, row: BoardRow) -> bool | None:
    return sitting.exam.passed_with(row.score, row.max_score) if row.state == HANDED_IN else None


def _lines(sitting: Sitting, found: Board) -> list[dict[str, object]]:
    words = state_words()
    return [{"row": row, "passed": _passed(sitting, row), "state": words[row.state]} for row in found.rows]


@require_safe
@never_cache
def export(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The results as Excel."""
    sitting = find_sitting(request, sitting_id)
    found = board(sitting)
    words = state_words()
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Full name"), width=28),
        Column(_("Unit / Party cell"), width=28),
        Column(_("State"), width=14),
        Column(_("Paper code"), width=10),
        Column(_("Answered"), "number", 10),
        Column(_("Score"), "score", 10),
        Column(_("Out of"), "score", 10),
        Column(_("Result"), width=14),
        Column(_("Handed in"), "moment", 18),
        Column(_("Seconds after the end"), "number", 12),
        Column(_("Guest"), width=8),
    ]
    rows = [
        [
            number,
            row.name,
            row.organisation,
            words[row.state],
            row.paper_code,
            row.answered,
            row.score,
            row.max_score,
            {None: "", True: _("Passed"), False: _("Not passed")}[_passed(sitting, row)],
            row.submitted_at,
            row.late_seconds or None,
            _("guest") if row.guest_id else "",
        ]
        for number, row in enumerate(found.rows, start=1)
    ]
    title = f"{sitting.exam.title} – {sitting.room}"
    name = "-".join(fold(f"{_('results')} {sitting.room}").split())
    return download(write_xlsx(rows, columns, title=title), f"{name}.xlsx")
