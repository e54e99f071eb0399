"""Packages of Office (Open XML, OpenDocument): each part is judged, XML as XML, and files inside files as files.

Types and relations say what a part is, so it does not matter what it is called. What nobody can look into is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from media.inspection.compound import OLE, ZIP, inspect_compound
from media.inspection.xml_parts import OpenDocument, OpenXml, Part, RefusedError, Relations, Types, read_whole

MAX_PARTS = 10_000
MEGABYTE = 1024 * 1024
#: Of all XML of a document together, and of one file inside another.
MAX_XML = 400 * MEGABYTE
MAX_INSIDE = 64 * MEGABYTE
#: Of old drawings, which are read at once.
_MAX_DRAWING = 16 * MEGABYTE
#: Files inside files inside files.
_MAX_DEPTH = 4
_CHUNK = 64 * 1024
_TYPES = "[content_types].xml"
_XML_ENDINGS = (".xml", ".rels", ".vml")
#: Drawings of Excel hold the line break of html, which is no XML.
_BREAK = re.compile(rb"<br\s*+>")
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError)


@dataclass
class Budget:
    """The bytes of XML that may still be read."""

    left: int = MAX_XML

    def take(self, chunk: bytes) -> bytes:
        self.left -= len(chunk)
        if self.left < 0:
            raise RefusedError("too_much")
        return chunk


def inspect_package(archive: zipfile.ZipFile) -> str:
    """Return why a package is refused, nothing when it is not: ``macros``, ``outside``, ``locked``, ``damaged`` or
    ``too_much``.
    """
    try:
        _look_through(archive, 0, Budget())
    except RefusedError as error:
        return str(error)
    return ""


def inspect_inside(data: bytes, budget: Budget | None = None, depth: int = 1) -> str:
    """Return why a file inside another is refused, nothing when it is not."""
    try:
        _look_inside(data, depth, budget or Budget())
    except RefusedError as error:
        return str(error)
    return ""


def _look_inside(data: bytes, depth: int, budget: Budget) -> None:
    if depth > _MAX_DEPTH:
        raise RefusedError("macros")
    if data.startswith(OLE):
        refused, packages = inspect_compound(data, whole=False)
        if refused:
            raise RefusedError(refused)
        for package in packages:
            _look_inside(package, depth + 1, budget)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_through(archive, depth, budget)
    except RuntimeError as error:
        raise RefusedError("locked") from error
    except _UNREADABLE as error:
        raise RefusedError("damaged") from error


def _look_through(archive: zipfile.ZipFile, depth: int, budget: Budget) -> None:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_PARTS:
        raise RefusedError("too_much")
    names = {info.filename for info in infos}
    open_document = bool({"mimetype", "META-INF/manifest.xml", "content.xml"} & names)
    if open_document and any({"basic", "scripts"} & set(name.lower().split("/")[:-1]) for name in names):
        raise RefusedError("macros")
    if any(_plain(name).endswith("vbaproject.bin") for name in names):
        raise RefusedError("macros")
    types = Types()
    for info in infos:
        if _plain(info.filename) == _TYPES:
            read_whole(_chunks(archive, info, budget), types, says_xml=True)
    links: dict[str, set[str]] = {}
    taken: dict[str, set[str]] = {}
    for info in infos:
        name = _plain(info.filename)
        if name == _TYPES:
            continue
        part = _part(name, open_document=open_document)
        _look_at(archive, info, part, types.of(name), depth, budget)
        if isinstance(part, Relations):
            folder, _rels, of = name.rpartition("_rels/")
            links.setdefault(folder + of.removesuffix(".rels"), set()).update(part.links)
        elif isinstance(part, OpenXml):
            taken.setdefault(name, set()).update(part.taken)
    if any(links.get(name, set()) & ids for name, ids in taken.items()):
        raise RefusedError("outside")  # taken in, although the relation says that it is only a link


def _plain(name: str) -> str:
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def _part(name: str, *, open_document: bool) -> Part:
    if name.endswith(".rels"):
        return Relations()
    if open_document:
        return OpenDocument(name)
    return OpenXml()


def _look_at(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, part: Part, kind: str, depth: int, budget: Budget
) -> None:
    with archive.open(info) as file:
        head = file.read(_CHUNK)
    if head.startswith((OLE, ZIP)):
        with archive.open(info) as file:
            data = file.read(MAX_INSIDE + 1)
        if len(data) > MAX_INSIDE:
            raise RefusedError("too_much")
        _look_inside(data, depth + 1, budget)
        return
    name = info.filename.lower()
    picture = "svg" in kind or (name.endswith(".svg") and not kind)
    says_xml = not picture and (name.endswith(_XML_ENDINGS) or kind.endswith("xml"))
    if not head or not (says_xml or _looks_like_xml(head)):
        return
    chunks = _chunks(archive, info, budget)
    if name.endswith(".vml") or "vmldrawing" in kind:
        chunks = _mended(chunks)
    read_whole(chunks, part, says_xml=says_xml)


def _looks_like_xml(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    with archive.open(info) as file:
        while chunk := file.read(_CHUNK):
            yield budget.take(chunk)


def _mended(chunks: Iterator[bytes]) -> Iterator[bytes]:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > _MAX_DRAWING:
            raise RefusedError("too_much")
    yield _BREAK.sub(b"<br/>", bytes(data))
