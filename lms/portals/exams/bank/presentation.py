"""Plain values for the templates of the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.formats import date_short, number
from lms.common.templatetags.sen import chip
from quizzes.engine.texts import plain_text
from quizzes.enums import ItemState, Level
from quizzes.kinds import get_kind
from quizzes.models import Item, ItemVersion
from quizzes.queries.bank.exposure import Exposure
from quizzes.queries.bank.search import NO_TOPIC, ItemFilters, TopicTree
from quizzes.queries.bank.versions import VersionPart, parts

STATE_CHIPS = {
    ItemState.DRAFT: ("", "edit"),
    ItemState.IN_REVIEW: ("info", "eye"),
    ItemState.APPROVED: ("good", "check"),
    ItemState.RETIRED: ("warn", "lock"),
}
_SORTS: dict[str, str | Promise] = {
    "": gettext_lazy("Newest first"),
    "code": gettext_lazy("Code"),
    "topic": gettext_lazy("Topic"),
    "level": gettext_lazy("Level"),
    "state": gettext_lazy("State"),
    "oldest": gettext_lazy("Oldest first"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question in a list, in the words that the list shows."""

    item: Item
    url: str
    text: str
    kind: str
    level: str
    chip: SafeString
    day: str
    used: str
    flags: list[str]
    newer: bool  # an approved version is in use while a newer one is written
    shown: str  # how many learners were shown its key; "" for none


def item_rows(
    items: Sequence[Item],
    texts: Mapping[int, str],
    used: Mapping[int, int],
    flags: Mapping[int, list[str]],
    exposed: Mapping[int, Exposure],
) -> list[Row]:
    """Return the rows of items that came from ``with_names``; what many rows say alike is put into words once."""
    zone = get_current_timezone()
    before, _place, after = reverse("exams:item", args=[0]).rpartition("0")
    kinds = {name: str(get_kind(name).label) for name in {item.kind for item in items}}
    levels = {value: str(label) for value, label in Level.choices}
    chips = {state: chip(ItemState(state).label, *STATE_CHIPS[state]) for state in ItemState}
    return [
        Row(
            item=item,
            url=f"{before}{item.pk}{after}",
            text=texts[item.pk],
            kind=kinds[item.kind],
            level=levels.get(item.level, item.level),
            chip=chips[ItemState(item.state)],
            day=date_short(item.updated_at.astimezone(zone).date()),
            used=number(used.get(item.pk, 0)),
            flags=flags.get(item.pk, []),
            shown=number(exposed[item.pk].shown) if item.pk in exposed and exposed[item.pk].shown else "",
            newer=item.approved_version_id is not None and item.approved_version_id != item.current_id,
        )
        for item in items
    ]


def title(item: Item, version: ItemVersion | None) -> str:
    """Return a short name: the code and the first words."""
    words = plain_text(version.stem).split() if version else []
    short = " ".join(words[:14]) + ("…" if len(words) > 14 else "")
    return f"{item}: {short}"


def preview(version: ItemVersion) -> dict[str, Any]:
    """Return a stored version as a paper would show it, in the order in which it was written."""
    return question_view(version.kind, version.stem, version.content, version.key)


def question_view(kind_name: str, stem: str, content: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """Return what the templates of the test page and of print need to show a question without an answer."""
    kind = get_kind(kind_name)
    public = kind.show(content, seed=1, stream="preview", shuffle=False, key=key).public
    question = {"slot": 0, "kind": kind_name, "points": 1, "stem_html": stem, **public}
    view = kind.answer_view(question, None)
    return {**question, "template": kind.template, "label": kind.label, "public": public, "view": view}


def key_parts(version: ItemVersion) -> list[VersionPart]:
    """Return the parts of a version that only those may see who edit or review it."""
    return [part for part in parts(version, with_key=True) if part.secret]


def sort_choices() -> list[tuple[str, str | Promise]]:
    """Return the orders of a list."""
    return list(_SORTS.items())


def active_filters(filters: ItemFilters, tree: TopicTree) -> list[tuple[str, str]]:
    """Return the filters in force as (name in the address, words)."""
    named = []
    for name, value in filters.active().items():
        match name:
            case "topic":
                topic = next((row for row, _depth in tree.rows if str(row.pk) == value), None)
                text = _("Without a topic") if value == NO_TOPIC else topic.name if topic else value
            case "level":
                text = str(dict(Level.choices).get(value, value))
            case "state":
                text = str(dict(ItemState.choices).get(value, value))
            case "kind":
                text = next((str(kind_label) for kind_name, kind_label in _kinds() if kind_name == value), value)
            case "used":
                text = _("Used in exams") if value == "yes" else _("Never used")
            case "author":
                text = _("One author")
            case "flags":
                text = _("With warnings")
            case "q":
                text = f"“{value}”"
            case _:
                text = value
        named.append((name, str(text)))
    return named


def _kinds() -> list[tuple[str, Any]]:
    from lms.portals.exams.bank.editors import kind_choices

    return kind_choices()


def editor_texts() -> dict[str, str]:
    """Return the words of the rich-text module."""
    return {
        "toolbar": _("Formatting"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "underline": _("Underline"),
        "superscript": _("Superscript"),
        "subscript": _("Subscript"),
        "bullets": _("List"),
        "numbers": _("Numbered list"),
        "plain": _("Remove formatting"),
        "picture": _("Picture"),
        "alt": _("What does the picture show, as far as the question needs it? People who cannot see it hear this."),
        "failed": _("The picture could not be sent."),
    }
