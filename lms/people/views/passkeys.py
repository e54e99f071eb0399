"""Passkeys (WebAuthn): what the browser is asked, and signing in by one alone."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.mixins import NextRedirectMixin
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lms.people.entrance import enter_by_passkey


def options_for(user: Any) -> str:
    """Return what the browser needs to ask ``user`` for a passkey (JSON); the challenge stands in the session."""
    return json.dumps(auth.begin_authentication(user))


@method_decorator(never_cache, name="dispatch")
class PasskeySignInView(NextRedirectMixin, LoginWebAuthnView):
    """Signing in by a passkey alone: it is the device, and the finger or PIN that opens it.

    GET gives the browser a challenge; POST takes its answer.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(auth.begin_authentication(user=None))

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("The passkey was not recognised. Sign in with your password."))
        return redirect("login")

    def form_valid(self, form: Any) -> HttpResponse:
        return enter_by_passkey(self.request, form.cleaned_data["credential"], target=self.get_next_url() or "")
