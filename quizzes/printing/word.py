"""The learner's paper as a Word file that teachers can still edit; nothing in it tells the key or the writer.

python-docx writes the parts; afterwards everything that a template or a program adds about itself is taken out, and
the archive gets fixed dates, so that the same paper is the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from quizzes.printing.formulas import word_formula
from quizzes.printing.paper import Printed
from quizzes.printing.pictures import PrintedPicture
from quizzes.printing.text import Block

FONT = "Times New Roman"
#: The width of the text on A4 with the margins below.
WIDTH = 173.0
#: The highest that a picture stands, so that its question fits on a page with it.
HIGHEST = 150.0
_INDENT = 7.0
_EPOCH = (2000, 1, 1, 0, 0, 0)


def new_document(*, landscape: bool = False) -> Document:
    """Return an empty A4 document in the typeface of official papers."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    section.left_margin, section.right_margin = Mm(22), Mm(15)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(2)
    style.paragraph_format.line_spacing = 1.05
    return document


def file_bytes(document: Document) -> bytes:
    """Return the file with nothing in it about who made it, when or with what, always the same for the same text."""
    raw = io.BytesIO()
    document.save(raw)
    result = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            if name.startswith(("docProps/", "customXml/")):
                continue
            data = source.read(name)
            if name.endswith((".xml", ".rels")):
                data = _anonymous(name, data.decode("utf-8")).encode("utf-8")
            target.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _anonymous(name: str, xml: str) -> str:
    xml = re.sub(r'(?<!\s)\s++w(?:14|15)?:(?:rsid\w*|paraId|textId)="[^"]*"', "", xml)
    xml = re.sub(r"<w:rsids>(?:(?!</?w:rsids>).)*+</w:rsids>|<w:rsid\b[^<>]*/>", "", xml, flags=re.DOTALL)
    if name.endswith(".rels"):
        xml = re.sub(r'<Relationship\b[^<>]*Target="/?(?:\.\./)?(?:docProps|customXml)/[^<>]*/>', "", xml)
    if name == "[Content_Types].xml":
        xml = re.sub(r'<Override\b[^<>]*PartName="/(?:docProps|customXml)/[^<>]*/>', "", xml)
    return xml


def paper_docx(printed: Printed) -> bytes:
    """Return the learner's paper as a Word file."""
    document = new_document()
    data = printed.data
    labels = data["labels"]
    _footer(document, f"{labels['code']} {data['code']}", labels["page"])
    _head(document, data)
    setter = _Setter(document, printed.pictures)
    for part in data["parts"]:
        if part["title"]:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.paragraph_format.keep_with_next = True
            paragraph.add_run(part["title"] + " ").bold = True
            paragraph.add_run(part["note"])
        for question in part["questions"]:
            _question(setter, question, labels)
    end = document.add_paragraph()
    end.alignment = WD_ALIGN_PARAGRAPH.CENTER
    end.paragraph_format.space_before = Pt(8)
    end.paragraph_format.keep_with_next = True
    end.add_run("-------- ")
    end.add_run(labels["end"]).bold = True
    end.add_run(" --------")
    note = document.add_paragraph()
    note.alignment = WD_ALIGN_PARAGRAPH.CENTER
    note.add_run(labels["note"]).italic = True
    return file_bytes(document)


def _footer(document: Document, left: str, page: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Normal"]  # that of footers has a stop in the middle
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}\t{page} ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _head(document: Document, data: dict[str, Any]) -> None:
    head, labels = data["head"], data["labels"]
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    set_widths(table, (80.0, 93.0))
    issuer = left.paragraphs[0]
    if head["superior"]:
        _centred(issuer, head["superior"].upper(), size=12)
        issuer = left.add_paragraph()
    _centred(issuer, head["issuer"].upper(), bold=True, size=12)
    _centred(left.add_paragraph(), "*" if head["kind"] == "party" else "_______", size=12)
    _centred(right.paragraphs[0], head["first"], bold=True, size=13 if head["kind"] == "party" else 12)
    if head["second"]:
        _centred(right.add_paragraph(), head["second"], bold=True, size=13)
    if head["first"]:
        _centred(right.add_paragraph(), "_" * 22, size=12)
    _centred(document.add_paragraph(), data["exam"].upper(), bold=True, size=14)
    if data["subject"]:
        _centred(document.add_paragraph(), data["subject"], bold=True)
    if data["duration"]:
        _centred(document.add_paragraph(), data["duration"], italic=True)
    code = document.add_paragraph()
    code.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    code.add_run(f"{labels['code']}: {data['code']}").bold = True
    _dotted(document, [(f"{labels['name']}: ", WIDTH)])
    _dotted(document, [(f"{labels['number']}: ", WIDTH / 2 - 4), (f"   {labels['class']}: ", WIDTH)])


