"""The names in the icon sprite ``static/sen/icons/icons.svg``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

SPRITE: Final = "sen/icons/icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """Return every name that ``{% icon %}`` knows."""
    text = (Path(__file__).parent / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', text))
