"""What the lecturer takes along as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lms.classes.models import TrainingClass
from lms.common.clock import now
from lms.common.formats import moment
from lms.common.spreadsheets import Column, download, write_csv, write_xlsx
from lms.common.text import fold
from lms.portals.teacher.queries.matrix import Matrix
from lms.portals.teacher.queries.results import ExamResults
from lms.progress.models import ItemState
from quizzes.engine.texts import plain_text


def export_matrix(training_class: TrainingClass, table: Matrix, form: str) -> HttpResponse:
    """Learners × items; a mark stands in place of the state where there is one."""
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Full name"), width=28),
        Column(_("Position"), width=24),
        Column(_("Unit / Party cell"), width=28),
        Column(_("Status"), width=16),
        Column(_("Percent done"), "percent", 12),
        Column(_("Last activity"), "moment", 18),
        Column(_("Behind"), width=10),
        Column(_("Final mark"), "score", 10),
        *(Column(item.title, width=18) for item in table.items),
    ]
    labels = {state.value: str(state.label) for state in ItemState}
    rows = []
    for number, row in enumerate(table.rows, start=1):
        enrolment = row.enrolment
        profile = getattr(enrolment.learner, "profile", None)
        rows.append(
            [
                number,
                row.name,
                profile.position if profile else "",
                profile.organisation if profile else "",
                enrolment.get_status_display(),
                enrolment.percent,
                enrolment.last_activity_at,
                _("behind") if row.behind else "",
                enrolment.score,
                *(labels[cell.state] if cell.mark is None else cell.mark for cell in row.cells),
            ]
        )
    title = _("Progress of %(class)s") % {"class": training_class.name}
    return _file(training_class, rows, columns, title, _("progress"), form)


def export_results(training_class: TrainingClass, results: ExamResults, form: str) -> HttpResponse:
    """The test by learner."""
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Full name"), width=28),
        Column(_("Attempts"), "number", 10),
        Column(_("Score"), "score", 10),
        Column(_("Out of"), "score", 10),
        Column(_("Mark on 10"), "score", 12),
        Column(_("Minutes"), "number", 10),
        Column(_("Handed in"), "moment", 18),
        Column(_("Result"), width=14),
    ]
    rows = []
    for number, row in enumerate(results.rows, start=1):
        best = row.best
        verdict = {None: "", True: _("Passed"), False: _("Not passed")}[row.passed]
        rows.append(
            [
                number,
                str(row.enrolment.learner),
                len(row.handed_in),
                best.score if best else None,
                best.max_score if best else None,
                round(row.mark, 2) if row.mark is not None else None,
                round(row.time.total_seconds() / 60) if row.time else None,
                best.submitted_at if best else None,
                verdict,
            ]
        )
    title = _("%(exam)s: results of %(class)s") % {"exam": results.item.title, "class": training_class.name}
    return _file(training_class, rows, columns, title, _("results"), form)


def export_questions(training_class: TrainingClass, results: ExamResults, form: str) -> HttpResponse:
    """The test by question, the hardest first."""
    lettered = {one.version: one.options if one.counting == "chosen" else () for one in results.questions}
    most = max(map(len, lettered.values()), default=0)
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Question"), width=60),
        Column(_("Answered by"), "number", 12),
        Column(_("Right"), "number", 10),
        Column(_("Right, per cent"), "percent", 12),
        Column(_("Left out"), "number", 10),
        Column(_("Key"), width=8),
        *(Column(_("Chose %(letter)s") % {"letter": chr(65 + index)}, "number", 10) for index in range(most)),
    ]
    rows = [
        [
            number,
            plain_text(question.stem_html),
            question.seen,
            question.correct,
            question.percent,
            question.omitted,
            ", ".join(option.letter for option in lettered[question.version] if option.right),
            *(option.count for option in lettered[question.version]),
            *([None] * (most - len(lettered[question.version]))),
        ]
        for number, question in enumerate(results.questions, start=1)
    ]
    title = _("%(exam)s: questions, %(class)s") % {"exam": results.item.title, "class": training_class.name}
    return _file(training_class, rows, columns, title, _("questions"), form)


def _file(
    training_class: TrainingClass,
    rows: Sequence[Sequence[Any]],
    columns: Sequence[Column],
    title: str,
    name: str,
    form: str,
) -> HttpResponse:
    filename = "-".join(fold(f"{name} {training_class.name}").split()).replace("/", "-")[:80] + f".{form}"
    if form == "csv":
        return download(write_csv(rows, columns), filename)
    notes = [
        f"{training_class.edition.title} · {training_class.unit}",
        _("As of %(moment)s") % {"moment": moment(now())},
    ]
    return download(write_xlsx(rows, columns, title=title, sheet=name, notes=notes), filename)
