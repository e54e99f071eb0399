"""Habits of teachers beyond the usual: each line here is one that strangers' files had."""

from __future__ import annotations

import pytest

from quizzes.formats.model import Reading
from quizzes.formats.word import options as options_of_questions
from quizzes.formats.word.blocks import TextLine
from quizzes.formats.word.drafts import Cutter
from quizzes.formats.word.rich import PLAIN, Rich
from tests.quizzes.formats.test_word import Paper, codes, told

YEARS = ["1930", "1945", "1954", "1975"]


def typed(*lines):
    """Read a paper of these lines; a tuple is a line with the part between bars in a look, a list is a table."""
    paper = Paper()
    for line in lines:
        if isinstance(line, list):
            table = paper.document.add_table(len(line), max(map(len, line)))
            for row, texts in enumerate(line):
                for column, text in enumerate(texts):
                    first, *more = text.split("\n")
                    table.cell(row, column).text = first
                    for one in more:
                        table.cell(row, column).add_paragraph(one)
        elif isinstance(line, tuple):
            paper.line(*line)
        else:
            paper.line(line)
    return paper.read()


def options(right="", mark="{}", other="{}"):
    return [
        (mark if letter == right else other).format(f"{letter}. {year}")
        for letter, year in zip("ABCD", YEARS, strict=True)
    ]


def underlined(right):
    return [
        (f"|{letter}|. {year}" if letter == right else f"{letter}. {year}", "underline")
        for letter, year in zip("ABCD", YEARS, strict=True)
    ]


def heard(reading):
    """What was understood: number, stem, number of options, key."""
    return [(number, stem, len(made), key) for number, stem, made, key in told(reading)]


@pytest.mark.parametrize(
    ("mark", "other"),
    [
        ("{} (*)", "{}"),
        ("{} ✓", "{}"),
        ("[x] {}", "{}"),
        ("[x] {}", "[ ] {}"),
        ("☑ {}", "☐ {}"),
        ("=> {}", "{}"),
        ("→ {}", "{}"),
        ("#{}", "{}"),
        ("**{}", "{}"),
        ("{} – Đúng", "{}"),
        ("{} [Đúng]", "{}"),
    ],
)
def test_a_mark_belongs_to_its_own_option_and_never_to_the_next(mark, other):
    reading = typed(
        "Câu 1. Đảng ra đời năm nào?", *options("B", mark, other), "Câu 2. Năm nào thì sau?", *options("D", mark, other)
    )
    assert told(reading) == [("1", "Đảng ra đời năm nào?", YEARS, "b"), ("2", "Năm nào thì sau?", YEARS, "d")]
    assert codes(reading) == [[], []]


def test_marks_inside_one_line_belong_to_the_option_before_unless_they_touch_the_next():
    reading = typed("Câu 1. Gì?", "A. một  B. hai (*)  C. ba", "Câu 2. Ai?", "A. một\tB. hai\t*C. ba")
    assert [question.key for question in reading.questions] == [{"correct": "b"}, {"correct": "c"}]


@pytest.mark.parametrize("sign", ["{} {}", "{}\t{}", "{}; {}", "{}*. {}"])
def test_letters_may_lack_their_sign(sign):
    lines = [sign.format(letter, year) for letter, year in zip("ABCD", YEARS, strict=True)]
    if "*" in sign:
        lines = [lines[0], *options()[1:]]
    reading = typed("Câu 1. Đảng ra đời năm nào?", *lines, "Đáp án: A")
    assert told(reading) == [("1", "Đảng ra đời năm nào?", YEARS, "a")]


