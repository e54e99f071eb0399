"""The second factor: asked for after the password, and kept in the profile."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.people.access import must_have_factor
from lms.people.entrance import is_unchanged
from lms.people.models import User
from lms.people.queries import factors_of
from lms.people.services import factors
from lms.people.services.sessions import keep_session
from lms.people.views.proofs import needs_factor_proof

_METHODS = ["get", "head", "post", "options"]
_PRIVATE: list[Any] = [sensitive_post_parameters("code", "credential"), never_cache]
_PROVED: list[Any] = [require_http_methods(["GET", "HEAD", "POST"]), needs_factor_proof, *_PRIVATE]


@method_decorator([csrf_protect, *_PRIVATE], name="dispatch")
class SignInCodeView(AuthenticateView):
    """The second step of signing in: a code, or a passkey where the person has one."""

    template_name = "people/login_code.html"
    webauthn_form: Any
    http_method_names = _METHODS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_unchanged(self.stage.login):
            return self.stage.abort()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_unchanged(self.stage.login):
            return self.stage.abort()
        return super().post(request, *args, **kwargs)

    def _build_forms(self) -> Any:
        posted = super()._build_forms()
        types = set(factors_of(self.stage.login.user).values_list("type", flat=True))
        if posted is not self.webauthn_form and Authenticator.Type.WEBAUTHN not in types:
            self.webauthn_form = None
        return posted

    def form_invalid(self, form: Any) -> HttpResponse:
        paused = any(error.code == "paused" for error in form.errors.as_data().get("code", []))
        return self.render_to_response(self.get_context_data(), status=429 if paused else 422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.webauthn_form:
            context["options"] = json.dumps(context["js_data"]["request_options"])
        return context


@method_decorator(never_cache, name="dispatch")
class FactorsView(IndexView):
    """The page of the second factors: the app, passkeys, recovery codes."""

    template_name = "people/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = context["authenticators"]
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "app": found.get(Authenticator.Type.TOTP),
            "passkeys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "must": must_have_factor(self.request.user),
        }


class _Change:
    """A page that adds or removes a factor: recorded, and every other session and API token ends with it."""

    request: HttpRequest
    added: bool
    kind: str
    http_method_names = _METHODS

    def form_valid(self, form: Any) -> HttpResponse:
        user = _person(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            self.settle(form)
            factors.note_change(user=user, added=self.added, kind=self.kind)
        if self.added:  # shown a moment ago: the recovery codes come next, without another question
            record_authentication(self.request, user, "mfa", type=self.kind, reauthenticated=True)
        keep_session(request=self.request, user=user)
        messages.success(self.request, self.words())
        return response

    def settle(self, form: Any) -> None:
        """Do in the same transaction what else belongs to the change."""

    def words(self) -> str:
        if not self.added and not factors.has_factor(_person(self.request)):
            return _("Signing in takes only your password now.")
        return _("The second factor is on.") if self.added else _("The second factor was removed.")

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


@method_decorator(_PROVED, name="dispatch")
class AppView(_Change, ActivateTOTPView):
    """Set an app for codes up: show the secret and take the first code."""

    template_name = "people/factor_set_up.html"
    added, kind = True, Authenticator.Type.TOTP

    def settle(self, form: Any) -> None:
        factors.spend_first_code(user=_person(self.request), step=form.step)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {
            "key": " ".join(groups),
            "qr": context["totp_svg"],
            "must": must_have_factor(self.request.user),
        }


@method_decorator(_PROVED, name="dispatch")
class AppOffView(_Change, DeactivateTOTPView):
    """Give the app up."""

    template_name = "people/factor_off.html"
    added, kind = False, Authenticator.Type.TOTP


@method_decorator(_PROVED, name="dispatch")
class PasskeyView(_Change, AddWebAuthnView):
    """Add a passkey: the browser makes it."""

    template_name = "people/passkey_add.html"
    added, kind = True, Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super(AddWebAuthnView, self).get_context_data(**kwargs)
        # allauth's own makes keys for the second step alone; these sign in by themselves as well
        options = webauthn.begin_registration(_person(self.request), passwordless=True)
        return context | {"options": json.dumps(options), "must": must_have_factor(self.request.user)}


@method_decorator(_PROVED, name="dispatch")
class PasskeyOffView(_Change, RemoveWebAuthnView):
    """Remove a passkey."""

    template_name = "people/factor_off.html"
    added, kind = False, Authenticator.Type.WEBAUTHN

    def form_valid(self, form: Any) -> HttpResponse:
        if not factors.may_remove(self.get_object()):
            messages.error(self.request, _("Your role asks for a second factor."))
            return redirect("factor")
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"name": str(self.object)}


@method_decorator(_PROVED, name="dispatch")
class PasskeyNameView(EditWebAuthnView):
    """Give a passkey another name."""

    template_name = "people/passkey_name.html"
    http_method_names = _METHODS

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator(_PROVED, name="dispatch")
class CodesView(ViewRecoveryCodesView):
    """The recovery codes, shown once."""

    template_name = "people/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        codes = [f"{code[:4]} {code[4:8]} {code[8:]}" for code in context["unused_codes"]]
        return context | {"codes": codes if context["can_view_codes"] else [], "left": len(codes)}


@method_decorator(_PROVED, name="dispatch")
class NewCodesView(GenerateRecoveryCodesView):
    """New recovery codes in place of the old."""

    template_name = "people/recovery_codes_new.html"
    http_method_names = _METHODS

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            factors.note_new_codes(user=_person(self.request))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
