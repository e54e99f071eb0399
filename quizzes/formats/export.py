"""Writing questions in any format that can be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.formats import excel_writer, gift_writer
from quizzes.formats.model import ParsedQuestion, Picture, WrittenFile
from quizzes.formats.moodle import writer as moodle_writer
from quizzes.formats.qti import writer as qti_writer
from quizzes.formats.word import writer as word_writer

type Write = Callable[[Sequence[ParsedQuestion], Mapping[str, Picture]], WrittenFile]


@dataclass(frozen=True, slots=True)
class OutFormat:
    """One format that can be written."""

    name: str
    label: str | Promise
    write: Write


OUT_FORMATS = {
    one.name: one
    for one in (
        OutFormat("word", _("Word (.docx)"), word_writer.write),
        OutFormat("excel", _("Excel (.xlsx)"), lambda questions, _pictures: excel_writer.write(questions)),
        OutFormat("gift", _("GIFT (.txt)"), lambda questions, _pictures: gift_writer.write(questions)),
        OutFormat("moodle_xml", _("Moodle XML (.xml)"), moodle_writer.write),
        OutFormat("qti", _("QTI 3.0 (.zip)"), qti_writer.write),
    )
}