@pytest.mark.parametrize(
    "line",
    [
        "→ Chọn {}",
        "Đ.A: {}",
        "Ta chọn {}",
        "{} là đáp án đúng",
        "Câu trả lời đúng là: {}",
        "Lựa chọn đúng: {}",
        "Đáp án đúng là đáp án {}",
        "✓ {}",
        "Vậy đáp án đúng là: {}",
        "[Đáp án: {}]",
        "<Đáp án {}>",
        "-> {}",
        "Hướng dẫn: chọn {}",
        "Lời giải: Chọn {}",
        "Phương án trả lời đúng là {}",
    ],
)
def test_the_answer_is_said_in_many_words(line):
    reading = typed(
        "Câu 1. Năm nào?", *options(), line.format("C"), "Câu 2. Năm nào nữa?", *options(), line.format("A")
    )
    assert told(reading) == [("1", "Năm nào?", YEARS, "c"), ("2", "Năm nào nữa?", YEARS, "a")]
    assert codes(reading) == [[], []]


@pytest.mark.parametrize("heading", ["Lời giải", "Hướng dẫn giải", "Đáp án:", "Giải thích:"])
def test_what_stands_below_the_options_is_the_answer_and_its_reason(heading):
    below = ["Chọn C. Vì Đảng ra đời trước."] if heading != "Đáp án:" else ["C"]
    reading = typed("Câu 1. Năm nào?", *options(), heading, *below, "Câu 2. Năm gì?", *options(), heading, "Chọn D")
    assert told(reading) == [("1", "Năm nào?", YEARS, "c"), ("2", "Năm gì?", YEARS, "d")]
    said = [question.feedback for question in reading.questions]
    assert said == [{} if heading == "Đáp án:" else {"general": "Vì Đảng ra đời trước."}, {}]


@pytest.mark.parametrize("stem", ["[{}] ", "#{}. ", "C{}. ", "Câu thứ {}: ", "Câu [{}]: ", "Câu ({}). "])
def test_numbers_stand_in_brackets_too(stem):
    reading = typed(stem.format(1) + "Gì?", *underlined("A"), stem.format(2) + "Ai?", *underlined("B"))
    assert heard(reading) == [("1", "Gì?", 4, "a"), ("2", "Ai?", 4, "b")]


def test_numbers_may_be_roman():
    reading = typed("Câu I. Gì?", *underlined("A"), "Câu II. Ai?", *underlined("B"))
    assert heard(reading) == [("1", "Gì?", 4, "a"), ("2", "Ai?", 4, "b")]


def test_questions_without_numbers_are_told_apart_by_their_options_and_boxes_are_levels():
    reading = typed(
        "ĐỀ KIỂM TRA",
        "[1] Đảng ra đời năm nào?",
        *options(),
        "ANSWER: A",
        "[3] Nhà nước ra đời năm nào?",
        *options(),
        "ANSWER: B",
    )
    assert heard(reading) == [("1", "Đảng ra đời năm nào?", 4, "a"), ("2", "Nhà nước ra đời năm nào?", 4, "b")]
    assert [question.level for question in reading.questions] == ["recall", "apply"]
    assert [doubt.code for doubt in reading.doubts] == ["numbers_missing", "text_before"]


def test_breaks_of_other_programs_end_a_question():
    reading = typed("Đảng?", *underlined("A"), "[<br>]", "Ai?", *underlined("B"), "[<br>]")
    assert heard(reading) == [("1", "Đảng?", 4, "a"), ("2", "Ai?", 4, "b")]


def test_options_without_letters_are_found_by_the_marked_one_and_doubted():
    reading = typed("Câu 1: Năm nào?", "1930", ("|1945|", "bold"), "1954", "Câu 2: Năm gì?", "- 1930", "- 1945 (đúng)")
    assert heard(reading)[0] == ("1", "Năm nào?", 3, "b")
    assert codes(reading)[0] == ["options_without_letters"]


def test_numbered_options_are_no_numeric_answer():
    reading = typed(
        "Câu 1. Gì?", "1. một", "2. hai", "3. ba", "Đáp án: 2", "Câu 2. Ai?", "1. một", "2. hai", "Đáp án: 1"
    )
    assert heard(reading) == [("1", "Gì?", 3, "b"), ("2", "Ai?", 2, "a")]


