"""Signing in by token: who holds it, whether it still holds, and whether it may do what is asked.

All of it is decided here and not by a permission class: a view that names permissions of its own would forget it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from lms.common.request_context import REFUSED
from lms.people.enums import TokenScope
from lms.people.services.tokens import Holder, holder_of, note_expired_use

KEYWORD = b"token"


class ApiTokenAuthentication(BaseAuthentication):
    """``Authorization: Token …``. A safe method takes the scope ``read``, any other one ``write``.

    A view that a narrower scope opens as well says so by ``token_scope``; ``None`` opens it to every token.
    """

    lean = False

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD:
            return None
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        holder = holder_of(text, lean=self.lean)
        if holder is None:
            raise AuthenticationFailed(_("This token is not valid."))
        if holder.expired:
            note_expired_use(holder)
            raise AuthenticationFailed(_("This token is over. Make a new one."), code="token_expired")
        _refuse(request, holder)
        return holder.user, holder

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class LeanTokenAuthentication(ApiTokenAuthentication):
    """Reads four columns of the person. The user it gives loads whatever else is asked of it."""

    lean = True


def _refuse(request: Request, holder: Holder) -> None:
    """Raise where the same person's session would be refused too, or where the token's scopes do not reach."""
    setattr(request._request, REFUSED, holder.user.pk)  # the framework forgets who it was when this raises
    if holder.must_change_password:
        raise PermissionDenied(_("Change your password first."), code="password_change_required")
    if holder.must_set_up_factor:
        raise PermissionDenied(_("Set up your second factor first."), code="second_factor_required")
    needed = _needed(request)
    if needed and not needed & holder.scopes:
        raise PermissionDenied(
            _("This token may not do this. It needs: %(scopes)s.") % {"scopes": ", ".join(sorted(needed))},
            code="scope_required",
        )


def _needed(request: Request) -> frozenset[str]:
    """Return the scopes of which one is enough; empty where any token will do."""
    view = (request.parser_context or {}).get("view")
    narrower = getattr(view, "token_scope", TokenScope.WRITE)
    if narrower is None:
        return frozenset()
    if request.method in SAFE_METHODS:
        return frozenset({TokenScope.READ.value})
    return frozenset({TokenScope.WRITE.value, str(narrower)})


# For the requests of an exam day: thousands of papers and answers in a minute.
HOT = (LeanTokenAuthentication, SessionAuthentication)
