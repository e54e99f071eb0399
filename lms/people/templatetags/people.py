"""Tags about people on pages of higher apps: ``{% load people %}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html

from lms.people.queries import tell_apart

register = template.Library()


@register.simple_tag(takes_context=True)
def namesakes(context: Context, rows: Iterable[Any], person: str = "", name: str = "") -> dict[int, str]:
    """Return what stands beside the names of a list: of people who share a name in it what tells them apart.

    ``{% namesakes page "learner" as apart %}`` before the list, ``{{ row.learner_id|beside:apart }}`` after each name.
    The position is told of people of the units where the reader holds a role, of others only the unit.

    Args:
        rows: the rows of the page.
        person: the dotted way from a row to its person; with ``name``, to the person's number.
        name: the dotted way to the name as the row shows it, where the row holds no person.
    """
    people: dict[int, str] = {}
    for row in rows:
        found = _reach(row, person)
        if found is not None and name:
            people[found] = str(_reach(row, name))
        elif found is not None:
            people[found.pk] = str(found)
    return tell_apart(people, reader=context["request"].user)


@register.filter
def beside(person: int | None, apart: Mapping[int, str] | str) -> str:
    """Draw what stands beside a name, or nothing."""
    note = apart.get(person or 0, "") if isinstance(apart, Mapping) else ""
    return format_html(' <span class="muted small">{}</span>', note) if note else ""


def _reach(row: Any, way: str) -> Any:
    for step in way.split(".") if way else ():
        if isinstance(row, Mapping):
            row = row[step]
        elif step.isdigit():
            row = row[int(step)]
        else:
            row = getattr(row, step)
        if row is None:
            return None
    return row
