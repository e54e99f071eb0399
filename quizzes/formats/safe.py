"""Opening what strangers made: sizes and kinds are checked before anything is parsed, and nothing outside is read.

The limits bound memory: a part of a package is read only up to the size it promised, and promises are summed first.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from quizzes.formats.model import UnreadableFileError

MEGABYTE = 1024 * 1024
MAX_FILE = 50 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_PARTS = 5_000
#: Text packs about 1:10; what packs a hundredfold was made to burst.
MAX_RATIO = 120
#: Small parts may pack well without harm (an empty table of a spreadsheet).
RATIO_FROM = 4 * MEGABYTE
MAX_QUESTIONS = 5_000
MAX_DEPTH = 200

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Package:
    """An opened zip whose parts are safe to read."""

    file: zipfile.ZipFile
    names: frozenset[str]
    lower: Mapping[str, str]  # the names by themselves in lower case

    def read(self, name: str) -> bytes:
        """Return a part; one that is longer than it promised ends the reading."""
        info = self.file.getinfo(name)
        try:
            with self.file.open(info) as part:
                data = part.read(info.file_size + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise UnreadableFileError("damaged_package") from error
        if len(data) > info.file_size:
            raise UnreadableFileError("bomb")
        return data

    def find(self, name: str) -> str | None:
        """Return the real name of a part, whatever its case; ``None`` when it is not there or leads outside."""
        clean = normal_path(name)
        if clean is None:
            return None
        if clean in self.names:
            return clean
        return self.lower.get(clean.lower())


def normal_path(name: str) -> str | None:
    """Return ``name`` as a path inside the package, ``None`` for one that leads out of it."""
    parts: list[str] = []
    text = name.replace("\\", "/")
    if text.startswith("/") or re.match(r"[A-Za-z]:", text) or "\0" in text:
        return None
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def check_size(data: bytes) -> None:
    """Refuse what is empty or too large to look at."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFileError("empty_file")
    if len(data) > MAX_FILE:
        raise UnreadableFileError("too_large", limit=MAX_FILE // MEGABYTE)


def open_package(data: bytes) -> Package:
    """Open a zip after checking the number of its parts, their sizes together, how tightly they are packed, and that
    no part leads outside.

    Raises:
        UnreadableFileError: with the reason.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise UnreadableFileError("damaged_package") from error
    if len(infos) > MAX_PARTS:
        raise UnreadableFileError("bomb")
    total = 0
    names = set()
    for info in infos:
        total += info.file_size
        if total > MAX_UNPACKED:
            raise UnreadableFileError("bomb")
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise UnreadableFileError("bomb")
        if info.flag_bits & 0x1:
            raise UnreadableFileError("locked_package")
        if normal_path(info.filename) is None:
            raise UnreadableFileError("path_outside")
        if not info.is_dir():
            names.add(info.filename)
    if total > RATIO_FROM and total > MAX_RATIO * len(data):
        raise UnreadableFileError("bomb")
    return Package(archive, frozenset(names), {name.lower(): name for name in sorted(names, reverse=True)})


def parse_xml(data: bytes, *, huge: bool = False) -> Any:
    """Parse XML that may come from anybody: no entities, no document type, no network, bounded depth.

    Raises:
        UnreadableFileError: a document type is declared, the text is not XML, or it is nested too deeply.
    """
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
            declaration, closed, rest = data.partition(b">")
            if len(declaration) < 200:
                data = _SAID_ENCODING.sub(rb"\1", declaration, count=1) + closed + rest
        except UnicodeDecodeError as error:
            raise UnreadableFileError("not_xml", detail=str(error)[:120]) from error
    data = _BARE_TYPE.sub(rb"\1", data, count=1)
    if _declares_type(data):
        raise UnreadableFileError("entities")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if "Excessive depth" in str(error):
            raise UnreadableFileError("too_deep") from error
        line = getattr(error, "lineno", None)
        detail = str(error).partition("(<string>")[0].rstrip()[:160]
        raise UnreadableFileError("not_xml", detail=detail, line=line or 0) from error
    if root is None:
        raise UnreadableFileError("not_xml", detail="", line=0)
    _check_depth(root)
    return root


#: Applied to the declaration alone, which is short: the encoding it names is no longer the one of the bytes.
_SAID_ENCODING = re.compile(rb"^(\s*+<\?xml[^>]*?)\s+encoding=([\"'])[^\"']*\2")
#: "<!DOCTYPE assessmentItem>" names no text outside and declares nothing: some tools write it before every item.
_BARE_TYPE = re.compile(rb"\A(\s*(?:\xef\xbb\xbf)?(?:<\?[^>]*\?>\s*)?)<!DOCTYPE\s+[\w:.-]+\s*>")


def _declares_type(data: bytes) -> bool:
    """A document type may stand only before the first element; texts further down may speak of one."""
    prolog = re.match(rb"\s*(?:\xef\xbb\xbf)?(?:<\?.*?\?>|<!--.*?-->|\s+)*", data, re.DOTALL)
    rest = data[prolog.end() if prolog else 0 :][:64].lower()
    return rest.startswith(b"<!doctype") or b"<!entity" in rest


def _check_depth(root: Any) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise UnreadableFileError("too_deep")


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding it was in: UTF-8 and UTF-16 (with or without their mark), else
    Windows-1258, else Latin-1 (whose letters may be TCVN3 or VNI: see :mod:`quizzes.formats.legacy`).

    The text is in NFC with ``\\n`` line ends.
    """
    encoding = _encoding(data)
    if data[:2000].count(0) > 0.6 * len(data[:2000]) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError("binary")
    try:
        text = data.decode(encoding, errors="strict" if encoding.startswith("utf") else "replace")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("binary") from error
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return unicodedata.normalize("NFC", text), encoding


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        sample = data[:2000]
        if sample.count(0) > len(sample) // 4:
            return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return "utf-8"
    sample = data[:2000]
    if sample.count(0) > len(sample) // 5:
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    # Windows-1258 writes tones as separate marks after the vowel: 0xCC 0xD2 0xDE 0xEC 0xF2 after a letter.
    tones = len(
        re.findall(rb"[AEIOUYaeiouy\xc2\xca\xd4\xe2\xea\xf4\xc3\xe3\xd5\xf5\xdd\xfd][\xcc\xd2\xde\xec\xf2]", data)
    )
    high = sum(1 for byte in data if byte >= 0x80)
    return "cp1258" if high and tones * 6 >= high else "cp1252"
