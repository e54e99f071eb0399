"""House rules that no linter knows, each with a good and a bad sample."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.quizzes.formats import pumping

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("lms", "cms", "quizzes", "media")
LONGEST_MODULE = 600  # the report of `make test` names those over 400
# The API's own description is English; the component page is for developers.
ENGLISH_ONLY = ("lms/api/", "lms/common/styleguide.py")
AUTOMATIC_MIGRATION = re.compile(r"^\d{4}_auto_\d{8}")
STYLE_ATTRIBUTE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)
EVENT_ATTRIBUTE = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|importmap)\")[^>]*>", re.IGNORECASE
)


def ours(pattern: str) -> list[Path]:
    """Return our own files of a kind, in order."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob(pattern)]
    return sorted(path for path in found if not {"vendor", "node_modules"} & set(path.parts))


def modules() -> list[Path]:
    return [path for path in ours("*.py") if "migrations" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def silent_handlers(source: str) -> Iterator[int]:
    """Yield the lines of handlers that swallow an error without a word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(part, ast.Pass | ast.Continue) for part in node.body):
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            if broad:
                yield node.lineno


def bare_verbose_names(source: str) -> Iterator[int]:
    """Yield the lines of names shown to people that are plain text, not marked for translation."""
    shown = {"verbose_name", "verbose_name_plural", "help_text", "label", "violation_error_message"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in shown and _is_words(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign) and _is_words(node.value):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & (shown - {"label"}):
                yield node.lineno


def _is_words(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def test_no_error_is_swallowed() -> None:
    assert [f"{named(path)}:{line}" for path in modules() for line in silent_handlers(path.read_text())] == []
    assert list(silent_handlers("try:\n  f()\nexcept Exception:\n  pass")) == [3]
    assert list(silent_handlers("try:\n  f()\nexcept KeyError:\n  pass")) == []


def test_names_shown_to_people_are_translated() -> None:
    checked = [path for path in modules() if not named(path).startswith(ENGLISH_ONLY)]
    assert [f"{named(path)}:{line}" for path in checked for line in bare_verbose_names(path.read_text())] == []
    assert list(bare_verbose_names('class M:\n  verbose_name = "training class"')) == [2]
    assert list(bare_verbose_names('f(help_text=_("In days."))')) == []


def test_patterns_that_see_texts_of_strangers_can_be_tried() -> None:
    """Each is found and tried with texts that grow (tests/quizzes/formats/test_linear.py)."""
    read = pumping.modules()
    assert {named(path): lines for path in read if (lines := pumping.hidden_patterns(path.read_text()))} == {}
    assert pumping.patterns(read)[1] == []
    assert pumping.hidden_patterns("import re\n_WORD = re.compile('a')\nre.sub('a', 'b', text)") == []
    assert pumping.hidden_patterns("from re import compile\nimport re as r\nimport regex") == [1, 2, 3]


def test_modules_are_short() -> None:
    long = {named(path): lines for path in modules() if (lines := path.read_text().count("\n")) > LONGEST_MODULE}
    assert long == {}


def test_migrations_say_what_they_do() -> None:
    found = [path for path in ours("*.py") if path.parent.name == "migrations" and path.stem != "__init__"]
    assert [named(path) for path in found if AUTOMATIC_MIGRATION.match(path.stem)] == []
    assert AUTOMATIC_MIGRATION.match("0002_auto_20260101_1200")
    assert not AUTOMATIC_MIGRATION.match("0002_throttle")


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (STYLE_ATTRIBUTE, '<p class="a" style="width:3%">', '<p class="style">'),
        (EVENT_ATTRIBUTE, '<a href="#" onclick="f()">', '<a data-on="x">'),
        (INLINE_SCRIPT, "<script>f()</script>", '<script type="application/json" id="a">{}</script>'),
    ],
    ids=["style", "event", "script"],
)
def test_templates_keep_to_the_content_security_policy(rule: re.Pattern[str], bad: str, good: str) -> None:
    assert [f"{named(path)}: {found[0]}" for path in ours("*.html") for found in rule.finditer(path.read_text())] == []
    assert rule.search(bad)
    assert not rule.search(good)
