"""Translation catalogues without the gettext programs: Babel finds the strings, polib reads and writes the files.

English is the language of the source. Every app keeps its own ``locale/<language>/LC_MESSAGES/django.po``; what
belongs to no app (project-wide templates) goes to ``lms/locale``; ``lms/third_party`` is another tool's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.apps import apps
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SOURCE_SUFFIXES = {".py", ".html", ".txt"}
SKIPPED_FOLDERS = {"migrations", "locale", "static", "node_modules", "__pycache__", "vendor"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

type Key = tuple[str | None, str]


@dataclass
class Message:
    """A string of the source: where it stands, and its plural if it has one."""

    context: str | None
    text: str
    plural: str | None = None
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.context, self.text


@dataclass
class Catalogue:
    """The strings of one app and its file for one language."""

    root: Path
    language: str
    messages: dict[Key, Message] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.root / "locale" / self.language / "LC_MESSAGES" / "django.po"

    def load(self) -> polib.POFile:
        """Return the file's content; an empty catalogue with the right header when there is none."""
        if self.path.exists():
            return polib.pofile(str(self.path), wrapwidth=110)
        po = polib.POFile(wrapwidth=110)
        po.metadata = {
            "Project-Id-Version": "Sen",
            "Language": self.language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;" if self.language == "vi" else "nplurals=2; plural=n != 1;",
        }
        return po


def app_roots() -> list[Path]:
    """Return the folders of our own apps, the deepest first, and ``lms`` for what belongs to none."""
    base = Path(settings.BASE_DIR)
    roots = {Path(config.path) for config in apps.get_app_configs()}
    ours = [path for path in roots if path.is_relative_to(base) and ".venv" not in path.parts]
    return sorted({*ours, base / "lms"}, key=lambda path: (-len(path.parts), path))


def source_files(root: Path) -> Iterator[Path]:
    """Yield the files under ``root`` that may hold translatable strings, in order."""
    for path in sorted(root.rglob("*")):
        if path.suffix in SOURCE_SUFFIXES and not SKIPPED_FOLDERS & set(path.relative_to(root).parts):
            yield path


def read_strings(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Yield (line, text or (text, plural), context) for each string that ``path`` marks for translation."""
    source = path.read_text()
    if path.suffix != ".py":
        # The template compiler's own view of the file; its filler keeps the line numbers. Indentation means
        # nothing in a template but would in the Python that Babel takes it for.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for line, text, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield line, text, context


def collect(language: str) -> list[Catalogue]:
    """Return one catalogue per app root with the strings of its files."""
    base = Path(settings.BASE_DIR)
    catalogues = []
    taken: set[Path] = set()
    for root in app_roots():
        catalogue = Catalogue(root, language)
        for path in source_files(root):
            if path in taken:
                continue
            taken.add(path)
            place = path.relative_to(base).as_posix()
            for line, found, context in read_strings(path):
                text, plural = (found[0], found[1]) if isinstance(found, tuple) else (found, None)
                if not text:
                    continue
                message = catalogue.messages.setdefault((context, text), Message(context, text, plural))
                message.plural = message.plural or plural
                message.places.append((place, line))
        catalogues.append(catalogue)
    return catalogues


def update(catalogues: list[Catalogue]) -> list[Path]:
    """Write new strings into the files and drop those no longer used; return the files that changed.

    A string that another app has translated already takes that translation.
    """
    memory = {
        (entry.msgctxt, entry.msgid): entry
        for catalogue in catalogues
        for entry in catalogue.load()
        if entry.translated() and not entry.obsolete
    }
    changed = []
    for catalogue in catalogues:
        po = catalogue.load()
        known = {(entry.msgctxt, entry.msgid): entry for entry in po if not entry.obsolete}
        before = str(po)
        po.clear()
        for key, message in sorted(catalogue.messages.items(), key=lambda item: (item[1].places[0], item[0][1])):
            entry = polib.POEntry(msgctxt=message.context, msgid=message.text)
            old = known.get(key) or memory.get(key)
            # Files only: line numbers would change with every edit above them.
            entry.occurrences = [(place, "") for place in dict.fromkeys(place for place, _line in message.places)]
            if "%(" in message.text or "%(" in (message.plural or ""):
                entry.flags.append("python-format")
            if old is not None:
                entry.msgstr, entry.tcomment = old.msgstr, old.tcomment
                entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
            if message.plural:
                entry.msgid_plural = message.plural
                entry.msgstr = ""
                entry.msgstr_plural = dict(old.msgstr_plural) if old is not None and old.msgstr_plural else {0: ""}
                if old is not None and not old.msgstr_plural and old.msgstr:
                    entry.msgstr_plural = {0: old.msgstr}
            po.append(entry)
        if str(po) != before and (catalogue.messages or catalogue.path.exists()):
            catalogue.path.parent.mkdir(parents=True, exist_ok=True)
            po.save(str(catalogue.path))
            changed.append(catalogue.path)
    return changed


def problems(catalogues: list[Catalogue]) -> list[str]:
    """Return a line for every string that is missing, fuzzy or untranslated, or whose placeholders differ."""
    found: list[str] = []
    meanings: dict[Key, tuple[str, str]] = {}
    for catalogue in catalogues:
        entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue.load() if not entry.obsolete}
        for key, message in catalogue.messages.items():
            place, line = message.places[0]
            where = f"{place}:{line}: "
            fault = entry_fault(message, entries.get(key))
            if fault:
                found.append(f"{where}{fault}: {message.text!r}")
                continue
            meaning = entries[key].msgstr or entries[key].msgstr_plural[0]
            other, other_place = meanings.setdefault(key, (meaning, place))
            if other != meaning:
                # Django shows one of them everywhere: whichever app comes first.
                found.append(f"{where}translated otherwise in {other_place} ({meaning!r}, {other!r}): {message.text!r}")
    return found


def entry_fault(message: Message, entry: polib.POEntry | None) -> str:
    """Return what is wrong with the translation of ``message``, or nothing."""
    if entry is None:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if message.plural and not entry.msgstr_plural:
        return "no plural"
    texts = list(entry.msgstr_plural.values()) if entry.msgstr_plural else [entry.msgstr]
    if not all(texts):
        return "untranslated"
    allowed = set(PLACEHOLDER.findall(message.text)) | set(PLACEHOLDER.findall(message.plural or ""))
    wanted = set(PLACEHOLDER.findall(message.plural or message.text))
    # The last form is the one for many, which must name everything; the others may leave out the number.
    if not all(set(PLACEHOLDER.findall(text)) <= allowed for text in texts):
        return "unknown placeholder"
    return "" if set(PLACEHOLDER.findall(texts[-1])) == wanted else "other placeholders"


def compile_all() -> list[Path]:
    """Write the ``.mo`` file of every ``.po`` file that is newer than it; return those written."""
    written = []
    # LOCALE_PATHS besides: the packages' Vietnamese is no app's (docs/maintain/third_party_strings.py).
    folders = dict.fromkeys([*(root / "locale" for root in app_roots()), *map(Path, settings.LOCALE_PATHS)])
    for folder in folders:
        for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            target = path.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime_ns < path.stat().st_mtime_ns:
                polib.pofile(str(path)).save_as_mofile(str(target))
                written.append(target)
    for target in written:
        # A process that translated something before now has the old catalogues in memory, and would serve them.
        translation_file_changed(sender=None, file_path=target)
    return written
