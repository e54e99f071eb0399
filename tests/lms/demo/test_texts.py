"""The demo texts: complete, consistent and readable without a database."""

import re
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from lms.demo import pictures
from lms.demo.markup import (
    CalloutBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    MarkupError,
    ParagraphBlock,
    QuoteBlock,
    TableBlock,
    inline,
    parse_blocks,
)
from lms.demo.scenes import SCENES
from lms.demo.texts import (
    IMAGES,
    LEVELS,
    TextError,
    load_kinds,
    load_lesson,
    load_names,
    load_news,
    load_programmes,
    load_questions,
    load_site,
)
from quizzes.kinds import all_kinds, get_kind

PROGRAMMES = load_programmes()
LESSONS = [lesson for programme in PROGRAMMES for lesson in programme.lessons]
QUESTIONS = [question for programme in PROGRAMMES for question in programme.questions]
TAGS = re.compile(r"<(/?)(\w+)([^>]*)>")

HEAD = """+++
title = "Bài thử"
slug = "bai-thu"
module = "ly-luan"
tiet = 2
summary = "Tóm tắt."
objectives = ["Một."]
image = "hero.webp"
image_alt = "Hoa sen"
+++
"""
QUESTION = """
[[questions]]
id = "t-001"
kind = "single_choice"
topic = "bai-thu"
level = "nhan_biet"
stem = "Câu hỏi?"
options = ["Một", "Hai", "Ba", { text = "Cả ba", fixed = true }]
key = "B"
explanation = "Vì sao."
source = "Điều lệ Đảng"
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# the content itself -----------------------------------------------------------


def test_programmes_have_both_kinds_of_module_and_the_promised_lessons():
    assert {
        programme.slug: [(module.kind, len(module.lessons)) for module in programme.modules] for programme in PROGRAMMES
    } == {
        "nhan-thuc-ve-dang": [("theory", 5), ("professional", 1)],
        "dang-vien-moi": [("theory", 7), ("professional", 3)],
        "nghiep-vu-can-bo-co-so": [("theory", 1), ("professional", 4)],
    }


def test_periods_of_the_lessons_add_up_to_those_of_their_module():
    modules = [module for programme in PROGRAMMES for module in programme.modules]
    assert [sum(lesson.tiet for lesson in module.lessons) for module in modules] == [m.tiet for m in modules]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_lesson_is_complete(lesson):
    kinds = Counter(block.kind for block in lesson.blocks)
    assert lesson.word_count >= 550
    assert 3 <= kinds["heading"] <= 5
    assert kinds["quote"] == 1
    assert kinds["callout"] == 1
    assert 2 <= len(lesson.objectives) <= 3
    assert lesson.summary.endswith(".")
    quote = next(block for block in lesson.blocks if isinstance(block, QuoteBlock))
    assert re.search(r"\d{4}", quote.source), "the citation names its date"
    assert lesson.image.path.is_file()
    assert lesson.image.alt
    assert lesson.image.caption


def test_lesson_html_uses_only_the_simple_tags():
    found = set()
    for lesson in LESSONS:
        for block in lesson.blocks:
            parts = [getattr(block, "html", "")]
            if isinstance(block, TableBlock):
                parts = [*block.header, *(cell for row in block.rows for cell in row)]
            found |= {(tag, attributes) for part in parts for _, tag, attributes in TAGS.findall(part)}
    assert found <= {(tag, "") for tag in ("p", "b", "i", "ul", "ol", "li")}


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.slug)
def test_bank_is_large_enough_and_covers_every_lesson(programme):
    kinds = Counter(question.kind for question in programme.questions)
    assert len(programme.questions) >= max(24, programme.exam.count)
    assert kinds["multiple_response"] >= 6
    assert {question.topic for question in programme.questions} == {lesson.slug for lesson in programme.lessons}
    assert {question.level for question in programme.questions} == set(LEVELS)
    assert any(option.fixed for question in programme.questions for option in question.options)
    assert sum(bool(lesson.self_check) for lesson in programme.lessons) >= 3


def test_questions_have_four_different_options_and_a_fitting_number_of_right_ones():
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question.stem for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        right = len(question.key)
        assert len({option.text for option in question.options}) == 4, question.id
        assert right == 1 if question.kind == "single_choice" else 2 <= right <= 3, question.id
        assert question.explanation, question.id
        assert question.source, question.id


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.slug)
def test_right_answers_stand_in_all_places_about_equally_often(programme):
    places = Counter(letter for question in programme.questions for letter in question.key)
    assert sorted(places) == list("ABCD")
    assert max(places.values()) - min(places.values()) <= 3


def test_self_checks_ask_about_their_own_lesson():
    for programme in PROGRAMMES:
        topics = {question.id: question.topic for question in programme.questions}
        for lesson in programme.lessons:
            assert {topics[number] for number in lesson.self_check} <= {lesson.slug}


def test_the_self_check_of_kinds_asks_one_of_each():
    title, questions = load_kinds()
    assert title == "Thử các dạng câu hỏi"
    assert sorted(question.kind for question in questions) == [kind.name for kind in all_kinds()]
    for question in questions:
        assert question.explanation.endswith("."), question.id
        if question.image is None:  # the bank's own rules; a picture needs the library
            get_kind(question.kind).clean_item(question.content, question.key, {})


def test_news_site_and_names_load():
    news, site, names = load_news(), load_site(), load_names()
    assert len(news) == 6
    assert [item.date for item in news] == sorted((item.date for item in news), reverse=True)
    assert {item.date.year for item in news} == {2026}
    assert all(2 <= item.body_html.count("<p>") <= 4 for item in news)
    assert len(site.offers) == 3
    assert site.hero_image.path.is_file()
    assert len(names.family) >= 40
    assert len(set(names.given_male)) == len(names.given_male) >= 80
    assert len(set(names.given_female)) == len(names.given_female) >= 80
    assert {item.ethnic for item in names.minority} <= set(names.ethnic_shares)
    assert {item.sort_by for item in names.minority} == {"first", "second", "given"}
    assert next(item.sort_key for item in names.minority if item.name == "H'Hen Niê") == "Hen Niê H"


# the pictures -----------------------------------------------------------------


def test_every_picture_has_a_scene_and_every_scene_is_used():
    used = {lesson.image.file for lesson in LESSONS} | {programme.image.file for programme in PROGRAMMES}
    used |= {item.image.file for item in load_news()} | {load_site().hero_image.file}
    assert {f"{name}.webp" for name in SCENES} == {path.name for path in IMAGES.glob("*.webp")} == used


def test_committed_pictures_are_small_and_of_one_size():
    for path in IMAGES.glob("*.webp"):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (1200, 675)), path.name
        assert path.stat().st_size <= pictures.MAX_BYTES, path.name


def test_script_draws_the_same_picture_again(tmp_path):
    path = pictures.save("la-chan-va-ngoi-sao", tmp_path)
    with Image.open(path) as drawn, Image.open(IMAGES / path.name) as committed:
        assert (drawn.format, drawn.size) == (committed.format, committed.size)
        small = [image.convert("RGB").resize((12, 7)).tobytes() for image in (drawn, committed)]
    assert max(abs(a - b) for a, b in zip(*small, strict=True)) <= 6


# the parser -------------------------------------------------------------------


def test_every_kind_of_block_is_read():
    text = """## Đầu mục
