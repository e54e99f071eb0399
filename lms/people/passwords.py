"""Words that a password is not made of: the field's, the product's, the person's and the unit's own.

Somebody who guesses begins with them (ASVS 5.0.0, 6.1.2 and 6.2.11). A word may stand in a password that has enough
beside it; what is counted leaves out years, figures in a row, and signs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.common.text import fold
from lms.people.models import Unit, User
from lms.people.phones import normalise_phone

#: The field's words, folded and joined as people type them, and the usual beginnings of a first password.
FIELD_WORDS = frozenset(
    {
        "bacho", "bancuongviet", "bantuyengiao", "bithu", "boiduong", "camtinhdang", "canbo", "caocap", "chibo",
        "chinhtri", "chutich", "congchuc", "congsan", "dangbo", "dangcongsan", "dangky", "dangnhap", "danguy",
        "dangvien", "daotao", "dongchi", "giangvien", "hochiminh", "hoctap", "hoctructuyen", "hocvien", "khaothi",
        "kiemtra", "lenin", "lophoc", "lyluan", "lyluanchinhtri", "maclenin", "matkhau", "nghiquyet", "quantri",
        "socap", "thidua", "totquoc", "toquoc", "trungcap", "trungtam", "trungtamchinhtri", "truongchinhtri",
        "truongdang", "tuyengiao", "vietnam", "admin", "administrator", "elearning", "login", "password",
        "qwerty", "welcome",
    }
)  # fmt: skip
#: The product's.
PRODUCT_WORDS = frozenset({"sen", "senlms", "sendemo", "hoasen"})
#: So many different letters and figures beside the words are a password of their own.
ENOUGH = 6
_SHORTEST = 4  # of a word from names and units: shorter ones stand in everything
_LIKE_LETTERS = str.maketrans("013457@$!", "oieastasi")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ROWS = ("01234567890", "98765432109", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NOT_LETTER = re.compile(r"[^a-z0-9]+")
_DATES = ("%d%m%Y", "%Y%m%d", "%d%m%y")


class WordListValidator:
    """Refuses passwords that are little more than such a word, or a phone number or a date."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``password_of_known_words`` or ``password_of_a_number``."""
        folded = fold(password)
        bare = _NOT_LETTER.sub("", folded)
        if not bare.isdigit():
            like = _NOT_LETTER.sub("", folded.translate(_LIKE_LETTERS))
            words = words_for(user)
            if _too_little(bare, words) or _too_little(like, words):
                raise ValidationError(
                    _("This password is made of a word that others guess first. Add something that only you think of."),
                    code="password_of_known_words",
                )
        elif _is_number_of_life(bare, user):
            raise ValidationError(
                _("Phone numbers and dates are guessed first. Choose something else."), code="password_of_a_number"
            )

    def get_help_text(self) -> str:
        return _("Not made of a word of our field, the name of your unit, a phone number or a date.")


def words_for(user: Any) -> frozenset[str]:
    """Return the words that a password of ``user`` is not made of; the fixed ones for nobody in particular."""
    return FIELD_WORDS | PRODUCT_WORDS | frozenset(_own_words(user))


def _own_words(user: Any) -> Iterator[str]:
    if not isinstance(user, User):
        return
    for text in (user.username, user.email, user.family_name, user.middle_name, user.given_name):
        yield from _parts(text or "")
    yield from _parts(f"{user.family_name} {user.middle_name} {user.given_name}")
    if user.pk is None:
        return
    paths = Unit.objects.filter(profiles__user=user).values_list("path", flat=True)
    paths = [*paths, *user.memberships.current().values_list("unit__path", flat=True)]
    above = {path[:end] for path in paths for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}
    for name in Unit.objects.filter(path__in=above).values_list("name", flat=True):
        yield from _parts(name)


def _parts(text: str) -> Iterator[str]:
    """Yield the words of a name, and what its last ones make together ("Yên Thổ": yentho)."""
    words = [word for word in _NOT_LETTER.split(fold(text)) if word]
    for start in range(len(words)):
        yield from (one for one in (words[start], "".join(words[start:])) if len(one) >= _SHORTEST)


def _too_little(text: str, words: frozenset[str]) -> bool:
    """Whether listed words are in ``text`` (letters and figures only) and too little stands beside them."""
    found = sorted((word for word in words if word in text), key=len, reverse=True)
    if not found:
        return False
    for word in found:
        text = text.replace(word, " ")
    text = _YEAR.sub(" ", text)
    left = "".join(part for part in text.split() if len(part) < 3 or not any(part in row for row in _ROWS))
    return len(set(left)) < ENOUGH


def _is_number_of_life(figures: str, user: Any) -> bool:
    if normalise_phone(figures) is not None:
        return True
    for form in _DATES:
        try:
            found = dt.datetime.strptime(figures, form).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        if 1900 <= found.year <= 2100:
            return True
    return False
