"""Documents and pictures that mean harm: each is refused in one sentence, and the server stays as it is."""

from __future__ import annotations

import base64
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
        archive.writestr(first, given.pop(first, "<x/>"))
        for name, data in given.items():
            archive.writestr(name, data)
    return body.getvalue()


def opened(kind, *parts):
    """Return an OpenDocument file of this kind."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument." + kind)
        for name, data in parts:
            archive.writestr(name, data)
    return body.getvalue()


def compound(*entries, **streams):
    """Return a whole compound file with these streams, each of a sector at least; names alone hold nothing."""
    given = {**dict.fromkeys((name for name in entries if name != "Root Entry"), b"x"), **streams}
    bodies = [data.ljust(4096, b"\x00") for data in given.values()]  # shorter ones would stand in a stream of their own
    bodies = [data.ljust(-(-len(data) // 512) * 512, b"\x00") for data in bodies]
    directory = -(-(len(given) + 1) // 4)
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chains = [table, *range(2, directory + 1), end]
    starts = []
    for data in bodies:
        starts.append(len(chains))
        chains += [*range(len(chains) + 1, len(chains) + len(data) // 512), end]
    assert len(chains) <= 128, "one table of sectors is enough here"
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432

    def entry(name, kind, child, right, start, size):
        text = name.encode("utf-16-le") + b"\x00\x00"
        links = struct.pack("<HBBIII", len(text), kind, 1, free, right, child)
        return text.ljust(64, b"\x00") + links + bytes(36) + struct.pack("<IQ", start, size)

    rows = [entry("Root Entry", 5, 1 if given else free, free, end, 0)]
    for number, (name, start, data) in enumerate(zip(given, starts, bodies, strict=True), 1):
        rows.append(entry(name, 2, free, number + 1 if number < len(given) else free, start, len(data)))
    rows += [bytes(68) + b"\xff" * 12 + bytes(48)] * (directory * 4 - len(rows))
    body = struct.pack("<128I", *chains, *[free] * (128 - len(chains))) + b"".join(rows) + b"".join(bodies)
    return head + body


def biff(*records):
    """Return a workbook of Excel 97 with these records in its globals."""
    begin = (0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 6))
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in (begin, *records, (0x000A, b"")))


def sheet(name, kind, hidden=0):
    return 0x0085, struct.pack("<IBB", 0, hidden, kind) + bytes([len(name), 0]) + name.encode()


def defined(name, *, built_in=False, wide=False):
    text = name.encode("utf-16-le") if wide else name.encode()
    return 0x0018, struct.pack("<HBBHHH4x", 0x20 * built_in, 0, len(name), 0, 0, 1) + bytes([wide]) + text


def pdf(*objects, trailer=b""):
    """Return a whole PDF: these objects, a catalog, and the table that leads to them."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate((*objects, b"<< /Type /Catalog >>"), 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start, count = len(body), len(places) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % count
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (count, count - 1, trailer, start)
    return bytes(body)


def packed(objects, filters=b"/FlateDecode", data=None, more=b""):
    """Return a pack of one object (its number and place first); ``data`` is what ``filters`` make of it."""
    data = zlib.compress(objects) if data is None else data
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d %s>>" % (filters, len(data), more)
    return head + b"\nstream\n" + data + b"\nendstream"


def lzw(data):
    """Return ``data`` as a reader of LZW takes it: codes of nine bits, begun anew before they would grow."""
    codes = [code for at in range(0, len(data), 200) for code in (256, *data[at : at + 200])] + [257]
    bits = "".join(f"{code:09b}" for code in codes)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


def runs(data):
    """Return ``data`` as lengths of runs, none of which repeats."""
    return b"".join(bytes([len(part) - 1]) + part for part in (data[at : at + 128] for at in range(0, len(data), 128)))


def ascii85(data):
    return base64.a85encode(data) + b"~>"


def rows(data, columns):
    """Return ``data`` as rows of a picture, each byte the difference to the one before (predictor 11)."""
    lines = [data[at : at + columns].ljust(columns) for at in range(0, len(data), columns)]
    return b"".join(
        b"\x01" + bytes((line[at] - (line[at - 1] if at else 0)) % 256 for at in range(columns)) for line in lines
    )


def package(objects, how):
    """Return a pack that went through other filters than the usual one."""
    match how:
        case "lzw":
            return packed(objects, b"/LZWDecode", lzw(objects))
        case "runs":
            return packed(objects, b"/RunLengthDecode", runs(objects) + b"\x80")
        case "hex":
            return packed(objects, b"[ /ASCIIHexDecode ]", objects.hex().encode() + b">")
        case "85":
            return packed(objects, b"/A#53CII85Decode", ascii85(objects))
        case "chain":
            filters = b"[/ASCIIHexDecode /ASCII85Decode /LZWDecode /FlateDecode]"
            return packed(objects, filters, ascii85(lzw(zlib.compress(objects))).hex().encode() + b">")
        case "plain":
            return packed(objects, b"[]", objects)
    columns = b"/DecodeParms << /Predictor 11 /Columns 7 >>"
    return packed(objects, data=zlib.compress(rows(objects, 7)), more=columns)


