"""Judging where the links, fields and formulas of documents lead: a page that a person opens, or something fetched or
started by the document itself.

The codes: ``macros`` starts a program, ``outside`` fetches something or links to what is no page, nothing is in order.
Sources: ECMA-376-1, 17.16.5 (fields of Word); [MS-OI29500] (names that Office takes in any case).
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

#: Fields of Word that ask another program, and that take in what stands elsewhere.
_STARTING_FIELDS = {"DDE", "DDEAUTO"}
_FETCHING_FIELDS = {"DATABASE", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "RD"}
_FIELD = re.compile(r"[\W_]*+([A-Za-z]++)")
_ARGUMENT = re.compile(r'"([^"]*+)"|([^\s"]++)')
_SWITCHES_WITH_WORD = {"\\l", "\\o", "\\t"}
#: Functions of spreadsheets.
_STARTING_FUNCTIONS = {"CALL", "DDE", "EXEC", "REGISTER", "RTD"}
_FETCHING_FUNCTIONS = {"IMAGE", "IMPORTCSV", "IMPORTTEXT", "REQUEST", "STOCKHISTORY", "WEBSERVICE"}
_FUNCTION = re.compile(r"(?<![A-Za-z])([A-Za-z]++)\s*+\(")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
#: A cell of another file in a formula of OpenDocument: ``'file:///C:/a.ods'#$Sheet1.A1``.
_OTHER_FILE = re.compile(r"'(?:[A-Za-z][A-Za-z0-9+.-]++:|//|\\\\|\.\./)[^']*+'\s*+#")
#: A cell of another workbook in a formula of Excel: ``'\\server\[a.xlsx]S'!A1``.
_OTHER_BOOK = re.compile(r"'(?:[A-Za-z][A-Za-z0-9+.-]++:|//|\\\\)[^'\[]*+\[")
_LETTERS = re.compile(r"[\x00-\x20\x7f-\xa0]++")


def _plain(target: str) -> str:
    """Return a target as programs take it: without blanks, lower case."""
    return _LETTERS.sub("", target).lower()


def _has_scheme(text: str) -> bool:
    head = re.split(r"[/\\?#]", text, maxsplit=1)[0]
    return ":" in head


def _names_machine(text: str) -> bool:
    return unquote(unquote(text)).replace("\\", "/").startswith("//")


def is_page(target: str) -> bool:
    """Whether a link leads to a page of the web, a mailbox, or a place beside or inside the document."""
    text = _plain(target)
    if text.startswith(("http:", "https:", "mailto:")):
        return True
    return not _has_scheme(text) and not _names_machine(text)


def is_inside(target: str, *, climbing: bool = True) -> bool:
    """Whether what is taken in stands in the package itself.

    Args:
        climbing: parts are named from where the naming part stands, so that ``../`` stays inside; in OpenDocument it
            leads out, except the bare ``..`` that a chart has for its parent.
    """
    text = _plain(target)
    if _has_scheme(text) or _names_machine(text):
        return False
    path = posixpath.normpath(unquote(text).replace("\\", "/"))
    return climbing or not text.strip("./") or not path.startswith(("../", "/"))


def is_on_own_disk(target: str) -> bool:
    """Whether a template is one of the reader's own machine, which brings nothing along."""
    text = unquote(unquote(_plain(target))).replace("\\", "/")
    if text.startswith("/?"):  # the names of Windows' kernel, UNC among them
        return False
    if text.startswith("file:///"):
        return not text.startswith("file:////")
    return bool(re.match(r"/?[a-z]:/", text)) or (not _has_scheme(text) and not text.startswith("//"))


def field_refusal(instruction: str) -> str:
    """Return why an instruction of a field of Word is refused, nothing when it is not."""
    match = _FIELD.match(instruction)
    name = match[1].upper() if match else ""
    if name in _STARTING_FIELDS:
        return "macros"
    if name in _FETCHING_FIELDS:
        return "outside"
    if match and name == "HYPERLINK":
        return "" if is_page(_target_of_link(instruction[match.end() :])) else "outside"
    return ""


def _target_of_link(arguments: str) -> str:
    skip = False
    for match in _ARGUMENT.finditer(arguments):
        text = match[1] if match[1] is not None else match[2]
        if skip:
            skip = False
        elif match[1] is None and len(text) == 2 and text[0] == "\\":
            skip = text.lower() in _SWITCHES_WITH_WORD
        else:
            return text.replace("\\\\", "\\")
    return ""


def formula_refusal(formula: str) -> str:
    """Return why a formula is refused, nothing when it is not: ``cmd|'/c …'!A0`` asks a program in Excel."""
    bare = _QUOTED.sub("", formula)
    functions = {name.upper() for name in _FUNCTION.findall(bare)}
    if "|" in bare or functions & _STARTING_FUNCTIONS:
        return "macros"
    elsewhere = _OTHER_FILE.search(formula) or _OTHER_BOOK.search(formula)
    return "outside" if elsewhere or functions & _FETCHING_FUNCTIONS else ""


def runs_script(target: str) -> bool:
    """Whether an address of OpenDocument calls a script."""
    return _plain(target).startswith(("macro:", "script:", "vnd.sun.star.script:", "javascript:"))
