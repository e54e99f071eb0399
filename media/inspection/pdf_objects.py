"""PDF as readers see it: every object by its tables and by its place, packed objects in whatever way they are packed.

pypdf parses; it runs here in the limited process, where a file that costs too much ends by itself. The look at the
bytes alone (:mod:`media.inspection.pdf`) goes before it, for a file whose tables lie.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DeprecationError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject, read_object

#: Names, wherever they stand, of what acts when it is opened, of what opens other files or sends something away, and of
#: files within the file (PDF 32000-1, 7.11.4, 12.6.4, 12.7.5, 13.6; rendition actions run a script by their key JS
#: alone, XFA forms and 3D pictures bring their own).
ACTIVE = frozenset(
    {"EmbeddedFile", "EmbeddedFiles", "GoToE", "GoToR", "ImportData", "JavaScript", "Launch", "OnInstantiate",
     "RichMedia", "SubmitForm"}
)  # fmt: skip
_MAX_OBJECTS = 200_000
_MAX_DEPTH = 60
_AT = re.compile(rb"(?<![0-9])[0-9]{1,10}[\s\x00]{1,20}[0-9]{1,5}[\s\x00]{1,20}obj(?![A-Za-z])[\s\x00]{0,20}")
_ERRORS: tuple[type[Exception], ...] = (PyPdfError, ArithmeticError, AssertionError, AttributeError, EOFError)
_ERRORS += (LookupError, NotImplementedError, DeprecationError, OSError, RecursionError, TypeError, ValueError)


class UnclearError(Exception):
    """A part cannot be read as it says it is to be read."""


_UNCLEAR: tuple[type[Exception], ...] = (UnclearError, *_ERRORS)


def inspect_objects(data: bytes) -> tuple[str, int]:
    """Return why a PDF is refused (``active_pdf``, ``unclear_pdf``, or nothing), and how many packs of objects it has.

    Refused as unclear is what is encrypted, what has more objects than any document, and what pypdf cannot follow.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if "/Encrypt" in reader.trailer:
            return "unclear_pdf", 0
        packs = 0
        for count, found in enumerate(_objects(reader, data)):
            if count > _MAX_OBJECTS:
                return "unclear_pdf", packs
            if _is_active(found):
                return "active_pdf", packs
            # Readers find a pack by its place and ask for its numbers; some do not mind what type it says it is.
            said = isinstance(found, StreamObject) and found.get("/Type") == "/ObjStm"
            packs += said
            if not said and not (isinstance(found, StreamObject) and "/N" in found and "/First" in found):
                continue
            if any(_is_active(inner) for inner in _unpacked(found)):
                return "active_pdf", packs
    except _UNCLEAR:
        return "unclear_pdf", 0
    return "", packs


def _objects(reader: PdfReader, data: bytes) -> Iterator[Any]:
    """Yield the trailer, what the tables lead to, and what stands in the file without a table leading there."""
    yield reader.trailer
    places = set()
    for generation, table in list(reader.xref.items()):
        for number, place in list(table.items()):
            places.add(place)
            if number and generation != 65535:  # the head of the list of free ones
                yield reader.get_object(IndirectObject(number, generation, reader))
    for match in _AT.finditer(data):
        if match.start() not in places:
            stream = io.BytesIO(data)
            stream.seek(match.end())
            try:
                yield read_object(stream, reader)
            except _ERRORS:  # bytes of a picture that look like the beginning of an object
                continue


def _unpacked(pack: StreamObject) -> Iterator[Any]:
    """Yield the objects of a pack, whatever filters it went through."""
    content = pack.get_data()
    place_of_first: Any = pack["/First"]
    number: Any = pack["/N"]
    first, count = int(place_of_first), int(number)
    numbers = content[:first].split()
    if len(numbers) < 2 * count:
        raise UnclearError
    for place in numbers[1 : 2 * count : 2]:
        stream = io.BytesIO(content)
        stream.seek(first + int(place))
        yield read_object(stream, None)


def _is_active(found: Any, depth: int = 0) -> bool:
    """Whether an object holds such a name; objects elsewhere that it points to are looked at by themselves."""
    if depth > _MAX_DEPTH:
        raise UnclearError
    if isinstance(found, NameObject):
        return str(found)[1:] in ACTIVE
    if isinstance(found, ArrayObject):
        return any(_is_active(one, depth + 1) for one in list.__iter__(found))
    if not isinstance(found, DictionaryObject):
        return False
    if "/XFA" in found or ("/JS" in found and "/S" in found):
        return True
    if isinstance(found, StreamObject) and "/F" in found:
        return True  # its bytes stand in another file (7.3.8.2)
    return any(str(name)[1:] in ACTIVE or _is_active(value, depth + 1) for name, value in dict.items(found))
