"""Whoever says that a test watches over something names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_TEST = re.compile(r"\btests/[\w/]+\.py\b")
_ENDINGS = {".css", ".html", ".js", ".md", ".py", ".sh", ".toml", ".yaml", ".yml", ""}
#: Its samples name tests that are not there.
_SAMPLES = {"tests/architecture/test_security_doc.py", "tests/architecture/test_pointers.py"}
_NOT_OURS = {"node_modules", "var", "__pycache__"}
_OUR_HIDDEN = {".ci"}  # the other folders whose names begin with a dot are tools' own: git, environments, caches


def pointers(text: str, there: Path) -> set[str]:
    """Return the test modules that ``text`` names and that are not in the folder ``there``."""
    return {name for name in _TEST.findall(text) if not (there / name).is_file()}


def test_a_pointer_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").touch()
    assert pointers("# see tests/test_a.py and (tests/lms/test_b.py).", tmp_path) == {"tests/lms/test_b.py"}


def test_every_test_that_is_named_is_there():
    lost = {}
    for folder, names, files in ROOT.walk():
        names[:] = [
            name for name in names if name not in _NOT_OURS and (not name.startswith(".") or name in _OUR_HIDDEN)
        ]
        for path in (folder / name for name in files):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix not in _ENDINGS or name in _SAMPLES:
                continue
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a file without an ending that is no text
            if found := pointers(text, ROOT):
                lost[name] = sorted(found)
    assert lost == {}
