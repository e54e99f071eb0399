"""Forms of the pages on which units are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.common.clock import today
from lms.people.models import Unit, User
from lms.portals.office.classes.forms import date_field
from lms.portals.office.pickers import PickField, PickingForm, PickManyField


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("New name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=120, required=False)
    on = date_field(_("From"), initial=today, help_text=_("The first day on which the new name holds."))
    decision = forms.CharField(label=_("Number of the decision"), max_length=160, required=False)


class DissolveForm(PickingForm):
    """The end of a unit: the day, the decision, the successors."""

    on = date_field(_("First day without the unit"), initial=today)
    decision = forms.CharField(label=_("Number of the decision"), max_length=160)
    principal = PickField(
        label=_("Principal successor"),
        pick="office:unit-pick",
        required=False,
        help_text=_("Figures of the unit count here, whole, in reports of units as they are now."),
    )
    others = PickManyField(label=_("Further successors"), pick="office:unit-pick", required=False)
    move_roles = forms.BooleanField(
        label=_("People with a role here get the same role at the principal successor"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("principal", "others"):
            self.fields[name].use(  # type: ignore[attr-defined]
                possible_heirs(user, unit), first=neighbours(user, unit), args=(unit.pk,)
            )

    @property
    def successors(self) -> list[Unit]:
        """The principal one first, nobody twice."""
        data = self.cleaned_data
        found = [data["principal"]] if data["principal"] else []
        return found + [unit for unit in data["others"] if unit not in found]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("others") and not data.get("principal") and "principal" not in self.errors:
            self.add_error("principal", _("Say which of the successors is the principal one."))
        on: dt.date | None = data.get("on")
        if on is not None and on.year > today().year + 5:
            self.add_error("on", _("This day lies too far ahead."))
        return data


class ServesForm(PickingForm):
    """The communes for which a centre works."""

    communes = PickManyField(label=_("Communes served"), pick="office:unit-pick", required=False)

    def __init__(self, *args: Any, user: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = possible_places(user, unit)
        self.fields["communes"].use(places, first=places, args=(unit.pk,))  # type: ignore[attr-defined]


def possible_heirs(user: Any, unit: Unit) -> Any:
    """Units in force that may take over from ``unit``."""
    return Unit.objects.visible_to(user).current().exclude(pk=unit.pk).order_by("sort_key", "path")


def neighbours(user: Any, unit: Unit) -> Any:
    """Those of the same kind under the same unit: the most likely heirs."""
    above = unit.path[: -Unit.steplen]
    return possible_heirs(user, unit).filter(kind=unit.kind_id, depth=unit.depth, path__startswith=above)


def possible_places(user: Any, unit: Unit) -> Any:
    """Places in force that hold no classes themselves, under the unit above a centre."""
    above = unit.path[: -Unit.steplen]
    places = Unit.objects.visible_to(user).current().filter(kind__holds_classes=False, path__startswith=above)
    return places.order_by("sort_key", "path")
