"""Answer sheets from a scanning tool's file: kept with their problems, then all taken or none."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.common.clock import now
from lms.exams.engine.scanned import Scanned, find_columns, read_sheets
from lms.exams.enums import SheetState
from lms.exams.errors import SheetError
from lms.exams.models import SheetImport
from lms.exams.queries.sheets import CandidateRow, ClassExam, candidates_of
from lms.exams.services.sheets import SheetReading, clean_entry, papers_of, take_sheets
from quizzes.models import Paper

# Answered by writing, not by marks that a scanner reads.
_WRITTEN = frozenset({"essay", "short_text", "numeric", "gap_text", "hotspot"})


def read_scans(*, class_exam: ClassExam, rows: list[Any], source: str, actor: Any) -> SheetImport:
    """Read the rows of a scanning tool's file and keep them with every problem at its place; nothing is taken yet.

    Raises:
        SheetError: there is no heading row, or nothing below it.
    """
    columns = find_columns(rows)
    if columns is None:
        raise SheetError(
            _("No heading row with SBD, Mã đề and the answers was found in the first 20 rows of the file.")
        )
    papers = papers_of(class_exam.exam, class_exam.set_number)
    people = candidates_of(class_exam)
    known = {row.number.lstrip("0"): row for row in people} | {
        row.enrolment.learner.username.lower(): row for row in people
    }
    problems: list[dict[str, Any]] = []
    stored: list[dict[str, Any]] = []
    lines: dict[int, int] = {}
    for scanned in read_sheets(rows, columns, questions={code: _marks_of(paper) for code, paper in papers.items()}):
        row = known.get(scanned.number.strip().lower().lstrip("0"))
        stored.append(_checked(scanned, row, papers, lines, problems))
    if not stored:
        raise SheetError(_("There are no answers below the heading row."))
    return SheetImport.objects.create(
        exam=class_exam.exam,
        set_number=class_exam.set_number,
        training_class=class_exam.training_class,
        item=class_exam.item,
        created_by=actor,
        source=source[:200],
        rows=stored,
        problems=problems,
    )


def _marks_of(paper: Paper) -> int:
    """Return how many marks a sheet of the paper has: up to the last question that is answered by marks."""
    slots = (one["slot"] for one in paper.content["questions"] if one["kind"] not in _WRITTEN)
    return max(slots, default=0)


def _checked(
    scanned: Scanned,
    row: CandidateRow | None,
    papers: dict[str, Paper],
    lines: dict[int, int],
    problems: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return a row as it is kept, and add what is wrong with it to ``problems`` with its place in the file."""

    def wrong(column: str, text: str) -> None:
        problems.append({"line": scanned.line, "column": column, "text": text})

    if row is None:
        wrong(
            _("Candidate number"),
            _("Nobody on the list has the number “%(number)s”.") % {"number": scanned.number[:30]},
        )
    elif row.enrolment.pk in lines:
        wrong(
            _("Candidate number"),
            _("The same person stands in row %(line)d already.") % {"line": lines[row.enrolment.pk]},
        )
    else:
        lines[row.enrolment.pk] = scanned.line
        if row.sheet is not None and row.sheet.state == SheetState.POSTED:
            wrong(_("Candidate number"), _("This person's sheet is graded already."))
    paper = papers.get(scanned.code)
    if paper is not None and scanned.marks is not None and scanned.marks < _marks_of(paper):
        # One mark too few moves all behind it: nobody may be graded by that.
        text = _("There are %(marks)d answers for %(count)d questions. Put “-” where a question was left out.")
        wrong(_("Answers"), text % {"marks": scanned.marks, "count": _marks_of(paper)})
    try:
        clean_entry(SheetReading(scanned.code, scanned.answers), papers)
    except SheetError as error:
        for field, texts in error.fields.items():
            name = _("Paper code") if field == "code" else _("Question %(number)s") % {"number": field}
            wrong(name, texts[0])
    return {
        "line": scanned.line,
        "number": scanned.number[:30],
        "name": row.candidate_name if row else "",
        "enrolment": row.enrolment.pk if row else None,
        "code": scanned.code[:20],
        "answers": {str(slot): text for slot, text in scanned.answers.items()},
    }


@transaction.atomic
def take_scans(*, class_exam: ClassExam, sheet_import: SheetImport, actor: Any) -> int:
    """Take and grade every sheet of a file that was read without problems, or none; return how many.

    Raises:
        SheetError: the file has problems or was taken before; or what :func:`take_sheets` raises.
    """
    locked = SheetImport.objects.select_for_update(of=("self",)).get(pk=sheet_import.pk)
    if locked.done_at is not None:
        raise SheetError(_("The sheets of this file were taken already."))
    if locked.problems:
        raise SheetError(_("The file has problems: correct it and read it again."))
    people = {row.enrolment.pk: row.enrolment for row in candidates_of(class_exam)}
    done = take_sheets(
        item=class_exam.item,
        rows=[
            (
                people[row["enrolment"]],
                SheetReading(row["code"], {int(slot): text for slot, text in row["answers"].items()}),
            )
            for row in locked.rows
            if row["enrolment"] in people
        ],
        source=locked.source,
        actor=actor,
    )
    locked.done_at = now()
    locked.save(update_fields=["done_at", "updated_at"])
    return done
