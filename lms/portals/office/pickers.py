"""Fields that choose among thousands: a search box whose results come from the server as the person types.

Without JavaScript the box has a button of its own: it brings the whole form back with what the search found, and with
everything that was typed and chosen (:class:`PickingForm`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from lms.people.models import User
from lms.people.queries import tell_apart

SHOWN = 12
FIRST = 5  # before anything is searched


class PickWidget(forms.Widget):
    """Radio buttons (or checkboxes) of what is chosen and of what the search found."""

    template_name = "office/pickers/pick.html"
    use_fieldset = True

    def __init__(self, *, many: bool = False) -> None:
        super().__init__()
        self.many = many
        self.queryset: QuerySet[Any] | None = None
        self.first: QuerySet[Any] | None = None
        self.pick = ""
        self.args: tuple[Any, ...] = ()
        self.q = ""
        self.reader: Any = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.q = " ".join(str(data.get(f"{name}_q", "")).split())[:100]
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_q" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            url = reverse(self.pick, args=[*self.args, name])
        except NoReverseMatch:
            url = reverse(self.pick, args=[*self.args])
        assert self.queryset is not None
        context["widget"] |= {"url": url, "many": self.many} | options(
            self.queryset,
            first=self.first,
            chosen=_ids(value),
            q=self.q,
            name=name,
            many=self.many,
            reader=self.reader,
        )
        return context


def options(
    queryset: QuerySet[Any],
    *,
    chosen: Iterable[int],
    q: str,
    name: str,
    many: bool,
    first: QuerySet[Any] | None = None,
    reader: Any = None,
) -> dict[str, Any]:
    """Return what ``office/pickers/options.html`` shows: the chosen rows, then up to 12 that match ``q``.

    With nothing searched, a few of ``first`` (of all by default), the most likely ones. Of people it says what
    ``reader`` may know of their position and unit.
    """
    picked = list(queryset.filter(pk__in=list(chosen)))
    rest = queryset if q or first is None else first
    rest = rest.exclude(pk__in=[row.pk for row in picked])
    if q:
        rest = rest.named_like(q)  # type: ignore[attr-defined]
    limit = SHOWN if q else FIRST
    found = list(rest[: limit + 1])
    people = {row.pk: str(row) for row in [*picked, *found[:limit]] if isinstance(row, User)}
    return {
        "notes": tell_apart(people, reader=reader, everybody=True),
        "chosen": picked,
        "found": found[:limit],
        "more": len(found) > limit or (first is not None and not q),
        "q": q,
        "field": name,
        "many": many,
    }


def _ids(value: Any) -> list[int]:
    if value is None:
        return []
    values = value if isinstance(value, (list, tuple, QuerySet)) else [value]
    ids = []
    for one in values:
        key = str(getattr(one, "pk", one))
        if key.isascii() and key.isdigit() and len(key) < 19:
            ids.append(int(key))
    return ids


class PickField(forms.Field):
    """One row of a queryset given later by :meth:`use`; whatever lies outside it is refused."""

    many = False
    default_error_messages = {"gone": _("Choose one of those that the search finds.")}

    def __init__(self, *, pick: str, **kwargs: Any) -> None:
        super().__init__(widget=PickWidget(many=self.many), **kwargs)
        self.widget.pick = pick
        self.queryset: QuerySet[Any] | None = None

    def use(
        self,
        queryset: QuerySet[Any],
        *,
        first: QuerySet[Any] | None = None,
        args: tuple[Any, ...] = (),
        reader: Any = None,
    ) -> None:
        """Choose among ``queryset``; before anything is searched only ``first`` of it is shown.

        Args:
            args: what comes before the field's name in the address that searches.
            reader: the person who chooses, where people are chosen.
        """
        self.widget.reader = reader
        self.widget.args = args
        self.queryset = queryset
        self.widget.first = first
        self.widget.queryset = queryset

    def to_python(self, value: Any) -> Any:
        rows = self._rows(value)
        return rows[0] if rows else None

    def _rows(self, value: Any) -> list[Any]:
        ids = list(dict.fromkeys(_ids(value)))
        given = [one for one in (value if isinstance(value, (list, tuple)) else [value]) if one not in (None, "")]
        assert self.queryset is not None
        found = {row.pk: row for row in self.queryset.filter(pk__in=ids)}
        if len(found) != len(ids) or len(given) != len(ids):
            raise ValidationError(self.error_messages["gone"], code="gone")
        return [found[pk] for pk in ids]


class PickManyField(PickField):
    """Several rows of a queryset."""

    many = True

    def to_python(self, value: Any) -> Any:
        return self._rows(value)


class PickingForm(forms.Form):
    """A form with pickers. While somebody searches without JavaScript it is neither valid nor wrong: it comes back."""

    @property
    def searching(self) -> bool:
        return self.is_bound and str(self.data.get("act", "")).startswith("pick:")

    def full_clean(self) -> None:
        if not self.searching:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def is_valid(self) -> bool:
        return not self.searching and super().is_valid()
