"""Forms of the second factor: django-allauth's, with our wording, our limits and codes that open once.

django-allauth finds them by ``MFA_FORMS`` and gives them the ``user``.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import get_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.errors import DomainError
from lms.common.widgets import CodeInput
from lms.people.services import factors

_HELP = gettext_lazy("Six digits from the app on your phone, or one of your recovery codes.")


def _code(help_text: Any, *, focus: bool = True) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=help_text,
        widget=CodeInput({"autocomplete": "one-time-code", "autofocus": focus}),
    )


class _CodeChecking:
    """Takes a code by our service, which counts the try first."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        try:
            self.authenticator = factors.check(user=self.user, code=code, request=context.request)
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error
        return code


class SignInCodeForm(_CodeChecking, AuthenticateForm):
    """The second step of signing in."""

    code = _code(_HELP)


class ProofCodeForm(_CodeChecking, ReauthenticateForm):
    """Showing again who is there."""

    code = _code(_HELP)


class FirstCodeForm(forms.Form):
    """The first code of an app, which turns it on.

    In place of allauth's, which makes a new secret whenever the page is opened: a phone may have scanned the former.
    """

    # the picture stands above and comes first
    code = _code(gettext_lazy("Six digits."), focus=False)
    step: int

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.secret: str = get_totp_secret()

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        step = factors.matching_step(self.secret, code)
        if step is None:
            raise ValidationError(_("This code is not right. Is the clock of the phone right?"), code="wrong_code")
        self.step = step
        return code


class _KeyChecking:
    """Takes the answer of a passkey, and counts the try where it is known whose it shall be."""

    user: Any

    def clean_credential(self) -> Authenticator:
        try:
            with factors.slowed_down(user=self.user, request=context.request):
                return super().clean_credential()  # type: ignore[misc]
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error
        except ValidationError as error:
            factors.note_wrong(self.user)
            raise ValidationError(
                _("The passkey was not recognised. Try again, or use a code."), code="wrong_key"
            ) from error


class SignInKeyForm(_KeyChecking, AuthenticateWebAuthnForm):
    """The second step of signing in, with a passkey."""


class ProofKeyForm(_KeyChecking, ReauthenticateWebAuthnForm):
    """Showing again who is there, with a passkey."""


def _name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("So that you recognise it, for example “My phone”."),
    )


class AddKeyForm(AddWebAuthnForm):
    """A new passkey: what the browser made, and a name."""

    name = _name()
    passwordless = None  # no choice: every passkey here signs in by itself

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as error:
            raise ValidationError(_("The passkey could not be added. Please try again."), code="wrong_key") from error


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = _name()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"] or self.instance.wrap().name
        return name
