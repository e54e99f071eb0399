"""Forms of the blueprints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.people.models import Unit
from quizzes.models import ItemBank
from quizzes.queries.papers.units import units_for_blueprints


class BlueprintNew(forms.Form):
    """A name, whose it is, and which bank it draws from."""

    name = forms.CharField(label=_("Name"), max_length=250)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    bank = forms.ModelChoiceField(ItemBank.objects.none(), label=_("Item bank"), empty_label=None)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        banks = self.fields["bank"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(banks, forms.ModelChoiceField)
        banks.queryset = ItemBank.objects.visible_to(user).order_by("name")
        units.queryset = units_for_blueprints(user)
