"""Forms of those who give out marking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.exams.models import MarkingSession
from lms.exams.queries.giving_out import possible_markers, staff_of_class
from lms.people.forms import offer_people
from lms.people.models import User


class SessionForm(forms.Form):
    """The markers and the rules of a marking session."""

    markers = forms.ModelMultipleChoiceField(
        label=_("Markers"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    rounds = forms.TypedChoiceField(
        label=_("Markers for each answer"),
        choices=[(1, _("one marker")), (2, _("two independent markers"))],
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )
    anonymous = forms.BooleanField(
        label=_("Anonymous"),
        required=False,
        initial=True,
        help_text=_("Markers see a code instead of the learner's name."),
    )
    tolerance = forms.DecimalField(
        label=_("Two markers may differ by (%)"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        initial=10,
        help_text=_("Per cent of what the question is worth. Within it the mean counts; beyond it somebody settles."),
    )
    settler = forms.ModelChoiceField(
        label=_("Who settles"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Exam officers and managers of the unit may settle anyway."),
    )

    def __init__(self, *args: Any, class_id: int, unit_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = possible_markers(class_id=class_id, unit_id=unit_id)
        offer_people(self, people, "markers", "settler", unit_id=unit_id)
        self.fields["markers"].initial = staff_of_class(class_id)

    @property
    def share(self) -> Decimal:
        """The tolerance as a share."""
        return Decimal(self.cleaned_data["tolerance"]) / 100


class MarkerForm(forms.Form):
    """One more marker."""

    user = forms.ModelChoiceField(label=_("Marker"), queryset=User.objects.none())

    def __init__(self, *args: Any, session: MarkingSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = possible_markers(class_id=session.training_class_id, unit_id=session.unit_id)
        taken = session.markers.filter(active=True).values("user_id")
        offer_people(self, people.exclude(pk__in=taken), "user", unit_id=session.unit_id)


class PassOnForm(forms.Form):
    """The passing on of one marker's waiting answers."""

    giver = forms.ModelChoiceField(label=_("From"), queryset=User.objects.none())
    taker = forms.ModelChoiceField(label=_("To"), queryset=User.objects.none())
    drafts = forms.BooleanField(
        label=_("Also those begun"), required=False, help_text=_("The other marker begins them anew.")
    )

    def __init__(self, *args: Any, session: MarkingSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(marking_sessions__session=session, marking_sessions__active=True)
        offer_people(self, people.order_by("sort_key", "pk"), "giver", "taker", unit_id=session.unit_id)


class RemoveForm(forms.Form):
    """A marker who stops."""

    user = forms.ModelChoiceField(label=_("Marker"), queryset=User.objects.none())

    def __init__(self, *args: Any, session: MarkingSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(marking_sessions__session=session, marking_sessions__active=True)
        offer_people(self, people.order_by("sort_key", "pk"), "user", unit_id=session.unit_id)
