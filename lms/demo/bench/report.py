"""The report of the measurements: one file with a part for each database and kind of measurement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = "latest.json"


def report_path() -> Path:
    """Return where the last figures are kept."""
    return Path(settings.VAR_DIR) / "bench" / NAME


def keep_report(path: Path, vendor: str, part: str, found: dict[str, Any]) -> None:
    """Put ``found`` in place of what ``path`` held of this ``part`` ("flows", "mass start") on this database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    held.setdefault(vendor, {})[part] = found
    path.write_text(json.dumps(held, indent=2, ensure_ascii=False))
