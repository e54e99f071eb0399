"""Signing in by token where every tenth of a millisecond counts."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from lms.common.prepared import prepared
from lms.people.models import User


@prepared
def _holder(key: str) -> QuerySet[Token, tuple[int, bool]]:
    return Token.objects.filter(key=key).order_by().values_list("user_id", "user__is_active")


class LeanTokenAuthentication(TokenAuthentication):
    """Reads two columns instead of two rows. The user it gives loads whatever else is asked of it."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        found = _holder.first(key=key)
        if found is None or not found[1]:
            raise AuthenticationFailed(_("This token is not valid."))
        user = User.from_db(DEFAULT_DB_ALIAS, ["id", "is_active"], list(found))
        return user, key


# For the requests of an exam day: thousands of papers and answers in a minute.
HOT = (LeanTokenAuthentication, SessionAuthentication)
