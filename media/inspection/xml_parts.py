"""XML inside packages of Office, read whole: element by element, whatever it is called, encoded or split into.

Expat reads a stream in constant memory; it loads nothing, and a document type ends the reading. What is no XML in a
part that says it is cannot be vouched for (``damaged``). Names are judged without their prefix, which a hostile file
chooses.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers import expat

from media.inspection import outside

type Attributes = dict[str, str]

_MACRO_TYPES = re.compile(r"vbaProject|macroEnabled|macrosheet|ms-word\.vbaData", re.IGNORECASE)
_TEMPLATE, _LINK = "attachedtemplate", "hyperlink"
#: Text, pages or rich text of any origin, taken in when the document is opened.
_TAKEN_IN = "afchunk"


class RefusedError(Exception):
    """A part holds what is refused; its argument is the code."""


def read_whole(chunks: Iterable[bytes], part: Part, *, says_xml: bool) -> None:
    """Go through an XML part to its end.

    Args:
        says_xml: its name or type says that it is XML, so that it must be.

    Raises:
        RefusedError: it holds what is refused; ``damaged`` when it says that it is XML and is not.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    part.parser = parser
    parser.StartElementHandler = part.start
    if says_xml:
        parser.StartDoctypeDeclHandler = part.document_type
    blank = True
    try:
        for chunk in chunks:
            blank = blank and not chunk.strip()
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if says_xml and not blank:  # nothing but blanks is an empty part, in which nobody finds anything
            raise RefusedError("damaged") from error
    part.close()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _plain_names(attributes: Attributes) -> Attributes:
    """Return attributes by their local names, without blanks around the values.

    Raises:
        RefusedError: two have one local name: programs read the one, and a check may have read the other.
    """
    given = {_local(key): value.strip() for key, value in attributes.items()}
    if len(given) < len(attributes):
        raise RefusedError("damaged")
    return given


class _Deleted(str):
    """A piece of an instruction that is kept as deleted: programs leave it out until the deletion is taken back."""

    __slots__ = ()


def _refuse(code: str) -> None:
    if code:
        raise RefusedError(code)


class Part(ABC):
    """A reader of one kind of part; a subclass says what each element means."""

    parser: Any
    may_name_type = False

    @abstractmethod
    def start(self, name: str, attributes: Attributes) -> None:
        """Judge an element as it begins."""

    def document_type(self, _name: str, _system: str | None, _public: str | None, declares: bool) -> None:
        """Refuse a document type: its entities would say what nobody sees in the part."""
        if declares or not self.may_name_type:
            raise RefusedError("damaged")

    def close(self) -> None:  # noqa: B027 (most parts leave nothing open)
        """Judge what stood open at the end."""


class Types(Part):
    """The types of parts: which are XML, and none is a program."""

    def __init__(self) -> None:
        self.by_ending: dict[str, str] = {}
        self.by_name: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        given = _plain_names(attributes)
        if any(_MACRO_TYPES.search(value) for value in given.values()):
            raise RefusedError("macros")
        kind = given.get("ContentType", "").lower()
        if ending := given.get("Extension"):
            self.by_ending[ending.lower()] = kind
        if part := given.get("PartName"):
            self.by_name[part.lstrip("/").lower()] = kind

    def of(self, name: str) -> str:
        """Return the type of the part ``name``."""
        return self.by_name.get(name) or self.by_ending.get(name.rpartition(".")[2], "")


class Relations(Part):
    """The relations of a part: outside the package they may only lead to pages that a person opens."""

    def __init__(self) -> None:
        self.links: set[str] = set()  # ids of links that lead out

    def start(self, name: str, attributes: Attributes) -> None:
        if _local(name) != "Relationship":
            return
        given = _plain_names(attributes)
        kind, target = given.get("Type", ""), given.get("Target", "")
        if _MACRO_TYPES.search(kind) or _MACRO_TYPES.search(target):
            raise RefusedError("macros")
        kind = kind.rstrip("/").rpartition("/")[2].lower()
        if kind == _TAKEN_IN:
            raise RefusedError("outside")
        if given.get("TargetMode", "").lower() != "external" and outside.is_inside(target):
            return
        if kind == _TEMPLATE:
            _refuse("" if outside.is_on_own_disk(target) else "macros")
        elif kind == _LINK and outside.is_page(target):
            self.links.add(given.get("Id", ""))
        else:
            raise RefusedError("outside")