PASSAGE = "“Toàn dân ta đoàn kết một lòng.”"


def test_a_text_for_several_questions_goes_to_each_of_them_and_not_into_the_option_before():
    reading = typed(
        "Câu 4. Gì?",
        *underlined("A"),
        "Đọc đoạn văn sau và trả lời các câu hỏi từ 5 đến 6:",
        PASSAGE,
        "Câu 5. Ai?",
        *underlined("B"),
        "Câu 6. Nào?",
        *underlined("C"),
        "Câu 7. Đâu?",
        *underlined("D"),
    )
    shared = f"<p>Đọc đoạn văn sau và trả lời câu hỏi:</p><p>{PASSAGE}</p>"
    assert told(reading) == [
        ("4", "Gì?", YEARS, "a"),
        ("5", f"{shared}<p>Ai?</p>", YEARS, "b"),
        ("6", f"{shared}<p>Nào?</p>", YEARS, "c"),
        ("7", "Đâu?", YEARS, "d"),
    ]
    assert codes(reading) == [[], ["passage"], ["passage"], []]


def test_a_text_without_numbers_goes_to_the_next_question_and_is_doubted():
    reading = typed("Đọc đoạn văn sau và trả lời các câu hỏi bên dưới:", PASSAGE, "Câu 1. Gì?", *underlined("A"))
    assert PASSAGE in reading.questions[0].stem
    assert codes(reading) == [["passage_next"]]


def test_a_paragraph_below_the_last_option_is_doubted():
    reading = typed("Câu 1. Gì?", *underlined("A"), "(Trích Điều lệ Đảng)", "Câu 2. Ai?", *underlined("B"))
    assert codes(reading) == [["option_lines"], []]


CODES = [["Câu", "101", "102"], ["1", "A", "B"], ["2", "C", "D"]]


@pytest.mark.parametrize("turned", [False, True])
def test_the_table_of_several_papers_is_used_only_for_the_paper_that_says_its_code(turned):
    table = [["Mã đề", "1", "2"], ["101", "A", "C"], ["102", "B", "D"]] if turned else CODES
    body = ["Câu 1. Gì?", *options(), "Câu 2. Ai?", *options(), "ĐÁP ÁN", table]
    reading = typed("Mã đề thi: 102", *body)
    assert [key for *_rest, key in heard(reading)] == ["b", "d"]
    silent = typed(*body)
    assert [key for *_rest, key in heard(silent)] == [None, None]
    assert codes(silent) == [["no_key"], ["no_key"]]
    assert [doubt.as_json() for doubt in silent.doubts] == [
        {"code": "several_codes", "severity": "warning", "params": {"codes": "101, 102"}}
    ]


STATEMENTS = ["Đảng viên từ đủ 18 tuổi.", "Không cần giới thiệu.", "Có thời gian dự bị.", "Không có Điều lệ."]
GROUP = ["PHẦN II. Câu trắc nghiệm đúng sai", "Câu 1: Về Điều lệ Đảng:"]


def letters(*ends):
    return [f"{letter}) {text}{end}" for letter, text, end in zip("abcd", STATEMENTS, ends, strict=True)]


@pytest.mark.parametrize(
    "lines",
    [
        letters(" Đ", " S", " Đ", " S"),
        letters(" – Đúng", " – Sai", " – Đúng", " – Sai"),
        [*letters("", "", "", ""), "Lời giải", "a) Đúng vì thế.", "b) Sai.", "c) Đúng.", "d) Sai, do đó."],
        [*letters("", "", "", ""), "Đáp án:", "a) Đ", "b) S", "c) Đ", "d) S"],
        [[["Nhận định", "Đúng", "Sai"], *([text, "x" * (1 - at % 2), "x" * (at % 2)] for at, text in enumerate(STATEMENTS))]],  # noqa: E501
        [[["", "Phát biểu", "Đ/S"], *([f"{'abcd'[at]})", text, "ĐS"[at % 2]] for at, text in enumerate(STATEMENTS))]],
        [*letters("", "", "", ""), "ĐÁP ÁN", [["Câu", "1"], ["Đáp án", "a) Đ\nb) S\nc) Đ\nd) S"]]],
        [*letters("", "", "", ""), "ĐÁP ÁN", [["Câu", "1"], ["a", "Đ"], ["b", "S"], ["c", "Đ"], ["d", "S"]]],
    ],
)  # fmt: skip
def test_statements_are_judged_in_every_place(lines):
    reading = typed(*GROUP, *lines)
    assert [(one.kind, [row["html"] for row in one.content["statements"]], one.key) for one in reading.questions] == [
        ("true_false_group", STATEMENTS, {"true": ["1", "3"]})
    ]
    assert codes(reading) == [[]]