WAYS = ["lzw", "runs", "hex", "85", "chain", "plain", "predictor"]


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
HONEST = [
    ("a.docx", office()),
    ("a.docx", office(("word/_rels/settings.xml.rels", TEMPLATE.format("file:///C:/Users/an/Normal.dotm")))),
    ("a.docx", office(("word/embeddings/oleObject1.bin", compound("Root Entry", "Equation Native")))),
    ("a.docx", office(("word/embeddings/Bang.xlsx", office(first="xl/workbook.xml")))),
    ("a.doc", compound("Root Entry", "WordDocument", "1Table")),
    ("a.xls", compound(Workbook=biff(sheet("Danh sách", 0), sheet("Biểu đồ", 2), defined("Bang_diem")))),
    ("a.xls", compound(Workbook=biff(sheet("A", 0), defined("\x06", built_in=True, wide=True)))),
    ("a.ppt", compound("Current User", "PowerPoint Document")),
    ("a.docx", office(("word/embeddings/o.bin", compound(**{"\x01Ole10Native": b"BM picture of paint"})))),
    ("a.ods", opened(b"spreadsheet", ("Object 1/content.xml", b"<x/>"))),
    ("a.pdf", pdf(b"<< /Type /Catalog >>")),
    ("a.pdf", pdf(packed(b"1 0 << /Type /Page /Contents 3 0 R >>"))),
    *(("a.pdf", pdf(package(b"1 0 << /Type /Page >>", how))) for how in WAYS),
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
    # macros of Excel 4.0: a sheet of them, a hidden one, a part that no list names, names that run by themselves
    ("a.xls", compound(Workbook=biff(sheet("A", 0), sheet("M", 1))), "macros"),
    ("a.xls", compound(Workbook=biff(sheet("A", 0), sheet("M", 1, hidden=2))), "macros"),
    ("a.xls", compound(Book=biff(sheet("A", 0), (0x0809, struct.pack("<HH", 0x0500, 0x40)))), "macros"),
    ("a.xls", compound(Workbook=biff(defined("\x01", built_in=True))), "macros"),
    ("a.xls", compound(Workbook=biff(defined("Auto_Open_1"))), "macros"),
    ("a.xls", compound(WORKBOOK=biff(defined("auto_close", wide=True))), "macros"),
    ("a.xls", compound(Workbook=b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"), "macros"),
    ("a.doc", compound("WordDocument", Workbook=biff(sheet("M", 1))), "macros"),
    ("a.docx", office(("word/embeddings/Bang.xls", compound(Workbook=biff(sheet("M", 1))))), "macros"),
    (
        "a.docx",
        office(("word/embeddings/o.bin", compound(Package=office(("x.bin", compound("_VBA_PROJECT")))))),
        "macros",
    ),
    ("a.ods", opened(b"spreadsheet", ("Object 1/o.bin", compound(Workbook=biff(sheet("M", 1))))), "macros"),
    ("a.odt", opened(b"text", ("Object 1/Basic/script-lc.xml", b"<x/>")), "macros"),
    (
        "a.ppt",
        compound("Current User", **{"PowerPoint Document": b"y" * 505 + b"\x1f\x00\xff\x03\x14\x00\x00\x00"}),
        "macros",
    ),
    # a password that Excel tries by itself hides everything; a program packed into a document; a cell that starts one
    ("a.xls", compound(Workbook=biff((0x002F, bytes(54)), sheet("A", 0))), "locked"),
    ("a.doc", compound(WordDocument=bytes(11) + b"\x01" + bytes(90)), "locked"),
    ("a.doc", compound("EncryptedPackage", "EncryptionInfo"), "locked"),
    ("a.ppt", compound("PowerPoint Document", **{"Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"}), "locked"),
    (
        "a.docx",
        office(("word/embeddings/o.bin", compound(**{"\x01Ole10Native": b"\x02\x00a\x00C:\\a.ExE\x00"}))),
        "macros",
    ),
    ("a.xlsx", office(("xl/externalLinks/a.xml", b'<x:ddeLink ddeService="cmd"/>'), first="xl/workbook.xml"), "macros"),
    # two streams of one name; chains that lead nowhere
    ("a.xls", compound(Workbook=biff(), WORKBOOK=biff(sheet("M", 1))), "wrong_content"),
    ("a.xls", OLE + bytes(1000), "wrong_content"),
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
    # other filters, also one after the other, and rows of differences; not in the table; one that nobody knows
    *(("a.pdf", pdf(package(b"1 0 " + SCRIPT, how)), "active_pdf") for how in WAYS),
    *(("a.pdf", pdf(package(b"1 0 << /S /J#61vaScript >>", how)), "active_pdf") for how in WAYS),
    (
        "a.pdf",
        pdf() + b"\n9 0 obj\n" + package(b"1 0 " + SCRIPT, "lzw") + b"\nendobj\nstartxref\n45\n%%EOF",
        "active_pdf",
    ),
    ("a.pdf", pdf(b"/LZWDecode", packed(b"", b"1 0 R", lzw(b"1 0 " + SCRIPT))), "active_pdf"),
    ("a.pdf", pdf(packed(b"1 0 " + SCRIPT, b"/Secret", b"x" * 40)), "unclear_pdf"),
    ("a.pdf", pdf(packed(b"1 0 " + SCRIPT, b"/AHx", (b"1 0 " + SCRIPT).hex().encode() + b">")), "unclear_pdf"),
    # scripts that are not called so: of a rendition, of a form in XML, of a picture with depth; a file inside to open
    ("a.pdf", pdf(b"<< /S /Rendition /OP 0 /JS (app.alert\\(1\\)) >>"), "active_pdf"),
    ("a.pdf", pdf(b"<< /Fields [] /XFA [(template) 9 0 R] >>"), "active_pdf"),
    ("a.pdf", pdf(b"<< /Type /3D /Subtype /U3D /OnInstantiate 9 0 R >>"), "active_pdf"),
    ("a.pdf", pdf(b"<< /S /GoToE /T << /R /C /N (a) >> >>"), "active_pdf"),
    # protected: the names can be read and nothing else
    ("a.pdf", pdf(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (x) /U (x) >>", trailer=b"/Encrypt 1 0 R"), "unclear_pdf"),
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
