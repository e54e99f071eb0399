"""From stream bodies to words and to the markup of the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.rich_text import expand_db_html

from lms.common.html import CleanHtml, clean_html
from lms.common.text import fold

_HEADING = re.compile(r"<h([23])>((?:(?!<h[23]>).)*?)</h\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of a lesson: the id to link to, its words, and its level (2 or 3)."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class LessonHtml:
    """A lesson ready for the reader. ``version`` changes with every publication."""

    title: str
    html: SafeString
    toc: tuple[TocEntry, ...]
    reading_minutes: int
    version: str


def plain_text(body: Any) -> str:
    """Return the words of a stream body without markup."""
    parts: list[str] = []
    for block in body or []:
        parts.extend(block.block.get_searchable_content(block.value))
    return strip_tags(" ".join(str(part) for part in parts))


def count_words(body: Any) -> int:
    """Return the number of words, split on white space (a Vietnamese syllable counts as one)."""
    return len(plain_text(body).split())


def rich_text(source: str) -> CleanHtml:
    """Return stored rich text as markup: links to pages and documents resolved, everything else cleaned."""
    return clean_html(expand_db_html(source or ""))


def render_lesson(page: Any) -> LessonHtml:
    """Render a lesson as ``page`` holds it, published or draft."""
    markup = render_to_string("cms/lesson_body.html", {"page": page})
    html, toc = with_heading_ids(markup)
    return LessonHtml(
        title=page.title,
        html=mark_safe(html),  # noqa: S308 (made by our templates from cleaned text)
        toc=toc,
        reading_minutes=page.reading_minutes,
        version=str(page.live_revision_id or page.latest_revision_id or 0),
    )


def with_heading_ids(markup: str) -> tuple[str, tuple[TocEntry, ...]]:
    """Give every plain h2 and h3 an id of its own and return the markup with the table of contents."""
    entries: list[TocEntry] = []
    taken: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        level, inner = match.groups()
        title = " ".join(unescape(strip_tags(inner)).split())
        base = slugify(fold(title))[:60] or "muc"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        entries.append(TocEntry(id=name, title=title, level=int(level)))
        return f'<h{level} id="{name}">{inner}</h{level}>'

    html = _HEADING.sub(mark, markup)
    return html, tuple(entries)
