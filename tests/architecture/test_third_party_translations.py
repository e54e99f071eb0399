"""The Vietnamese of Django, Wagtail and REST framework: whole, well-formed, and really shown."""

from __future__ import annotations

import gettext
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import to_locale
from wagtail.admin.views.i18n import js_catalog

SCRIPT = Path(settings.BASE_DIR) / "docs" / "maintain" / "third_party_strings.py"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("third_party_strings", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


strings = load_script()


@pytest.mark.parametrize("domain", strings.DOMAINS)
def test_every_string_of_the_installed_packages_is_translated(domain):
    assert strings.problems(domain) == []


def test_every_installed_package_with_a_catalogue_is_covered():
    installed = {
        config.name
        for config in apps.get_app_configs()
        if (Path(config.path) / "locale" / "en" / "LC_MESSAGES").exists()
        and not Path(config.path).is_relative_to(Path(settings.BASE_DIR) / "lms")
    }

    assert installed - set(strings.CATALOGUED) - set(strings.UNCATALOGUED) - set(strings.REPLACED) == set()


def test_the_catalogue_is_loaded_and_stands_behind_our_own():
    assert [Path(path) for path in settings.LOCALE_PATHS][-1] == strings.TARGET.parents[1]
    assert strings.TARGET.parent.name == to_locale(settings.LANGUAGE_CODE)


@pytest.mark.parametrize("domain", strings.DOMAINS)
def test_the_compiled_catalogue_answers_as_written(domain, tmp_path):
    po = polib.pofile(str(strings.TARGET / f"{domain}.po"))
    target = tmp_path / "vi" / "LC_MESSAGES" / f"{domain}.mo"
    target.parent.mkdir(parents=True)
    po.save_as_mofile(str(target))
    compiled = gettext.translation(domain, tmp_path, ["vi"])

    def shown(entry):
        if entry.msgid_plural and entry.msgctxt:
            return [compiled.npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, n) for n in (1, 2)]
        if entry.msgid_plural:
            return [compiled.ngettext(entry.msgid, entry.msgid_plural, n) for n in (1, 2)]
        return [compiled.pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else compiled.gettext(entry.msgid)]

    wrong = [entry.msgid for entry in po if set(shown(entry)) != set(strings.texts_of(entry))]
    assert wrong == []


def test_the_script_catalogue_of_the_page_editor_is_ours(rf, settings, tmp_path):
    """Wagtail names its own package to Django's JavaScriptCatalog; the folders of LOCALE_PATHS join it."""
    target = tmp_path / "vi" / "LC_MESSAGES" / "djangojs.mo"
    target.parent.mkdir(parents=True)
    polib.pofile(str(strings.TARGET / "djangojs.po")).save_as_mofile(str(target))
    settings.LOCALE_PATHS = [tmp_path]

    with translation.override("vi"):
        response = js_catalog(rf.get("/"))

    catalogue = json.loads(re.search(r"const newcatalog = (\{.*?\n  \});", response.text, re.DOTALL)[1])
    assert catalogue["Collapse all"] == "Thu gọn tất cả"


FAULTS = {
    "lost": ("%(count)s pages", "trang", "other placeholders"),
    "renamed": ("{count} pages", "{number} trang", "other placeholders"),
    "tag": ("a <b>page</b>", "một trang", "other placeholders"),
    "empty": ("page", "", "untranslated"),
    "line end": ("page\n", "trang", "other line ends"),
    "good": ("%(count)s <b>pages</b>", "<b>trang</b>: %(count)s", ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_recognised(name):
    text, translation, fault = FAULTS[name]

    assert strings.fault(polib.POEntry(msgid=text, msgstr=translation)) == fault


def test_a_fuzzy_entry_is_a_fault():
    assert strings.fault(polib.POEntry(msgid="page", msgstr="trang", flags=["fuzzy"])) == "fuzzy"


def test_an_own_word_that_would_be_replaced_is_reported(monkeypatch):
    monkeypatch.setattr(strings, "ours", lambda domain: {(None, "Dashboard"): "Bàn làm việc"})

    assert strings.problems("django") == [
        "translated by one of our apps as 'Bàn làm việc', not 'Bảng điều khiển': 'Dashboard'"
    ]


def test_a_new_string_is_reported(monkeypatch):
    new = polib.POEntry(msgid="Brand new", occurrences=[("wagtail/admin", "")])
    monkeypatch.setattr(
        strings, "wanted", lambda domain, real=strings.wanted: {**real(domain), (None, "Brand new"): new}
    )

    assert strings.problems("django") == ["missing: 'Brand new' (wagtail/admin)"]
