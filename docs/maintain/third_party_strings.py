"""Keep the Vietnamese of installed packages complete: Django, Wagtail, REST framework and their companions.

Their own Vietnamese catalogues cover only a part of what people see. ``lms/third_party/locale`` (the last of
``LOCALE_PATHS``) holds the rest, and the few of their translations that read badly. Run by a maintainer after an
upgrade, from the root of the repository::

    .venv/bin/python docs/maintain/third_party_strings.py            # list what is missing or superfluous
    .venv/bin/python docs/maintain/third_party_strings.py --write    # add it to the .po files, to be translated

``--write`` keeps every translation made before, adds new strings untranslated and drops those that no package has
any more. A string that one of our apps translates too takes that app's word: gettext knows no packages, and folders
of ``LOCALE_PATHS`` win over apps, so another word here would silently replace the app's own. Where the two need
different words, give the app's string a context (``pgettext``).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "lms" / "third_party" / "locale" / "vi" / "LC_MESSAGES"
OUR_PACKAGES = ("lms", "cms", "quizzes", "media")
DOMAINS = ("django", "djangojs")

# Packages with an English catalogue, which lists every string. A package that is not installed as an app
# is not here: its strings are never shown.
CATALOGUED = (
    "wagtail.admin",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.users",
    "wagtail",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.embeds",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "taggit",
    "django.conf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.postgres",
)
# Packages that ship no English .po file: the strings are read from their Python modules.
UNCATALOGUED = ("rest_framework", "django_filters", "modelsearch", "drf_spectacular")
# Packages whose pages and messages are never shown: ours stand in their place (lms/people/adapters.py).
REPLACED = ("allauth",)

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{[\w.:\[\]]*\}|</?[a-zA-Z][^>]*>")

type Key = tuple[str | None, str]


def key_of(entry: polib.POEntry) -> Key:
    """Return what gettext looks an entry up by."""
    return entry.msgctxt, entry.msgid


def folder_of(package: str) -> Path:
    """Return where ``package`` is installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations)))


def translated_keys(path: Path) -> dict[Key, str]:
    """Return the translations of one catalogue; its compiled form stands in for a .po file that is not shipped."""
    if path.exists():
        entries = [entry for entry in polib.pofile(str(path)) if entry.translated() and not entry.obsolete]
    elif path.with_suffix(".mo").exists():
        entries = [entry for entry in polib.mofile(str(path.with_suffix(".mo"))) if entry.msgid]
    else:
        entries = []
    found = {key_of(entry): entry.msgstr or entry.msgstr_plural[0] for entry in entries}
    return {key: text for key, text in found.items() if text}


def catalogued_strings(domain: str) -> Iterator[tuple[str, polib.POEntry]]:
    """Yield (package, entry) for each string of the English catalogues."""
    for package in CATALOGUED:
        path = folder_of(package) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            for entry in polib.pofile(str(path)):
                if not entry.obsolete:
                    yield package, entry


def source_strings() -> Iterator[tuple[str, polib.POEntry]]:
    """Yield (package, entry) for each string in the modules of packages without an English catalogue."""
    for package in UNCATALOGUED:
        folder = folder_of(package)
        for path in sorted(folder.rglob("*.py")):
            if {"test", "tests", "migrations"} & set(path.relative_to(folder).parts):
                continue
            with path.open("rb") as source:
                for _line, found, _comments, context in extract("python", source, KEYWORDS):
                    text, plural = (found[0], found[1]) if isinstance(found, tuple) else (found, "")
                    if text:
                        yield package, polib.POEntry(msgid=text, msgid_plural=plural, msgctxt=context)


def wanted(domain: str) -> dict[Key, polib.POEntry]:
    """Return every string of ``domain`` that the installed packages can show, without translations."""
    strings = list(catalogued_strings(domain)) + (list(source_strings()) if domain == "django" else [])
    entries: dict[Key, polib.POEntry] = {}
    for package, source in strings:
        entry = entries.setdefault(
            key_of(source),
            polib.POEntry(msgid=source.msgid, msgid_plural=source.msgid_plural, msgctxt=source.msgctxt),
        )
        entry.msgid_plural = entry.msgid_plural or source.msgid_plural
        place = (package.replace(".", "/"), "")
        if place not in entry.occurrences:
            entry.occurrences.append(place)
        if "python-format" in source.flags and not entry.flags:
            entry.flags.append("python-format")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: ""}
    return entries


