"""The keyed digests of the audit trail (HMAC-SHA256), with keys of its own (SEN_AUDIT_KEY)."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def keys() -> list[bytes]:
    """Return the key of today first, then those of before, which are kept as long as the trail is proved.

    Raises:
        ImproperlyConfigured: there is no key.
    """
    if not settings.SEN_AUDIT_KEY:
        raise ImproperlyConfigured("Set SEN_AUDIT_KEY: the audit trail is sealed with it.")
    secrets = [settings.SEN_AUDIT_KEY, *settings.SEN_AUDIT_KEY_FALLBACKS]
    return [hashlib.sha256(b"lms.audit:" + secret.encode()).digest() for secret in secrets]


def mac_of(*parts: str) -> str:
    """Return the seal of a text with the key of today."""
    return _mac(keys()[0], *parts)


def is_mac(seal: str, *parts: str) -> bool:
    """Whether ``seal`` was set on the text with a key of today or before."""
    return any(hmac.compare_digest(_mac(key, *parts), seal) for key in keys())


def _mac(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
