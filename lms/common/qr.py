"""QR codes inside a page."""

from __future__ import annotations

from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, **look: Any) -> SafeString:
    """Draw ``text`` as inline SVG; ``look`` goes to segno. The text is only encoded in the squares."""
    drawn = segno.make(text, error="m").svg_inline(**look)
    return mark_safe(drawn)  # noqa: S308 (drawn here from numbers and the caller's own colours)
