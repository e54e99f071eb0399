"""Compound files (OLE): the old .doc, .xls and .ppt, and what Office puts inside other files.

olefile follows the file's own chains of sectors, so that a stream is seen as Office sees it, however it is scattered.
Sources of the formats: [MS-CFB], [MS-DOC] 2.9.90, [MS-XLS] 2.4.28, 2.4.117, 2.4.150, 2.4.271 and 2.5.277, [MS-PPT]
2.3.2 and 2.10.40, [MS-OVBA] 2.2.1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import olefile

from media.inspection.outside import field_refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
MAX_STREAMS = 10_000
#: Names in compound files are UTF-16 and stand whole in one sector; they are compared without their case.
_VBA = re.compile(b"".join(rb"%c\x00" % char for char in b"_VBA_PROJECT"), re.IGNORECASE)
#: Slides of before 2007 keep their project packed inside a record of this kind.
_VBA_IN_SLIDES = b"\x1f\x00\xff\x03\x14\x00\x00\x00"
#: Records of a workbook: what begins a part, a sheet in the list of sheets, a name, the beginning of encryption, what
#: formulas refer to.
_BOF, _SHEET, _NAME, _LOCKED, _BOOK = 0x0809, 0x0085, 0x0018, 0x002F, 0x01AE
_OLDER_BOF = {0x0009, 0x0209, 0x0409}
_MACRO_PART, _MACRO_SHEETS = 0x0040, {1, 6}  # Excel 4.0 macros; a module of Visual Basic
_BUILT_IN, _RUN_BY_ITSELF = 0x0020, {b"\x01", b"\x02"}  # Auto_Open, Auto_Close
_RUN_BY_NAME = re.compile(rb"auto_(?:open|close|activate|deactivate)", re.IGNORECASE)
_MAX_RECORDS = 4_000_000
_LOCKED_SLIDES = b"\xdf\xc4\xd1\xf3"  # the mark of an encrypted presentation in "Current User"
#: What the packer of files into documents names, by endings that Windows runs.
_RUNS = re.compile(
    rb"\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|msi|msp|jar|lnk|cpl|dll|reg|sct|url|chm|iso|img)\x00",
    re.IGNORECASE,
)
_HEAD = 4096
#: Instructions of fields in the text of a document; letters take one byte or two.
_FIELDS = re.compile(rb"\x13([\t\x20-\x7e]{5,400}+)")
_WIDE_FIELDS = re.compile(rb"\x13\x00((?:[\t\x20-\x7e]\x00){5,400}+)")
_OWN_BOOKS = {0x0401, 0x3A01}  # the workbook itself; functions of add-ins
_ERRORS = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


def inspect_compound(data: bytes, *, whole: bool) -> tuple[str, list[bytes]]:
    """Return why a compound file is refused, nothing when it is not, and the packages that it holds.

    Returns:
        ``macros``, ``outside`` (takes something in from elsewhere), ``locked`` (encrypted: nobody can look into it) or
        ``wrong_content`` (its chains cannot be followed), and Open XML files inside, which the caller looks into.

    Args:
        whole: the file stands for itself. One inside another may be of a make that olefile does not read.
    """
    if _VBA.search(data) is not None or _VBA_IN_SLIDES in data:
        return "macros", []
    packages: list[bytes] = []
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            paths = file.listdir(streams=True, storages=False)
            if len(paths) > MAX_STREAMS or len({tuple(map(str.lower, path)) for path in paths}) < len(paths):
                return "wrong_content", []  # of two streams with one name it would not be clear which one counts
            for path in paths:
                content = file.openstream(path).read()
                if refused := _stream(path[-1].lower(), content):
                    return refused, []
                if content.startswith(ZIP):
                    packages.append(content)
    except _ERRORS:
        return ("wrong_content" if whole else ""), []
    return "", packages


def _stream(name: str, content: bytes) -> str:
    if name in {"encryptedpackage", "encryptedsummary"}:
        return "locked"
    if name == "current user" and _LOCKED_SLIDES in content[:_HEAD]:
        return "locked"
    if name in {"workbook", "book"} or _begins_workbook(content):
        return _workbook(content)
    if name == "powerpoint document" and _VBA_IN_SLIDES in content:
        return "macros"
    if name == "worddocument":
        return "locked" if len(content) > 12 and content[11] & 0x01 else _fields(content)  # FibBase.fEncrypted
    if name == "\x01ole10native" and _RUNS.search(content[:_HEAD]):
        return "macros"
    return ""


def _fields(content: bytes) -> str:
    narrow = (match[1].decode("cp1252", "replace") for match in _FIELDS.finditer(content))
    wide = (match[1].decode("utf-16-le", "replace") for match in _WIDE_FIELDS.finditer(content))
    return next(filter(None, map(field_refusal, (*narrow, *wide))), "")


def _begins_workbook(content: bytes) -> bool:
    return content[:2] == _BOF.to_bytes(2, "little") and content[3:4] == b"\x00"


def _workbook(content: bytes) -> str:
    wide = True  # letters with a flag of their width before them, since Excel 97
    for kind, body in _records(content):
        if kind == _LOCKED:
            return "locked"
        if kind in _OLDER_BOF:
            return "macros"  # parts of before Excel 5 say less; nothing of today writes them
        if kind == _BOF:
            wide = body[1:2] != b"\x05"
            if int.from_bytes(body[2:4], "little") == _MACRO_PART:
                return "macros"
        if kind == _SHEET and len(body) > 5 and body[5] in _MACRO_SHEETS:
            return "macros"
        if kind == _BOOK and int.from_bytes(body[2:4], "little") not in _OWN_BOOKS:
            path = body[5:].replace(b"\x00", b"")
            if b"\x03" in path:
                return "macros"  # a program and what to ask it
            if path[:1] == b"\x01":
                return "outside"  # another workbook
        if kind == _NAME and _runs_by_itself(body, wide=wide):
            return "macros"
    return ""


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _count in range(_MAX_RECORDS):
        if at + 4 > len(content):
            return
        kind = int.from_bytes(content[at : at + 2], "little")
        length = int.from_bytes(content[at + 2 : at + 4], "little")
        yield kind, content[at + 4 : at + 4 + length]
        at += 4 + length
    raise OverflowError


def _runs_by_itself(body: bytes, *, wide: bool) -> bool:
    """Whether a defined name (Lbl) begins a macro when the workbook is opened or closed."""
    flags, name = int.from_bytes(body[0:2], "little"), body[15 if wide else 14 :]
    if flags & _BUILT_IN:
        return name[:1] in _RUN_BY_ITSELF
    return _RUN_BY_NAME.match(name.replace(b"\x00", b"")) is not None
