"""Tags of the curriculum's templates: ``{% load cms %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import SourceImageIOError

from cms import rendering
from lms.common.html import CleanHtml

register = template.Library()

WIDTHS = {
    "lesson": ((480, 800, 1200), "(min-width: 60rem) 44rem, 100vw"),
    "card": ((320, 640), "(min-width: 60rem) 22rem, 100vw"),
    "wide": ((640, 1200, 1600), "(min-width: 60rem) 60rem, 100vw"),
}


@register.filter
def rich_text(value: Any) -> CleanHtml:
    """Return rich text, a field or a block's value, for the filter ``cleaned``."""
    return rendering.rich_text(getattr(value, "source", value) or "")


@register.simple_tag
def picture(image: Any, size: str = "lesson", alt: str | None = None, *, eager: bool = False) -> str | SafeString:
    """Show ``image`` as responsive WebP of its own proportions; nothing when its file is gone.

    ``size`` is lesson, card or wide. ``alt`` replaces the image's own text; "" marks it as decoration.
    """
    widths, sizes = WIDTHS[size]
    specs = [f"width-{width}|format-webp" for width in widths]
    try:
        renditions = list(image.get_renditions(*specs).values())
    except (SourceImageIOError, FileNotFoundError):
        return ""
    distinct = {rendition.width: rendition for rendition in renditions}
    largest = distinct[max(distinct)]
    middle = renditions[len(renditions) // 2]
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="{}" decoding="async">',
        middle.url,
        ", ".join(f"{rendition.url} {width}w" for width, rendition in sorted(distinct.items())),
        sizes,
        str(largest.width),
        str(largest.height),
        image.default_alt_text if alt is None else alt,
        "eager" if eager else "lazy",
    )


@register.filter
def is_video(document: Any) -> bool:
    """Whether a recording has pictures."""
    return str(document.file_extension).lower() in {"mp4", "webm"}
