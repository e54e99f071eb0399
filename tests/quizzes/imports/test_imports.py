"""Question files on their way into a bank: nothing lost, nothing twice, every doubt at its place."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import datetime as dt
import io
import uuid

import docx
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.audit.models import AuditEntry
from lms.common.text import fold
from media.models import SenImage
from quizzes.enums import ImportedState, ImportState, ItemState
from quizzes.errors import QuestionFileError
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.messages import doubt_text
from quizzes.formats.model import Doubt, ParsedQuestion, Place
from quizzes.kinds import all_kinds
from quizzes.models import Item, ItemText, QuestionImport, Topic
from quizzes.services import imports
from quizzes.services.bank.exporting import export_items
from quizzes.services.bank.items import create_item
from quizzes.tasks import forget_question_files
from tests.factories.quizzes import make_bank, make_item, make_learner
from tests.quizzes.formats.questions import PICTURE
from tests.quizzes.kinds import SAMPLES, make_picture

pytestmark = pytest.mark.django_db

T0 = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)

AIKEN = """Đảng Cộng sản Việt Nam được thành lập vào năm nào?
A. 1929
B. 1930
ANSWER: B

Câu này chưa có đáp án, phải không?
A. Có
B. Không

Nguyên tắc tổ chức cơ bản của Đảng là gì?
A. Tập trung dân chủ
B. Tự do cạnh tranh
ANSWER: A
"""


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def author():
    return make_learner()


def start(bank, author, data=AIKEN, name="cau-hoi.txt", **more):
    body = data.encode() if isinstance(data, str) else data
    return imports.start_import(bank=bank, file=SimpleUploadedFile(name, body), actor=author, **more)


def states(batch):
    return list(batch.questions.order_by("position").values_list("state", "broken"))


def test_good_questions_are_imported_and_the_rest_waits(bank, author):
    batch = start(bank, author)

    assert (batch.state, batch.format, batch.stored) == (ImportState.READY, "aiken", "")
    assert states(batch) == [("waiting", False), ("waiting", True), ("waiting", False)]

    assert imports.commit_import(batch=batch, actor=author) == 2
    assert states(batch) == [("imported", False), ("waiting", True), ("imported", False)]
    items = list(Item.objects.order_by("pk"))
    assert [(item.kind, item.state, item.author, item.code, item.current.key) for item in items] == [
        ("single_choice", ItemState.DRAFT, author, "C0001", {"correct": "b"}),
        ("single_choice", ItemState.DRAFT, author, "C0002", {"correct": "a"}),
    ]
    assert [text.stem for text in ItemText.objects.order_by("pk")] == [
        "Đảng Cộng sản Việt Nam được thành lập vào năm nào?",
        "Nguyên tắc tổ chức cơ bản của Đảng là gì?",
    ]
    assert AuditEntry.objects.get(action="quizzes.questions_imported").data == {
        "file": "cau-hoi.txt",
        "format": "aiken",
        "count": 2,
    }


def test_a_second_click_makes_nothing_twice(bank, author):
    token = uuid.uuid4()
    batch = start(bank, author, token=token)

    assert start(bank, author, token=token) == batch
    assert QuestionImport.objects.count() == 1
    assert [imports.commit_import(batch=batch, actor=author) for _click in range(2)] == [2, 0]
    assert Item.objects.count() == 2


def test_the_missing_answer_is_marked_and_imported_later(bank, author):
    batch = start(bank, author)
    imports.commit_import(batch=batch, actor=author)
    row = batch.questions.get(position=2)

    fixed = imports.choose_answer(row=row, letters=["b"])

    assert (fixed.key, fixed.doubts) == ({"correct": "b"}, [])
    assert imports.commit_import(batch=batch, actor=author) == 1
    assert Item.objects.count() == 3
    row.refresh_from_db()
    with pytest.raises(QuestionFileError):
        imports.choose_answer(row=row, letters=["a"])


def test_a_question_is_mended_in_the_words_of_the_template(bank, author):
    batch = start(bank, author)
    row = batch.questions.get(position=2)

    fixed = imports.fix_question(
        row=row,
        cells={
            "kind": "Đúng/Sai", "stem": "Mỗi phát biểu sau đúng hay sai?", "option0": "Một", "option1": "Hai", "key": "ĐS",
            "level": "Vận dụng", "topic": "Chương 1 > Bài 2", "tags": "ôn tập",
        },
    )  # fmt: skip

    assert (fixed.kind, fixed.key, fixed.place) == (
        "true_false_group",
        {"true": ["1"], "scale": ["0", "0.5", "1"]},
        Place("line", "6"),
    )
    imports.commit_import(batch=batch, actor=author)
    item = Item.objects.get(kind="true_false_group")
    assert (item.level, item.topic.name, item.topic.parent.name, [tag.name for tag in item.tags.all()]) == (
        "apply",
        "Bài 2",
        "Chương 1",
        ["ôn tập"],
    )


def test_topics_and_levels_are_given_to_many_and_questions_left_out(bank, author):
    topic = Topic.objects.create(bank=bank, name="Lịch sử Đảng")
    batch = start(bank, author)
    ids = list(batch.questions.values_list("pk", flat=True))

    assert imports.describe_questions(batch=batch, ids=ids, topic=topic, level="apply") == 3
    assert imports.skip_questions(batch=batch, ids=ids[:1]) == 1
    assert imports.commit_import(batch=batch, actor=author) == 1
    assert list(Item.objects.values_list("topic__name", "level")) == [("Lịch sử Đảng", "apply")]
    assert imports.take_back(batch=batch, ids=ids) == 1
    assert imports.commit_import(batch=batch, actor=author, ids=[ids[1]]) == 0
    assert imports.commit_import(batch=batch, actor=author, ids=ids) == 1
    other = Topic.objects.create(bank=make_bank(), name="Khác")
    with pytest.raises(QuestionFileError):
        imports.describe_questions(batch=batch, ids=ids, topic=other)


def test_duplicates_in_the_file_and_in_the_bank_are_said(bank, author):
    item = make_item(bank, stem="Đảng Cộng sản Việt Nam được thành lập vào năm nào?")
    twice = AIKEN + "\n" + AIKEN.split("\n\n")[2]
    batch = start(bank, author, twice)

    doubts = [[(one["code"], one["params"]) for one in row.data["doubts"]] for row in batch.questions.all()]

    assert doubts[0] == []  # the stem alone is the same: the options differ
    assert doubts[3] == [("same_as", {"place": {"kind": "line", "number": "10", "within": ""}})]
    assert item.bank == bank
    imports.commit_import(batch=batch, actor=author)
    again = start(bank, author, AIKEN, name="lan-hai.txt")
    first = again.questions.get(position=1)
    assert [one["code"] for one in first.data["doubts"]] == ["same_as_bank"]
    assert first.doubtful
    imports.describe_questions(batch=again, ids=[first.pk], looked_at=True)
    first.refresh_from_db()
    assert (first.doubtful, first.data["doubts"]) == (False, [])


def test_a_refused_file_says_why_in_words(bank, author):
    batch = start(bank, author, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", name="de-thi.doc")

    assert (batch.state, batch.problem) == (ImportState.REFUSED, {"code": "old_word", "params": {}})
    assert batch.stored == ""
    assert imports.commit_import(batch=batch, actor=author) == 0


def test_a_file_beyond_the_limit_is_not_even_kept(bank, author):
    class Huge:
        name, size = "to.docx", 300 * 1024 * 1024

    with pytest.raises(QuestionFileError) as error:
        imports.start_import(bank=bank, file=Huge(), actor=author)
    assert error.value.code == "too_large"
    assert QuestionImport.objects.count() == 0


def test_pictures_come_along_into_the_library_once(bank, author, django_capture_on_commit_callbacks):
    shown = '<p><img src="/-/hinh/so-do.png" alt="sơ đồ"></p>'
    questions = [
        ParsedQuestion(stem=f"<p>Xem sơ đồ {n}</p>{shown}", content=SAMPLES["single_choice"][0], key={"correct": "b"})
        for n in (1, 2)
    ]
    data = OUT_FORMATS["moodle_xml"].write(questions, {PICTURE.name: PICTURE}).data
    batch = start(bank, author, data, name="co-hinh.xml")
    kept = batch.pictures.get()

    assert imports.commit_import(batch=batch, actor=author) == 2
    kept.refresh_from_db()
    stems = [item.current.stem for item in Item.objects.order_by("pk")]
    assert kept.picture is not None
    assert "so-do" not in kept.picture.file.name  # its name would stand in the address that learners see
    assert all(f'src="{kept.picture.url}"' in stem for stem in stems)
    assert kept.picture.bank == bank
    assert list(kept.picture.items.order_by("pk")) == list(Item.objects.order_by("pk"))
    assert SenImage.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        imports.discard_import(batch=batch)
    assert not default_storage.exists(kept.stored)
    assert Item.objects.count() == 2


def test_every_kind_goes_out_and_comes_back_through_the_bank(bank, author):
    picture = make_picture(200, 100, bank=bank)
    for number, kind in enumerate(all_kinds()):
        content, key, *_answers = SAMPLES[kind.name]
        content = {**content, "image": picture.pk} if kind.name == "hotspot" else content
        stem = f"Câu hỏi thứ {number} về {fold(str(kind.label))}"
        create_item(bank=bank, kind=kind.name, stem=stem, content=content, key=key, author=author)
    items = list(Item.objects.order_by("pk"))

    for form, name in (("word", "x.docx"), ("moodle_xml", "x.xml"), ("qti", "x.zip")):
        written = export_items(item_ids=[item.pk for item in items], form=form, actor=author)
        batch = start(make_bank(), author, written.data, name=name)
        unread = {loss.question for loss in written.losses if loss.code == "loss_kind"}
        back = list(batch.questions.order_by("position"))
        assert [row.data["kind"] for row in back] == [item.kind for item in items if item.code not in unread], form
        assert [row.data["doubts"] for row in back if row.broken] == [], form
        assert imports.commit_import(batch=batch, actor=author) == len(back), form


def test_a_double_numbered_question_of_word_is_told_by_its_chapter(bank, author):
    document = docx.Document()
    for chapter in ("Chương 1: Lịch sử", "Chương 2: Cương lĩnh"):
        document.add_paragraph(chapter)
        document.add_paragraph("Câu 1: Câu hỏi của " + chapter)
        for letter in "AB":
            document.add_paragraph(f"{letter}. phương án {letter} {chapter}")
    body = io.BytesIO()
    document.save(body)

    batch = start(bank, author, body.getvalue(), name="de.docx")

    rows = [ParsedQuestion.from_json(row.data) for row in batch.questions.all()]
    assert [doubt_text(Doubt("no_key"), row.place) for row in rows] == [
        "Câu 1 (Chương 1: Lịch sử): chưa đánh dấu đáp án đúng",
        "Câu 1 (Chương 2: Cương lĩnh): chưa đánh dấu đáp án đúng",
    ]


def test_reading_takes_the_same_number_of_queries_for_few_and_many(bank, author, django_assert_max_num_queries):
    many = "\n\n".join(f"Câu hỏi số {n} có nội dung riêng {n}?\nA. Một {n}\nB. Hai {n}\nANSWER: A" for n in range(120))
    batch = start(bank, author, many)
    with django_assert_max_num_queries(30):
        assert imports.commit_import(batch=batch, actor=author) == 120
    assert batch.questions.filter(state=ImportedState.IMPORTED).count() == 120


def test_a_file_that_nobody_finishes_is_forgotten_with_what_is_stored(bank, author, django_capture_on_commit_callbacks):
    """A month after somebody last worked on it, and not before; what was imported and what is finished stays."""
    question = ParsedQuestion(
        stem='<p>Xem</p><p><img src="/-/hinh/so-do.png" alt="sơ đồ"></p>',
        content=SAMPLES["single_choice"][0],
        key={"correct": "b"},
    )
    pictured = OUT_FORMATS["qti"].write([question], {PICTURE.name: PICTURE}).data
    with time_machine.travel(T0, tick=False):
        left, taken_up, finished = start(bank, author, pictured, "anh.zip"), start(bank, author), start(bank, author)
        empty, refused = start(bank, author, b"\x00\x01", "la.bin"), start(bank, author, b"PK\x03\x04", "hong.docx")
        imports.commit_import(batch=finished, actor=author)
        imports.skip_questions(batch=finished, ids=finished.questions.values_list("pk", flat=True))
    assert (empty.state, refused.state) == (ImportState.READY, ImportState.REFUSED)
    stored = left.pictures.get().stored
    with time_machine.travel(T0 + dt.timedelta(days=1), tick=False):
        imports.describe_questions(batch=taken_up, ids=[], level="apply")
    taken_up.refresh_from_db()
    assert (left.kept_until, taken_up.kept_until) == (T0 + dt.timedelta(days=30), T0 + dt.timedelta(days=31))

    with time_machine.travel(T0 + dt.timedelta(days=30), tick=False):
        assert forget_question_files.func() == 0
    with (
        time_machine.travel(T0 + dt.timedelta(days=30, seconds=1), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert [forget_question_files.func() for _night in range(2)] == [3, 0]

    assert set(QuestionImport.objects.all()) == {taken_up, finished}
    assert not default_storage.exists(stored)
    assert Item.objects.count() == 2
    forgotten = AuditEntry.objects.filter(action="quizzes.questions_forgotten").order_by("pk")
    assert [entry.data for entry in forgotten] == [
        {"file": "anh.zip", "count": 1},
        {"file": "la.bin", "count": 0},
        {"file": "hong.docx", "count": 0},
    ]
