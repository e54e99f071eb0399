"""Word files as teachers write them, one convention at a time, and the traps between them."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats.word import read


class Paper:
    """Types lines into a document: ``|text|`` is looked, what stands between bars gets ``look``."""

    def __init__(self):
        self.document = docx.Document()

    def line(self, text="", look="", style=None):
        paragraph = self.document.add_paragraph(style=style)
        for index, part in enumerate(text.split("|")):
            if part:
                run = paragraph.add_run(part)
                if index % 2:
                    dress(run, look)
        return paragraph

    def read(self):
        body = io.BytesIO()
        self.document.save(body)
        return read(body.getvalue(), "de.docx")


def dress(run, look):
    match look:
        case "underline":
            run.underline = True
        case "bold":
            run.bold = True
        case "italic":
            run.italic = True
        case "red":
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
        case "highlight":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def told(reading):
    return [
        (
            one.place.number,
            one.stem,
            [option["html"] for option in one.content.get("options", [])],
            one.key.get("correct"),
        )
        for one in reading.questions
    ]


def codes(reading):
    return [[doubt.code for doubt in one.doubts] for one in reading.questions]


STEMS = [
    "Câu {n}: ",
    "Câu {n}. ",
    "Câu {n}) ",
    "Bài {n}: ",
    "{n}. ",
    "{n}) ",
    "{n}- ",
    "Question {n}: ",
    "Cau {n}. ",
    "Q{n}. ",
    "CÂU {n}: ",
    "Câu hỏi {n}: ",
]
OPTIONS = ["{l}. ", "{l}) ", "{l}.", "({l}) ", "{l}/ "]
LAYOUTS = ["lines", "tabs", "two a line", "one line", "after the stem"]
MARKS = [
    "underline letter",
    "underline all",
    "bold all",
    "red all",
    "highlight all",
    "red letter",
    "star",
    "word",
    "line",
    "table",
    "grid",
]


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stem=st.sampled_from(STEMS),
    option=st.sampled_from(OPTIONS),
    layout=st.sampled_from(LAYOUTS),
    mark=st.sampled_from(MARKS),
    lower=st.booleans(),
    answers=st.lists(st.integers(0, 3), min_size=3, max_size=6),
)
def test_every_convention_together_with_every_other(stem, option, layout, mark, lower, answers):
    paper = Paper()
    paper.line("ĐỀ KIỂM TRA")
    kind, _, where = mark.partition(" ")
    for number, right in enumerate(answers, start=1):
        paragraph = paper.line(stem.format(n=number) + f"Nội dung câu hỏi số {number} về Điều lệ Đảng?")
        for index in range(4):
            if (
                layout == "lines"
                or (layout == "two a line" and index % 2 == 0)
                or (layout in ("tabs", "one line") and index == 0)
            ):
                paragraph = paper.line()
            else:
                paragraph.add_run({"tabs": "\t", "one line": " "}.get(layout, "   "))
            letter = "abcd"[index] if lower else "ABCD"[index]
            before, _, after = option.partition("{l}")
            good = index == right
            paragraph.add_run(("*" if good and mark == "star" else "") + before)
            run = paragraph.add_run(letter)
            if good and where in ("letter", "all"):
                dress(run, kind)
            run = paragraph.add_run(after)
            run = paragraph.add_run(f"Phương án thứ {index + 1} của câu {number}")
            if good and where == "all":
                dress(run, kind)
            if good and mark == "word":
                paragraph.add_run(" (đúng)")
        if mark == "line":
            paper.line(f"Đáp án: {'ABCD'[right]}")
    paper.line("--- HẾT ---")
    if mark == "table":
        paper.line("   ".join(f"{number}-{'ABCD'[right]}" for number, right in enumerate(answers, start=1)))
    if mark == "grid":
        table = paper.document.add_table(rows=2, cols=len(answers))
        for index, right in enumerate(answers):
            table.cell(0, index).text, table.cell(1, index).text = str(index + 1), "ABCD"[right]
    reading = paper.read()
    assert told(reading) == [
        (
            str(number),
            f"Nội dung câu hỏi số {number} về Điều lệ Đảng?",
            [f"Phương án thứ {index + 1} của câu {number}" for index in range(4)],
            "abcd"[right],
        )
        for number, right in enumerate(answers, start=1)
    ]
    assert [code for one in codes(reading) for code in one] == []


def test_the_key_is_missing_where_it_is_missing():
    paper = Paper()
    for number in (1, 2, 3):
        paper.line(f"Câu {number}: Hỏi gì số {number}?")
        paper.line("|A|. một" if number != 2 else "A. một", "underline")
        paper.line("B. hai")
    assert codes(paper.read()) == [[], ["no_key_underline"], []]


def test_italics_keep_options_in_place_where_underlines_mark_the_key():
    paper = Paper()
    for number in (1, 2, 3):
        paper.line(f"Câu {number}: Hỏi gì số {number}?")
        paper.line("|A|. một", "underline")
        paper.line("B. hai")
        paper.line("C. |cả hai ý|" if number == 2 else "C. ba", "italic")
    reading = paper.read()
    assert [[one["fixed"] for one in question.content["options"]] for question in reading.questions] == [
        [False, False, False],
        [False, False, True],
        [False, False, False],
    ]
    assert [doubt.code for doubt in reading.doubts] == ["italic_fixed"]


def test_italics_alone_mark_the_key():
    paper = Paper()
    for number in (1, 2, 3):
        paper.line(f"Câu {number}: Hỏi gì số {number}?")
        paper.line("A. một")
        paper.line("|B. hai|", "italic")
    assert [question.key for question in paper.read().questions] == [{"correct": "b"}] * 3


def test_two_ways_that_contradict_are_said():
    paper = Paper()
    for number in (1, 2):
        paper.line(f"Câu {number}: Hỏi gì số {number}?")
        paper.line("|A|. một", "underline")
        paper.line("B. hai")
    paper.line("Đáp án: B")
    assert codes(paper.read()) == [[], ["key_conflict"]]


def test_the_underline_may_come_from_styles():
    paper = Paper()
    marked = paper.document.styles.add_style("DapAn", WD_STYLE_TYPE.CHARACTER)
    marked.font.underline = True
    whole = paper.document.styles.add_style("DongDung", WD_STYLE_TYPE.PARAGRAPH)
    whole.font.underline = True
    paper.line("Câu 1: Kiểu chữ?")
    paper.line("A. một")
    paragraph = paper.line()
    paragraph.add_run("B", style="DapAn")
    paragraph.add_run(". hai")
    paper.line("Câu 2: Kiểu đoạn?")
    paper.line("A. một", style="DongDung")
    paper.line("B. hai")
    assert [question.key for question in paper.read().questions] == [{"correct": "b"}, {"correct": "a"}]


def test_words_split_over_runs_and_typed_on_a_mac_read_as_one():
    paper = Paper()
    paragraph = paper.line()
    for piece in ("Ca", "\u0302u ", "1", ":", " Đả", "ng là gi\u0300?"):
        paragraph.add_run(piece)
    paragraph = paper.line()
    run = paragraph.add_run("A")
    run.underline = True
    for piece in (".", " mô\u0323", "t"):
        paragraph.add_run(piece)
    paper.line("B. hai")
    assert told(paper.read()) == [("1", "Đảng là gì?", ["một", "hai"], "a")]


def numbered(document, *levels):
    """Add a list definition with (format, text) a level; return a function that numbers paragraphs by it."""
    part = document.part.numbering_part.element
    xml = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (form, text) in enumerate(levels)
    )
    part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{xml}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))

    def number(paragraph, level):
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
        return paragraph

    return number


def test_automatic_numbers_are_computed():
    paper = Paper()
    number = numbered(paper.document, ("decimal", "Câu %1:"), ("upperLetter", "%2."))
    for question in (1, 2):
        number(paper.line(f"Hỏi gì số {question}?"), 0)
        for index, text in enumerate(("một", "hai", "ba")):
            paragraph = number(paper.line(text), 1)
            if index == question:
                mark = OxmlElement("w:rPr")
                underline = OxmlElement("w:u")
                underline.set(qn("w:val"), "single")
                mark.append(underline)
                paragraph._p.get_or_add_pPr().append(mark)
    assert told(paper.read()) == [
        ("1", "Hỏi gì số 1?", ["một", "hai", "ba"], "b"),
        ("2", "Hỏi gì số 2?", ["một", "hai", "ba"], "c"),
    ]


def test_letters_that_run_on_from_question_to_question_begin_again():
    paper = Paper()
    number = numbered(paper.document, ("upperLetter", "%1."))
    for question in (1, 2):
        paper.line(f"Câu {question}: Hỏi gì?" + str(question))
        for text in ("một", "hai"):
            number(paper.line(text), 0)
        paper.line("Đáp án: B")
    assert [one[2:] for one in told(paper.read())] == [(["một", "hai"], "b")] * 2


def test_tracked_changes_count_as_accepted():
    paper = Paper()
    paragraph = paper.line("Câu 1: Năm ")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x"><w:r><w:delText>1929</w:delText></w:r></w:del>')
    )
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="x"><w:r><w:t>1930</w:t></w:r></w:ins>'))
    paper.line("|A|. đúng", "underline")
    paper.line("B. sai")
    reading = paper.read()
    assert told(reading) == [("1", "Năm 1930", ["đúng", "sai"], "a")]
    assert [doubt.code for doubt in reading.doubts] == ["tracked_changes"]


def test_numbers_begin_again_in_each_chapter_and_the_table_follows():
    paper = Paper()
    for chapter in (1, 2):
        paper.line(f"CHƯƠNG {chapter}")
        paper.line("LỊCH SỬ ĐẢNG" if chapter == 1 else "CƯƠNG LĨNH")
        for number in (1, 2):
            paper.line(f"{number}. Hỏi {chapter}.{number} là gì?")
            paper.line("A. một   B. hai")
    paper.line("HẾT")
    paper.line("Chương 1: 1A 2B")
    paper.line("Chương 2: 1B 2A")
    reading = paper.read()
    assert [(one.topic, one.place.within, one.key) for one in reading.questions] == [
        (["CHƯƠNG 1: LỊCH SỬ ĐẢNG"], "CHƯƠNG 1: LỊCH SỬ ĐẢNG", {"correct": "a"}),
        (["CHƯƠNG 1: LỊCH SỬ ĐẢNG"], "CHƯƠNG 1: LỊCH SỬ ĐẢNG", {"correct": "b"}),
        (["CHƯƠNG 2: CƯƠNG LĨNH"], "CHƯƠNG 2: CƯƠNG LĨNH", {"correct": "b"}),
        (["CHƯƠNG 2: CƯƠNG LĨNH"], "CHƯƠNG 2: CƯƠNG LĨNH", {"correct": "a"}),
    ]


def test_statements_inside_a_stem_are_not_questions():
    paper = Paper()
    paper.line("Câu 1: Cho các phát biểu:")
    for number in (1, 2, 3):
        paper.line(f"{number}. Phát biểu {number}")
    paper.line("Số phát biểu đúng là")
    paper.line("A. 1 \tB. 2\t|C|. 3", "underline")
    paper.line("Câu 2: Câu 1 nói về ai?")
    paper.line("|A|. một", "underline")
    paper.line("B. hai")
    reading = paper.read()
    assert [(one.place.number, one.key) for one in reading.questions] == [
        ("1", {"correct": "c"}),
        ("2", {"correct": "a"}),
    ]
    assert reading.questions[0].stem.count("Phát biểu") == 3


@pytest.mark.parametrize("letters", ["columns", "cell"])
def test_tables_of_questions(letters):
    paper = Paper()
    heads = [
        "TT",
        "Câu hỏi",
        *(["A", "B", "C"] if letters == "columns" else ["Phương án"]),
        "Đáp án",
        "Giải thích",
        "Mức độ",
    ]
    table = paper.document.add_table(rows=1, cols=len(heads))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for number, key in ((1, "B"), (2, "C")):
        options = ["một", "hai", "ba"] if letters == "columns" else ["A. một\nB. hai\nC. ba"]
        for cell, text in zip(
            table.add_row().cells, [str(number), f"Hỏi gì {number}?", *options, key, "Vì thế", "TH"], strict=True
        ):
            cell.text = text
    reading = paper.read()
    assert told(reading) == [
        ("1", "Hỏi gì 1?", ["một", "hai", "ba"], "b"),
        ("2", "Hỏi gì 2?", ["một", "hai", "ba"], "c"),
    ]
    assert [(one.feedback, one.level) for one in reading.questions] == [({"general": "Vì thế"}, "understand")] * 2
