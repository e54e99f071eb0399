"""The pressed button is named ``act`` in every form: ``<button name="act" value="approve">``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

_TAG = re.compile(r"<(button|input)\b((?:\{%.*?%\}|\{\{.*?\}\}|\"[^\"]*\"|'[^']*'|[^>\"'{])*)>", re.DOTALL)
_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
#: A verb in lower case, and after a colon what it is done to.
VALUE = re.compile(r"[a-z]+(-[a-z]+)*(:.+)?")

#: Other names, each by the template and with its reason.
OTHERWISE = {
    ("lms/common/templates/components/language.html", "language"): "read by Django's view set_language",
    ("quizzes/templates/quizzes/attempt/kinds/hotspot.html", "q…"): "the place that is pressed is the answer",
}


def buttons(source: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of every button that is sent with its form; template code inside a value stays "…"."""
    for tag, inside in _TAG.findall(source):
        given = {
            name.lower(): double or single or bare
            for name, double, single, bare in _ATTRIBUTE.findall(_DJANGO.sub("…", inside))
        }
        if "name" in given and (tag == "button" or given.get("type") in ("submit", "image")):
            yield given["name"], given.get("value", "")


def templates() -> list[Path]:
    """Return every template of ours."""
    return sorted(
        path for app in ("cms", "lms", "media", "quizzes") for path in ROOT.glob(f"{app}/**/templates/**/*.html")
    )


def test_every_button_that_is_sent_is_an_act():
    found = {
        (str(path.relative_to(ROOT)), name, value)
        for path in templates()
        for name, value in buttons(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 60
    wrong = [(path, name, value) for path, name, value in found if name != "act" and (path, name) not in OTHERWISE]
    assert sorted(wrong) == []
    assert sorted(row for row in found if row[1] == "act" and row[2] != "…" and not VALUE.fullmatch(row[2])) == []
    assert OTHERWISE.keys() - {(path, name) for path, name, _value in found} == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<button class="btn" name="do" value="up:{{ row.pk|unlocalize }}">', [("do", "up:…")]),
        ("<button\n  name='act'\n  value=save>", [("act", "save")]),
        ('<button{% if a > 1 %} disabled{% endif %} name="lenh" value="mo">', [("lenh", "mo")]),
        ('<button aria-label="{{ name }}" data-name="x">', []),
        ('<input type="submit" name="go">', [("go", "")]),
        ('<input type="hidden" name="step" value="2">', []),
        ("<button>", []),
    ],
)
def test_buttons_are_found(source, found):
    assert list(buttons(source)) == found
