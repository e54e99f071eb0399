"""Keeps markup within what a parser reads in a time that grows with its length: strict tags, not too deep.

A parser of HTML repairs what is broken, and some repairs cost more the more is open: ten thousand ``<b>`` inside each
other, or a tag with ten thousand attributes, keep it busy for minutes. Short texts cannot reach that. In a longer one
every ``<`` that does not begin a plain, complete tag becomes the character, and tags nested deeper than people write
are left out; the words all stay.
"""

from __future__ import annotations

import html
import re
from collections import Counter

#: A text within both needs no look: the most broken one of this size costs a few hundredths of a second.
SHORT = 4_000
FEW_TAGS = 400
#: So many tags may be open at once, not counting those that an HTML parser closes by itself.
DEEPEST = 32

_STRICT = re.compile(
    r"""
    <!--(?:(?!-->)[^<>])*+-->
    | <(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)
      (?:\s++ [a-zA-Z][\w:.-]*+ (?:\s*+ = \s*+ (?:"[^"<>]*+" | '[^'<>]*+' | [^\s"'<>=`]++))?+ ){0,30}+
      \s*+ /?+ >
    | </(?P<closed>[a-zA-Z][a-zA-Z0-9:-]*+)\s*+>
    """,
    re.VERBOSE,
)
_TAG = re.compile(r"<[^<>]*>")
# They hold nothing, or end by themselves when the next one begins and the element around them ends.
_UNCOUNTED = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "mprescripts", "mspace", "source", "wbr"}
    | {"caption", "dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
)


def bounded(text: str) -> str:
    """Return ``text`` with at most :data:`DEEPEST` tags inside each other, and in a long text only complete tags."""
    if len(text) <= SHORT and text.count("<") <= FEW_TAGS:
        return text
    parts: list[str] = []
    opened: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    depth = end = 0
    while (start := text.find("<", end)) >= 0:
        parts.append(text[end:start])
        match = _STRICT.match(text, start)
        if match is None:
            parts.append("&lt;")
            end = start + 1
            continue
        end = match.end()
        name, closed = (match["name"] or "").lower(), (match["closed"] or "").lower()
        if name and name not in _UNCOUNTED:
            if depth >= DEEPEST:
                left_out[name] += 1
                continue
            opened[name] += 1
            depth += 1
        elif closed and closed not in _UNCOUNTED:
            if left_out[closed]:
                left_out[closed] -= 1
                continue
            if not opened[closed]:
                continue  # it closes nothing
            opened[closed] -= 1
            depth -= 1
        parts.append(match[0])
    return "".join([*parts, text[end:]])


def words_only(text: str) -> str:
    """Return the words of markup as HTML without any tag."""
    return html.escape(html.unescape(_TAG.sub("", text)), quote=False).strip()
