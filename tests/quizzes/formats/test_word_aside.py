"""Text boxes and notes of Word files, as Word itself writes them."""

# ruff: noqa: E501 (Word's own markup)

from __future__ import annotations

import io
import zipfile

import pytest
from docx.oxml import parse_xml

from quizzes.formats.word import read
from tests.quizzes.formats.questions import PNG
from tests.quizzes.formats.test_word import Paper, codes, told

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def paragraphs(*texts):
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>' for text in texts)


def shape(inside):
    return f'<wps:wsp><wps:cNvSpPr txBox="1"/>{inside}<wps:bodyPr/></wps:wsp>'


def box(*texts):
    return shape(f"<wps:txbx><w:txbxContent>{paragraphs(*texts)}</w:txbxContent></wps:txbx>")


def drawing(inside, uri="wordprocessingShape"):
    return (
        '<w:drawing><wp:anchor><wp:extent cx="1800000" cy="900000"/><wp:docPr id="1" name="Text Box 1"/><a:graphic>'
        f'<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/{uri}">{inside}</a:graphicData></a:graphic></wp:anchor></w:drawing>'
    )


def old(*texts):
    return (
        '<w:pict><v:shape type="#_x0000_t202" style="width:100pt"><v:textbox><w:txbxContent>'
        f"{paragraphs(*texts)}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )


def twice(new, fallback):
    """What Word 2010 and later write: the drawing, and the same for older programs."""
    return f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>'


def anchor(paragraph, markup):
    paragraph._p.append(parse_xml(f"<w:r {NAMES}>{markup}</w:r>"))


def question(paper, *, box_at=None, markup=""):
    for index, text in enumerate(("Câu 1: Đọc đoạn sau và trả lời.", "|A. một|", "B. hai")):
        paragraph = paper.line(text, "underline")
        if index == box_at:
            anchor(paragraph, markup)


@pytest.mark.parametrize(
    "markup",
    [
        twice(drawing(box("Dân là gốc.", "Nước lấy dân làm gốc.")), old("Dân là gốc.", "Nước lấy dân làm gốc.")),
        old("Dân là gốc.", "Nước lấy dân làm gốc."),
        drawing(box("Dân là gốc.", "Nước lấy dân làm gốc.")),
        twice(
            drawing(f"<wpg:wgp>{box('Dân là gốc.')}{box('Nước lấy dân làm gốc.')}</wpg:wgp>", "wordprocessingGroup"),
            old("Dân là gốc.") + old("Nước lấy dân làm gốc."),
        ),
    ],
    ids=["twice", "old", "new", "group"],
)
def test_a_text_box_is_read_once_where_it_is_anchored(markup):
    paper = Paper()
    question(paper, box_at=0, markup=markup)
    reading = paper.read()
    stem = "<p>Đọc đoạn sau và trả lời.</p><p>Dân là gốc.</p><p>Nước lấy dân làm gốc.</p>"
    assert told(reading) == [("1", stem, ["một", "hai"], "a")]
    assert (codes(reading), reading.doubts) == ([[]], [])


def test_questions_may_stand_in_boxes_of_an_empty_paragraph():
    paper = Paper()
    anchor(paper.line(), twice(drawing(box("Câu 1: Hỏi gì?", "A. một", "B. hai", "Đáp án: B")), old("Câu 1: Hỏi gì?")))
    question(paper)
    reading = paper.read()
    assert [row[1:] for row in told(reading)] == [
        ("Hỏi gì?", ["một", "hai"], "b"),
        ("Đọc đoạn sau và trả lời.", ["một", "hai"], "a"),
    ]
    assert reading.doubts == []


def test_a_box_in_the_cell_of_a_table_and_a_picture_in_a_box():
    paper = Paper()
    paper.line("Câu 1: Xem bảng.")
    cell = paper.document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].add_run("Ô")
    anchor(cell.paragraphs[0], twice(drawing(box("Trong hộp")), old("Trong hộp")))
    picture = paper.document.add_paragraph().add_run()
    picture.add_picture(io.BytesIO(PNG.getvalue()))
    inner = picture._r.getparent()
    content = parse_xml(f"<w:r {NAMES}>{drawing(shape('<wps:txbx><w:txbxContent/></wps:txbx>'))}</w:r>")
    holder = paper.document.add_paragraph()._p
    holder.append(content)
    next(content.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}txbxContent")).append(inner)
    paper.line("|A. một|", "underline")
    paper.line("B. hai")
    reading = paper.read()
    stem = reading.questions[0].stem
    assert (stem.count("Trong hộp"), stem.count("<img")) == (1, 1)
    assert reading.doubts == []


