"""The one door for rich text that people wrote: everything goes through :func:`clean_html` before it is stored.

bleach stands behind this function alone, so that it can be swapped.
"""

from __future__ import annotations

import re
from functools import cache

import bleach
from bleach.sanitizer import Cleaner

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


def _allowed(tag: str, name: str, value: str) -> bool:
    """Images come from this site only: no request of a page leaves it (design.md §8)."""
    if tag == "img" and name == "src":
        return value.startswith("/") and not value.startswith(("//", "/\\"))
    return name in ATTRIBUTES.get(tag, ())


@cache
def _cleaner() -> Cleaner:
    return Cleaner(tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, strip=True, strip_comments=True)


def clean_html(text: str) -> str:
    """Return ``text`` with only harmless markup left; cleaning twice changes nothing."""
    if not _MARKED.search(text):
        return text.strip()
    return str(_cleaner().clean(text)).strip()


def plain(text: str) -> str:
    """Return the words of ``text`` without any markup."""
    return str(bleach.clean(text, tags=frozenset(), strip=True)).strip()
