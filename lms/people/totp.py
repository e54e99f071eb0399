"""One-time codes by time (RFC 6238: SHA-1, six digits, thirty seconds), as every authenticator app shows them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be early or late


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a step (seconds since 1970 // 30); RFC 4226 §5.3."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number: int = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, moment: float) -> int | None:
    """Return the step around ``moment`` whose code is ``code``; ``None`` if it is wrong."""
    now = int(moment) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def manual_key(secret: bytes) -> str:
    """Return the secret as it is typed into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the ``otpauth:`` address that a QR code carries."""
    key = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode({'secret': key, 'issuer': issuer})}"
