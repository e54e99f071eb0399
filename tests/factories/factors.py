"""Second factors for tests."""

from __future__ import annotations

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from lms.common.clock import now
from lms.people.factor_keys import decrypt
from lms.people.models import User


def code_at(secret: str, ahead: int = 0) -> str:
    """Return what an app shows for ``secret``, ``ahead`` steps of thirty seconds from now."""
    return format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30 + ahead))


def secret_of(user: User) -> str:
    """Return the secret in the person's app."""
    return decrypt(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"])


def code_of(user: User, ahead: int = 0) -> str:
    """Return what the person's app shows."""
    return code_at(secret_of(user), ahead)


def give_app(user: User) -> list[str]:
    """Give ``user`` an app for codes, and return the recovery codes that come with it."""
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).get_unused_codes()


def give_passkey(user: User, name: str = "Điện thoại") -> Authenticator:
    """Give ``user`` a passkey; nothing can answer for it, but it stands in lists and is asked for."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=json.loads(_PASSKEY) | {"name": name}
    )


_PASSKEY = "{}"
