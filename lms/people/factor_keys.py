"""Encryption of the secrets of second factors, with keys that serve nothing else (docs/adr/0042)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def encrypt(text: str) -> str:
    """Return ``text`` encrypted with the first of ``SEN_FACTOR_KEYS``.

    Raises:
        ImproperlyConfigured: there is no key.
    """
    return _box().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return what :func:`encrypt` was given, under any of ``SEN_FACTOR_KEYS``.

    Raises:
        ImproperlyConfigured: there is no key.
        InvalidToken: none of the keys made it.
    """
    return _box().decrypt(text).decode()


def _box() -> MultiFernet:
    keys = settings.SEN_FACTOR_KEYS
    if not keys:
        raise ImproperlyConfigured("Set SEN_FACTOR_KEYS: secrets of second factors are encrypted with them.")
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    """Return the form that Fernet takes; the keys are long and random, so that one digest is enough."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"lms.people.factors:" + key.encode()).digest())
