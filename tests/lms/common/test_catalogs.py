"""Strings are found, checked and compiled without the gettext programs."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.conf import settings

from lms.common import catalogs
from lms.common.catalogs import Catalogue, Message, compile_all, entry_fault, problems, read_strings, update

PYTHON = """\
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("One")
def f(n):
    return ngettext("%(n)s day", "%(n)s days", n) + pgettext("state", "Open")
"""
TEMPLATE = """\
{% load i18n %}
    <p title="{% translate "Two" %}">{% blocktranslate trimmed count n=n %}
        {{ n }} class
    {% plural %}
        {{ n }} classes
    {% endblocktranslate %}</p>
        {% translate "Open" context "state" %} it's "quoted
"""


def test_strings_of_python_are_found_with_line_plural_and_context(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(PYTHON)
    assert list(read_strings(path)) == [
        (2, "One", None),
        (4, ("%(n)s day", "%(n)s days"), None),
        (4, "Open", "state"),
    ]


def test_strings_of_templates_are_found_with_line_plural_and_context(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(TEMPLATE)
    assert list(read_strings(path)) == [
        (2, "Two", None),
        (2, ("%(n)s class", "%(n)s classes"), None),
        (7, "Open", "state"),
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (None, "missing"),
        (polib.POEntry(msgid="x", msgstr=""), "untranslated"),
        (polib.POEntry(msgid="x", msgstr="Có %(n)s", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="x", msgstr="Có lớp"), "other placeholders"),
        (polib.POEntry(msgid="x", msgstr="Có %(m)s"), "unknown placeholder"),
        (polib.POEntry(msgid="x", msgstr="Có %(n)s lớp"), ""),
    ],
)
def test_a_translation_must_be_whole(entry: polib.POEntry | None, fault: str) -> None:
    assert entry_fault(Message(None, "%(n)s classes"), entry) == fault


def test_update_keeps_translations_adds_new_strings_and_drops_old_ones(tmp_path: Path) -> None:
    def catalogue(*texts: str) -> Catalogue:
        found = Catalogue(tmp_path, "vi")
        found.messages = {(None, text): Message(None, text, places=[("a.py", 1)]) for text in texts}
        return found

    assert update([catalogue("Class", "Old")]) == [tmp_path / "locale/vi/LC_MESSAGES/django.po"]
    po = catalogue().load()
    po.find("Class").msgstr = "Lớp"
    po.save()
    update([catalogue("Class", "New")])
    assert [(entry.msgid, entry.msgstr) for entry in catalogue().load()] == [("Class", "Lớp"), ("New", "")]
    assert problems([catalogue("Class", "New")]) == ["a.py:1: untranslated: 'New'"]
    assert update([catalogue("Class", "New")]) == []


def test_only_newer_files_are_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "app_roots", lambda: [tmp_path])
    folder = tmp_path / "locale/vi/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "ă"\n'
    )
    assert compile_all() == [folder / "django.mo"]
    assert [(entry.msgid, entry.msgstr) for entry in polib.mofile(str(folder / "django.mo"))] == [("a", "ă")]
    assert compile_all() == []


def test_every_file_of_ours_belongs_to_an_app() -> None:
    roots = {path.relative_to(settings.BASE_DIR).as_posix() for path in catalogs.app_roots()}
    assert {"lms", "lms/common", "lms/portals/learner", "cms", "media", "quizzes"} <= roots
