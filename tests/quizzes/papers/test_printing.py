"""Papers as files: the same for the same paper, complete, and without a trace of the key."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pypdf
import pytest
from django.utils import translation
from docx import Document
from docx.shared import Mm

from lms.exams.services.regrading import carry_out
from lms.people.models import Unit
from quizzes.enums import CorrectionRule
from quizzes.models import Exam, Paper
from quizzes.printing import pdf, word
from quizzes.printing.keys import key_sheet, key_table
from quizzes.printing.paper import _columns, _options, print_paper
from quizzes.printing.sheets import marking_sheet, proof_data
from quizzes.printing.text import blocks_of, unmarked
from quizzes.services.bank.items import create_item, save_version
from quizzes.services.papers.draws import draw_forms
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.papers import make_drawn_exam, make_every_kind
from tests.factories.quizzes import make_bank, make_exam_unit, make_item, make_learner

pytestmark = pytest.mark.django_db


@pytest.fixture
def every_kind() -> Exam:
    unit = make_exam_unit("Trung tâm chính trị Đống Đa")
    exam = Exam.objects.create(unit=unit, title="Kiểm tra cuối khóa", variants=2, time_limit=60, subject="Lý luận")
    items = make_every_kind(make_bank(unit))
    set_questions(exam=exam, questions=[(item.current, Decimal("0.5")) for item in items])
    freeze_papers(exam=exam)
    return exam


def papers_of(exam: Exam) -> list[Paper]:
    return list(Paper.objects.filter(exam=exam).order_by("pk"))


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_rich_text_becomes_plain_data():
    html = "<p>Một <b>hai</b> H<sub>2</sub></p><ol><li>x</li></ol><table><tr><th>a</th><td>b</td></tr></table>"
    assert blocks_of(html) == [
        {
            "t": "p",
            "runs": [{"s": "Một "}, {"s": "hai", "b": True}, {"s": " H"}, {"s": "2", "sub": True}],
            "marker": "",
        },
        {"t": "p", "runs": [{"s": "x"}], "marker": "1."},
        {
            "t": "table",
            "rows": [
                [
                    [{"t": "p", "runs": [{"s": "a", "b": True}], "marker": ""}],
                    [{"t": "p", "runs": [{"s": "b"}], "marker": ""}],
                ]
            ],
        },
    ]


def test_a_mark_over_a_whole_option_is_dropped_and_one_inside_it_stays():
    assert unmarked(blocks_of("<p><u><b>Đúng</b></u></p>")) == [{"t": "p", "runs": [{"s": "Đúng"}], "marker": ""}]
    inside = blocks_of("<p>Từ <u>này</u></p>")
    assert unmarked(inside) == inside


def test_a_point_behind_a_marked_option_does_not_save_the_mark():
    (block,) = unmarked(blocks_of("<p><b>Đúng</b>.</p>"))
    assert block["runs"] == [{"s": "Đúng"}, {"s": "."}]


FORMULA = (
    "<math><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>+</mo><msqrt><mi>x</mi></msqrt>"
    "<mo>\u2062</mo><msub><mi>y</mi><mn>1</mn></msub></math>"
)


def test_a_formula_stays_a_formula():
    (block,) = blocks_of(f"<p>Tính <b>{FORMULA}</b>?</p>")
    words, formula, end = block["runs"]
    assert (words, formula["s"], formula["math"]["tag"], end) == ({"s": "Tính "}, "1/2+√(x)y_1", "math", {"s": "?"})
    exam, paper = _one_question(f"<p>Tính {FORMULA}?</p>")
    xml = parts(word.paper_docx(print_paper(paper, exam)))["word/document.xml"]
    assert [xml.count(f"<m:{name}>") for name in ("oMath", "f", "rad", "sSub")] == [1, 1, 1, 1]
    text = pypdf.PdfReader(io.BytesIO(pdf.paper_pdf(print_paper(paper, exam)))).pages[0].extract_text()
    assert "√" in text


def _one_question(stem: str, before: int = 0) -> tuple[Exam, Paper]:
    unit = make_exam_unit("Trung tâm chính trị Đống Đa")
    bank = make_bank(unit)
    exam = Exam.objects.create(unit=unit, title="Kiểm tra", variants=1, shuffle_questions=False, shuffle_options=False)
    items = [make_item(bank) for _ in range(before)] + [make_item(bank, stem=stem)]
    set_questions(exam=exam, questions=[(item.current, Decimal(1)) for item in items])
    freeze_papers(exam=exam)
    return exam, papers_of(exam)[0]


CODE = '#read("data.json") #panic("x") #eval("1+1") $x^2$ @ref *sao* `mã` // hết \\ #'


def test_code_of_the_typesetter_in_a_question_is_only_text():
    exam, paper = _one_question(f"<p>{CODE}</p>")
    Exam.objects.filter(pk=exam.pk).update(title=CODE, subject=CODE)
    exam.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(pdf.paper_pdf(print_paper(paper, exam)))).pages
    text = "".join("".join(page.extract_text().split()) for page in pages).lower()
    assert text.count("".join(CODE.split()).lower()) == 3  # title in capitals, subject, question
    document = Document(io.BytesIO(word.paper_docx(print_paper(paper, exam))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert CODE in "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_question_longer_than_a_page_goes_on_overleaf():
    exam, paper = _one_question(f"<p>{'Căn cứ Điều lệ Đảng. ' * 700}</p><p>CUỐI CÂU?</p>", before=1)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.paper_pdf(print_paper(paper, exam)))).pages]
    assert len(pages) > 3
    assert sum(page.count("Điều lệ") for page in pages) == 700
    (last,) = [page for page in pages if "CUỐI CÂU" in page]
    assert "Phương án D" in last  # the end of the question stands with its options


def test_in_word_no_page_ends_inside_a_question(every_kind):
    paper = papers_of(every_kind)[0]
    document = Document(io.BytesIO(word.paper_docx(print_paper(paper, every_kind))))
    starts = [index for index, line in enumerate(document.paragraphs) if line.text.startswith("Câu ")]
    for first, after in pairwise(starts):
        lines = [line for line in document.paragraphs[first:after] if not line.text.startswith("PHẦN")]
        kept = [bool(line.paragraph_format.keep_with_next) for line in lines]
        assert all(kept[:-1]), lines[0].text
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for table in document.tables[1:] for row in table.rows)


def test_the_word_file_holds_every_question_in_its_parts(every_kind):
    paper = papers_of(every_kind)[0]
    document = Document(io.BytesIO(word.paper_docx(print_paper(paper, every_kind))))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    numbers = [int(found) for found in re.findall(r"^Câu (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, 11))
    assert re.findall(r"^PHẦN (\w+)\.", text, re.MULTILINE) == ["I", "II", "III", "IV", "V", "VI"]
    assert "HẾT" in text
    assert "60 phút" in text
    assert document.sections[0].footer.paragraphs[0].text.startswith(f"Mã đề {paper.code}\tTrang")
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "TRUNG TÂM CHÍNH TRỊ ĐỐNG ĐA" in "\n".join(tables)
    assert {"Mệnh đề 1", "Mệnh đề 2", "Mệnh đề 3", "Mệnh đề 4"} <= set(tables)
    assert len(document.inline_shapes) == 1


def test_the_word_file_says_nothing_of_the_key_the_writer_or_the_tool():
    unit = make_exam_unit()
    bank = make_bank(unit)
    marked = create_item(
        bank=bank,
        kind="single_choice",
        stem="<p>Câu hỏi</p>",
        content={
            "options": [
                {"id": ident, "html": f"<u><b>Phương án {ident}</b></u>" if ident == "c" else f"Phương án {ident}"}
                for ident in "abcd"
            ]
        },
        key={"correct": "c"},
        feedback={"general": "BÍ-MẬT", "options": {"c": "BÍ-MẬT"}},
        source="BÍ-MẬT",
        state="approved",
    )
    exam = Exam.objects.create(unit=unit, title="T", variants=1)
    other = make_item(bank)
    set_questions(exam=exam, questions=[(marked.current, Decimal(1)), (other.current, Decimal(1))])
    freeze_papers(exam=exam)
    files = parts(word.paper_docx(print_paper(papers_of(exam)[0], exam)))
    everything = "\n".join(files.values())
    assert "<w:u " not in files["word/document.xml"]
    assert "<w:highlight" not in files["word/document.xml"]
    assert not re.search(r"rsid|paraId", everything)
    assert not [name for name in files if name.startswith(("docProps/", "customXml/"))]
    assert "docProps" not in everything
    assert not re.search(r"BÍ-MẬT|correct|python-docx|dc:creator|lastModifiedBy|w:ins |w:del |w:comment", everything)
    # Every option letter is set the same way: bold, and nothing else tells one from another.
    document = Document(io.BytesIO(word.paper_docx(print_paper(papers_of(exam)[0], exam))))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    letters = [str(run._r.rPr.xml) for run in runs if re.fullmatch(r"[A-D]\. ", run.text)]
    assert len(letters) == 8
    assert len(set(letters)) == 1


def test_files_are_the_same_bytes_every_time(every_kind):
    paper = papers_of(every_kind)[0]
    for make in (word.paper_docx, pdf.paper_pdf):
        assert make(print_paper(paper, every_kind)) == make(print_paper(paper, every_kind))
    assert key_sheet(every_kind, [paper]) == key_sheet(every_kind, [paper])
    with zipfile.ZipFile(io.BytesIO(word.paper_docx(print_paper(paper, every_kind)))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_pdf_has_its_code_on_every_page_and_no_metadata_of_people(every_kind):
    paper = papers_of(every_kind)[1]
    reader = pypdf.PdfReader(io.BytesIO(pdf.paper_pdf(print_paper(paper, every_kind))))
    pages = [page.extract_text() for page in reader.pages]
    assert all(f"Mã đề {paper.code}" in text for text in pages)
    assert f"Trang {len(pages)} / {len(pages)}" in pages[-1]
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in pages[0]
    assert "HẾT" in pages[-1]
    assert reader.metadata.author is None
    assert "BÍ-MẬT" not in "\n".join(pages)
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all(name.startswith("Tinos") for name in fonts)


@pytest.mark.parametrize(
    ("letterhead", "words"),
    [("state", ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]), ("none", [])],
)
def test_the_letterhead_is_the_units(every_kind, letterhead, words):
    Exam.objects.filter(pk=every_kind.pk).update(letterhead=letterhead)
    every_kind.refresh_from_db()
    child = every_kind.unit.add_child(name="Chi nhánh", kind=every_kind.unit.kind)
    every_kind.unit = Unit.objects.get(pk=child.pk)
    text = (
        pypdf.PdfReader(io.BytesIO(pdf.paper_pdf(print_paper(papers_of(every_kind)[0], every_kind))))
        .pages[0]
        .extract_text()
    )
    assert all(word_ in text for word_ in ["TRUNG TÂM CHÍNH TRỊ ĐỐNG ĐA", "CHI NHÁNH", *words])
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in text


def test_options_go_four_two_or_one_to_a_line():
    unit = make_exam_unit()
    bank = make_bank(unit)
    columns = {}
    for length in (3, 30, 70):
        content = {"options": [{"id": ident, "html": ident * length} for ident in "abcd"]}
        item = create_item(
            bank=bank, kind="single_choice", stem="Câu", content=content, key={"correct": "a"}, state="approved"
        )
        exam = Exam.objects.create(unit=unit, title="T", variants=1)
        set_questions(exam=exam, questions=[(item.current, Decimal(1))])
        freeze_papers(exam=exam)
        (question,) = print_paper(papers_of(exam)[0], exam).data["parts"][0]["questions"]
        columns[length] = question["columns"]
    assert columns == {3: 4, 30: 2, 70: 1}


@pytest.mark.parametrize(("options", "columns"), [(("Hai mươi mốt tuổi", "B"), 2), (("Mười tám tuổi", "B"), 4)])
def test_options_side_by_side_leave_room_between_them(options, columns):
    shown = _options([{"id": ident, "html": text} for ident, text in zip("ab", options, strict=True)])
    assert _columns(shown) == columns


def test_a_word_paper_has_its_page_at_the_right_and_columns_of_fitting_width(every_kind):
    paper = Document(io.BytesIO(word.paper_docx(print_paper(papers_of(every_kind)[0], every_kind))))
    (footer,) = paper.sections[0].footer.paragraphs
    assert footer.style.name == "Normal"
    (grid,) = [table for table in paper.tables if len(table.columns) == 4]
    wanted = [10, 131, 16, 16]
    assert [round(column.width / Mm(1)) for column in grid.columns] == wanted
    assert [round(cell.width / Mm(1)) for cell in grid.rows[1].cells] == wanted
    assert paper.tables[0].rows[0].cells[0].paragraphs[0].text.strip()  # no empty line above the issuing body


def test_the_key_sheet_has_a_row_a_question_and_a_column_a_code(every_kind):
    papers = papers_of(every_kind)
    book = openpyxl.load_workbook(io.BytesIO(key_sheet(every_kind, papers)))
    rows = list(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("Câu", "101", "102")
    assert [list(row[1:]) for row in rows[1:]] == key_table(every_kind, papers)
    assert [row[0] for row in rows[1:]] == list(range(1, 11))
    kinds = [question["kind"] for question in papers[0].content["questions"]]
    by_kind = dict(zip(kinds, [row[1] for row in rows[1:]], strict=True))
    assert re.fullmatch("[A-D]", by_kind["single_choice"])
    assert re.fullmatch("[ĐS]{4}", by_kind["true_false_group"])
    assert by_kind["true_false_group"].count("Đ") == 2
    assert re.fullmatch(r"1-[A-D] 2-[A-D] 3-[A-D]", by_kind["matching"])
    assert sorted(by_kind["ordering"].split("-")) == ["A", "B", "C", "D"]


def test_the_marking_sheet_and_the_proof_are_set(every_kind):
    sheet = marking_sheet(papers_of(every_kind)[0], every_kind)
    assert sum(len(part["rows"]) for part in sheet["parts"]) == 9  # essays are written elsewhere
    assert pdf.set_pdf("sheet", sheet).startswith(b"%PDF")
    exam = make_drawn_exam(forms=3, overlap=0)
    made = draw_forms(exam=exam, actor=None, seed=1)
    proof = pypdf.PdfReader(io.BytesIO(pdf.set_pdf("proof", proof_data(made, exam)))).pages[0].extract_text()
    assert "MINH CHỨNG PHỦ MA TRẬN ĐỀ" in proof
    assert "Lịch sử Đảng – Nhận biết" in proof


def test_the_proof_of_many_forms_keeps_its_rows_readable():
    exam = make_drawn_exam()
    data = proof_data(draw_forms(exam=exam, actor=None), exam)
    for cell in data["cells"]:
        cell["forms"] = cell["forms"][:1] * 30
    data |= {"overlap": [[0] * 30] * 30, "expected": []}
    text = pypdf.PdfReader(io.BytesIO(pdf.set_pdf("proof", data))).pages[0].extract_text()
    label = data["cells"][0]["label"]
    assert text.count(label) == 2  # a line of its own, not a word a line, in the table of 24 forms and that of the rest


def test_the_key_sheet_follows_the_corrections():
    exam, paper = _one_question("<p>Một?</p>", before=2)
    first, second, third = (question.version for question in exam.questions.select_related("version__item"))
    other = save_version(item=first.item, kind=first.kind, stem=first.stem, content=first.content, key={"correct": "d"})
    officer = make_learner()
    carry_out(exam=exam, version=first, rule=CorrectionRule.NEW_KEY, corrected=other, reason="Sai", actor=officer)
    carry_out(exam=exam, version=second, rule=CorrectionRule.EVERYONE, corrected=None, reason="Sai", actor=officer)
    carry_out(exam=exam, version=third, rule=CorrectionRule.DROPPED, corrected=None, reason="Sai", actor=officer)
    exam.refresh_from_db()
    with translation.override("vi"):
        assert key_table(exam, [paper]) == [["D"], ["cho điểm tất cả"], ["không tính"]]
