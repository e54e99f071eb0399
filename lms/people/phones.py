"""Vietnamese phone numbers as people type them."""

from __future__ import annotations

import phonenumbers


def normalise_phone(text: str) -> str | None:
    """Return ``text`` as E.164 ("0912 345 678" → "+84912345678"), or ``None`` if it is no valid number."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
