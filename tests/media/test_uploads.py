"""Files must be what their names say, and pictures tell no place."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from media.models import SenDocument, SenImage
from media.services.uploads import check_document, check_image
from tests.factories.media import image_bytes
from tests.media.test_inspection import compound, pdf


def package(*names, mimetype=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


WORD = package("[Content_Types].xml", "word/document.xml")
SHEET = package("[Content_Types].xml", "xl/workbook.xml")
HTML = b"<!doctype html><script>alert(1)</script>"

GOOD = [
    ("a.pdf", pdf()),
    ("a.docx", WORD),
    ("a.xlsx", SHEET),
    ("a.odt", package("content.xml", mimetype="application/vnd.oasis.opendocument.text")),
    ("a.doc", compound("WordDocument")),
    ("a.mp4", b"\x00\x00\x00\x20ftypisom"),
    ("a.webm", b"\x1a\x45\xdf\xa3rest"),
    ("a.ogg", b"OggSrest"),
    ("a.mp3", b"ID3rest"),
    ("a.mp3", b"\xff\xfb\x90\x00"),
    ("a.vtt", b"\xef\xbb\xbfWEBVTT\n"),
    ("a.txt", "Kế hoạch mở lớp".encode()),
]
BAD = [
    ("a.pdf", HTML),
    ("a.pdf", WORD),
    ("a.docx", SHEET),
    ("a.docx", b"PK\x03\x04 broken"),
    ("a.odt", package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    ("a.odt", WORD),
    ("a.doc", WORD),
    ("a.mp4", HTML),
    ("a.mp3", b"MZ\x90\x00"),
    ("a.vtt", HTML),
    ("a.txt", HTML),
    ("a.txt", b"MZ\x00\x00"),
    ("a.txt", b"  <svg onload=alert(1)>"),
    ("a.exe", b"MZ"),
]


@pytest.mark.parametrize(("name", "content"), GOOD)
def test_honest_documents_pass(name, content):
    file = SimpleUploadedFile(name, content)
    assert check_document(file).read() == content


@pytest.mark.parametrize(("name", "content"), BAD)
def test_documents_in_disguise_are_refused(name, content):
    with pytest.raises(ValidationError) as caught:
        check_document(SimpleUploadedFile(name, content))
    assert caught.value.code == "wrong_content"


def test_a_document_has_a_size_limit():
    file = SimpleUploadedFile("a.pdf", b"%PDF-")
    file.size = 31 * 1024 * 1024
    with pytest.raises(ValidationError) as caught:
        check_document(file)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_its_place(kind):
    extension = kind.lower().replace("jpeg", "jpg")
    file = SimpleUploadedFile(f"a.{extension}", image_bytes(kind, place=True))
    with Image.open(check_image(file)) as cleaned:
        assert (dict(cleaned.getexif()), cleaned.size, cleaned.format) == ({}, (64, 36), kind)


def test_a_picture_without_hidden_facts_stays_as_it_is():
    content = image_bytes()
    assert check_image(SimpleUploadedFile("a.jpg", content)).read() == content


def test_a_picture_taken_sideways_is_turned_before_the_fact_is_lost():
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20)).save(buffer, "JPEG", exif=exif)
    with Image.open(check_image(SimpleUploadedFile("a.jpg", buffer.getvalue()))) as cleaned:
        assert cleaned.size == (20, 40)


def test_a_damaged_picture_is_refused():
    with pytest.raises(ValidationError) as caught:
        check_image(SimpleUploadedFile("a.jpg", image_bytes(size=(600, 600))[:400]))
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("a.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.jpg", HTML),
        ("a.jpg", image_bytes("PNG")),
        ("a.png", image_bytes("JPEG")),
    ],
)
def test_the_picture_form_refuses_disguises(writer, name, content):
    form = get_image_form(SenImage)({"title": "Ảnh"}, {"file": SimpleUploadedFile(name, content)}, user=writer)
    assert not form.is_valid()
    assert list(form.errors) == ["file"]


def test_the_picture_form_refuses_a_bomb(writer, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    file = SimpleUploadedFile("a.png", image_bytes("PNG", (100, 100)))
    form = get_image_form(SenImage)({"title": "Ảnh"}, {"file": file}, user=writer)
    assert list(form.errors) == ["file"]


def test_a_writer_uploads_a_picture_without_its_place(writer, client_as):
    client = client_as(writer)
    file = SimpleUploadedFile("a.jpg", image_bytes(place=True), content_type="image/jpeg")
    response = client.post(reverse("wagtailimages:add"), {"title": "Ảnh lớp", "file": file, "alt_text": "Lớp học"})
    assert response.status_code == 302
    image = SenImage.objects.get()
    with image.file.open("rb") as file, Image.open(file) as stored:
        assert dict(stored.getexif()) == {}
    assert (image.width, image.height, image.alt_text) == (64, 36, "Lớp học")


def test_the_document_form_says_what_is_wrong(writer):
    form = get_document_form(SenDocument)({"title": "Tệp"}, {"file": SimpleUploadedFile("a.pdf", HTML)}, user=writer)
    assert form.errors == {"file": ["Đây không phải tệp .pdf: nội dung bên trong là loại khác."]}
