"""Forms of invigilation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.classes.models import Enrolment, TrainingClass
from lms.common.forms import bound
from lms.exams.engine.admission import ALLOWANCE_BOUNDS, SITTING_BOUNDS
from lms.exams.models import Allowance, Sitting
from lms.exams.queries.class_tests import possible_invigilators, tests_of
from lms.people.forms import offer_people
from lms.people.models import User
from lms.programmes.models import EditionItem

MOMENT = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of date and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, widget=MomentInput(), input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y"], **options
    )


class SittingForm(forms.ModelForm[Sitting]):
    """A sitting of one class."""

    item = forms.ModelChoiceField(label=_("Test"), queryset=EditionItem.objects.none(), empty_label=None)
    opens_at = moment_field(_("Opens at"))
    closes_at = moment_field(_("Closes at"))
    with_code = forms.BooleanField(
        label=_("Access code"), required=False, help_text=_("Shown to the invigilator and on the projector.")
    )
    invigilators = forms.ModelMultipleChoiceField(
        label=_("Invigilators"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The staff of the class and the unit's exam officers may invigilate anyway."),
    )
    cut_at_close = forms.TypedChoiceField(
        label=_("Who comes late"),
        required=False,
        choices=[
            ("", _("As the exam says")),
            ("yes", _("loses the time that was missed")),
            ("no", _("has the full time")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )

    class Meta:
        model = Sitting
        fields = [
            "room",
            "mode",
            "opens_at",
            "closes_at",
            "needs_opening",
            "sign_up",
            "max_guests",
            "late_minutes",
            "cut_at_close",
            "leaderboard",
        ]

    field_order = [
        "item",
        "room",
        "mode",
        "opens_at",
        "closes_at",
        "needs_opening",
        "with_code",
        "sign_up",
        "max_guests",
        "late_minutes",
        "cut_at_close",
        "leaderboard",
        "invigilators",
    ]

    #: Hidden until the service asks for it.
    key_known = forms.BooleanField(
        label=_("I know that learners have seen the right answers; let them sit it all the same."),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, training_class: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound(self, SITTING_BOUNDS)
        self.fields["item"].queryset = tests_of(training_class)  # type: ignore[attr-defined]
        people = possible_invigilators(unit_id=training_class.unit_id, class_id=training_class.pk)
        offer_people(self, people, "invigilators", unit_id=training_class.unit_id)
        if self.instance.pk:
            self.fields["item"].initial = self.instance.item_id
            self.fields["item"].disabled = True
            self.fields["with_code"].initial = bool(self.instance.code)
            self.fields["invigilators"].initial = list(self.instance.invigilators.values_list("pk", flat=True))
            cut = self.instance.cut_at_close
            self.initial["cut_at_close"] = "" if cut is None else "yes" if cut else "no"

    def ask_about_key(self, shown: str) -> None:
        """Say to whom the key was shown, and let the person confirm to know it."""
        self.add_error("key_known", shown)
        self.fields["key_known"].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens_at, closes_at = data.get("opens_at"), data.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("It must close after it opens."))
        if data.get("sign_up") not in (None, "enrolled") and not data.get("with_code"):
            self.add_error("with_code", _("Others come in by the code: the sitting needs one."))
        return data


class ReasonForm(forms.Form):
    """The reason of an act."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExtendForm(ReasonForm):
    """More time."""

    minutes = forms.IntegerField(label=_("Minutes more"), min_value=1, max_value=600, initial=5)
    field_order = ["minutes", "reason"]


class ReopenForm(ReasonForm):
    """A new deadline for an attempt that was handed in."""

    minutes = forms.IntegerField(label=_("Minutes from now"), min_value=1, max_value=600, initial=15)
    field_order = ["minutes", "reason"]

    def until(self, moment: dt.datetime) -> dt.datetime:
        return moment + dt.timedelta(minutes=self.cleaned_data["minutes"])


class NoteForm(forms.Form):
    """An incident in the invigilator's own words."""

    text = forms.CharField(label=_("Incident"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class UploadForm(forms.Form):
    """A file that a learner's test page saved."""

    file = forms.FileField(label=_("Answer file"), widget=forms.ClearableFileInput(attrs={"accept": ".json,.sen"}))


class AllowanceForm(forms.ModelForm[Allowance]):
    """The personal terms of one learner."""

    opens_at = moment_field(_("Opens for this learner at"), required=False)
    closes_at = moment_field(_("Closes for this learner at"), required=False)
    here_only = forms.BooleanField(label=_("Sits in this room only"), required=False)

    class Meta:
        model = Allowance
        fields = ["extra_minutes", "extra_percent", "extra_attempts", "opens_at", "closes_at", "reason"]

    field_order = [
        "extra_minutes",
        "extra_percent",
        "extra_attempts",
        "opens_at",
        "closes_at",
        "here_only",
        "reason",
    ]

    def __init__(self, *args: Any, has_rooms: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound(self, ALLOWANCE_BOUNDS)
        if not has_rooms:
            del self.fields["here_only"]

    def place(self, *, enrolment: Enrolment, item_id: int, sitting: Sitting | None) -> Allowance:
        """Return the allowance for ``enrolment`` as the form says; without rooms to choose from, the room stays."""
        allowance: Allowance = self.save(commit=False)
        allowance.enrolment_id, allowance.item_id = enrolment.pk, item_id
        allowance.user = enrolment.learner
        if "here_only" in self.fields:
            allowance.sitting = sitting if self.cleaned_data["here_only"] else None
        return allowance
