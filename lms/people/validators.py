"""Letters that a person's name may consist of."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.common.text import normalise

# Beside letters, their marks and figures: H'Hen, Nguyễn-Phúc, "Nguyễn Văn A (Tý)", Tr. Anh, a Party cell "3/2".
_SIGNS = frozenset(" '’ʼ`-–.,()/&")
_MOST_MARKS = 3  # Vietnamese needs two marks on a letter; towers of them cover the lines above


def refused_letter(text: str) -> str:
    """Return the first character that no name has (markup, control, what turns or hides text); "" when all is well.

    Format characters (U+202E, zero-width spaces) show one name and mean another; ``<`` and ``>`` are markup.
    """
    marks = 0
    for letter in normalise(text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind.startswith("M") else 0
        if marks > _MOST_MARKS or not (kind[0] in "LM" or kind == "Nd" or letter in _SIGNS):
            return letter
    return ""


def validate_name_letters(value: str) -> None:
    """Refuse what no name is written with.

    Raises:
        ValidationError: ``name_letters``.
    """
    if refused_letter(value):
        raise ValidationError(
            _("A name has letters only: no symbols, no hidden or turned characters."), code="name_letters"
        )


def validate_full_name(value: str) -> None:
    """Refuse what is no full name: fewer than two letters, or characters that no name has.

    Raises:
        ValidationError: ``name_letters`` or ``name_short``.
    """
    validate_name_letters(value)
    if sum(letter.isalpha() for letter in normalise(value)) < 2:
        raise ValidationError(_("Write the full name with at least two letters."), code="name_short")
