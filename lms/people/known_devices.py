"""Browsers that an account has signed in from before: a signed cookie that the browser brings along.

It proves nothing about the person. It only says that failures of strangers need not slow this browser down
(docs/adr/0031, after OWASP's device cookies).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_SALT = "lms.people.known_devices"
_YEAR = 365 * 24 * 3600
_MOST = 8  # accounts of one browser: a family's computer, not a hall's


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A browser by a random mark, and the accounts that have signed in from it, the latest last."""

    mark: str = ""
    accounts: tuple[int, ...] = ()

    def knows(self, account_id: int | None) -> bool:
        """Whether this account has signed in from here."""
        return account_id is not None and account_id in self.accounts


def device_of(request: HttpRequest | None) -> KnownDevice:
    """Return what the browser's cookie says; nothing for a browser without one, or with one that is not ours."""
    text = request.COOKIES.get(settings.SEN_KNOWN_DEVICE_COOKIE, "") if request is not None else ""
    if not text:
        return KnownDevice()
    try:
        mark, accounts = signing.loads(text, salt=_SALT, max_age=_YEAR)
        return KnownDevice(str(mark), tuple(int(account) for account in accounts))
    except (signing.BadSignature, ValueError, TypeError):
        return KnownDevice()  # a stranger's invention, or from before the key was changed


def remember_account[R: HttpResponse](request: HttpRequest, response: R, account_id: int) -> R:
    """Let the browser bring along that ``account_id`` has signed in from it."""
    device = device_of(request)
    accounts = [*(account for account in device.accounts if account != account_id), account_id][-_MOST:]
    response.set_cookie(
        settings.SEN_KNOWN_DEVICE_COOKIE,
        signing.dumps([device.mark or secrets.token_urlsafe(12), accounts], salt=_SALT),
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
