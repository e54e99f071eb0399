"""Files that mean harm, or are not what they say: each is refused in words, before memory is spent."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats import UnreadableFileError, read_file
from quizzes.formats.safe import MAX_FILE


def package(*parts, compress=zipfile.ZIP_DEFLATED):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compress) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return body.getvalue()


WORD = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>'
LAUGHS = '<?xml version="1.0"?><!-- a --><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><assessmentItem>&b;</assessmentItem>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("rong.txt", b" \n\xef\xbb\xbf", "empty_file"),
        ("to.docx", b"PK\x03\x04" + bytes(MAX_FILE), "too_large"),
        ("bom.docx", package(("word/document.xml", WORD.format(" " * 80_000_000))), "bomb"),
        ("bom.zip", package(("imsmanifest.xml", b"0" * 60_000_000)), "bomb"),
        ("nhieu.zip", package(*((f"{number}.xml", b"") for number in range(5_100))), "bomb"),
        ("ra-ngoai.zip", package(("imsmanifest.xml", b"<a/>"), ("../../etc/cron.d/x", b"x")), "path_outside"),
        ("macro.docx", package(("word/document.xml", WORD.format("")), ("word/vbaProject.bin", b"x")), "macros"),
        ("macro.docm", package(("word/document.xml", WORD.format(""))), "macros"),
        ("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_word"),
        ("cu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_excel"),
        ("thuc-the.xml", DOCTYPE.encode(), "entities"),
        ("thuc-the-16.xml", DOCTYPE.encode("utf-16"), "entities"),
        ("cuoi.xml", LAUGHS.encode(), "entities"),
        ("trong-goi.docx", package(("word/document.xml", DOCTYPE)), "entities"),
        ("sau.xml", (b"<quiz>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</quiz>"), "too_deep"),
        ("khoa.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked_package"),
        ("giau.doc", b"{\\rtf1 xin chao}", "old_word"),
        ("trang.txt", bytes(4999) + b"x", "binary"),
        ("libre.odt", package(("mimetype", b"x"), ("content.xml", b"<a/>")), "unknown_format"),
        ("hong.xml", b"<quiz><question></quiz>", "not_xml"),
        ("hong.docx", b"PK\x03\x04" + b"nothing here", "damaged_package"),
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + bytes(50), "wrong_extension"),
        ("chu.docx", b"Cau 1: day la van ban", "wrong_extension"),
        ("word.txt", package(("word/document.xml", WORD.format(""))), "wrong_extension"),
        ("bang.docx", package(("xl/workbook.xml", b"<a/>")), "wrong_extension"),
        ("trang.xml", b"<html><body>xin chao</body></html>", "unknown_format"),
        ("van-ban.pdf", b"%PDF-1.7 ...", "unknown_format"),
        ("may.exe", b"MZ" + bytes(100), "unknown_format"),
        ("nhi-phan.txt", bytes(range(1, 32)) * 50, "binary"),
        ("qti1.xml", b"<questestinterop/>", "qti12"),
        ("qti1-dtd.xml", b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd"><questestinterop/>', "qti12"),
        ("khac.xml", b"<khac/>", "not_qti"),
    ],
)
def test_what_is_refused_says_why(name, data, code):
    with pytest.raises(UnreadableFileError) as refusal:
        read_file(data, name)
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


def test_a_part_that_is_longer_than_it_promised_ends_the_reading():
    data = bytearray(package(("word/document.xml", WORD.format("x" * 5000)), compress=zipfile.ZIP_STORED))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError) as refusal:
        read_file(bytes(data), "x.docx")
    assert refusal.value.code in ("bomb", "damaged_package")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
def test_texts_of_every_encoding_read_the_same(encoding):
    import unicodedata

    text = "Đảng Cộng sản Việt Nam thành lập năm nào?\nA. Một\nB. Hai\nANSWER: B\n"
    if encoding == "cp1258":
        marks = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
        pieces = []
        for char in text:  # tones stand apart, other marks do not
            split = unicodedata.normalize("NFD", char)
            tones = "".join(one for one in split if one in marks)
            pieces.append(unicodedata.normalize("NFC", "".join(one for one in split if one not in marks)) + tones)
        text = "".join(pieces)
    question = read_file(text.encode(encoding), "a.txt").questions[0]
    assert (question.stem, question.key) == ("Đảng Cộng sản Việt Nam thành lập năm nào?", {"correct": "b"})


def test_old_letters_are_converted_and_said():
    data = "§¶ng Céng s¶n ViÖt Nam ®­îc thµnh lËp n¨m nµo?\nA. Mét\nB. Hai\nANSWER: B\n".encode("latin-1")
    reading = read_file(data, "a.txt")
    assert reading.questions[0].stem == "Đảng Cộng sản Việt Nam được thành lập năm nào?"
    assert [doubt.code for doubt in reading.doubts] == ["legacy_encoding"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["a.txt", "a.xml", "a.docx", "a.zip", "a.xlsx", "a"]),
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="{}=~#:%>-<$ \n\\ABab1.đ()[]&;*", max_size=200).map(str.encode),
        st.text(alphabet='<>/question type="essay" ', max_size=100).map(lambda text: f"<quiz>{text}</quiz>".encode()),
    ),
)
def test_nothing_that_is_thrown_at_it_breaks_it(name, data):
    try:
        reading = read_file(data, name)
    except UnreadableFileError as refusal:
        said = str(refusal)
        assert said
    else:
        assert all(question.as_json() for question in reading.questions)


STRICT = WORD.replace(
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
)


def test_strict_open_xml_is_word_too():
    assert STRICT != WORD
    line = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    body = "".join(line.format(text) for text in ("Câu 1. Gì?", "*A. một", "B. hai"))
    reading = read_file(package(("word/document.xml", STRICT.format(body))), "de.docx")
    assert [(one.stem, one.key) for one in reading.questions] == [("Gì?", {"correct": "a"})]


def test_a_million_foreign_parts_are_listed_shortly_and_at_once():
    reading = read_file(b"<quiz>" + b"<question/>" * 200_000 + b"</quiz>", "de.xml")
    assert reading.questions == []
    assert [doubt.code for doubt in reading.doubts[-2:]] == ["unsupported_type", "more_doubts"]
    assert len(reading.doubts) == 301


def test_a_document_type_that_names_nothing_outside_is_read():
    data = b'<?xml version="1.0"?>\n<!DOCTYPE quiz>\n<quiz><question type="essay"><questiontext><text>A</text></questiontext></question></quiz>'
    assert [one.stem for one in read_file(data, "de.xml").questions] == ["A"]
    for subset in (b'SYSTEM "x.dtd"', b'PUBLIC "a" "b"', b'[<!ENTITY a "b">]'):
        with pytest.raises(UnreadableFileError) as refused:
            read_file(data.replace(b"DOCTYPE quiz", b"DOCTYPE quiz " + subset), "de.xml")
        assert refused.value.code == "entities"
