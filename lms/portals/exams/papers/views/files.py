"""The files of a set: papers as PDF and Word, keys, marking sheets, all in one archive."""

from __future__ import annotations

import io
import zipfile

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.common.text import fold
from lms.portals.exams.files import attach
from lms.portals.exams.papers.views.common import find_exam_to_edit, find_set
from lms.portals.shared import actor_of
from quizzes.models import Exam, Paper
from quizzes.printing import pdf, word
from quizzes.printing.keys import key_sheet
from quizzes.printing.paper import print_paper
from quizzes.printing.sheets import marking_sheet
from quizzes.services.papers.exams import record_file

_EPOCH = (2000, 1, 1, 0, 0, 0)


def _find_paper(request: HttpRequest, exam_id: int, number: int, paper_id: int) -> tuple[Exam, Paper]:
    found = find_exam_to_edit(request, exam_id)
    paper = next((paper for paper in find_set(found, number) if paper.pk == paper_id), None)
    if paper is None:
        raise Http404
    return found, paper


def _slug(text: str) -> str:
    return slugify(fold(text))[:60] or "sen"


def _told(request: HttpRequest, exam: Exam, number: int, what: str) -> None:
    """Papers and keys are secret: who took a file is written down."""
    record_file(exam=exam, number=number, file=what, actor=actor_of(request))


@require_safe
def paper_pdf(request: HttpRequest, exam_id: int, number: int, paper_id: int) -> HttpResponse:
    """One paper to print."""
    found, paper = _find_paper(request, exam_id, number, paper_id)
    _told(request, found, number, f"{paper.code}.pdf")
    return attach(pdf.paper_pdf(print_paper(paper, found)), f"{_slug(found.title)}-{paper.code}.pdf", inline=True)


@require_safe
def paper_docx(request: HttpRequest, exam_id: int, number: int, paper_id: int) -> HttpResponse:
    """One paper as a Word file."""
    found, paper = _find_paper(request, exam_id, number, paper_id)
    _told(request, found, number, f"{paper.code}.docx")
    return attach(word.paper_docx(print_paper(paper, found)), f"{_slug(found.title)}-{paper.code}.docx")


@require_safe
def keys(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """The key sheet: a row a question, a column a code."""
    found = find_exam_to_edit(request, exam_id)
    papers = find_set(found, number)
    _told(request, found, number, "keys.xlsx")
    return attach(key_sheet(found, papers), f"{_slug(found.title)}-{_('keys')}.xlsx")


@require_safe
def sheet(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """The marking sheet for the set; of papers not in parts, that of the first code with its code printed."""
    found = find_exam_to_edit(request, exam_id)
    papers = find_set(found, number)
    alike = len({tuple(question["kind"] for question in paper.content["questions"]) for paper in papers}) == 1
    data = marking_sheet(papers[0], found, with_code=not alike)
    return attach(pdf.set_pdf("sheet", data), f"{_slug(found.title)}-{_('answer-sheet')}.pdf", inline=True)


@require_safe
def bundle(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """All papers as PDF and Word, with the keys, in one archive."""
    found = find_exam_to_edit(request, exam_id)
    papers = find_set(found, number)
    _told(request, found, number, "bundle.zip")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for paper in papers:
            printed = print_paper(paper, found)
            for name, content in (
                (f"{paper.code}.pdf", pdf.paper_pdf(printed)),
                (f"{paper.code}.docx", word.paper_docx(printed)),
                (
                    f"{_('answer-sheet')}-{paper.code}.pdf",
                    pdf.set_pdf("sheet", marking_sheet(paper, found, with_code=True)),
                ),
            ):
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
        archive.writestr(zipfile.ZipInfo(f"{_('keys')}.xlsx", _EPOCH), key_sheet(found, papers))
    return attach(buffer.getvalue(), f"{_slug(found.title)}.zip")
