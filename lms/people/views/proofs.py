"""Showing once more who is there before something that an unwatched browser should not allow.

django-allauth keeps when and by what a person proved it, puts the request aside meanwhile and takes it up again. Where
factors themselves change, a password alone does not do for somebody who has one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.account.views import ReauthenticateView
from allauth.account.views._reauthenticate import BaseReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.common.request_context import client_address
from lms.people.factor_forms import ProofCodeForm, ProofKeyForm
from lms.people.forms import ProofForm
from lms.people.models import User
from lms.people.queries import factors_of
from lms.people.services.sign_in import prove_password
from lms.people.views.passkeys import options_for

_METHODS = require_http_methods(["GET", "HEAD", "POST"])

type View = Callable[..., HttpResponse]

# Let a view answer only to somebody who proved to be there a few minutes ago; else ask first (decorator).
needs_proof = reauthentication_required


def needs_factor_proof(view: View) -> View:
    """Let a view answer only to somebody who showed a factor a few minutes ago, where there is one (decorator).

    Whoever knows the password alone must not get rid of what protects from that. Somebody who has no factor yet is
    asked for the password by django-allauth's own views.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or _showed_factor_lately(request):
            return view(request, *args, **kwargs)
        types = set(factors_of(request.user).values_list("type", flat=True))
        if not types:
            return view(request, *args, **kwargs)
        page = "reauthenticate-code" if Authenticator.Type.TOTP in types else "reauthenticate-passkey"
        return suspend_request(request, reverse(page))

    return wrapped


def _showed_factor_lately(request: HttpRequest) -> bool:
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    limit = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(one["method"] == "mfa" and one.get("reauthenticated") and one["at"] > limit for one in records)


def prover(request: HttpRequest) -> Callable[[str], None]:
    """Return what a form calls with the password typed into it: it raises what the form shows."""
    user = request.user
    assert isinstance(user, User)
    return lambda password: prove_password(
        user=user, password=password, address=client_address(request), request=request
    )


class _Page(BaseReauthenticateView):
    """What the three ways have in common."""

    def get_default_success_url(self) -> str:
        return reverse("profile")

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": self.get_next_url() or ""}


@method_decorator([_METHODS, sensitive_post_parameters("current"), never_cache], name="dispatch")
class PasswordProofView(_Page, ReauthenticateView):
    """Ask for the password, then go on to where the person wanted to go."""

    template_name = "people/reauthenticate.html"
    form_class = ProofForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return kwargs | {"prove": prover(self.request)}

    def form_valid(self, form: ProofForm) -> HttpResponse:
        return BaseReauthenticateView.form_valid(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {"has_password": user.has_usable_password()}


class _FactorPage(_Page):
    """Codes and passkeys stand for each other; the password does not stand for them."""

    def get_reauthentication_alternatives(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_alternatives()
        return [one for one in found if one["id"] != "reauthenticate"]


@method_decorator([_METHODS, sensitive_post_parameters("code"), never_cache], name="dispatch")
class CodeProofView(_FactorPage, CodeView):
    """Ask for a code of the app, or a recovery code."""

    template_name = "people/reauthenticate_code.html"
    form_class = ProofCodeForm


@method_decorator([_METHODS, never_cache], name="dispatch")
class PasskeyProofView(_FactorPage, ReauthenticateWebAuthnView):
    """Ask for a passkey."""

    template_name = "people/reauthenticate_passkey.html"
    form_class = ProofKeyForm

    def form_invalid(self, form: ProofKeyForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own leaves the form out, and with it what was wrong
        context = BaseReauthenticateView.get_context_data(self, **kwargs)
        return context | {"next": self.get_next_url() or "", "options": options_for(self.request.user)}
