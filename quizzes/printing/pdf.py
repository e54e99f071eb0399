"""Setting a paper, its marking sheet and its proof as PDF with typst; the same data gives the same bytes."""

from __future__ import annotations

import datetime as dt
import functools
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import typst

from quizzes.printing.paper import Printed

_HERE = Path(__file__).resolve().parent
#: No file says when it was made: that would tell apart files of one paper.
_TIMESTAMP = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@functools.cache
def _fonts() -> typst.Fonts:
    # The compiler's own fonts hold the signs of formulas.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_HERE / "fonts")])


def paper_pdf(printed: Printed) -> bytes:
    """Return the learner's paper."""
    pictures = {
        src: {"name": one.name, "width": one.width, "height": one.height} for src, one in printed.pictures.items()
    }
    files = {one.name: one.data for one in printed.pictures.values()}
    return set_pdf("paper", {**printed.data, "pictures": pictures}, files)


def set_pdf(template: str, data: dict[str, Any], files: dict[str, bytes] | None = None) -> bytes:
    """Return the PDF of ``template`` with ``data``; pictures stand beside it under their names."""
    return _compile(template, data, files or {})


def _compile(template: str, data: dict[str, Any], files: dict[str, bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(_HERE / "typst" / f"{template}.typ", root / "main.typ")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in files.items():
            (root / name).write_bytes(content)
        made = typst.compile(
            str(root / "main.typ"), root=str(root), font_paths=_fonts(), format="pdf", timestamp=_TIMESTAMP
        )
    if not isinstance(made, bytes):
        raise RuntimeError(f"typst set nothing for {template}")
    return made
