"""The guides of docs/huong-dan, read from markdown: a title, an introduction, sections with anchors.

The files are ours and the same that the site of docs/ is built from. They pass ``clean_html`` like any markup, which
takes ``id`` away; so headings and their anchors stand in the template, between the cleaned pieces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from lms.common.html import CleanHtml, clean_html

PICTURES = "hinh/"
#: The prefix of the pictures among the static files (``STATICFILES_DIRS``).
STATIC_PREFIX = "huong-dan"
_TASK = re.compile(r"^\[[ x]\] ")


@dataclass(frozen=True, slots=True)
class GuideSection:
    """The text below one heading of the second level."""

    anchor: str
    title: str
    body: CleanHtml


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide, ready to print."""

    slug: str
    title: str
    lead: CleanHtml
    sections: tuple[GuideSection, ...]


def folder() -> Path:
    """Return the folder of the guides."""
    return Path(settings.BASE_DIR) / "docs" / "huong-dan"


def read_guide(slug: str) -> Guide:
    """Return the guide of a slug; read again only when its file has changed.

    Raises:
        FileNotFoundError: there is no such guide.
    """
    path = folder() / f"{slug}.md"
    return _guide(slug, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _guide(slug: str, _changed: int) -> Guide:
    tokens = _parser().parse((folder() / f"{slug}.md").read_text())
    title, pieces = "", [("", [])]  # type: tuple[str, list[tuple[str, list[Token]]]]
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open" and token.tag in {"h1", "h2"}:
            words = _words(tokens[at + 1])
            if token.tag == "h1":
                title = words
            else:
                pieces.append((words, []))
            at += 3  # open, words, close
            continue
        pieces[-1][1].append(_at_home(token))
        at += 1
    (_none, lead), *rest = pieces
    sections = tuple(GuideSection(anchor_of(words), words, _print(below)) for words, below in rest)
    return Guide(slug=slug, title=title, lead=_print(lead), sections=sections)


def anchor_of(words: str) -> str:
    """Return the anchor of a heading, the same as on the site: letters of any language, words joined by hyphens."""
    kept = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFKC", words)).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _print(tokens: Sequence[Token]) -> CleanHtml:
    return clean_html(str(_parser().renderer.render(tokens, _parser().options, {})))


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def _at_home(token: Token) -> Token:
    """Change the addresses of a token from those in the folder to those of the product."""
    for child in token.children or ():
        if child.type == "image":
            _place_picture(child)
        elif child.type == "link_open":
            child.attrs["href"] = _address(str(child.attrs["href"]))
        elif child.type == "text" and child is (token.children or [])[0]:
            child.content = _TASK.sub("☐ ", child.content)
    return token


def _place_picture(token: Token) -> None:
    name = str(token.attrs["src"]).removeprefix(PICTURES)
    with Image.open(folder() / PICTURES / name) as picture:
        token.attrs["width"], token.attrs["height"] = (str(side) for side in picture.size)
    token.attrs["src"] = static(f"{STATIC_PREFIX}/{name}")


def _address(target: str) -> str:
    """Return where a link leads inside the product: the file of a guide is its page."""
    path, mark, anchor = target.partition("#")
    if not path.endswith(".md"):
        return target
    slug = path.removesuffix(".md")
    page = reverse("guides") if slug == "index" else reverse("guide", args=[slug])
    return f"{page}{mark}{anchor}"
