"""Adapters of django-allauth: what it asks them is answered by our services (docs/adr/0042)."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.audit.events import note_bounded
from lms.common.qr import qr_svg
from lms.common.request_context import client_address
from lms.people import factor_keys
from lms.people.entrance import count_as_proof, way_in
from lms.people.known_devices import remember_account
from lms.people.models import User
from lms.people.oidc import SenOidcProvider, client_app, is_configured
from lms.people.queries import factors_of
from lms.people.services import emails, factors
from lms.people.services.accounts import change_password
from lms.people.services.sessions import begin_session, forget_session, settle_session

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, links and pages: accounts are made by offices, and sessions are ours."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return ``False``: offices make the accounts."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as our own proxy vouches for it, never as a client writes it."""
        return client_address(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages stay pages: no header of a client turns them into data."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a page of the very host that is being looked at; never another host, nor http from https."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_stages(self) -> list[str]:
        """Return the steps between the first proof and the session."""
        return ["lms.people.entrance.UnchangedStage", "allauth.mfa.stages.AuthenticateStage"]

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """A closed account is answered like a wrong password, whatever it was opened with."""
        if user.is_active and not user.is_guest:
            return None
        clear_login(request)
        messages.error(
            request, _("The name or the password is not right. Check both, or ask your centre for a new code.")
        )
        return redirect("login")

    def login(self, request: HttpRequest, user: Any) -> None:
        begin_session(request=request, user=user, backend=settings.AUTHENTICATION_BACKENDS[0])

    def logout(self, request: HttpRequest) -> None:
        key = request.session.session_key
        super().logout(request)
        forget_session(key)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Settle the session, and let the browser remember that this account has signed in from it."""
        facts = kwargs.get("signal_kwargs") or {}
        first = "oidc" if "sociallogin" in facts else facts.get("by", "password")
        settle_session(
            request=request, user=user, remember=bool(facts.get("remember")), by=way_in(request, user, first)
        )
        count_as_proof(request, user)
        response = super().post_login(request, user, **kwargs)
        return remember_account(request, response, user.pk)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        return emails.confirm(address=email_address)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The address that people use, whatever host the request came by."""
        return f"{settings.SEN_BASE_URL.rstrip('/')}{reverse('email-confirm', args=[emailconfirmation.key])}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The one message of allauth that is sent here is the link to confirm an address."""
        subject = " ".join(render_to_string("people/mail/confirm_subject.txt", context).split())
        send_mail(subject, render_to_string("people/mail/confirm.txt", context), None, [email])

    def set_password(self, user: Any, password: str) -> None:
        change_password(user=user, password=password, actor=user)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Our views say in their own words what happened; only a text given as it is is passed on."""
        if message := kwargs.get("message"):
            messages.add_message(request, level, message)
        elif args and args[0] == "socialaccount/messages/account_connected_other.txt":
            messages.error(request, _("This identity belongs to another account already."))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Password, code, passkey; where there is none, the page that says how to get a password."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = [
            method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]
        if methods or not user.is_authenticated:
            return methods
        return [{"id": "reauthenticate", "description": words["reauthenticate"], "url": reverse("reauthenticate")}]


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: how they are kept, named and given up."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy("Your role asks for a second factor."),
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
        "cannot_generate_recovery_codes": gettext_lazy("There is no second factor."),
    }

    def encrypt(self, text: str) -> str:
        return factor_keys.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_keys.decrypt(encrypted_text)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        if user.is_anonymous:
            return False
        if types is None:
            return factors_of(user).exists()
        return Authenticator.objects.filter(user_id=user.pk, type__in=types).exists()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return factors.may_remove(authenticator)

    def get_totp_label(self, user: Any) -> str:
        """The app shows the username: it never changes, and it is nobody's address."""
        return f"Sen:{user.username}"

    def build_totp_svg(self, url: str) -> str:
        # On white, whatever the theme: phones read dark on light.
        return qr_svg(url, scale=5, border=3, dark="#000", light="#fff")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's own name)
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Sen"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return super().get_public_key_credential_user_entity(user) | {
            "name": user.username,
            "display_name": user.get_full_name() or user.username,
        }


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Signing in through a provider of identities (OpenID Connect): one, from the settings, for accounts that exist.

    An identity belongs to an account because its person linked it while signed in to both, and for no other reason.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """No provider makes accounts here."""
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """An address proves nothing, whoever calls it verified."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The one of the settings; none is looked for in the database."""
        app = client_app() if is_configured() else None
        if app is None or provider not in {None, app.provider, app.provider_id}:
            return []
        return [app] if client_id in {None, app.client_id} else []

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> SenOidcProvider:
        return SenOidcProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Send away who comes with an identity that nobody has linked."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        note_bounded(who=client_address(request), action="people.identity_unknown", each=20)
        messages.error(
            request,
            _("No account here has this identity. Sign in with your password, then link it in your profile."),
        )
        raise ImmediateHttpResponse(redirect("login"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Record why the provider's answer was not taken, and go back to where the person can go on."""
        log.warning("oidc: %s", exception or error)
        note_bounded(
            who=client_address(request),
            action="people.identity_refused",
            data={"why": str(exception or error)[:200]},
            each=20,
        )
        if extra_context and extra_context.get("quiet"):
            return
        words = (
            _("You did not sign in at %(name)s.")
            if error == AuthError.CANCELLED
            else _("The answer of %(name)s was not accepted. Please try again, or use your password.")
        )
        messages.error(request, words % {"name": provider.name})
        back = "profile-identities" if request.user.is_authenticated else "login"
        raise ImmediateHttpResponse(redirect(back))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("profile-identities")
