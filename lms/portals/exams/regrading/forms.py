"""The form of a correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.portals.exams.invigilation.forms import ReasonForm
from quizzes.enums import CorrectionRule
from quizzes.models import ItemVersion


class CorrectionForm(ReasonForm):
    """The correction of a question that turned out to be wrong."""

    rule = forms.ChoiceField(label=_("What is done"), choices=CorrectionRule, widget=forms.RadioSelect)
    corrected = forms.ModelChoiceField(
        label=_("Corrected version"), queryset=ItemVersion.objects.none(), required=False
    )
    field_order = ["rule", "corrected", "reason"]

    def __init__(self, *args: Any, version: ItemVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = ItemVersion.objects.filter(item_id=version.item_id).exclude(pk=version.pk).order_by("-number")
        self.fields["corrected"].queryset = others  # type: ignore[attr-defined]
        self.fields["corrected"].label_from_instance = _version_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") == CorrectionRule.NEW_KEY and not data.get("corrected") and "corrected" not in self.errors:
            self.add_error("corrected", _("Choose the corrected version."))
        if data.get("rule") != CorrectionRule.NEW_KEY:
            data["corrected"] = None
        return data


def _version_label(version: ItemVersion) -> str:
    return str(_("Version %(number)s")) % {"number": version.number}
