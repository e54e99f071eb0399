"""The one way in for people: what was proved first, then the second factor, then a session.

The steps are django-allauth's (``get_login_stages`` of our adapter); what they end in is
:mod:`lms.people.services.sessions`.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import (
    clear_authentication_records,
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.account.stages import LoginStage
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from lms.people.models import User
from lms.people.services.sessions import forget_session

_PROOFS = frozenset({"password", "mfa"})  # methods of allauth that the person can be asked for again


def enter(
    request: HttpRequest, user: User, *, remember: bool = False, target: str = "", by: str = "password"
) -> HttpResponse:
    """Sign ``user`` in who has proved a password, or go on to the second factor; return the way there.

    Args:
        remember: keep the session when the browser is closed.
        target: a page of this site to go to then.
        by: how the person proved it, for the record; ``activation`` has just chosen the password.
    """
    forget_proofs(request)
    record_authentication(request, user, "password")
    login = Login(user=user, redirect_url=target or None, signal_kwargs={"remember": remember, "by": by})
    return perform_login(request, login)


def enter_by_passkey(request: HttpRequest, passkey: Authenticator, *, target: str = "") -> HttpResponse:
    """Sign the owner of ``passkey`` in, which was shown a moment ago: device and finger are two factors in one."""
    forget_proofs(request)
    post_authentication(request, passkey, passwordless=True)
    login = Login(user=passkey.user, redirect_url=target or None, signal_kwargs={"remember": True})
    return perform_login(request, login)


def forget_proofs(request: HttpRequest) -> None:
    """Begin to sign in anew: end the session of somebody who is signed in here, and drop half a sign-in."""
    if request.user.is_authenticated:
        key = request.session.session_key
        logout(request)
        forget_session(key)
    clear_authentication_records(request)


def way_in(request: HttpRequest, user: User, by: str) -> str:
    """Return for the record how ``user`` has just proved to be there: ``password+code``, ``passkey``, ``oidc`` …

    Args:
        by: what was proved first.
    """
    last = _last_proof(request, user)
    if last.get("method") != "mfa":
        return by
    if last.get("passwordless"):
        return "passkey"
    return f"{by}+passkey" if last.get("type") == "webauthn" else f"{by}+code"


def count_as_proof(request: HttpRequest, user: User) -> None:
    """Let a sign-in count for pages that ask who is there: nobody is asked twice within ``SEN_PROOF_MINUTES``."""
    last = _last_proof(request, user)
    if last.get("method") in _PROOFS:
        extra = {name: last[name] for name in ("id", "type") if name in last}
        record_authentication(request, user, str(last["method"]), reauthenticated=True, **extra)


def _last_proof(request: HttpRequest, user: User) -> dict[str, Any]:
    records: list[dict[str, Any]] = get_authentication_records(request, user)
    return records[-1] if records else {}


class UnchangedStage(LoginStage):
    """Between the steps of a sign-in the account must stay open and keep its password: stands before the second factor
    and is asked again by its page.
    """

    key = "sen_unchanged"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Remember what the account looked like when the first step was done."""
        self.login.state["hash"] = self.login.user.get_session_auth_hash()
        return None, True


def is_unchanged(login: Login) -> bool:
    """Whether the account of a half sign-in is open and has the password that it began with."""
    user = login.user
    return (
        user is not None
        and user.is_active
        and constant_time_compare(login.state.get("hash", ""), user.get_session_auth_hash())
    )
