"""Tags and filters of the design system: ``{% load sen %}``. Samples: docs/design-system.md."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.common import formats
from lms.common.html import clean_again
from lms.common.icons import SPRITE, icon_names
from lms.common.once import FIELD
from lms.common.scripts import SCRIPT_MODULES

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.forms import BoundField
    from django.template import Context

register = template.Library()

CHIP_KINDS = frozenset({"", "info", "good", "warn", "danger", "gold", "accent"})
DOT_STATES = frozenset({"todo", "doing", "done", "locked", "failed"})
AVATAR_SHADES = ("", "avatar-b", "avatar-c", "avatar-d")


class FixedNode(template.Node):
    """The part between ``{% fixed %}`` and ``{% endfixed %}``."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodelist = nodes
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        found = self.rendered.get(language)
        if found is None:
            # A context of its own: nothing of a person or a request can get in.
            empty = template.Context()
            assert context.template is not None  # a tag is rendered by the template it stands in
            empty.template = context.template
            with empty.render_context.push_state(context.template):
                found = self.rendered[language] = self.nodelist.render(empty)
        return found


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> FixedNode:
    """Render once for each language what is the same for everybody: addresses of static files, icons, words.

    Inside there is no variable of the page. Kept as long as the compiled template itself.
    """
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodes)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite in the colour of the text around it.

    ``size``: "" (20 px), "s", "l" or "xl". Decorative unless ``label`` names it. Raises ``TemplateSyntaxError`` for a
    name that the sprite lacks.
    """
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"Unknown icon {name!r}")
    css = f"icon icon-{size}" if size else "icon"
    if name == "lotus":
        css = "lotus"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>', css, label, static(SPRITE), name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static(SPRITE), name)


@register.simple_tag
def once() -> SafeString:
    """Mark a form whose answer shows a secret once (:mod:`lms.people.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4().hex)


@register.simple_tag
def lotus() -> SafeString:
    """Draw the mark."""
    return icon("lotus")


@register.simple_tag
def chip(text: object, kind: str = "", icon_name: str = "") -> SafeString:
    """Show a state in two or three words. ``kind``: "", info, good, warn, danger, gold or accent."""
    if kind not in CHIP_KINDS:
        raise template.TemplateSyntaxError(f"Unknown kind of chip {kind!r}")
    css = f"chip chip-{kind}" if kind else "chip"
    return format_html('<span class="{}">{}{}</span>', css, icon(icon_name) if icon_name else "", text)


@register.simple_tag
def dot(state: str, label: str = "") -> SafeString:
    """Show the state of a task (todo, doing, done, locked, failed); ``label`` says it to a screen reader."""
    if state not in DOT_STATES:
        raise template.TemplateSyntaxError(f"Unknown state {state!r}")
    if label:
        return format_html('<span class="dot dot-{}" role="img" aria-label="{}"></span>', state, label)
    return format_html('<span class="dot dot-{}" aria-hidden="true"></span>', state)


@register.inclusion_tag("components/progress.html")
def progress(value: float | None, label: object, maximum: float = 100, text: object = None) -> dict[str, Any]:
    """Show how far something is: a bar, its ``label`` and the per cent (or ``text``) beside it."""
    done = float(value or 0)
    share = 100 * done / maximum if maximum else 0
    return {
        "value": f"{done:g}",
        "maximum": f"{maximum:g}",
        "label": label,
        "text": formats.percent(share, 0) if text is None else text,
        "complete": maximum and done >= maximum,
    }


@register.simple_tag
def meter(value: float | None, label: str = "", low: float = 0) -> SafeString:
    """Draw a small bar (0-100) for a cell of a table; below ``low`` it takes the colour of a warning.

    The number stands beside it as text; ``label`` is for a bar that stands alone.
    """
    amount = f"{min(max(float(value or 0), 0), 100):g}"
    css = "bar bar-warn" if float(value or 0) < low else "bar"
    if label:
        return format_html('<progress class="{}" max="100" value="{}" aria-label="{}"></progress>', css, amount, label)
    return format_html('<progress class="{}" max="100" value="{}" aria-hidden="true"></progress>', css, amount)


@register.inclusion_tag("components/empty.html")
def empty(
    title: object, text: object = "", icon_name: str = "lotus", url: str = "", action: object = ""
) -> dict[str, Any]:
    """Say that there is nothing here yet, and what to do about it."""
    return {"title": title, "text": text, "icon_name": icon_name, "url": url, "action": action}


@register.inclusion_tag("components/message.html")
def message(text: object, kind: str = "info") -> dict[str, Any]:
    """Show one message. ``kind``: info, good, warn or danger (or a level tag of ``django.contrib.messages``)."""
    return {"text": text, **message_look(kind)}


def message_look(tag: str) -> dict[str, str]:
    """Return class and icon of a message of level ``tag``."""
    kind = {"success": "good", "warning": "warn", "error": "danger", "debug": "info"}.get(tag, tag or "info")
    icons = {"good": "check-circle", "warn": "alert", "danger": "error"}
    return {"kind": kind, "icon_name": icons.get(kind, "info")}


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, image_url: str = "", size: str = "") -> dict[str, Any]:
    """Show a person's picture or initials; the name itself stands beside it."""
    words = name.split()
    letters = "".join(word[0] for word in (words[-1:] if len(words) < 2 else (words[0], words[-1])))
    shade = AVATAR_SHADES[sum(map(ord, name)) % len(AVATAR_SHADES)]
    return {"letters": letters, "image_url": image_url, "size": size, "shade": shade}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Render one form field with its label, help and errors."""
    return {"field": bound}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], unit: object = "") -> dict[str, Any]:
    """Link the pages of a list, keeping the rest of the query. Nothing shows when all fits on one page."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    base = query.urlencode()
    prefix = f"?{base}&page=" if base else "?page="

    def link(number: int) -> dict[str, Any]:
        # The address is made here: templates write 1000 as "1.000".
        return {"url": f"{prefix}{number}", "number": number, "current": number == page.number}

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "links": [link(number) if isinstance(number, int) else None for number in shown],
        "previous": link(page.previous_page_number()) if page.has_previous() else None,
        "next": link(page.next_page_number()) if page.has_next() else None,
        "unit": unit,
    }


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """Return the current query string with ``changes``; an empty value removes a key, and ``page`` always goes."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def script_modules() -> tuple[str, ...]:
    """Return the modules that ``js/sen.js`` imports, for preloading: one round trip instead of two."""
    return SCRIPT_MODULES


@register.simple_tag
def interface_texts() -> SafeString:
    """Give the scripts their words, translated (``js/text.js`` reads them; there is no JavaScript catalogue)."""
    texts = {
        "back_online": _("The network is back."),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "copied": _("Copied."),
        "failed": _("That did not work. Nothing was lost."),
        "leave": _("You have changes that are not saved."),
        "no_network": _("No network. Nothing was lost."),
        "ok": _("Yes, go on"),
        "retry": _("Try again"),
        "selected": _("{count} selected"),
        "undo": _("Undo"),
    }
    return json_script({key: str(text) for key, text in texts.items()}, "sen-texts")


@register.filter
def widget_kind(bound: BoundField) -> str:
    """Return "checkbox" for a single checkbox (its label stands behind it), else "field"."""
    return (
        "checkbox"
        if getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset
        else "field"
    )


@register.filter
def cleaned(value: object) -> SafeString:
    """Print HTML that people wrote: the only way for it into a page.

    The element around it has ``hx-disable``, so that htmx reads nothing inside. Plain text is printed without a filter.
    """
    return mark_safe(clean_again(str(value))) if value else SafeString()  # noqa: S308 (cleaned in this line)


@register.filter
def number(value: formats.Number | None, places: int = 2) -> str:
    """101356 → 101.356 (vi), 101,356 (en)."""
    return formats.number(value, places)


@register.filter
def percent(value: formats.Number | None, places: int = 1) -> str:
    """88.4 → 88,4 % (vi), 88.4% (en)."""
    return formats.percent(value, places)


@register.filter
def score(value: formats.Number | None) -> str:
    """8.5 → 8,5 (vi)."""
    return formats.score(value)


@register.filter
def date_long(value: date | datetime | None, with_year: str = "") -> str:
    """Thứ Hai, 23 tháng 11; ``|date_long:"year"`` adds the year."""
    return formats.date_long(value, year=with_year == "year")


@register.filter
def date_short(value: date | datetime | None, without_year: str = "") -> str:
    """03/9/2008; ``|date_short:"day"`` leaves the year out."""
    return formats.date_short(value, year=without_year != "day")


@register.filter
def clock(value: datetime | None) -> str:
    """8:00."""
    return formats.clock(value)


@register.filter
def moment(value: datetime | None, without_year: str = "") -> str:
    """8:00, 27/11/2026; ``|moment:"day"`` leaves the year out."""
    return formats.moment(value, year=without_year != "day")


@register.filter
def period(start: date | datetime | None, end: date | datetime | None) -> str:
    """``{{ start|period:end }}`` → 27/11 – 30/11/2026."""
    return formats.period(start, end)


@register.filter
def duration(value: timedelta | formats.Number | None) -> str:
    """3900 (seconds) or a timedelta → 1 giờ 5 phút."""
    return formats.duration(value)


@register.filter
def days_left(value: date | datetime | None) -> str:
    """A deadline → Còn 4 ngày, Hôm nay, Quá hạn 2 ngày."""
    return formats.days_left(value)
