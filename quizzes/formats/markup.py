"""Html of question files: into the few tags that a question may have, pictures taken out into the reading."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import base64
import binascii
import html as entities
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from urllib.parse import unquote

from lms.common.html import clean_html
from lms.common.text import sub_closed
from quizzes.formats.model import PICTURE_PREFIX, ParsedQuestion, Reading

type Fetch = Callable[[str], bytes | None]

TRUE_FALSE = ("Đúng", "Sai")
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")
_TAG_START = re.compile(r"</?[a-z]", re.IGNORECASE)
_IMG = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
#: A name without a value is taken too, and left out by :func:`attributes`: its letters are then not looked at again.
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*+)(\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
_DATA = re.compile(r"data:(image/[a-z+.-]+);base64,(.*)", re.IGNORECASE | re.DOTALL)
_OTHER_MEDIA = re.compile(r"<(?:audio|video|object|embed|iframe)\b", re.IGNORECASE)
_LINK_START = re.compile(r"<a\b[^>]*>", re.IGNORECASE)
_LINK_END = re.compile(r"</a>", re.IGNORECASE)
_TO_FILE = re.compile(r"""href=["']@@PLUGINFILE@@""", re.IGNORECASE)
_DROPPED = re.compile(r"<(/?)(script|style|head|title|noscript|annotation|annotation-xml)\b(\s*+>)?", re.IGNORECASE)
_BECOMES = {
    "article": "p", "big": "span", "center": "p", "cite": "em", "dd": "p", "del": "s", "div": "p", "dl": "p", "dt": "p",
    "font": "span", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "header": "p", "ins": "u", "kbd": "code", "main": "p",
    "samp": "code", "section": "p", "strike": "s", "tt": "code", "var": "code", "q": "em", "rb": "span",
}  # fmt: skip
_RENAME = re.compile(r"<(/?)(" + "|".join(sorted(_BECOMES)) + r")\b[^>]*>", re.IGNORECASE)
_BARE_SPAN = re.compile(r"<span>((?:(?!<span|</span).)*)</span>", re.DOTALL)
_EMPTY_P = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>\s*")
_ONE_P = re.compile(r"<p>((?:(?!<p>|</p>|<table|<ul|<ol|<blockquote|<pre|<h[34]).)*)</p>", re.DOTALL)
#: The second part begins only where nothing of its own stands before.
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)++|(?<!\s)(?<!<br>)(?:\s|<br>)++$")

PICTURE_TYPES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}


def escape(text: str) -> str:
    """Return ``text`` so that html shows it as it is."""
    return entities.escape(text, quote=False)


def from_plain(text: str) -> str:
    """Return html for plain text: a new line is a break, an empty line a new paragraph."""
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.strip())]
    shown = [escape(part).replace("\n", "<br>") for part in parts if part.strip()]
    return shown[0] if len(shown) == 1 else "".join(f"<p>{part}</p>" for part in shown)


def from_markdown(text: str) -> str:
    """Return html for markdown."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text)).strip()


def tidy(html: str) -> str:
    """Return clean html: block tags that we lack become paragraphs, nothing is left empty. Doing it twice is once."""
    if "<" not in html:
        return clean_html(html)
    return _tidy(html)


@lru_cache(maxsize=4096)
def _tidy(html: str) -> str:
    text = _without_dropped(html)
    text = sub_tags(_RENAME, lambda match: f"<{match[1]}{_BECOMES[match[2].lower()]}>", text)
    text = clean_html(text)
    for _round in range(3):
        shorter = _EMPTY_P.sub("", _BARE_SPAN.sub(r"\1", text))
        if shorter == text:
            break
        text = shorter
    text = clean_html(text)
    return _EDGE_BREAKS.sub("", text)


def inline(html: str) -> str:
    """Return the html of an option: one that is a single paragraph is that paragraph's text."""
    text = tidy(html)
    if match := _ONE_P.fullmatch(text):
        return _EDGE_BREAKS.sub("", match[1]).strip()
    return text


def plain(html: str) -> str:
    """Return the words of ``html`` in one line, quickly; for comparing and naming, not for showing."""
    return _SPACES.sub(" ", entities.unescape(without_tags(html, " "))).strip()


def has_tag(html: str) -> bool:
    """Whether a tag stands in ``html``: a "<" with a letter, and a ">" somewhere behind it."""
    return _TAG_START.search(html, 0, html.rfind(">") + 1) is not None


def without_tags(html: str, instead: str = "") -> str:
    """Return ``html`` with ``instead`` in the place of every tag."""
    return sub_tags(_TAG, instead, html)


def sub_tags(pattern: re.Pattern[str], change: str | Callable[[re.Match[str]], str], html: str) -> str:
    """Return ``html`` with the tags that a pattern takes changed."""
    return sub_closed(pattern, change, html, ">")


def find_tags(pattern: re.Pattern[str], html: str) -> Iterator[re.Match[str]]:
    """Yield the tags that a pattern finds, as :func:`sub_tags` does."""
    return pattern.finditer(html, 0, html.rfind(">") + 1)


def _without_dropped(html: str) -> str:
    """Return ``html`` without the elements that hold no text to be shown, each with what stands in it."""
    found = list(_DROPPED.finditer(html))
    ends: dict[str, list[tuple[int, int]]] = {}
    for match in reversed(found):
        if match[1] and match[3]:
            ends.setdefault(match[2].lower(), []).append((match.start(), match.end()))
    pieces, position = [], 0
    for match in found:
        if match[1] or match.start() < position:
            continue
        later = ends.get(match[2].lower(), [])
        while later and later[-1][0] < match.end():
            later.pop()
        if later:
            pieces.append(html[position : match.start()])
            position = later[-1][1]
    return "".join(pieces) + html[position:]


