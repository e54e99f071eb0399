"""Documents: of the kind that the name says and of no other, without programs that run when they are opened."""

from __future__ import annotations

import io
import zipfile

from media.inspection.compound import OLE, ZIP, inspect_compound
from media.inspection.packages import MAX_PARTS, inspect_inside, inspect_package
from media.inspection.pdf import inspect_pdf

MAX_CUES = 20_000
_OPEN_XML = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENT = {"odt": b"text", "ods": b"spreadsheet", "odp": b"presentation"}


def inspect(data: bytes, *, extension: str) -> str:
    """Return why a document is refused, nothing when it is not.

    Returns:
        ``wrong_content`` (not what the name says), ``two_kinds``, ``macros``, ``outside``, ``locked``, ``damaged``,
        ``active_pdf``, ``unclear_pdf`` or ``too_much``.
    """
    if extension == "pdf":
        return inspect_pdf(data)
    if b"%PDF-" in data[:1024]:  # readers of PDF look that far for a beginning
        return "two_kinds" if extension in {*_OPEN_XML, *_OPEN_DOCUMENT, "doc", "xls", "ppt"} else "wrong_content"
    if extension in {"doc", "xls", "ppt"}:
        if not data.startswith(OLE):
            return "wrong_content"
        refused, packages = inspect_compound(data, whole=True)
        return refused or next(filter(None, map(inspect_inside, packages)), "")
    if extension in _OPEN_XML or extension in _OPEN_DOCUMENT:
        return _package(data, extension)
    if extension in {"txt", "vtt"}:
        return _text(data, captions=extension == "vtt")
    return "wrong_content"


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
                return inspect_package(archive)
            if "mimetype" not in names or archive.open("mimetype").read(200) != (
                b"application/vnd.oasis.opendocument." + _OPEN_DOCUMENT[extension]
            ):
                return "wrong_content"
            return inspect_package(archive)
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
