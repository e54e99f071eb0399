"""PDF: what acts by itself when it is opened is found by its names, also where objects are packed.

The file is not followed along its own tables, which a hostile one forges: every name in it is looked at, and every
stream of packed objects is unpacked. One that cannot be unpacked (it is encrypted) cannot be vouched for.
"""

from __future__ import annotations

import re
import zlib

#: Actions that run programs or open files, and files within the file (PDF 32000-1, 7.11.4, 12.6.4, 13.6).
ACTIVE = frozenset({b"EmbeddedFile", b"EmbeddedFiles", b"JavaScript", b"Launch", b"RichMedia"})
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){5,40})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_MAX_UNPACKED = 64 * 1024 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_TAIL = 66_000  # where readers look for the end of a zip


def inspect_pdf(data: bytes) -> str:
    """Return why a PDF is refused, nothing when it is not: ``wrong_content``, ``two_kinds``, ``active_pdf`` or
    ``unclear_pdf``.
    """
    if not data.startswith(b"%PDF-"):
        return "two_kinds" if b"%PDF-" in data[:1024] else "wrong_content"
    if _END_OF_ZIP in data[-_TAIL:]:
        return "two_kinds"
    left = _MAX_UNPACKED
    for match in _NAME.finditer(data):
        name = _plain(match[1])
        if name in ACTIVE:
            return "active_pdf"
        if name != b"ObjStm":
            continue
        objects = _unpacked(data, match.end(), left)
        if objects is None:
            return "unclear_pdf"
        left -= len(objects)
        if any(_plain(found[1]) in ACTIVE for found in _NAME.finditer(objects)):
            return "active_pdf"
    return ""


def _plain(name: bytes) -> bytes:
    """Return a name with its escapes (``#4A`` for J) undone."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name) if b"#" in name else name


def _unpacked(data: bytes, start: int, limit: int) -> bytes | None:
    """Return the objects of the stream whose dictionary stands at ``start``, ``None`` when they cannot be had."""
    stream = _STREAM.search(data, start)
    if stream is None:
        return None
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(data[stream.end() : stream.end() + limit], limit)
    except zlib.error:
        return None
    return objects if unpacker.eof else None