Một **đậm**, một *nghiêng*, một <script>.
- a
- b
1. c
> lời
> - ý
> -- Điều lệ Đảng, 19/01/2011 | Điều 1
!!! Cần nhớ
    Câu một.
    Câu hai.

| A | |
|---|---|
| *x* | y |
![Ảnh](hero.webp "Chú thích")"""
    assert parse_blocks(text.splitlines(), first_line=5) == [
        HeadingBlock(5, "Đầu mục"),
        ParagraphBlock(6, "<p>Một <b>đậm</b>, một <i>nghiêng</i>, một &lt;script&gt;.</p>"),
        ListBlock(7, "<ul><li>a</li><li>b</li></ul>"),
        ListBlock(9, "<ol><li>c</li></ol>"),
        QuoteBlock(10, "<p>lời</p><ul><li>ý</li></ul>", "Điều lệ Đảng, 19/01/2011", "Điều 1"),
        CalloutBlock(13, "Cần nhớ", "<p>Câu một.</p><p>Câu hai.</p>"),
        TableBlock(17, ("A", ""), (("<i>x</i>", "y"),)),
        ImageBlock(20, "hero.webp", "Ảnh", "Chú thích"),
    ]


def test_marks_of_multiplication_are_not_italics():
    assert inline("2 * 3 * 4 & a") == "2 * 3 * 4 &amp; a"


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ("Một dòng.\n\n> không nguồn", 13, "a quotation must end with"),
        ("> -- chỉ có nguồn", 11, "the quotation is empty"),
        ("!!! Cần nhớ\nkhông thụt", 11, "a callout needs a title"),
        ("| a | b |\n|---|---|\n| một |", 13, "this row has 1 cells, the header 2"),
        ("| a | b |\n| c | d |", 11, "a table needs a header"),
        ("câu\n**hở", 12, "a ** is not closed"),
        ("### sâu quá", 11, "is no known block"),
        ("![ảnh](khong-co.webp)", 11, "the image khong-co.webp is not in images/"),
        ("![](hero.webp)", 11, "the image hero.webp has no alternative text"),
        ("![ảnh(hero.webp)", 11, "an image is written"),
    ],
)
def test_mistake_in_a_body_names_file_and_line(tmp_path, body, line, reason):
    path = write(tmp_path, "01-bai-thu.md", HEAD + body + "\n")
    with pytest.raises(TextError, match=rf"^01-bai-thu\.md:{line}: .*{re.escape(reason)}"):
        load_lesson(path, number=1)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("không có đầu", 1, "the file must start with a TOML head"),
        (HEAD.replace("tiet = 2", "tiet = hai"), 5, "Invalid value"),
        (HEAD.replace("tiet = 2\n", ""), 2, "the field “tiet” is missing"),
        (HEAD.replace("tiet = 2", 'tiet = "2"'), 2, "the field “tiet” has the wrong type"),
        (HEAD.replace("hero.webp", "khong-co.webp"), 2, "the image khong-co.webp is not in images/"),
    ],
)
def test_mistake_in_a_head_names_file_and_line(tmp_path, text, line, reason):
    path = write(tmp_path, "01-bai-thu.md", text)
    with pytest.raises(TextError, match=rf"^01-bai-thu\.md:{line}: .*{re.escape(reason)}"):
        load_lesson(path, number=1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('key = "B"', 'key = "BC"', "does not fit the kind single_choice"),
        ('key = "B"', 'key = "E"', "does not fit the options"),
        ("single_choice", "true_false", "the kind “true_false” is unknown"),
        ("nhan_biet", "de", "the level “de” is unknown"),
        ("bai-thu", "bai-khac", "there is no lesson “bai-khac”"),
        ('["Một",', '["Một", { text = "Đầu", fixed = true },', "a fixed option must stand last"),
        ('"Ba"', "3", "option C has no text"),
        ('explanation = "Vì sao."\n', "", "the field “explanation” is missing"),
    ],
)
def test_mistake_in_a_question_names_file_and_line(tmp_path, old, new, reason):
    path = write(tmp_path, "questions.toml", QUESTION.replace(old, new))
    with pytest.raises(TextError, match=rf"^questions\.toml:2: .*{re.escape(reason)}"):
        load_questions(path, topics={"bai-thu"})


def test_second_question_with_the_same_id_is_refused(tmp_path):
    path = write(tmp_path, "questions.toml", QUESTION + QUESTION)
    with pytest.raises(TextError, match=r"^questions\.toml:13: the id t-001 stands twice"):
        load_questions(path, topics={"bai-thu"})


def test_missing_file_is_named(tmp_path):
    with pytest.raises(TextError, match=r"^questions\.toml:0: the file does not exist"):
        load_questions(tmp_path / "questions.toml", topics=set())


def test_markup_error_carries_its_line():
    with pytest.raises(MarkupError) as caught:
        parse_blocks(["ổn", "```"], first_line=3)
    assert caught.value.line == 4