def test_single_statements_become_true_or_false():
    rows = [["TT", "Nội dung", "Đúng", "Sai"], ["1", STATEMENTS[0], "x", ""], ["2", STATEMENTS[1], "", "x"]]
    for reading in (typed(rows), typed(f"Câu 1. {STATEMENTS[0]} (Đ)", f"Câu 2. {STATEMENTS[1]} (S)")):
        assert told(reading) == [
            ("1", STATEMENTS[0], ["Đúng", "Sai"], "a"),
            ("2", STATEMENTS[1], ["Đúng", "Sai"], "b"),
        ]


def test_answers_in_words_at_the_end_reach_short_answers_and_essays():
    reading = typed(
        "PHẦN I. Trả lời ngắn",
        "Câu 1. Thủ đô ở đâu?",
        "PHẦN II. TỰ LUẬN",
        "Câu 1 (3 điểm). Phân tích.",
        "ĐÁP ÁN",
        "PHẦN I",
        "Câu 1: Hà Nội",
        "PHẦN II",
        "Câu 1 (3 điểm)",
        "- Nêu đủ hai ý",
    )
    assert [(one.kind, one.key) for one in reading.questions] == [
        (
            "short_text",
            {"accepted": [{"text": "Hà Nội", "share": "1"}], "case": False, "accents": True, "pattern": False},
        ),
        ("essay", {"rubric": [], "model_html": "- Nêu đủ hai ý"}),
    ]


def test_rules_for_the_hall_are_no_answers():
    reading = typed("Câu 1. Gì?", *underlined("B"), "HẾT", "1. Thí sinh không dùng tài liệu.")
    assert heard(reading) == [("1", "Gì?", 4, "b")]
    assert [doubt.code for doubt in reading.doubts] == ["text_after"]


@pytest.mark.parametrize("line", ["ĐÁP ÁN: 1A 2B 3C", "1...A...2...B...3...C", "1[A] 2[B] 3[C]"])
@pytest.mark.parametrize("first", [False, True])
def test_answers_in_one_line_before_or_after(line, first):
    heading = [] if line.startswith("ĐÁP") else ["ĐÁP ÁN"]
    body = [text for number in (1, 2, 3) for text in (f"Câu {number}. Câu hỏi số {number}?", *options())]
    reading = typed(*heading, line, *body) if first else typed(*body, *heading, line)
    assert [key for *_rest, key in heard(reading)] == ["a", "b", "c"]


def test_headings_may_name_levels_and_roman_one_is_no_option():
    reading = typed("I. NHẬN BIẾT", "Câu 1. Gì?", *underlined("A"), "II. THÔNG HIỂU", "Câu 2. Ai?", *underlined("B"))
    assert [(one.level, one.topic) for one in reading.questions] == [("recall", []), ("understand", [])]
    reading = typed("I. LỊCH SỬ ĐẢNG", "Câu 1. Gì?", *underlined("A"), "II. ĐIỀU LỆ", "Câu 2. Ai?", *underlined("B"))
    assert [one.topic for one in reading.questions] == [["I. LỊCH SỬ ĐẢNG"], ["II. ĐIỀU LỆ"]]
    assert [len(one.content["options"]) for one in reading.questions] == [4, 4]