def test_shapes_and_word_art_are_still_said_to_be_lost():
    arrow = drawing(
        f"<wpg:wgp>{box('Dân')}<wps:wsp><wps:cNvCnPr/><wps:bodyPr/></wps:wsp></wpg:wgp>", "wordprocessingGroup"
    )
    lettering = '<w:pict><v:shape type="#_x0000_t136"><v:textpath string="ĐỀ THI"/></v:shape></w:pict>'
    found = []
    for markup in (arrow, lettering):
        paper = Paper()
        question(paper, box_at=0, markup=markup)
        found.append([doubt.code for doubt in paper.read().doubts])
    assert found == [["drawings"], ["text_boxes"]]


# --- notes ---------------------------------------------------------------------------------------------------


def with_notes(paper, notes, name="footnote"):
    """Save the file and put the part of its notes into it, as Word writes it."""
    body = io.BytesIO()
    paper.document.save(body)
    whole = "".join(
        f'<w:{name} w:id="{ident}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:{name}Ref/></w:r>{runs}</w:p></w:{name}>'
        for ident, runs in notes.items()
    )
    first = f'<w:{name} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{name}>'
    out = io.BytesIO()
    with zipfile.ZipFile(body) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            after.writestr(entry, before.read(entry))
        after.writestr(f"word/{name}s.xml", f"<w:{name}s {NAMES}>{first}{whole}</w:{name}s>")
    return read(out.getvalue(), "de.docx")


def refer(paragraph, ident, name="footnote"):
    anchor(paragraph, f'<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:{name}Reference w:id="{ident}"/>')


def text(words, look=""):
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


@pytest.mark.parametrize("name", ["footnote", "endnote"])
def test_a_note_stands_where_it_is_referred_to(name):
    paper = Paper()
    stem = paper.line("Câu 1: Theo Điều lệ Đảng")
    refer(stem, 2, name)
    stem.add_run(", nhiệm kỳ của chi bộ là mấy năm?")
    right = paper.line("|A. 5 năm|", "underline")
    refer(right, 3, name)
    paper.line("B. 3 năm")
    notes = {"2": text(" Thông qua tại ") + text("Đại hội XI", "<w:b/>"), "3": text(" Điều 24  khoản 1", "<w:i/>")}
    reading = with_notes(paper, notes, name)
    assert told(reading) == [
        (
            "1",
            "Theo Điều lệ Đảng (chú thích: Thông qua tại Đại hội XI), nhiệm kỳ của chi bộ là mấy năm?",
            ["5 năm (chú thích: Điều 24 khoản 1)", "3 năm"],
            "a",
        )
    ]
    assert (codes(reading), reading.doubts) == ([[]], [])


def test_a_note_that_is_not_there_or_holds_a_picture_is_said():
    paper = Paper()
    stem = paper.line("Câu 1: Hỏi gì?")
    refer(stem, 7)
    refer(stem, 8)
    question_lines = ("|A. một|", "B. hai")
    for line in question_lines:
        paper.line(line, "underline")
    reading = with_notes(paper, {"7": text("lời") + f"<w:r>{drawing('')}</w:r>"})
    assert told(reading) == [("1", "Hỏi gì? (chú thích: lời)", ["một", "hai"], "a")]
    assert [(doubt.code, doubt.severity) for doubt in reading.doubts] == [("footnotes", "note")]
