"""A .docx as a list of lines and tables: styles resolved, numbers computed, tracked changes settled, pictures taken."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from quizzes.formats import legacy
from quizzes.formats.markup import escape, picture_type
from quizzes.formats.model import Reading, UnreadableFileError
from quizzes.formats.safe import MEGABYTE, Package, open_package, parse_xml
from quizzes.formats.word import aside, math
from quizzes.formats.word.aside import MC, V
from quizzes.formats.word.blocks import BULLET, Table, TableCell, TextLine, flat
from quizzes.formats.word.rich import PLAIN, Mark, Rich
from quizzes.formats.word.styles import Numbering, Styles, W, look, number_of

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PKG = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_SYMBOLS = {"F0FC": "✓", "F0FE": "☑", "F0A8": "☐", "F0E0": "→", "F0DE": "⇒", "F0B7": "•", "F0B3": "≥", "F0A3": "≤"}
_STRICT = tuple(
    (b"http://purl.oclc.org/ooxml/" + strict, b"http://schemas.openxmlformats.org/" + usual)
    for strict, usual in (
        (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
        (b"officeDocument/math", b"officeDocument/2006/math"),
        (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
        (b"drawingml/main", b"drawingml/2006/main"),
    )
)
_EMU = 9525  # a pixel
MAX_PARAGRAPHS = 200_000
_LONGEST_ALT = 2_000  # it stands with every picture of a drawing
_MOST_REFERENCES = 20  # to one note, which is put in at each


class Document:
    """Opens a .docx and reads its body.

    Raises:
        UnreadableFileError: not a Word file, with macros, or not safe to read.
    """

    def __init__(self, data: bytes, reading: Reading) -> None:
        self.reading = reading
        self.package = open_package(data)
        if any(name.lower().endswith("vbaproject.bin") for name in self.package.names):
            raise UnreadableFileError("macros")
        main = self._main_part()
        self.base = posixpath.dirname(main)
        self.body = self._parse(main).find(W + "body")
        if self.body is None:
            raise UnreadableFileError("not_word")
        self.styles = Styles(self._part("styles.xml"))
        self.numbering = Numbering(self._part("numbering.xml"))
        self.relations = self._relations(main)
        self._pictures: dict[str, str] = {}
        self._paragraph = 0
        self._field = aside.Fields()
        self._old_samples: dict[str, str] = {}
        self._boxes: list[Any] = []  # text boxes of the paragraph being read
        self._in_note = False
        self._referred: Counter[tuple[str, str]] = Counter()
        self._notes = {name: aside.Notes(self._part(f"{name}s.xml"), name) for name in ("footnote", "endnote")}

    def blocks(self) -> Iterator[TextLine | Table]:
        """Yield the lines and tables of the body in order."""
        found = list(self._blocks(self.body))
        lines = [line for block in found for line in flat(block)]
        if not self._old_samples and (old := legacy.guess("\n".join(line.text for line in lines))):
            # no font says it: the letters do
            for line in lines:
                line.rich = line.rich.recoded(old)
            self._old_samples[old] = " ".join(line.text for line in lines[:5])
        yield from found
        for encoding, sample in self._old_samples.items():
            self.reading.doubt("legacy_encoding", encoding=encoding.upper(), sample=sample[:80])

    def _main_part(self) -> str:
        relations = self.package.find("_rels/.rels")
        if relations is not None:
            for one in parse_xml(self.package.read(relations)).iterfind(PKG + "Relationship"):
                if (one.get("Type") or "").endswith("/officeDocument"):
                    target = self.package.find((one.get("Target") or "").lstrip("/"))
                    if target is not None:
                        return target
        found = self.package.find("word/document.xml")
        if found is None:
            raise UnreadableFileError("not_word")
        return found

    def _part(self, name: str) -> Any:
        found = self.package.find(posixpath.join(self.base, name))
        return self._parse(found) if found is not None else None

    def _parse(self, name: str) -> Any:
        """Return a part; the names that "Strict Open XML" gives to the same things become the usual ones."""
        data = self.package.read(name)
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parse_xml(data, huge=True)

    def _relations(self, main: str) -> dict[str, str]:
        name = self.package.find(posixpath.join(self.base, "_rels", posixpath.basename(main) + ".rels"))
        if name is None:
            return {}
        found = {}
        for one in parse_xml(self.package.read(name)).iterfind(PKG + "Relationship"):
            if one.get("TargetMode") == "External":
                continue
            target = one.get("Target") or ""
            path = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(self.base, target))
            )
            found[one.get("Id") or ""] = path
        return found

    def _blocks(self, parent: Any) -> Iterator[TextLine | Table]:
        for element in parent:
            match element.tag:
                case tag if tag == W + "p":
                    yield from self._lines(element)
                case tag if tag == W + "tbl":
                    yield self._table(element)
                case tag if tag == W + "sdt":
                    content = element.find(W + "sdtContent")
                    if content is not None:
                        yield from self._blocks(content)
                case tag if tag in (W + "ins", W + "moveTo", W + "customXml", W + "smartTag"):
                    yield from self._blocks(element)
                case tag if tag == MC + "AlternateContent":
                    chosen = element.find(MC + "Choice")
                    if chosen is not None:
                        yield from self._blocks(chosen)

    def _table(self, element: Any) -> Table:
        self._paragraph += 1
        table = Table([], self._paragraph)
        for row in element.iter(W + "tr"):
            if next(row.iterancestors(W + "tbl")) is not element:
                continue
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                continue
            cells = []
            for cell in row.iter(W + "tc"):
                if next(cell.iterancestors(W + "tbl")) is not element:
                    continue
                lines = [line for block in self._blocks(cell) for line in flat(block)]
                cells.append(TableCell(lines, *_spans(cell)))
            if cells:
                table.rows.append(cells)
        return table

    def _lines(self, paragraph: Any) -> Iterator[TextLine | Table]:
        self._paragraph += 1
        if self._paragraph > MAX_PARAGRAPHS:
            raise UnreadableFileError("bomb")
        properties = paragraph.find(W + "pPr")
        style = self.styles.default_paragraph
        if properties is not None and (named := properties.find(W + "pStyle")) is not None:
            style = named.get(W + "val") or style
        base = self.styles.defaults | self.styles.look(style)
        label, label_rich = self._label(properties, style, base)
        rich = Rich()
        self._inline(paragraph, base, rich)
        outline = self.styles.outline(style)
        if properties is not None and (own := properties.find(W + "outlineLvl")) is not None:
            value = own.get(W + "val") or ""
            outline = int(value) if value.isdigit() and int(value) < 9 else None
        if label_rich is not None:
            rich = label_rich + rich
        boxes, self._boxes = self._boxes, []
        if rich or not boxes:
            for index, part in enumerate(rich.split_lines()):
                yield TextLine(part, self._paragraph, label if index == 0 else "", outline, continued=index > 0)
        for box in boxes:
            yield from self._blocks(box)

    def _label(self, properties: Any, style: str, base: dict[str, Any]) -> tuple[str, Rich | None]:
        numbered = self.styles.numbering(style)
        if properties is not None and (own := properties.find(W + "numPr")) is not None:
            own_number = number_of(own)
            if own_number is None:
                num = own.find(W + "numId")
                numbered = None if num is not None else numbered
            else:
                numbered = own_number
        if numbered is None:
            return "", None
        label, level_look = self.numbering.next(*numbered)
        if not label.strip() or label == BULLET:
            return label.strip(), None
        said = base | look(properties.find(W + "rPr") if properties is not None else None) | look(level_look)
        rich = Rich()
        rich.add(label.strip() + " ", _mark(said))
        return label.strip(), rich

    def _inline(self, parent: Any, base: dict[str, Any], rich: Rich) -> None:
        for element in parent:
            if not isinstance(element.tag, str):
                continue
            if element.tag.startswith(math.M):
                self._math(element, rich)
                continue
            match element.tag.removeprefix(W):
                case "r":
                    self._run(element, base, rich)
                case "hyperlink" | "smartTag" | "fldSimple" | "customXml" | "dir" | "bdo":
                    self._inline(element, base, rich)
                case "ins" | "moveTo":
                    self.reading.doubt("tracked_changes", "note")
                    self._inline(element, base, rich)
                case "del" | "moveFrom":
                    self.reading.doubt("tracked_changes", "note")
                case "sdt":
                    content = element.find(W + "sdtContent")
                    if content is not None:
                        self._inline(content, base, rich)
                case _ if element.tag == MC + "AlternateContent":
                    self._alternate(element, base, rich)

    def _alternate(self, element: Any, base: dict[str, Any], rich: Rich) -> None:
        """Word writes new drawings twice: for itself, and once more for older programs."""
        chosen = element.find(MC + "Choice")
        if chosen is None:
            chosen = element.find(MC + "Fallback")
        if chosen is not None:
            holder = chosen if any(child.tag == W + "r" for child in chosen) else None
            if holder is not None:
                self._inline(holder, base, rich)
            else:
                for child in chosen:
                    self._drawn(child, rich)

    def _run(self, run: Any, base: dict[str, Any], rich: Rich) -> None:  # noqa: C901 (one case each)
        properties = run.find(W + "rPr")
        said = base
        if properties is not None:
            named = properties.find(W + "rStyle")
            if named is not None:
                said = said | self.styles.look(named.get(W + "val") or "")
            said = said | look(properties)
        mark = _mark(said)
        hidden = bool(said.get("hidden"))
        for element in run:
            if not isinstance(element.tag, str):
                continue
            match element.tag.removeprefix(W):
                case "t":
                    if hidden:
                        self.reading.doubt("hidden_text", "note")
                    elif not self._field.hidden:
                        rich.add(self._unicode(element.text or "", said), mark)
                case "tab" | "ptab":
                    rich.add("\t", mark)
                case "br" | "cr":
                    if element.get(W + "type") in (None, "textWrapping"):
                        rich.add("\n", mark)
                case "noBreakHyphen":
                    rich.add("-", mark)
                case "sym":
                    rich.add(_SYMBOLS.get((element.get(W + "char") or "").upper(), ""), mark)
                case "fldChar":
                    self._field.take(element.get(W + "fldCharType") or "")
                case "footnoteReference" | "endnoteReference" as kind:
                    if not hidden and not self._field.hidden:
                        self._note(kind.removesuffix("Reference"), element.get(W + "id") or "", rich)
                case "drawing" | "pict" | "object":
                    self._drawn(element, rich)
                case _ if element.tag == MC + "AlternateContent":
                    self._alternate(element, base, rich)
                case _ if element.tag.startswith(math.M):
                    self._math(element, rich)

    def _note(self, kind: str, ident: str, rich: Rich) -> None:
        """Put a note where it is referred to; its pictures, which stand in a part of their own, are left out."""
        paragraphs = self._notes[kind].paragraphs(ident)
        self._referred[kind, ident] += 1
        if self._in_note or not paragraphs or self._referred[kind, ident] > _MOST_REFERENCES:
            self.reading.doubt("footnotes", "note")
            return
        note = Rich()
        self._in_note = True
        for paragraph in paragraphs:
            self._inline(paragraph, {}, note)
            note.add(" ", PLAIN)
        self._in_note = False
        if note:
            aside.add_note(rich, note)

    def _unicode(self, text: str, said: dict[str, Any]) -> str:
        font = said.get("font", "")
        encoding = legacy.encoding_of_font(font)
        if not encoding or text.isascii() or legacy.is_unicode_vietnamese(text):
            return text
        converted = legacy.to_unicode(text, encoding, font)
        if len(self._old_samples.get(encoding, "")) < 80:
            self._old_samples[encoding] = self._old_samples.get(encoding, "") + converted
        return converted

    def _math(self, element: Any, rich: Rich) -> None:
        if element.tag == math.M + "oMathPara":
            for inner in element.findall(math.M + "oMath"):
                self._math(inner, rich)
        elif element.tag == math.M + "oMath":
            rich.add_object(math.to_mathml(element))

    def _drawn(self, element: Any, rich: Rich) -> None:
        if self._in_note:
            self.reading.doubt("footnotes", "note")
            return
        parts = list(aside.drawn(element))
        found = aside.boxes(parts)
        self._boxes += found
        if aside.lettering(parts):
            self.reading.doubt("text_boxes")
        size = next(element.iter(WP + "extent"), None)
        described = next((one.get("descr") for one in element.iter(WP + "docPr") if one.get("descr")), "")
        described = described[:_LONGEST_ALT]
        idents = [one.get(R + "embed") for one in parts if one.tag == A + "blip"]
        idents += [one.get(R + "id") for one in parts if one.tag == V + "imagedata"]
        for ident in idents:
            address = self._picture(ident or "")
            if address:
                wide = ""
                if size is not None and (size.get("cx") or "").isdigit() and (size.get("cy") or "").isdigit():
                    wide = (
                        f' width="{max(int(size.get("cx")) // _EMU, 1)}" height="{max(int(size.get("cy")) // _EMU, 1)}"'
                    )
                rich.add_object(f'<img src="{address}" alt="{escape(described or "").replace(chr(34), "")}"{wide}>')
            else:
                rich.add_object("")
        if aside.lost_shapes(parts) or not (idents or found or aside.lettering(parts)):
            self.reading.doubt("drawings")

    def _picture(self, ident: str) -> str:
        if ident not in self._pictures:
            path = self.package.find(self.relations.get(ident, "?"))
            name = self.relations.get(ident, "").rpartition("/")[2]
            data = self._bytes(self.package, path)
            if data is None or not picture_type(data):
                self.reading.doubt("picture_kind", name=name[:60])
                self._pictures[ident] = ""
            else:
                stem = name.rpartition(".")[0] or name
                self._pictures[ident] = self.reading.add_picture(f"{stem}.{picture_type(data)}", data)
        return self._pictures[ident]

    @staticmethod
    def _bytes(package: Package, path: str | None) -> bytes | None:
        if path is None or package.file.getinfo(path).file_size > 20 * MEGABYTE:
            return None
        return package.read(path)


def _spans(cell: Any) -> tuple[int, bool]:
    properties = cell.find(W + "tcPr")
    if properties is None:
        return 1, False
    span, merge = properties.find(W + "gridSpan"), properties.find(W + "vMerge")
    wide = (span.get(W + "val") or "1") if span is not None else "1"
    return int(wide) if re.fullmatch(r"\d{1,2}", wide) else 1, merge is not None and merge.get(W + "val") != "restart"


def _mark(said: dict[str, Any]) -> Mark:
    if not said:
        return PLAIN
    return Mark(
        bold=bool(said.get("bold")),
        italic=bool(said.get("italic")),
        underline=bool(said.get("underline")),
        colour=said.get("colour", ""),
        highlight=said.get("highlight", ""),
        raised=said.get("raised", ""),
    )
