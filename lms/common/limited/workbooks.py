"""Looking over a workbook before it is opened.

Readers of workbooks lay out the whole rectangle between the first and the last filled cell, so one cell far out in an
empty sheet asks for gigabytes. This runs in the limited process, like the readers.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from html import unescape

#: Of one sheet. A list of 20,000 people with 100 columns has 2,000,000.
MAX_CELLS = 5_000_000
_CHUNK = 1024 * 1024
_OVERLAP = 400
_CELL = re.compile(rb'<(?:\w{1,20}:)?c\s[^<>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,200}>')
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet\s[^<>]{0,1000}>")
_RELATION = re.compile(rb"<Relationship\s[^<>]{0,1000}>")
_ATTRIBUTE = re.compile(rb"""([\w:]{1,40})\s*=\s*["']([^"'<>]{0,500})["']""")


@dataclass(frozen=True, slots=True)
class FarCellError(Exception):
    """A filled cell stands so far out that the sheet cannot be laid out."""

    sheet: str
    cell: str


def check_extent(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook (.xlsx) whose filled cells span more than any list needs.

    Raises:
        FarCellError: with the sheet's name and the cell that stands farthest out.
    """
    names = _sheet_names(archive)
    for info in archive.infolist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename, re.IGNORECASE):
            far = _far_cell(archive, info)
            if far:
                raise FarCellError(names.get(info.filename, info.filename.rpartition("/")[2]), far)


def _far_cell(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Return the reference of the last filled cell when the sheet is too wide, else nothing."""
    columns, rows = 0, 0
    with archive.open(info) as part:
        kept = b""
        while chunk := part.read(_CHUNK):
            for match in _CELL.finditer(kept + chunk):
                if match[0].endswith(b"/>"):
                    continue  # a format without a value
                column = 0
                for letter in match[1]:
                    column = column * 26 + letter - 64
                columns, rows = max(columns, column), max(rows, int(match[2]))
                if columns * rows > MAX_CELLS:
                    return (match[1] + match[2]).decode()
            kept = chunk[-_OVERLAP:]
    return ""


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of sheets that people see, by part; as far as they are told in the usual way."""
    parts: dict[str, str] = {}
    try:
        relations = archive.open("xl/_rels/workbook.xml.rels").read(_CHUNK)
        book = archive.open("xl/workbook.xml").read(_CHUNK)
    except KeyError:
        return parts
    targets = {}
    for relation in _RELATION.findall(relations):
        found = dict(_ATTRIBUTE.findall(relation))
        target = found.get(b"Target", b"").decode(errors="replace").lstrip("/")
        targets[found.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    for sheet in _SHEET.findall(book):
        found = dict(_ATTRIBUTE.findall(sheet))
        name = next((value for key, value in found.items() if key == b"name"), b"")
        key = next((value for key, value in found.items() if key.endswith(b":id")), b"")
        if key in targets:
            parts[targets[key]] = unescape(name.decode(errors="replace"))
    return parts
