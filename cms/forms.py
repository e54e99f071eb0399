"""Forms of the curriculum that are not Wagtail's page editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.access import ownable
from cms.enums import ProgrammeCategory
from lms.people.backoffice.forms import UnitChoice
from lms.people.models import Unit


class NewProgrammeForm(forms.Form):
    """The fields that a draft of a programme needs; the rest is written in the page editor."""

    title = forms.CharField(label=_("Title"), max_length=255)
    unit = UnitChoice(label=_("Owning unit"), queryset=Unit.objects.none())
    category = forms.ChoiceField(label=_("Category in reports"), choices=ProgrammeCategory.choices)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(ownable(user)).current()