def set_widths(table: Table, widths: Sequence[float]) -> None:
    """Give the columns their widths in millimetres, in the grid and in every cell: programs heed one or the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def repeat_heading(table: Table) -> None:
    """Let the first row stand again on every page, and no row be cut by its end."""
    for index, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if index == 0:
            properties.append(OxmlElement("w:tblHeader"))


def _centred(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False, size: float = 13) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold or None, italic or None, Pt(size)


def _dotted(document: Any, fields: list[tuple[str, float]]) -> None:
    """Add a line of labels, each with dots up to a place in millimetres."""
    paragraph = document.add_paragraph()
    for label, place in fields:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(place), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run(f"{label}\t")


class _Setter:
    """Sets blocks into the document or a cell."""

    def __init__(self, document: Document, pictures: Any) -> None:
        self.document = document
        self.pictures: dict[str, PrintedPicture] = dict(pictures)

    def blocks(
        self, place: Any, blocks: list[Block], *, lead: str = "", first: Paragraph | None = None, width: float
    ) -> None:
        """Add ``blocks`` to ``place``; ``lead`` stands bold before the first words, in ``first`` if it is given."""
        paragraph = first
        if lead and (not blocks or blocks[0]["t"] != "p"):
            paragraph = paragraph or place.add_paragraph()
            paragraph.add_run(lead).bold = True
            lead, paragraph = "", None
        for block in blocks:
            if block["t"] == "table":
                self._table(place, block["rows"], width)
                paragraph = None
                continue
            paragraph = paragraph or place.add_paragraph()
            if lead:
                paragraph.add_run(lead).bold = True
                lead = ""
            if block["t"] == "img":
                self._picture(paragraph, block, width)
            else:
                if block["marker"]:
                    paragraph.paragraph_format.left_indent = Mm(10)
                    paragraph.paragraph_format.first_line_indent = Mm(-5)
                    paragraph.add_run(f"{block['marker']} ")
                self.runs(paragraph, block["runs"])
            paragraph = None

    def runs(self, paragraph: Paragraph, runs: list[dict[str, Any]]) -> None:
        for one in runs:
            if "math" in one:
                paragraph._p.append(word_formula(one["math"]))
                continue
            run = paragraph.add_run(one["s"])
            run.bold, run.italic = one.get("b"), one.get("i")
            run.underline = one.get("u")
            run.font.strike = one.get("x")
            run.font.subscript, run.font.superscript = one.get("sub"), one.get("sup")

    def _picture(self, paragraph: Paragraph, block: Block, width: float) -> None:
        picture = self.pictures.get(block["src"])
        if picture is None:
            paragraph.add_run(f"[{block['alt'] or '…'}]").italic = True
            return
        pixels = block.get("width") or picture.width
        highest = Mm(HIGHEST * picture.width / picture.height)
        wide = min(Mm(width), Emu(int(pixels * 9525)), highest)  # 96 pixels to the inch
        paragraph.add_run().add_picture(io.BytesIO(picture.data), width=wide)
        properties = paragraph._p.xpath(".//wp:docPr")[-1]
        properties.set("name", picture.name)
        properties.set("descr", block["alt"])

    def _table(self, place: Any, rows: list[list[list[Block]]], width: float) -> None:
        columns = len(rows[0])
        table = place.add_table(len(rows), columns)
        table.style = "Table Grid"
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, blocks in zip(cells.cells, row, strict=True):
                self.blocks(cell, blocks, first=cell.paragraphs[0], width=width / columns - 4)


def _question(setter: _Setter, question: dict[str, Any], labels: dict[str, str]) -> None:
    document = setter.document
    before = len(document.element.body)
    setter.blocks(document, question["stem"], lead=f"{labels['question']} {question['number']}. ", width=WIDTH)
    if question["kind"] == "true_false_group":
        _true_false(setter, question["statements"], labels)
    elif question["kind"] == "matching":
        _matching(setter, question)
    else:
        _options(setter, question["options"], question["columns"])
        for gap in question.get("gaps", []):
            _options(setter, gap["options"], gap["columns"], lead=f"{gap['letter']} ")
    if question["lines"]:
        for number in range(question["lines"]):
            _dotted(document, [(f"{question['answer']} " if number == 0 else "", WIDTH)])
    elif question["answer"]:
        document.add_paragraph().add_run(question["answer"]).italic = True
    _keep_together(list(document.element.body)[before - 1 : -1])


def _keep_together(parts: list[Any]) -> None:
    """Let no page end inside a question: paragraphs and rows stay with what follows, up to the last."""
    rows = [row for part in parts if part.tag == qn("w:tbl") for row in part.iter(qn("w:tr"))]
    for row in rows:
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    lines = [line for part in parts for line in part.iter(qn("w:p"))]
    last = parts[-1] if parts else None
    ending = last
    if last is not None and last.tag == qn("w:tbl"):
        ending = list(last.iter(qn("w:tr")))[-1]
    closing = set() if ending is None else set(ending.iter(qn("w:p")))
    for line in lines:
        format_ = Paragraph(line, None).paragraph_format
        format_.keep_together = True
        if line not in closing:
            format_.keep_with_next = True


def _options(setter: _Setter, options: list[dict[str, Any]], columns: int, *, lead: str = "") -> None:
    """Add options 4, 2 or 1 to a line, on tabs, as teachers write them."""
    per_line = max(1, columns)
    simple = per_line > 1 and all(len(one["blocks"]) == 1 and one["blocks"][0]["t"] == "p" for one in options)
    for start in range(0, len(options), per_line if simple else 1):
        line = options[start : start + (per_line if simple else 1)]
        paragraph = setter.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(_INDENT)
        if lead and start == 0:
            paragraph.add_run(lead).bold = True
        if simple:
            for index, one in enumerate(line):
                if index:
                    place = _INDENT + index * (WIDTH - _INDENT) / per_line
                    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(place))
                    paragraph.add_run("\t")
                paragraph.add_run(f"{one['letter']} ").bold = True
                setter.runs(paragraph, one["blocks"][0]["runs"])
        else:
            setter.blocks(
                setter.document, line[0]["blocks"], lead=f"{line[0]['letter']} ", first=paragraph, width=WIDTH - _INDENT
            )


def _true_false(setter: _Setter, statements: list[dict[str, Any]], labels: dict[str, str]) -> None:
    table = setter.document.add_table(len(statements) + 1, 4)
    table.style = "Table Grid"
    widths = (10.0, WIDTH - 42, 16.0, 16.0)
    set_widths(table, widths)
    for index, text in ((2, labels["true"]), (3, labels["false"])):
        _centred(table.rows[0].cells[index].paragraphs[0], text, bold=True)
    for row, one in zip(table.rows[1:], statements, strict=False):
        row.cells[0].paragraphs[0].add_run(one["letter"]).bold = True
        setter.blocks(row.cells[1], one["blocks"], first=row.cells[1].paragraphs[0], width=widths[1] - 4)
        for cell in row.cells[2:]:
            _centred(cell.paragraphs[0], "□")


def _matching(setter: _Setter, question: dict[str, Any]) -> None:
    rows = max(len(question["prompts"]), len(question["options"]))
    table = setter.document.add_table(rows, 2)
    for index, column in enumerate(("prompts", "options")):
        for row, one in zip(table.rows, question[column], strict=False):
            cell = row.cells[index]
            setter.blocks(cell, one["blocks"], lead=f"{one['letter']} ", first=cell.paragraphs[0], width=WIDTH / 2 - 4)
