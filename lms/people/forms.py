"""Forms of the account pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lms.common.errors import DomainError
from lms.common.request_context import client_address
from lms.common.widgets import CodeInput
from lms.people.enums import TokenScope
from lms.people.models import User
from lms.people.phones import normalise_phone
from lms.people.queries import labels_apart
from lms.people.services.accounts import change_password
from lms.people.services.sign_in import SignInError, sign_in


def offer_people(form: forms.Form | forms.ModelForm[Any], people: QuerySet[User], *names: str, unit_id: int) -> None:
    """Let the fields ``names`` choose among ``people`` for a unit, namesakes told apart."""
    label = labels_apart(people, unit_id=unit_id)
    for name in names:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
        field.label_from_instance = label  # type: ignore[method-assign,assignment]


def _password(label: Any, *, new: bool, help_text: Any = "") -> forms.CharField:
    attributes = {"autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(
        label=label, strip=False, max_length=200, help_text=help_text, widget=forms.PasswordInput(attrs=attributes)
    )


PASSWORD_HELP = _(
    "At least 8 characters of any kind. No word that everybody uses, nothing made of your name, your unit or the words "
    "of our work, no phone number and no date."
)


class SignInForm(forms.Form):
    """Any identifier and the password; a valid form holds the ``user``."""

    user: User
    refusal: SignInError | None = None

    username = forms.CharField(
        label=_("Username, e-mail or phone"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = _password(_("Password"), new=False)
    remember = forms.BooleanField(label=_("Keep me signed in on this device"), required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            self.user = sign_in(
                identifier=data["username"],
                password=data["password"],
                address=client_address(self.request),
                request=self.request,
            )
        except SignInError as error:
            self.refusal = error
            self.add_error(None, str(error))
        return data


class ActivationCodeForm(forms.Form):
    """The code on the slip."""

    code = forms.CharField(
        label=_("Activation code"),
        max_length=40,
        help_text=_("Ten letters and digits on your slip, for example ACDEF-34679."),
        widget=CodeInput({"autocomplete": "one-time-code", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A password, typed twice; the service checks its strength."""

    password = _password(_("New password"), new=True, help_text=PASSWORD_HELP)
    repeat = _password(_("The same password again"), new=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("repeat") and data["password"] != data["repeat"]:
            self.add_error("repeat", _("The two passwords are not the same."))
        return data


class ResetForm(NewPasswordForm):
    """The new password after the link; django-allauth gives the person and the link's key."""

    def __init__(self, *args: Any, user: User, temp_key: str, **kwargs: Any) -> None:
        self.user, self.temp_key = user, temp_key
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def save(self) -> None:
        change_password(user=self.user, password=self.cleaned_data["password"], actor=self.user)


class PresentPassword(forms.Form):
    """The present password; ``prove`` takes it or raises a :class:`~lms.common.errors.DomainError` that is shown."""

    current = _password(_("Present password"), new=False)

    def __init__(self, *args: Any, prove: Callable[[str], None] | None = None, **kwargs: Any) -> None:
        self.prove = prove
        super().__init__(*args, **kwargs)

    def clean_current(self) -> str:
        password = str(self.cleaned_data["current"])
        assert self.prove is not None
        try:
            self.prove(password)
        except DomainError as error:
            raise ValidationError(str(error)) from error
        return password


class ProofForm(PresentPassword):
    """The present password alone."""


class ChangePasswordForm(PresentPassword, NewPasswordForm):
    """A new password, with the present one."""

    field_order = ["current", "password", "repeat"]


class TokenForm(forms.Form):
    """A new API token: for which program, what it may do, how long it holds."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The program that will use it, for example “Excel of the office”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1)

    def __init__(self, *args: Any, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["days"]
        assert isinstance(days, forms.IntegerField)
        days.max_value = longest
        days.validators.append(MaxValueValidator(longest))
        days.widget.attrs["max"] = longest


class ContactCleaning:
    """For forms of an account's ``email`` and ``phone``: nothing typed is no address, and a phone is brought into
    its one form.
    """

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str | None:
        return self.cleaned_data["email"] or None

    def clean_phone(self) -> str | None:
        typed = self.cleaned_data["phone"].strip()
        phone = normalise_phone(typed) if typed else None
        if typed and phone is None:
            raise ValidationError(_("This is no valid phone number."))
        return phone


class ContactForm(PresentPassword, ContactCleaning, forms.ModelForm):
    """E-mail and phone, with the password: whoever can change the e-mail can ask for a new password.

    Whether another account has them is not said (the service keeps them as contested).
    """

    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )

    class Meta:
        model = User
        fields = ["email", "phone"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}


class AskErasureForm(PresentPassword):
    """Asking to be erased, with the password."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ["reason", "current"]
