"""The one door for rich text of people: only what :func:`clean_html` made is printed as markup.

bleach stands behind this function alone, so that it can be swapped. Templates print its result with the filter
``cleaned`` (docs/adr/0027-markup-from-people.md).
"""

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from typing import Self

import bleach
from bleach.sanitizer import Cleaner

from lms.common.markup_bounds import bounded, words_only

TAGS = frozenset(
    # text
    {"a", "b", "blockquote", "br", "code", "em", "h3", "h4", "i", "p", "pre", "s", "small", "span", "strong", "sub"}
    | {"sup", "u"}
    # lists, pictures, tables
    | {"li", "ol", "ul", "figcaption", "figure", "img"}
    | {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
    # readings beside characters
    | {"rp", "rt", "ruby"}
)
# Formulas: the presentation elements of MathML Core that hold no foreign content (no annotation, no maction).
MATH_TAGS = frozenset(
    {"math", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot", "mrow"}
    | {"ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder"}
    | {"munderover"}
)
TAGS |= MATH_TAGS
ATTRIBUTES = {
    "a": ["href", "title"],
    "img": ["src", "alt", "width", "height"],
    "ol": ["start", "type"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
    "span": ["lang"],
    "math": ["display", "alttext"],
    "mi": ["mathvariant"],
    "mo": ["stretchy", "fence", "separator"],
}
# Text without any of these is the same before and after the cleaner, which is slow.
_MARKED = re.compile(r"[<>&\r\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ud800-\udfff\ufffe\uffff]|[^\u0000-\uffff]")
PROTOCOLS = frozenset({"http", "https", "mailto"})
# Browsers drop some control characters inside an address and read a backslash as a slash.
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029]")
_HIDDEN_CHARACTER = re.compile(r"%(?:0[0-9a-f]|1[0-9a-f]|2e|2f|5c|7f)", re.IGNORECASE)
# Cleaning again must change nothing. Nearly every text is stable after one round.
ROUNDS = 4
# Texts up to this length are kept by :func:`clean_again`.
_REMEMBERED = 4_000
_TAG = r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>"""


class CleanHtml(str):
    """HTML that :func:`clean_html` has cleaned. Nothing else makes one: what comes back from a store is plain text.

    It has no ``__html__``: a template that prints it without the filter ``cleaned`` shows the tags as text.
    """

    __slots__ = ()

    def __new__(cls, *_values: object) -> Self:
        raise TypeError("Only clean_html makes CleanHtml.")

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)  # a cache or a copy vouches for nothing


def clean_html(text: str) -> CleanHtml:
    """Return ``text`` with only harmless markup left; cleaning twice changes nothing.

    The text is HTML as it stands inside a page: ``&lt;`` is the character <, and stays ``&lt;``; a ``<`` that begins no
    tag is that character too, and becomes ``&lt;``. Plain text is no HTML: escape it, or print it without a filter.
    Markup beyond what people write (a hundred tags inside each other, tags that never end) loses its excess tags, so
    that the work grows with the length alone; what settles in no round keeps its words only.
    """
    if not _MARKED.search(text):
        return _vouch(text.strip())
    before = text
    for _round in range(ROUNDS):
        after = str(_cleaner().clean(bounded(before))).strip()
        if after == before:
            return _vouch(after)
        before = after
    return _vouch(words_only(before))


def clean_again(text: str) -> CleanHtml:
    """Return ``text`` cleaned for a page. What was cleaned in this process already is taken as it is.

    Stored text was cleaned when it was written, but a column vouches for nothing: rows come from imports, older
    releases and the database's own tools. The same questions are shown to hundreds of people, so short texts are
    remembered.
    """
    if isinstance(text, CleanHtml):
        return text
    return _remembered(text) if len(text) <= _REMEMBERED else clean_html(text)


def cut_html(text: str, mark: re.Pattern[str]) -> list[CleanHtml | str]:
    """Cut ``text``, cleaned as a whole, at every ``mark`` that stands outside tags.

    Returns:
        A piece of markup, the mark's first group, a piece, …: printed in order they are the whole text again.
    """
    whole = clean_again(text)
    found: list[CleanHtml | str] = []
    start = 0
    for match in re.finditer(f"{_TAG}|(?P<mark>{mark.pattern})", whole):
        if match["mark"] is None:
            continue
        found += [_vouch(whole[start : match.start()]), match[2]]
        start = match.end()
    return [*found, _vouch(whole[start:])]


def plain(text: str) -> str:
    """Return the words of ``text`` without any markup."""
    return str(bleach.clean(bounded(text), tags=frozenset(), strip=True)).strip()


def _vouch(text: str) -> CleanHtml:
    return str.__new__(CleanHtml, text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> CleanHtml:
    return clean_html(text)


@cache
def _cleaner() -> Cleaner:
    return Cleaner(tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, strip=True, strip_comments=True)


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays; ``value`` still has its character references."""
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    if tag == "img" and name == "src":
        return is_local_address(value)
    return name != "href" or not _NOT_IN_ADDRESSES.search(html.unescape(value))


def is_local_address(value: str) -> bool:
    """Whether an attribute's ``value`` can only be an address of this site, so that no request leaves it.

    Judged as a browser may read it: character references are resolved; there is no control character and no backslash,
    also none behind a per cent sign; no part of the path is empty, "." or "..".
    """
    address = html.unescape(value)
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    if not path.startswith("/") or _NOT_IN_ADDRESSES.search(address) or _HIDDEN_CHARACTER.search(path):
        return False
    return not {"", ".", ".."} & set(path.removeprefix("/").removesuffix("/").split("/"))