class OpenXml(Part):
    """A part of Word, Excel or PowerPoint."""

    _FIELDS = frozenset({"fldChar", "fldSimple", "instrText", "delInstrText"})

    def __init__(self) -> None:
        self.taken: set[str] = set()  # ids of relations whose target is taken in, not only linked to
        self.asking: list[list[str]] = []  # instructions of fields that are not complete yet, the innermost last
        self.fields: list[bool] = []  # of every open field whether its instruction is still open
        self.loose: list[str] = []
        self.prefix: str | None = None  # of the elements of fields: there is one for all of them
        self.handlers: dict[str, Callable[[str, Attributes], None]] = {
            "fldChar": self._field,
            "fldSimple": self._simple,
            "cmd": self._animation,
            "connectString": self._outside,
            "dbPr": self._data,
            "olapPr": self._data,
            "webPr": self._data,
            "textPr": self._text_data,
            "webVideoPr": self._outside,
            **dict.fromkeys(("instrText", "delInstrText"), self._instruction),
            **dict.fromkeys(("t", "delText"), self._result),
            **dict.fromkeys(("f", "formula", "formula1", "formula2", "definedName"), self._formula),
            **dict.fromkeys(("ddeLink", "ddeItem"), self._program),
            **dict.fromkeys(("hlinkClick", "hlinkHover", "hlinkMouseOver"), self._press),
            **dict.fromkeys(("imagedata", "fill", "stroke"), self._drawn),
            **dict.fromkeys(
                ("attachedTemplate", "blip", "dataSource", "externalBook", "externalData", "headerSource", "OLEObject",
                 "oleLink", "oleObj", "sourceFileName", "src", "subDoc"),
                self._taken_in,
            ),
        }  # fmt: skip

    def start(self, name: str, attributes: Attributes) -> None:
        if self.parser.EndElementHandler is not None:  # nothing stands inside a text, an instruction or a formula
            raise RefusedError("damaged")
        prefix, _colon, local = name.rpartition(":")
        if local in self._FIELDS:
            self.prefix = prefix if self.prefix is None else self.prefix
            if prefix != self.prefix:
                raise RefusedError("damaged")
        handler = self.handlers.get(local)
        if handler is not None:
            handler(name, attributes)

    def close(self) -> None:
        for instruction in (*self.asking, self.loose):
            self._judge(instruction)

    # --- fields: their instruction may be split over runs, and hold other fields ---

    def _field(self, _name: str, attributes: Attributes) -> None:
        match _value(attributes, "fldCharType"):
            case "begin":
                self.fields.append(True)
                self.asking.append([])
            case "separate" if self.fields and self.fields[-1]:
                self.fields[-1] = False
                self._judge(self.asking.pop())
            case "end" if self.fields and self.fields.pop():
                self._judge(self.asking.pop())

    def _judge(self, instruction: list[str]) -> None:
        """Judge an instruction as it stands with its deleted pieces, and without them."""
        _refuse(outside.field_refusal("".join(instruction)))
        _refuse(outside.field_refusal("".join(one for one in instruction if not isinstance(one, _Deleted))))

    def _simple(self, _name: str, attributes: Attributes) -> None:
        _refuse(outside.field_refusal(_value(attributes, "instr")))

    def _instruction(self, name: str, _attributes: Attributes) -> None:
        text = self.asking[-1] if self.asking else self.loose
        self._listen(name, text, kind=_Deleted if _local(name) == "delInstrText" else str)

    def _result(self, name: str, _attributes: Attributes) -> None:
        """What a field inside an instruction yields belongs to that instruction."""
        if self.asking:
            self._listen(name, self.asking[-1])

    def _formula(self, name: str, _attributes: Attributes) -> None:
        formula: list[str] = []
        self._listen(name, formula, lambda: _refuse(outside.formula_refusal("".join(formula))))

    def _listen(
        self, name: str, text: list[str], then: Callable[[], None] | None = None, *, kind: type[str] = str
    ) -> None:
        def end(closed: str) -> None:
            if closed == name:
                self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
                if then is not None:
                    then()

        self.parser.CharacterDataHandler = lambda found: text.append(kind(found))
        self.parser.EndElementHandler = end

    # --- what starts or fetches by itself ---

    def _program(self, _name: str, _attributes: Attributes) -> None:
        raise RefusedError("macros")

    def _outside(self, _name: str, _attributes: Attributes) -> None:
        raise RefusedError("outside")

    def _animation(self, _name: str, attributes: Attributes) -> None:
        """Slides may tell an object inside to do what a double click does."""
        if _value(attributes, "type") == "verb":
            raise RefusedError("macros")

    def _press(self, name: str, attributes: Attributes) -> None:
        if _value(attributes, "action").strip().lower().startswith(("ppaction://program", "ppaction://macro")):
            raise RefusedError("macros")

    def _data(self, _name: str, attributes: Attributes) -> None:
        if _value(attributes, "connection") != "Data Model Connection":
            raise RefusedError("outside")

    def _text_data(self, _name: str, attributes: Attributes) -> None:
        if not outside.is_on_own_disk(_value(attributes, "sourceFile")):
            raise RefusedError("outside")

    def _drawn(self, name: str, attributes: Attributes) -> None:
        for key, value in attributes.items():
            if not key.startswith("r:") and _local(key) in {"src", "href", "althref"} and not outside.is_inside(value):
                raise RefusedError("outside")
        self._taken_in(name, attributes)

    def _taken_in(self, _name: str, attributes: Attributes) -> None:
        self.taken.update(value for key, value in attributes.items() if ":" in key or key == "id")


