"""The script modules that every page loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_ENTRY: Final = Path(__file__).parent / "static" / "sen" / "js" / "sen.js"

# Read once from the entry itself, so that the list cannot differ from what it imports.
_IMPORTED: Final = re.findall(r'^import .*"\./([a-z-]+\.js)";$', _ENTRY.read_text(encoding="utf-8"), re.MULTILINE)
SCRIPT_MODULES: Final = tuple(f"sen/js/{name}" for name in _IMPORTED)
