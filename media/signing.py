"""Addresses of pictures that nobody can guess (docs/adr/0009-delivery-of-files.md)."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

SEP = ":"


def sign(name: str) -> str:
    """Return the token that opens the rendition stored as ``name``."""
    return _signer().signature(name)


def is_signed(name: str, token: str) -> bool:
    """Whether ``token`` was made for ``name``, with the present secret key or one of the former."""
    try:
        _signer().unsign(f"{name}{SEP}{token}")
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer(salt="media.rendition", sep=SEP)