def shipped(domain: str) -> set[Key]:
    """Return the strings that the packages translate into Vietnamese themselves."""
    return {
        key
        for package in (*CATALOGUED, *UNCATALOGUED)
        for key in translated_keys(folder_of(package) / "locale" / "vi" / "LC_MESSAGES" / f"{domain}.po")
    }


def ours(domain: str) -> dict[Key, str]:
    """Return what our own apps translate."""
    return {
        key: text
        for package in OUR_PACKAGES
        for path in sorted((ROOT / package).rglob(f"locale/vi/LC_MESSAGES/{domain}.po"))
        if path.parent != TARGET
        for key, text in translated_keys(path).items()
    }


def load(domain: str) -> polib.POFile:
    """Return our catalogue of ``domain``; an empty one with its header when there is none."""
    path = TARGET / f"{domain}.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    po = polib.POFile(wrapwidth=110)
    po.header = "Vietnamese of installed packages: see docs/maintain/third_party_strings.py."
    po.metadata = {
        "Project-Id-Version": "Sen",
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return po


def texts_of(entry: polib.POEntry) -> list[str]:
    """Return the translations of an entry: one, as Vietnamese has no plural forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def fault(entry: polib.POEntry) -> str:
    """Return what is wrong with the translation of ``entry``, or nothing."""
    if entry.fuzzy:
        return "fuzzy"
    texts = texts_of(entry)
    if len(texts) != 1 or not texts[0]:
        return "untranslated"
    placeholders = sorted(PLACEHOLDER.findall(texts[0]))
    if placeholders != sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)):
        return "other placeholders"
    if entry.msgid.startswith("\n") != texts[0].startswith("\n") or entry.msgid.endswith("\n") != texts[0].endswith(
        "\n"
    ):
        return "other line ends"
    return ""


def problems(domain: str) -> list[str]:
    """Return a line for every string that is missing, unknown, badly translated or also translated by our apps."""
    strings, apps = wanted(domain), ours(domain)
    known = {key_of(entry): entry for entry in load(domain) if not entry.obsolete}
    missing = strings.keys() - known.keys() - shipped(domain)
    found = [f"missing: {key[1]!r} ({strings[key].occurrences[0][0]})" for key in sorted(missing, key=str)]
    for key, entry in known.items():
        if key not in strings:
            found.append(f"no package has it any more: {key[1]!r}")
        elif fault(entry):
            found.append(f"{fault(entry)}: {key[1]!r}")
        elif key in apps and apps[key] != texts_of(entry)[0]:
            found.append(f"translated by one of our apps as {apps[key]!r}, not {texts_of(entry)[0]!r}: {key[1]!r}")
    return found


def write(domain: str) -> int:
    """Bring our catalogue in line with the packages; return how many strings wait for a translation."""
    po = load(domain)
    known = {key_of(entry): entry for entry in po if not entry.obsolete}
    po.clear()
    done, apps = shipped(domain), ours(domain)
    for key, entry in wanted(domain).items():
        old = known.get(key)
        if old is None and key in done:
            continue
        if old is not None:
            entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
            entry.tcomment = old.tcomment
        text = apps.get(key) or (texts_of(old)[0] if old is not None else "")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
        po.append(entry)
    if po:
        TARGET.mkdir(parents=True, exist_ok=True)
        po.save(str(TARGET / f"{domain}.po"))
    return sum(1 for entry in po if not entry.translated())


def main(arguments: list[str]) -> int:
    """Check (the default) or write the catalogues; return the exit status."""
    parser = argparse.ArgumentParser(description="Keep the Vietnamese of installed packages complete.")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--write", action="store_true", help="update the .po files")
    group.add_argument("--check", action="store_true", help="fail and list what is wrong (the default)")
    options = parser.parse_args(arguments)
    status = 0
    for domain in DOMAINS:
        if options.write:
            sys.stdout.write(f"{domain}.po: {write(domain)} strings to translate\n")
        for line in problems(domain):
            status = 1
            sys.stderr.write(f"{domain}.po: {line}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