def _value(attributes: Attributes, name: str) -> str:
    """Return the attribute of a local name; two of them are refused, as in :func:`_plain_names`."""
    found = [value for key, value in attributes.items() if _local(key) == name]
    if len(found) > 1:
        raise RefusedError("damaged")
    return found[0] if found else ""


class OpenDocument(Part):
    """A part of an OpenDocument file."""

    _PROGRAMS = frozenset(
        {"dde-link", "dde-source", "dde-connection", "dde-connection-decl", "execute-macro", "library-embedded",
         "library-linked"}
    )  # fmt: skip
    _LINKS = frozenset({"a", "area-circle", "area-polygon", "area-rectangle", "button", "event-listener", "form"})

    def __init__(self, name: str) -> None:
        self.settings = name.startswith("configurations2/")  # menus and keys call the program's functions by name
        self.may_name_type = name == "meta-inf/manifest.xml"  # OpenOffice 2 did

    def start(self, name: str, attributes: Attributes) -> None:
        element = name.rpartition(":")[2]
        if element in self._PROGRAMS:
            raise RefusedError("macros")
        if element == "encryption-data":
            raise RefusedError("locked")
        if element == "script":
            self._script(name)
        for key, value in attributes.items():
            match key.rpartition(":")[2]:
                case "href":
                    self._href(element, value)
                case "formula" | "expression":
                    _refuse(outside.formula_refusal(value))
                case "src" if element == "instance":
                    _refuse("" if outside.is_inside(value, climbing=False) else "outside")
                case "macro-name":
                    raise RefusedError("macros")

    def _href(self, element: str, target: str) -> None:
        if outside.runs_script(target):
            raise RefusedError("macros")
        if self.settings:
            return
        if element in self._LINKS:
            _refuse("" if outside.is_page(target) else "outside")
        elif element == "template":
            _refuse("" if outside.is_on_own_disk(target) else "macros")
        elif not outside.is_inside(target, climbing=False):
            raise RefusedError("outside")

    def _script(self, name: str) -> None:
        def text(found: str) -> None:
            if found.strip():
                raise RefusedError("macros")

        def end(closed: str) -> None:
            if closed == name:
                self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

        self.parser.CharacterDataHandler = text
        self.parser.EndElementHandler = end
