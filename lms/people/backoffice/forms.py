"""Forms of the administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.people.backends import find_account
from lms.people.backoffice.unit_chooser import unit_chooser
from lms.people.forms import ContactCleaning
from lms.people.models import Membership, Unit, User
from lms.people.queries import bodies, own_profile


class UnitChoice(forms.ModelChoiceField):
    """A unit, chosen by a search: there are thousands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=unit_chooser.widget_class(), **kwargs)


class PersonForm(ContactCleaning, forms.ModelForm):
    """An account without its password: the person chooses that with an activation code."""

    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    home = UnitChoice(
        label=_("Home unit"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("Its office makes codes for the person and answers for the person."),
    )

    class Meta:
        model = User
        fields = [
            "family_name",
            "middle_name",
            "given_name",
            "own_sort_key",
            "username",
            "email",
            "phone",
            "must_change_password",
        ]

    def __init__(self, *args: Any, editing_self: bool = False, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = True
        self.fields["home"].queryset = Unit.objects.all()  # type: ignore[attr-defined]
        profile = own_profile(self.instance) if self.instance.pk else None
        self.initial["home"] = profile.unit if profile else None

    def clean(self) -> dict[str, Any]:
        """Refuse what another account has: who works here sees all accounts. What was contested before may stay."""
        data = super().clean() or {}
        others = User.objects.exclude(pk=self.instance.pk)
        taken = {
            "email": (others.filter(email__iexact=data.get("email")), _("This e-mail is in use.")),
            "phone": (others.filter(phone=data.get("phone")), _("This phone number is in use.")),
        }
        for name, (rows, sentence) in taken.items():
            if name not in self.changed_data:
                continue
            if data.get(name) and rows.exists():
                self.add_error(name, sentence)
            setattr(self.instance, f"{name}_contested", False)
        return data


class NewPersonForm(PersonForm):
    """A new account; the username may be left to the product."""

    class Meta(PersonForm.Meta):
        fields = ["family_name", "middle_name", "given_name", "username", "email", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = False
        self.fields["username"].help_text = _("Left empty, it is made from the name.")


class EditPersonForm(PersonForm):
    """An account that exists. Of the own one only the name: the rest stands in the profile, behind the password."""

    class Meta(PersonForm.Meta):
        fields = [*PersonForm.Meta.fields, "is_active"]

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if editing_self:
            for name in ("is_active", "email", "phone", "username", "must_change_password", "home"):
                del self.fields[name]


class UnitForm(forms.ModelForm):
    """Corrections of a unit; its place in the tree stays."""

    class Meta:
        model = Unit
        fields = ["name", "short_name", "kind", "code", "valid_from"]


class NewUnitForm(UnitForm):
    """A unit under another one."""

    parent = UnitChoice(label=_("Under"), queryset=Unit.objects.none())
    field_order = ["parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = bodies()  # type: ignore[attr-defined]


class MembershipForm(forms.ModelForm):
    """The period of a role."""

    class Meta:
        model = Membership
        fields = ["valid_from", "valid_to"]


class NewMembershipForm(MembershipForm):
    """A role for a person who is named by an identifier: there are too many people for a list."""

    person = forms.CharField(label=_("Username, e-mail or phone"), max_length=254)
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())
    field_order = ["person", "role", "unit"]

    class Meta:
        model = Membership
        fields = ["role", "unit", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = bodies()  # type: ignore[attr-defined]

    def clean_person(self) -> User:
        person = find_account(self.cleaned_data["person"])
        if person is None or not person.is_active:
            raise ValidationError(_("There is no open account of this name."))
        self.instance.user = person
        return person