def test_parts_of_an_essay_are_no_options():
    reading = typed("ĐỀ THI TỰ LUẬN", "Câu 1 (7 điểm): Trình bày Điều lệ.", "a) Nêu nội dung.", "b) Liên hệ.")
    assert [(one.kind, one.stem) for one in reading.questions] == [
        ("essay", "<p>Trình bày Điều lệ.</p><p>a) Nêu nội dung.</p><p>b) Liên hệ.</p>")
    ]


def test_two_columns_to_be_matched_are_read_one_after_the_other():
    rows = [
        ["Cột A", "Cột B"],
        ["1. Năm 1930", "a. Nhà nước"],
        ["2. Năm 1945", "b. Đảng"],
        ["3. Năm 1975", "c. Thống nhất"],
    ]
    reading = typed("Câu 1. Ghép cột A với cột B:", rows, "Đáp án: 1-b, 2-a, 3-c")
    question = reading.questions[0]
    assert question.kind == "matching"
    assert [row["html"] for row in question.content["prompts"]] == ["Năm 1930", "Năm 1945", "Năm 1975"]
    assert [row["html"] for row in question.content["options"]] == ["Nhà nước", "Đảng", "Thống nhất"]
    assert question.key["pairs"] == {"1": "b", "2": "a", "3": "c"}


def test_a_table_for_every_question_and_letters_in_cells_of_their_own():
    def rows(number, right):
        options_rows = [[letter, year] for letter, year in zip("ABCD", YEARS, strict=True)]
        return [[f"Câu {number}", f"Hỏi số {number}?"], *options_rows, ["Đáp án", right]]

    assert told(typed(rows(1, "A"), rows(2, "D"))) == [("1", "Hỏi số 1?", YEARS, "a"), ("2", "Hỏi số 2?", YEARS, "d")]


def test_headings_of_columns_may_take_two_rows():
    rows = [
        ["TT", "Câu hỏi", "Phương án", "", "Đáp án"],
        ["", "", "A", "B", ""],
        ["1", "Gì?", "một", "hai", "B"],
    ]
    assert told(typed(rows)) == [("1", "Gì?", ["một", "hai"], "b")]


def test_old_letters_are_found_without_their_font():
    reading = typed(
        "C©u 1. §¶ng ra ®êi n¨m nµo?", ("|A|. N¨m 1930", "underline"), "B. N¨m 1945", "C. N¨m 1954", "D. N¨m 1975"
    )
    assert told(reading) == [("1", "Đảng ra đời năm nào?", [f"Năm {year}" for year in YEARS], "a")]
    assert [doubt.code for doubt in reading.doubts] == ["legacy_encoding"]


def test_the_next_question_may_begin_after_a_forced_break():
    paper = Paper()
    first = paper.line("Câu 1. Gì?")
    for text in ("A. một", "B. hai", "Đáp án: A", "Câu 2. Ai?", "A. một", "B. hai", "Đáp án: B"):
        first.add_run().add_break()
        first.add_run(text)
    assert heard(paper.read()) == [("1", "Gì?", 2, "a"), ("2", "Ai?", 2, "b")]


def test_a_book_of_numbered_lines_is_looked_at_about_once(monkeypatch):
    """Each line asks whether the question above is complete; the answer must not need all lines again."""
    looked_at = []
    find = options_of_questions.find

    def counting(whole):
        looked_at.append(len(whole.text))
        return find(whole)

    monkeypatch.setattr(options_of_questions, "find", counting)
    texts = ["Câu 1. Gì?", *(f"{number}) dòng" for number in range(2, 3000))]
    lines = [TextLine(Rich(text, [PLAIN] * len(text)), number) for number, text in enumerate(texts)]
    cut = Cutter(Reading("word")).run(lines)
    assert [len(draft.lines) for draft in cut.drafts] == [2999]
    assert sum(looked_at) < 10 * sum(len(text) for text in texts)