def _without_file_links(html: str) -> str:
    """Return ``html`` without the links to files of the package; their words stay."""
    pieces, position = [], 0
    for start in find_tags(_LINK_START, html):
        if start.start() < position or not _TO_FILE.search(start[0]):
            continue
        end = _LINK_END.search(html, start.end())
        if end is None:
            break
        pieces += [html[position : start.start()], html[start.end() : end.start()]]
        position = end.end()
    return "".join(pieces) + html[position:]


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes written in a tag."""
    return {
        match[1].lower(): entities.unescape(match[3] or match[4] or match[5] or "")
        for match in _ATTRIBUTE.finditer(tag)
        if match[2]
    }


def picture_type(data: bytes) -> str:
    """Return ``png``, ``jpg``, ``gif`` or ``webp`` by the first bytes; nothing for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((end for head, end in PICTURE_TYPES.items() if data.startswith(head)), "")


def keep_picture(data: bytes | None, name: str, reading: Reading, question: ParsedQuestion) -> str:
    """Take a picture into the reading and return its address; nothing, with a doubt, for what is no picture of ours."""
    short = name.rpartition("/")[2][:60]
    if data is None:
        question.doubt("picture_missing", name=short)
        return ""
    end = picture_type(data)
    if not end:
        question.doubt("picture_kind", name=short)
        return ""
    stem = short.rpartition(".")[0] or short
    return reading.add_picture(f"{stem}.{end}", data)


def intake(html: str, reading: Reading, question: ParsedQuestion, fetch: Fetch | None = None) -> str:
    """Return foreign html cleaned, with its pictures taken over.

    Args:
        fetch: gives the bytes of a picture by the address in the file, ``None`` when it is not there.
    """
    if "<" not in html:
        return tidy(html)

    def picture(match: re.Match[str]) -> str:
        found = attributes(match[1])
        source = found.get("src", "")
        alt = found.get("alt", "")
        address = ""
        if source.startswith(PICTURE_PREFIX):
            address = source
        elif data := _DATA.match(source):
            try:
                raw = base64.b64decode(data[2], validate=False)
            except (binascii.Error, ValueError):
                raw = b""
            address = keep_picture(raw, "picture", reading, question)
        elif re.match(r"[a-z]+:|//", source, re.IGNORECASE):
            question.doubt("picture_outside", name=source[:80])
        elif fetch is not None:
            address = keep_picture(fetch(unquote(source)), unquote(source), reading, question)
        elif source:
            question.doubt("picture_missing", name=source.rpartition("/")[2][:60])
        if not address:
            return f"[{escape(alt)}]" if alt else ""
        size = "".join(
            f' {name}="{found[name]}"' for name in ("width", "height") if re.fullmatch(r"\d{1,4}", found.get(name, ""))
        )
        return f'<img src="{address}" alt="{entities.escape(alt)}"{size}>'

    text = sub_tags(_IMG, picture, html)
    if _OTHER_MEDIA.search(text):
        question.doubt("media_left")
    if "@@PLUGINFILE@@" in text and (bare := _without_file_links(text)) != text:
        question.doubt("attachment_left")
        text = bare
    return tidy(text)


def decimal(text: str) -> Decimal | None:
    """Read a number written with a point (or one comma) for the decimals; ``None`` for anything else."""
    cleaned = text.strip().replace("\u2212", "-").replace(" ", "").replace("\u00a0", "")
    if cleaned.count(",") == 1 and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    if len(cleaned) > 40 or not re.fullmatch(r"[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", cleaned):
        return None
    try:
        return Decimal(cleaned)
    except InvalidOperation:
        return None


def shown(value: Decimal) -> str:
    """Return a number as JSON keeps it: "0.25", "-3", without needless zeros or exponents."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent_share(percent: Decimal) -> str:
    """Return a percentage as a share: 33.33333 (a third as files round it) becomes "0.3333333"."""
    return shown((percent / 100).quantize(Decimal("0.0000001")))


LEVELS = {
    "recall": ("nhận biết", "nb", "biết", "recall", "remember", "knowledge", "mức 1"),
    "understand": ("thông hiểu", "th", "hiểu", "understand", "understanding", "comprehension", "mức 2"),
    "apply": ("vận dụng", "vd", "vận dụng thấp", "vdt", "apply", "application", "mức 3"),
    "apply_high": ("vận dụng cao", "vdc", "apply_high", "higher application", "mức 4"),
}
LEVEL_NAMES = {name: words[0].capitalize() for name, words in LEVELS.items()}
_LEVEL_OF = {word: name for name, words in LEVELS.items() for word in words}


def level_of(text: str) -> str:
    """Return the level that a word names, nothing for none: "Vận dụng cao", "VDC" …"""
    return _LEVEL_OF.get(_SPACES.sub(" ", text).strip(" .:;()[]").lower(), "")


def take_level(question: ParsedQuestion) -> None:
    """Let a tag that names a level become the level."""
    for tag in list(question.tags):
        if not question.level and (level := level_of(tag)):
            question.level = level
            question.tags.remove(tag)


_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*+)</p>", re.DOTALL)
_PARAGRAPHS = re.compile(r"(?:<p>((?:(?!</?p>).)*)</p>\s*)+", re.DOTALL)


def shown_breaks(html: str) -> str | None:
    """Return html that is only text, breaks and paragraphs as plain text; ``None`` when there is more to it."""
    if "<" not in html:
        return entities.unescape(html)
    text = html
    if "<p>" in text:
        if not _PARAGRAPHS.fullmatch(text):
            return None
        text = "\n\n".join(_PARAGRAPH.findall(text))
    text = re.sub(r"<br>", "\n", text)
    return None if "<" in text else entities.unescape(text)
