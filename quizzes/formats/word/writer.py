"""Writing a Word file that a teacher can read and change, and that comes back as it went.

The right letters are underlined; what underlines cannot say stands in lines of words (:mod:`.convention`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import docx
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from lxml import html as parsing

from quizzes.formats.losses import common_losses, short_name
from quizzes.formats.markup import LEVEL_NAMES, plain, tidy
from quizzes.formats.model import PICTURE_PREFIX, Loss, ParsedQuestion, Picture, UnreadableFileError, WrittenFile
from quizzes.formats.word import convention
from quizzes.formats.word.growing import Growing
from quizzes.formats.word.omml import to_omml

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PIXEL = 9525
_WIDEST = 600 * _PIXEL
_BLOCKS = {"p", "h3", "h4", "blockquote", "pre", "li", "figure", "figcaption"}


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    underline: bool = False
    raised: str = ""


def write(questions: Sequence[ParsedQuestion], pictures: Mapping[str, Picture]) -> WrittenFile:
    """Return the questions as a .docx; what it could not say is found by reading it again."""
    document = docx.Document()
    growing = Growing(document)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(3)
    lost_by: list[list[str]] = []
    for number, question in enumerate(questions, start=1):
        lost = common_losses(question, set())
        _Writer(growing, pictures, lost).question(question, number)
        lost_by.append(lost)
        growing.settle()
    document.add_paragraph("--- HẾT ---")
    data = growing.save()
    _compare(questions, data, lost_by)
    losses = [
        Loss(short_name(question, number), code)
        for number, (question, lost) in enumerate(zip(questions, lost_by, strict=True), start=1)
        for code in dict.fromkeys(lost)
    ]
    return WrittenFile(data, "docx", CONTENT_TYPE, losses)


def _compare(questions: Sequence[ParsedQuestion], data: bytes, lost_by: list[list[str]]) -> None:
    """Read the file again and note what did not come back."""
    from quizzes.formats.word.reader import read

    try:
        back = read(data).questions
    except UnreadableFileError:
        back = []
    if len(back) != len(questions):
        for lost in lost_by:
            lost.append("loss_format")
        return
    for question, other, lost in zip(questions, back, lost_by, strict=True):
        if question.kind != other.kind:
            lost.append("loss_kind")
        elif _key(question) != _key(other):
            lost.append("loss_scoring")
        elif _bare(question) != _bare(other):
            lost.append("loss_format")
        for name in ("source", "level", "tags", "topic", "code"):
            if getattr(question, name) != getattr(other, name):
                lost.append(f"loss_{name}")


def _key(question: ParsedQuestion) -> dict[str, Any]:
    return {name: value for name, value in question.key.items() if name not in ("model_html", "ratio")}


def _bare(question: ParsedQuestion) -> str:
    text = repr((question.stem, question.content, question.key.get("model_html"), question.feedback))
    text = re.sub(r'(?: width="\d+"| height="\d+"| alttext="[^"]*")', "", text)
    text = re.sub(r"/-/hinh/[^\"']+", "/-/hinh/", text)
    for ours, theirs in (("strong", "b"), ("em", "i")):
        text = text.replace(f"<{ours}>", f"<{theirs}>").replace(f"</{ours}>", f"</{theirs}>")
    return re.sub(r"'fixed': False,? ?|, 'fixed': False", "", text)


class _Writer:
    def __init__(self, growing: Growing, pictures: Mapping[str, Picture], lost: list[str]) -> None:
        self.growing, self.document = growing, growing.document
        self.pictures, self.lost = pictures, lost

    def question(self, question: ParsedQuestion, number: int) -> None:
        tag = convention.KIND_TAGS.get(question.kind, "")
        head = f"Câu {number}" + (f" [{tag}]" if tag else "") + ": "
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(head).bold = True
        stem = convention.whole_text(question) if question.kind == "gap_text" else question.stem
        if question.kind == "hotspot":
            alt = plain(question.content.get("alt", "")).replace('"', "")
            stem += f'<p><img src="{question.content.get("image", "")}" alt="{alt}"></p>'
        self.html(stem, paragraph)
        self._parts(question)
        for line in self._lines(question):
            self.document.add_paragraph(line)
        if model := question.key.get("model_html"):
            self._field("Bài mẫu: ", model)
        for ident, note in (question.feedback.get("options") or {}).items():
            if ident.isalpha():
                self._field(f"Nhận xét {ident.upper()}: ", note)
            else:
                self.lost.append("loss_option_feedback")
        if general := question.feedback.get("general"):
            self._field("Giải thích: ", general)

    def _field(self, name: str, html: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(name)
        self.html(html, paragraph)

    def _parts(self, question: ParsedQuestion) -> None:
        content, key = question.content, question.key
        for prompt in content.get("prompts") or ():
            paragraph = self.document.add_paragraph()
            paragraph.add_run(f"{prompt['id']}) ")
            self.html(prompt["html"], paragraph)
        right = key.get("correct", [])
        right = [right] if isinstance(right, str) else right
        for option in content.get("options") or ():
            paragraph = self.document.add_paragraph()
            letter = paragraph.add_run(option["id"].upper())
            if option["id"] in right:
                letter.underline = True
            paragraph.add_run(". ")
            self.html(option["html"], paragraph)
        for index, statement in enumerate(content.get("statements") or ()):
            paragraph = self.document.add_paragraph()
            paragraph.add_run(f"{chr(ord('a') + index)}) ")
            self.html(statement["html"], paragraph)

    def _lines(self, question: ParsedQuestion) -> list[str]:  # noqa: C901 (one case each)
        content, key = question.content, question.key
        lines = []
        match question.kind:
            case "true_false_group":
                truths = ["Đ" if one["id"] in key["true"] else "S" for one in content["statements"]]
                lines.append(f"Đáp án: {''.join(truths)}")
                if any(one.get("fixed") for one in content["statements"]):
                    self.lost.append("loss_fixed")
            case "matching":
                lines.append("Đáp án: " + "; ".join(f"{one}-{ident.upper()}" for one, ident in key["pairs"].items()))
            case "ordering":
                lines.append("Đáp án: " + ", ".join(ident.upper() for ident in key["order"]))
            case "short_text":
                lines.append(f"Đáp án: {convention.join_alternatives(key['accepted'])}")
                if content.get("lines", 1) != 1:
                    lines.append(f"Số dòng: {content['lines']}")
            case "numeric":
                lines.append(f"Đáp án: {convention.join_numbers(key['accepted'])}")
                if content.get("unit"):
                    lines.append(f"Đơn vị: {content['unit']}")
            case "gap_text":
                lines += [self._plain_line(line) for line in convention.gap_lines(question)]
            case "essay":
                lines += [line for line in convention.essay_lines(question) if not line.startswith("Bài mẫu")]
            case "hotspot":
                lines += [
                    f"Vùng đúng: {area['shape']} {' '.join(convention.write_number(one) for one in area['coords'])}"
                    + convention.percent(area.get("share", "1"))
                    for area in key["areas"]
                ]
        held = [one["id"].upper() for one in content.get("options") or () if one.get("fixed")]
        if held:
            lines.append(f"Giữ chỗ: {', '.join(held)}")
        if how := convention.how_scored(question):
            lines.append(f"Cách chấm: {how}")
        for name, text in (
            ("Mức độ", LEVEL_NAMES.get(question.level, "")),
            ("Chủ đề", " > ".join(question.topic)),
            ("Mã câu", question.code),
            ("Thẻ", ", ".join(question.tags)),
            ("Nguồn", question.source),
        ):
            if text:
                lines.append(f"{name}: {text}")
        return lines

    def _plain_line(self, line: str) -> str:
        if "<" in line:
            self.lost.append("loss_format")
        return plain(line)

    def html(self, html: str, paragraph: Any) -> None:
        """Add html from ``paragraph`` on: further blocks become paragraphs of their own."""
        root = parsing.fragment_fromstring(tidy(html) or " ", create_parent="div")
        self._target = paragraph
        self._fresh = True
        self._inner(root, _Look())

    def _block(self) -> None:
        """Begin a paragraph, unless the one at hand has not been written to by this html."""
        if not self._fresh:
            self._target = self.document.add_paragraph()
        self._fresh = False

    def _run(self, text: str, look: _Look) -> None:
        if not text:
            return
        self._fresh = False
        run = self._target.add_run(re.sub(r"\s+", " ", text))
        for name in ("bold", "italic", "underline"):
            if getattr(look, name):  # asking for a look makes properties for it, even to say that there is none
                setattr(run, name, True)
        if look.raised:
            setattr(run.font, {"sub": "subscript", "sup": "superscript"}[look.raised], True)

    def _inner(self, element: Any, look: _Look) -> None:
        self._run(element.text or "", look)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, look)
            if child.tail and (child.tail.strip() or child.tag not in _BLOCKS | {"table", "ul", "ol"}):
                self._run(child.tail, look)

    def _child(self, child: Any, look: _Look) -> None:
        match child.tag:
            case "b" | "strong":
                self._inner(child, replace(look, bold=True))
            case "i" | "em":
                self._inner(child, replace(look, italic=True))
            case "u":
                self._inner(child, replace(look, underline=True))
            case "sub" | "sup":
                self._inner(child, replace(look, raised=child.tag))
            case "br":
                self._target.add_run().add_break()
            case "img":
                self._picture(child)
            case "math":
                self._fresh = False
                self._target._p.append(to_omml(child))
            case "table":
                self._table(child)
            case "li":
                self.lost.append("loss_format")
                self._block()
                self._run("– ", look)
                self._inner(child, look)
            case tag if tag in _BLOCKS:
                self._block()
                self._inner(child, look)
            case _:
                self._inner(child, look)

    def _picture(self, element: Any) -> None:
        name = (element.get("src") or "").removeprefix(PICTURE_PREFIX)
        if name not in self.pictures:
            self.lost.append("loss_picture")
            return
        self._fresh = False
        width = element.get("width") or ""
        try:
            shape = self.growing.picture(
                self._target.add_run(),
                name,
                self.pictures[name].data,
                int(width) * _PIXEL if width.isdigit() and int(width) else None,
            )
        except (UnrecognizedImageError, ZeroDivisionError, ValueError, KeyError):
            self.lost.append("loss_picture")
            return
        if shape.width > _WIDEST:
            shape.height = Emu(int(shape.height * _WIDEST / shape.width))
            shape.width = Emu(_WIDEST)
        if alt := element.get("alt"):
            shape._inline.docPr.set("descr", alt)

    def _table(self, element: Any) -> None:
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
        if not rows or not max(len(row) for row in rows):
            return
        table = self.document.add_table(rows=len(rows), cols=max(len(row) for row in rows))
        table.style = "Table Grid"
        for row, cells in zip(rows, table.rows, strict=True):
            for source, cell in zip(row, cells.cells, strict=False):
                self._target, self._fresh = cell.paragraphs[0], True
                self._inner(source, _Look())
        self._fresh = False
        self._target = self.document.add_paragraph()
        self._fresh = True
