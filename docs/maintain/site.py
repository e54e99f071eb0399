"""Hooks of the site's build: the list of decisions is made from the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

MARK = "<!-- decisions -->"
TITLE = re.compile(r"# (\d+)\. (.+)")
STATUS = re.compile(r"- Status: (.+(?:\n  .+)*)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Put a table of all decisions where the page of decisions has its mark."""
    if MARK not in markdown:
        return markdown
    rows = [_row(path) for path in sorted(Path(page.file.abs_src_path).parent.glob("0*.md"))]
    return markdown.replace(MARK, "\n".join(["| | decision | status |", "|---|---|---|", *rows]))


def _row(path: Path) -> str:
    text = path.read_text()
    title, status = TITLE.match(text), STATUS.search(text)
    if title is None:
        raise ValueError(f"{path.name} has no title")
    state = " ".join(status[1].split()) if status else ""  # its form is for tests/architecture/test_docs.py to judge
    return f"| {title[1]} | [{title[2]}]({path.name}) | {state} |"
