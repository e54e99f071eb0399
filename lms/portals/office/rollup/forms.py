"""Filters of the roll-up and of the lists behind it, read from the address, and the form of a revocation.

Nonsense in an address falls back to the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cms.enums import ModuleKind
from lms.classes.enums import Band, EnrolmentStatus
from lms.common.clock import today
from lms.people.models import Unit
from lms.reports.people import PARTS, LearnerFilters
from lms.reports.queries import GROUPS, TREES, Filters, spans

ALL = "all"


@dataclass(frozen=True, slots=True)
class RollupQuery:
    """The page's state: filters and grouping, with the choices that fill the selects."""

    filters: Filters
    group_by: str
    years: list[int]
    programmes: list[tuple[int, str]]

    def address(self, **changes: Any) -> str:
        """The query string of this state with ``changes``; ``year=None`` means all years."""
        state: dict[str, Any] = {
            "year": self.filters.year,
            "programme": self.filters.programme_id,
            "kind": self.filters.module_kind,
            "tree": "" if self.filters.tree == TREES[0] else self.filters.tree,
            "group_by": self.group_by,
        }
        state.update(changes)
        state["year"] = state["year"] or ALL
        return urlencode({name: value for name, value in state.items() if value not in (None, "")})


def read_rollup(data: QueryDict, unit: Unit) -> RollupQuery:
    """Read the roll-up's state for ``unit`` from the address; the current year unless told otherwise."""
    tree = data.get("tree", TREES[0])
    tree = tree if tree in TREES else TREES[0]
    years, programmes = spans(unit=unit, tree=tree)
    years = sorted({*years, today().year}, reverse=True)
    year = _number(data.get("year"))
    if year is None and data.get("year") != ALL:
        year = today().year
    usual = "unit" if unit.numchild else "programme"
    group = data.get("group_by", usual)
    kind = data.get("kind", "")
    filters = Filters(
        year=year,
        programme_id=_number(data.get("programme")),
        module_kind=kind if kind in ModuleKind.values else None,
        tree=tree,
    )
    return RollupQuery(
        filters=filters, group_by=group if group in GROUPS else usual, years=years, programmes=programmes
    )


def read_learners(data: QueryDict, base: Filters) -> LearnerFilters:
    """Read the state of the list of learners from the address."""
    status, band, part = data.get("status", ""), data.get("band", ""), data.get("part", "")
    return LearnerFilters(
        base=base,
        status=status if status in EnrolmentStatus.values else "",
        band=band if band in Band.values else "",
        behind=data.get("behind") == "1",
        text=data.get("q", "").strip()[:80],
        part=part if part in PARTS else "",
        own=data.get("own") == "1",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


class Revocation(forms.Form):
    """The reason why a certificate is revoked."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learner reads it. People who verify the certificate read only that it was revoked, and when."),
        error_messages={"required": _("Say why the certificate is revoked.")},
    )
