"""Finding out what a file is, from its content; an extension that promises something else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.formats import aiken, cloze_text, excel, gift, moodle, qti, word
from quizzes.formats.model import Reading, UnreadableFileError
from quizzes.formats.safe import OLE, ZIP, check_size, decode_text, open_package


@dataclass(frozen=True, slots=True)
class Format:
    """One format that can be read."""

    name: str
    label: str | Promise
    extensions: tuple[str, ...]
    read: Callable[[bytes, str], Reading]


_FORMATS = (
    Format("word", _("Word (.docx)"), ("docx",), word.read),
    Format("excel", _("Excel (.xlsx)"), ("xlsx",), excel.read),
    Format("gift", _("GIFT (.txt, .gift)"), ("txt", "gift"), gift.read),
    Format("aiken", _("Aiken (.txt)"), ("txt", "aiken"), aiken.read),
    Format("cloze", _("Embedded answers (.txt)"), ("txt",), cloze_text.read),
    Format("moodle_xml", _("Moodle XML (.xml)"), ("xml",), moodle.read),
    Format("qti", _("QTI 2.1, 2.2, 3.0 (.xml, .zip)"), ("xml", "zip"), qti.read),
)
#: The part of a password-protected .docx or .xlsx that holds its content.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FORMATS = {one.name: one for one in _FORMATS}
#: Comments and instructions of XML; one that never ends reaches to the end of the sample.
_ASIDE = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ROOT = re.compile(rb"<\s*+(?:[\w.-]++:)?+([\w.-]++)")
_GAP = re.compile(r"\{\s*+\d*+\s*+:\s*+[A-Za-z_]++\s*+:")
_ANSWER = re.compile(r"\s*+(?:ANSWER|ĐÁP ÁN|DAP AN)\s*+:", re.IGNORECASE)
_OPEN = re.compile(r"(?<!\\)\{")
_KNOWN_OTHERS = {"pdf", "odt", "rtf", "html", "htm", "pptx", "png", "jpg", "jpeg", "csv"}


def all_formats() -> tuple[Format, ...]:
    """Return the formats that can be read."""
    return _FORMATS


def read_file(data: bytes, name: str) -> Reading:
    """Read a file of any known format.

    Raises:
        UnreadableFileError: with the reason in the person's words.
    """
    return detect(data, name).read(data, name)


def detect(data: bytes, name: str) -> Format:
    """Return what ``data`` is.

    Raises:
        UnreadableFileError: none of ours, or not what its name says.
    """
    check_size(data)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension in ("docm", "dotm", "xlsm", "xltm"):
        raise UnreadableFileError("macros")
    if data.startswith(OLE) and _ENCRYPTED in data:
        raise UnreadableFileError("locked_package")
    if data.startswith(b"{\\rtf") and extension in ("doc", "rtf"):
        raise UnreadableFileError("old_word")
    if data.startswith(OLE):
        raise UnreadableFileError("old_excel" if extension == "xls" else "old_word")
    if data.startswith((ZIP, b"PK\x05\x06")):
        return _package(data, extension)
    if data.startswith(
        (
            b"%PDF",
            b"{\\rtf",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"GIF8",
            b"MZ",
            b"\x7fELF",
            b"\x1f\x8b",
            b"Rar!",
            b"7z\xbc\xaf",
        )
    ):
        raise UnreadableFileError(
            "wrong_extension" if extension in ("docx", "xlsx", "xml", "txt", "zip") else "unknown_format",
            extension=extension,
        )
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_xml = head.startswith(b"<") or (data.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<")))
    if extension in ("docx", "xlsx", "zip"):
        raise UnreadableFileError("wrong_extension", extension=extension)
    if is_xml:
        return _xml(data)
    if extension in _KNOWN_OTHERS:
        raise UnreadableFileError("unknown_format")
    return _text(data)


def _package(data: bytes, extension: str) -> Format:
    names = open_package(data).names
    lower = {name.lower() for name in names}
    if "mimetype" in lower and "content.xml" in lower:
        raise UnreadableFileError("unknown_format")  # of LibreOffice
    if any(name.startswith("word/") for name in lower):
        found = "word"
    elif any(name.startswith("xl/") for name in lower):
        found = "excel"
    elif any(name.endswith("imsmanifest.xml") for name in lower) or any(name.endswith(".xml") for name in lower):
        found = "qti"
    else:
        raise UnreadableFileError("unknown_format")
    expected = {"docx": "word", "xlsx": "excel", "zip": "qti"}.get(extension, found)
    if (extension in ("docx", "xlsx", "xml", "txt") and expected != found) or extension in ("xml", "txt", "gift"):
        raise UnreadableFileError("wrong_extension", extension=extension)
    return FORMATS[found]


def _xml(data: bytes) -> Format:
    sample = data[:20_000]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        sample = data[:40_000].decode("utf-16", errors="ignore").encode()
    match = _ROOT.search(_ASIDE.sub(b"", sample))
    root = match[1].decode("ascii", "replace") if match else ""
    if root == "quiz":
        return FORMATS["moodle_xml"]
    if root == "questestinterop":  # before its document type is refused: the reason helps more
        raise UnreadableFileError("qti12")
    if root.lower() in ("html", "svg", "head", "body"):
        raise UnreadableFileError("unknown_format")
    return FORMATS["qti"]


def _text(data: bytes) -> Format:
    text, encoding = decode_text(data)
    if encoding not in ("utf-16", "utf-16-le", "utf-16-be") and data[:8000].count(0) > 0:
        raise UnreadableFileError("binary")
    odd = sum(1 for char in text[:8000] if ord(char) < 32 and char not in "\n\t\x0c")
    if odd > 20:
        raise UnreadableFileError("binary")
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("//")]
    bare = "\n".join(lines)
    if _GAP.search(bare) and not any(line.lstrip().startswith("::") or line.startswith("$CATEGORY") for line in lines):
        return FORMATS["cloze"]
    if any(_ANSWER.match(line) for line in lines) and not _has_answers_in_braces(bare):
        return FORMATS["aiken"]
    return FORMATS["gift"]


def _has_answers_in_braces(text: str) -> bool:
    """Whether ``=`` or ``~`` stands behind a ``{`` that is still open."""
    for part in text.split("}"):
        if (start := _OPEN.search(part)) and max(part.rfind("="), part.rfind("~")) > start.start():
            return True
    return False
