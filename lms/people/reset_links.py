"""Tokens that tie a link for a new password to the account as it is now.

The setting ``ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR`` names them.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    """Links that end with everything that ends the person's sessions, besides what Django ends them with."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch or ''}"


reset_links: Final = ResetLinks()
