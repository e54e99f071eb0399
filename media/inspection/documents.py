"""Documents: of the kind that the name says and of no other, without programs that run when they are opened."""

from __future__ import annotations

import io
import re
import zipfile

from media.inspection.compound import OLE, ZIP, inspect_compound
from media.inspection.pdf import inspect_pdf

MAX_PARTS = 10_000
MAX_CUES = 20_000
#: Of one part that is looked into.
_MAX_PART = 64 * 1024 * 1024
_MAX_TYPES = 4 * 1024 * 1024
_MACRO_TYPES = re.compile(rb"vbaProject|macroEnabled|macrosheet|ms-word\.vbaData", re.IGNORECASE)
#: A template on another machine brings its programs along when the document is opened; one on the own disk does not.
_FAR_TEMPLATE = re.compile(rb"<[^<>]*attachedTemplate[^<>]*>", re.IGNORECASE)
_FAR = re.compile(rb"""Target\s*=\s*["'](?:https?:|ftp:|\\\\|file:/{2}[^/]|file:/{4,})""", re.IGNORECASE)
#: A cell that asks another program (DDE), which Excel offers to start.
_PROGRAM_LINK = re.compile(rb"<(?:\w{1,20}:)?ddeLink[\s>]")
_HEAD = 4096
#: Files inside files inside files.
_MAX_DEPTH = 4
_OPEN_XML = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENT = {"odt": b"text", "ods": b"spreadsheet", "odp": b"presentation"}


def inspect(data: bytes, *, extension: str) -> str:
    """Return why a document is refused, nothing when it is not.

    Returns:
        ``wrong_content`` (not what the name says), ``two_kinds``, ``macros``, ``locked``, ``active_pdf``,
        ``unclear_pdf`` or ``too_much``.
    """
    if extension == "pdf":
        return inspect_pdf(data)
    if b"%PDF-" in data[:1024]:  # readers of PDF look that far for a beginning
        return "two_kinds" if extension in {*_OPEN_XML, *_OPEN_DOCUMENT, "doc", "xls", "ppt"} else "wrong_content"
    if extension in {"doc", "xls", "ppt"}:
        if not data.startswith(OLE):
            return "wrong_content"
        refused, packages = inspect_compound(data, whole=True)
        return refused or ("macros" if any(_macros_within(one, 1) for one in packages) else "")
    if extension in _OPEN_XML or extension in _OPEN_DOCUMENT:
        return _package(data, extension)
    if extension in {"txt", "vtt"}:
        return _text(data, captions=extension == "vtt")
    return "wrong_content"


def has_macros(archive: zipfile.ZipFile, depth: int = 0) -> bool:
    """Whether a package of Office (Open XML, OpenDocument) holds programs, whatever its parts are called.

    The types of parts and the relations between them say what a part is; compound files and packages in it are looked
    into, and one that nobody can look into counts as one with programs.
    """
    for info in archive.infolist():
        name = info.filename.lower()
        if name.endswith("vbaproject.bin"):
            return True
        with archive.open(info) as part:
            if name == "[content_types].xml" or name.endswith(".rels"):
                text = _ascii(part.read(_MAX_TYPES))
                if _MACRO_TYPES.search(text) or any(_FAR.search(one[0]) for one in _FAR_TEMPLATE.finditer(text)):
                    return True
                continue
            head = part.read(_HEAD)
            if _PROGRAM_LINK.search(_ascii(head)):
                return True
            if head.startswith((OLE, ZIP)) and _macros_within(head + part.read(_MAX_PART), depth + 1):
                return True
    return False


def _macros_within(data: bytes, depth: int) -> bool:
    """Whether a file inside another holds programs."""
    if depth > _MAX_DEPTH:
        return True
    if data.startswith(OLE):
        refused, packages = inspect_compound(data, whole=False)
        return bool(refused) or any(_macros_within(one, depth + 1) for one in packages)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return has_macros(archive, depth)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return False


def _ascii(data: bytes) -> bytes:
    """Return XML in UTF-16 as bytes that can be searched."""
    return data.replace(b"\x00", b"")


def _package(data: bytes, extension: str) -> str:
    if data.startswith(OLE) and inspect_compound(data, whole=True)[0] == "locked":
        return "locked"
    if not data.startswith(ZIP):
        return "wrong_content"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_PARTS:
                return "too_much"
            if not infos or min(info.header_offset for info in infos) != 0:
                return "two_kinds"  # something else stands before the package
            names = {info.filename for info in infos}
            if extension in _OPEN_XML:
                part = _OPEN_XML[extension]
                if "[Content_Types].xml" not in names or not any(name.startswith(part) for name in names):
                    return "wrong_content"
                return "macros" if has_macros(archive) else ""
            if "mimetype" not in names or archive.open("mimetype").read(200) != (
                b"application/vnd.oasis.opendocument." + _OPEN_DOCUMENT[extension]
            ):
                return "wrong_content"
            scripts = any({"basic", "scripts"} & set(name.lower().split("/")[:-1]) for name in names)
            return "macros" if scripts or has_macros(archive) else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return "wrong_content"


def _text(data: bytes, *, captions: bool) -> str:
    """Text has no NUL, and a browser that guesses must not find a page in it; captions are captions and not endless."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"\x00" in data or start.startswith((b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")):
        return "wrong_content"
    if captions:
        if not data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
            return "wrong_content"
        if data.count(b"-->") > MAX_CUES:
            return "too_much"
    return ""
