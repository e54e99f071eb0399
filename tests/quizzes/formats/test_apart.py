"""Question files are opened in the limited process: the same questions come back, and bombs end in words."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter

from lms.common.limited import Answer, LimitedError, Trouble
from quizzes.formats import ParsedQuestion, UnreadableFileError, apart, read_file
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.messages import sentence
from quizzes.formats.model import Picture
from tests.quizzes.formats.questions import PICTURE
from tests.quizzes.formats.test_hostile import WORD, package
from tests.quizzes.imports.test_imports import AIKEN

NAMES = {"word": "a.docx", "excel": "a.xlsx", "gift": "a.gift", "moodle_xml": "a.xml", "qti": "a.zip"}


@pytest.mark.parametrize("form", sorted(NAMES))
def test_what_comes_back_is_what_the_reader_found(form):
    question = ParsedQuestion(
        stem='<p>Hình nào? <img src="/-/hinh/a.png" alt="cờ"></p>',
        content={"options": [{"id": one, "html": f"Phương án {one}", "fixed": False} for one in "abcd"]},
        key={"correct": "b"},
        topic=["Chương 1"],
        level="recall",
    )
    data = OUT_FORMATS[form].write([question], {"a.png": Picture("a.png", PICTURE.data)}).data
    there, here = apart.read_apart(data, NAMES[form]), read_file(data, NAMES[form])
    assert [one.as_json() for one in there.questions] == [one.as_json() for one in here.questions]
    assert (there.format, there.doubts, there.pictures) == (here.format, here.doubts, here.pictures)
    assert len(there.questions) == 1


def far(row):
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Câu hỏi")
        sheet.write_row(0, 0, ["Câu hỏi", "Phương án A", "Phương án B", "Đáp án"])
        sheet.write(row, 16_383, "x")
    return body.getvalue()


@pytest.mark.parametrize(("row", "cell"), [(1_048_575, "XFD1048576"), (1_999, "XFD2000")])
def test_a_cell_far_out_is_named(row, cell):
    with pytest.raises(UnreadableFileError) as refusal:
        apart.read_apart(far(row), "a.xlsx")
    assert (refusal.value.code, refusal.value.params) == ("far_cell", {"sheet": "Câu hỏi", "cell": cell})
    assert f"ô {cell}" in str(refusal.value)


def test_a_reader_that_runs_out_of_memory_is_an_answer(monkeypatch):
    """Without the look beforehand, the reader in Rust aborts: its process dies, and nobody else's."""
    with pytest.raises(LimitedError) as caught:
        apart.run("tests.quizzes.formats.raw.open_sheets", far(1_048_575))
    assert caught.value.trouble is Trouble.MEMORY
    assert len(apart.read_apart(AIKEN.encode(), "a.txt").questions) == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lop.xml", b"<quiz>" + b"<a>" * 200_000 + b"</quiz>"),
        ("lop.docx", package(("word/document.xml", WORD.format("<w:p>" * 50_000 + "</w:p>" * 50_000)))),
        ("xuong-dong.txt", b"x" + b"\n" * 200_000 + b"y"),
        ("the.gift", b"::a:: " + b"<a" * 200_000 + b"{=b}"),
        ("ngoac.gift", b"{" * 300_000),
        ("bom.docx", package(("word/document.xml", b" " * 150_000_000))),
        ("zip-trong-zip.zip", package(("a.zip", package(("imsmanifest.xml", b" " * 30_000_000))))),
    ],
)
def test_long_work_ends_in_words(name, data):
    limits = apart.JobLimits(seconds=3, wall=30, output=2_000_000)
    try:
        apart.read_apart(data, name, limits)
    except UnreadableFileError as refusal:
        said = str(refusal)
    except LimitedError as error:
        said = sentence(error.code)  # what the page of the import says
    else:
        said = "read"
    assert said
    assert len(apart.read_apart(AIKEN.encode(), "a.txt").questions) == 3


def test_a_picture_that_unpacks_to_gigabytes_is_only_measured():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("bomb.png", bomb)
    with pytest.raises((UnreadableFileError, LimitedError)):
        raise_if_nothing(apart.read_apart(body.getvalue(), "a.zip"))


def raise_if_nothing(reading):
    if not reading.questions:
        raise UnreadableFileError("no_questions")


GOOD = ParsedQuestion(stem="Một", content={"options": []}).as_json()


def answered(value, blobs=()):
    return lambda *_args, **_more: Answer(value, list(blobs))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"format": "gift"},
        {"format": 5, "questions": [], "doubts": [], "pictures": []},
        {"format": "gift", "questions": [{**GOOD, "kind": "../../x"}], "doubts": [], "pictures": []},
        {"format": "gift", "questions": [{**GOOD, "stem": {"a": 1}}], "doubts": [], "pictures": []},
        {"format": "gift", "questions": [{**GOOD, "content": "x"}], "doubts": [], "pictures": []},
        {"format": "gift", "questions": [{**GOOD, "tags": "x", "topic": [1]}], "doubts": [], "pictures": []},
        {"format": "gift", "questions": [{**GOOD, "place": {"kind": "row"}}], "doubts": [], "pictures": []},
        {
            "format": "gift",
            "questions": [],
            "doubts": [{"code": "x", "severity": "fatal", "params": {}}],
            "pictures": [],
        },
        {"format": "gift", "questions": [], "doubts": [], "pictures": ["../../../etc/passwd"]},
        {"format": "gift", "questions": [], "doubts": [], "pictures": ["a.png", "b.png"]},
        {"refused": "bomb"},
    ],
)
def test_an_answer_of_another_shape_is_no_answer(monkeypatch, value):
    monkeypatch.setattr(apart, "run", answered(value, [b"x"]))
    with pytest.raises(LimitedError) as caught:
        apart.read_apart(b"x", "a.txt")
    assert caught.value.trouble is Trouble.CRASH


@pytest.mark.parametrize(
    "question",
    [
        {"stem": "x" * 60_001},
        {"stem": "<b>" * 61},
        {"stem": "<br>" * 3_001},
        {"content": {"options": [{"id": "a", "html": "<i>" * 61, "fixed": False}]}},
    ],
)
def test_a_question_that_would_take_long_to_clean_is_kept_as_an_error(monkeypatch, question):
    value = {"format": "gift", "questions": [GOOD | question, GOOD], "doubts": [], "pictures": []}
    monkeypatch.setattr(apart, "run", answered(value))
    first, second = apart.read_apart(b"x", "a.txt").questions
    assert ([doubt.code for doubt in first.doubts], first.broken, "<" in first.stem) == (
        ["question_too_long"],
        True,
        False,
    )
    assert second.as_json() == GOOD


def test_a_long_honest_question_is_kept_whole(monkeypatch):
    stem = "<p>" + "Đoạn trích <b>dài</b>.</p><p>" * 700 + "</p>"
    value = {"format": "gift", "questions": [GOOD | {"stem": stem}], "doubts": [], "pictures": []}
    monkeypatch.setattr(apart, "run", answered(value))
    assert apart.read_apart(b"x", "a.txt").questions[0].stem == stem
