"""PDF: what acts by itself when it is opened is found by its names, also where objects are packed.

First the file is not followed along its own tables, which a hostile one forges: every name in it is looked at, and
every stream of packed objects is unpacked that is deflated. Then it is read as readers do
(:mod:`media.inspection.pdf_objects`), which knows every other filter. What neither can read cannot be vouched for.
"""

from __future__ import annotations

import re
import zlib

from media.inspection.pdf_objects import ACTIVE, inspect_objects

_ACTIVE = frozenset(name.encode() for name in ACTIVE)
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){5,40})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
# Packed objects begin with their numbers and places; a picture or a font does not begin with a figure.
_OBJECTS = re.compile(rb"(?:[\s\x00]|%[^\r\n]*[\r\n])*[0-9]")
_HEAD = 1024
_CHUNK = 4096
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
    if _is_active(data):
        return "active_pdf"
    left = _MAX_UNPACKED
    # Readers find packed objects by their place, whatever the dictionary before them says: every stream is tried.
    for match in _STREAM.finditer(data):
        if not _OBJECTS.match(_unpacked(data, match.end(), _HEAD)[0]):
            continue
        objects, whole = _unpacked(data, match.end(), left)
        left -= len(objects)
        if _is_active(objects):
            return "active_pdf"
        if not whole and left <= 0:
            return "unclear_pdf"
    refused, packs = inspect_objects(data)
    # What says of itself that it holds objects must be one of those that could be read.
    said = sum(_plain(match[1]) == b"ObjStm" for match in _NAME.finditer(data))
    return refused or ("unclear_pdf" if said > packs else "")


def _is_active(data: bytes) -> bool:
    return any(_plain(found[1]) in _ACTIVE for found in _NAME.finditer(data))


def _plain(name: bytes) -> bytes:
    """Return a name with its escapes (``#4A`` for J) undone."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name) if b"#" in name else name


def _unpacked(data: bytes, start: int, limit: int) -> tuple[bytes, bool]:
    """Return what the packed stream at ``start`` holds, at most ``limit`` bytes, and whether that is all of it.

    Of a damaged one it is what stands before the damage, as readers take it.
    """
    unpacker, content = zlib.decompressobj(), bytearray()
    try:
        while not unpacker.eof and len(content) < limit and start < len(data):
            content += unpacker.decompress(data[start : start + _CHUNK], limit - len(content))
            start += _CHUNK - len(unpacker.unconsumed_tail)
    except zlib.error:
        return bytes(content), False
    return bytes(content), unpacker.eof
