"""Addresses of pictures that nobody can guess (docs/adr/0010-delivery-of-files.md)."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="media.rendition", sep=".")


def sign(rendition_id: int) -> str:
    """Return the token that stands for a rendition in its address."""
    return _signer.sign(str(rendition_id))


def unsign(token: str) -> int | None:
    """Return the rendition that ``token`` was signed for; ``None`` for a token that we did not sign."""
    try:
        return int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
