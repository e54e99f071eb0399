"""Forms of the class pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.enums import ModuleKind
from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.common.clock import today
from lms.people.access import units_manageable_by
from lms.people.enums import Gender, Role
from lms.people.forms import offer_people
from lms.people.models import Membership, Unit, User
from lms.portals.office.pickers import PickField, PickingForm, PickManyField
from lms.programmes.models import Edition, EditionItem
from lms.reports.queries import TREES

DATE = "%Y-%m-%d"
MOMENT = "%Y-%m-%dT%H:%M"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format=DATE)


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of date and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


def date_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), input_formats=[DATE, "%d/%m/%Y"], **options)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, widget=MomentInput(), input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y"], **options
    )


def units_to_open(user: Any) -> QuerySet[Unit]:
    """Return today's units that hold classes and that ``user`` runs."""
    return units_manageable_by(user, Unit.objects.current().holding_classes())


def lecturers_first(people: QuerySet[User]) -> QuerySet[User]:
    """Return those of ``people`` who hold the role of a lecturer: whom a class most likely asks for."""
    return people.filter(pk__in=Membership.objects.current().with_role([Role.LECTURER]).values("user"))


class ClassFacts(forms.Form):
    """Fields of a class that may be changed later."""

    name = forms.CharField(
        label=_("Name of the class"), max_length=200, help_text=_("As in the decision; once per unit and year.")
    )
    starts_on = date_field(_("First day"))
    ends_on = date_field(_("Last day"))
    opening_decision = forms.CharField(
        label=_("Number of the decision"), max_length=120, required=False, help_text=_("For example 45-QĐ/TTCT.")
    )
    opening_decided_on = date_field(_("Date of the decision"), required=False)
    capacity = forms.IntegerField(label=_("Capacity"), min_value=1, max_value=1_000_000, initial=100)
    place = forms.CharField(label=_("Venue"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data


class ClassNew(PickingForm, ClassFacts):
    """Opening a class."""

    unit = PickField(label=_("Unit that holds the class"), pick="office:class-pick-unit")
    edition = forms.ModelChoiceField(label=_("Programme and edition"), queryset=Edition.objects.none())
    homeroom = PickField(label=_("Homeroom lecturer"), pick="office:class-pick-person", required=False)
    lecturers = PickManyField(label=_("Lecturers"), pick="office:class-pick-person", required=False)
    planned = forms.BooleanField(
        label=_("Only plan it: learners do not see the class until it is opened"), required=False
    )
    field_order = ["unit", "edition", "name", "starts_on", "ends_on", "opening_decision", "opening_decided_on"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].use(units_to_open(user))  # type: ignore[attr-defined]
        self.fields["edition"].queryset = editions_for(user)  # type: ignore[attr-defined]
        self.fields["edition"].label_from_instance = edition_label  # type: ignore[attr-defined]
        staff = User.objects.visible_to(user).active().order_by("sort_key")
        for name in ("homeroom", "lecturers"):
            self.fields[name].use(staff, first=lecturers_first(staff), reader=user)  # type: ignore[attr-defined]
        if self.fields["unit"].queryset.count() == 1:  # type: ignore[attr-defined]
            self.fields["unit"].initial = self.fields["unit"].queryset.get()  # type: ignore[attr-defined]


class ClassStaffForm(PickingForm):
    """The lecturers of the class."""

    homeroom = PickField(label=_("Homeroom lecturer"), pick="office:class-pick-person", required=False)
    lecturers = PickManyField(label=_("Lecturers"), pick="office:class-pick-person", required=False)

    def __init__(self, *args: Any, user: User, present: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = User.objects.visible_to(user).active().values("pk")
        people = User.objects.filter(pk__in=seen) | User.objects.filter(pk__in=present)
        people = people.order_by("sort_key")
        for name in ("homeroom", "lecturers"):
            self.fields[name].use(people, first=lecturers_first(people), reader=user)  # type: ignore[attr-defined]


class Recognition(forms.Form):
    """The decision that recognises completion."""

    decision = forms.CharField(label=_("Number of the decision"), max_length=120)
    on = date_field(_("Date of the decision"), initial=today)

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("A decision cannot be dated in the future."))
        return on


class SessionForm(forms.Form):
    """One session of the timetable."""

    item = forms.ModelChoiceField(
        label=_("Part of the programme"),
        queryset=EditionItem.objects.none(),
        required=False,
        help_text=_("A session of the programme counts for its attendance."),
    )
    title = forms.CharField(
        label=_("Title"), max_length=250, required=False, help_text=_("Empty: the title of the part.")
    )
    starts_at = moment_field(_("From"))
    ends_at = moment_field(_("Until"))
    periods = forms.IntegerField(label=_("Periods (tiết)"), min_value=1, max_value=20, initial=4)
    place = forms.CharField(label=_("Venue"), max_length=200, required=False)
    lecturer = forms.ModelChoiceField(label=_("Lecturer"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, training_class: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = EditionItem.objects.filter(edition_id=training_class.edition_id).order_by("position")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        staff = User.objects.filter(class_staff__training_class=training_class).distinct().order_by("sort_key")
        offer_people(self, staff, "lecturer", unit_id=training_class.unit_id)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("title") and not data.get("item"):
            self.add_error("title", _("Give the session a title."))
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("A session must end after it starts."))
        return data


class ItemDatesForm(forms.Form):
    """The opening and the end of an item."""

    opens_at = moment_field(_("Opens"), required=False)
    due_at = moment_field(_("Closes"), required=False)


class NewPerson(forms.Form):
    """One person who has no account yet; the same columns as a list."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    birth_date = date_field(_("Date of birth"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=[("", "—"), *Gender.choices], required=False)
    position = forms.CharField(label=_("Position"), max_length=160, required=False)
    organisation = forms.CharField(label=_("Unit / Party cell"), max_length=200, required=False)
    citizen_id = forms.CharField(label=_("Citizen ID number"), max_length=20, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=200, required=False)


class AddLearner(PickingForm):
    """A person who has an account."""

    learner = PickField(label=_("Person"), pick="office:class-pick-person")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(user).active().order_by("sort_key")
        self.fields["learner"].use(people, first=people.none(), reader=user)  # type: ignore[attr-defined]


class Withdrawal(forms.Form):
    """The reason why a learner leaves the class."""

    reason = forms.CharField(label=_("Reason"), max_length=250)


class RosterForm(forms.Form):
    """A list of learners, as a file or pasted."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Excel (.xlsx, .xls), OpenDocument (.ods) or CSV, up to 20,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv"}),
    )
    text = forms.CharField(
        label=_("Or paste the list"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Copied from Excel or Word with its headings, or just one name on each line."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("text") and not self.errors:
            raise forms.ValidationError(_("Choose a file or paste a list."))
        return data


class ClassFilters(forms.Form):
    """The filters above the list of classes; wrong values count as none."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(choices=[("", _("All states")), *ClassState.choices], required=False)
    year = forms.IntegerField(required=False, min_value=1900, max_value=9999)
    programme = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    # What the numbers of the overview ask for: classes that teach a kind, of the unit itself, that reports count.
    kind = forms.ChoiceField(choices=[("", ""), *ModuleKind.choices], required=False)
    own = forms.BooleanField(required=False)
    counted = forms.BooleanField(required=False)
    tree = forms.ChoiceField(choices=[("", ""), *((tree, tree) for tree in TREES)], required=False)


def editions_for(user: Any) -> QuerySet[Edition]:
    """Return the editions that ``user`` may open classes on, newest of each programme first."""
    return Edition.objects.visible_to(user).distinct().order_by("title", "-number")


def edition_label(edition: Edition) -> str:
    return str(_("%(title)s · edition %(number)s") % {"title": edition.title, "number": edition.number})
