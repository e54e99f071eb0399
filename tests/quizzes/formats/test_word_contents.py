"""What a Word file holds beside its letters: pictures, formulas, old fonts, traces of the key."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import io
import zipfile

from docx.oxml import parse_xml

from quizzes.formats.word import read
from tests.quizzes.formats.questions import PNG
from tests.quizzes.formats.test_word import Paper, told


def test_pictures_and_formulas_are_kept():
    paper = Paper()
    paragraph = paper.line("Câu 1: Xem hình và tính ")
    paragraph.add_run().add_picture(io.BytesIO(PNG.getvalue()))
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    paragraph._p.append(
        parse_xml(
            f'<m:oMath xmlns:m="{namespace}"><m:f><m:num><m:r><m:t>m</m:t></m:r></m:num><m:den><m:r><m:t>2v</m:t></m:r></m:den></m:f></m:oMath>'
        )
    )
    paper.line("|A|. một", "underline")
    paper.line("B. hai")
    reading = paper.read()
    assert reading.questions[0].stem == (
        'Xem hình và tính <img src="/-/hinh/image1.png" alt="" width="266" height="133"><math alttext="m/(2v)"><mrow>'
        "<mfrac><mrow><mi>m</mi></mrow><mrow><mn>2</mn><mi>v</mi></mrow></mfrac></mrow></math>"
    )
    assert list(reading.pictures) == ["image1.png"]


def test_old_fonts_are_converted_and_said():
    paper = Paper()
    for text in ("C©u 1: §¶ng Céng s¶n ViÖt Nam lµ g×?", "A. Mét", "B. Hai"):
        run = paper.line().add_run(text)
        run.font.name = ".VnTime"
    paper.line("Đáp án: A")
    reading = paper.read()
    assert told(reading) == [("1", "Đảng Cộng sản Việt Nam là gì?", ["Một", "Hai"], "a")]
    assert [doubt.code for doubt in reading.doubts] == ["legacy_encoding"]


def test_nothing_of_the_key_stays_in_what_learners_see():
    paper = Paper()
    for number in (1, 2):
        paper.line(f"Câu {number}: Hỏi gì số {number}?")
        paper.line("A. một")
        paper.line("|B. hai|", "bold")
    text = repr([(one.stem, one.content) for one in paper.read().questions])
    assert "<b>" not in text
    assert "*" not in text


def test_an_option_whose_formula_is_a_drawing_of_an_old_program_must_be_mended():
    paper = Paper()
    paper.line("Câu 1: Kết quả nào đúng?")
    paper.line("|A|. ", "underline").add_run().add_picture(io.BytesIO(PNG.getvalue()))
    paper.line("B. hai")
    saved, changed = io.BytesIO(), io.BytesIO()
    paper.document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, b"\xd7\xcd\xc6\x9a" if name.startswith("word/media/") else before.read(name))
    reading = read(changed.getvalue(), "de.docx")
    assert [doubt.code for doubt in reading.doubts] == ["picture_kind"]
    assert [doubt.as_json() for doubt in reading.questions[0].doubts] == [
        {"code": "option_picture", "severity": "error", "params": {"option": "A"}}
    ]
