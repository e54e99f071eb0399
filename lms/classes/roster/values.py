"""Reading one cell: dates, genders, numbers and names as people type them. Each raises :class:`CellError`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lms.common.clock import today
from lms.common.text import fold, normalise
from lms.people.enums import Gender
from lms.people.phones import normalise_phone

EXCEL_EPOCH = dt.date(1899, 12, 30)
OLDEST = 1900
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\s*+[/.\-]\s*+|\s++)(\d{1,2})(?:\s*+[/.\-]\s*+|\s++)(\d{4}|\d{2})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\Z")
_IN_WORDS = re.compile(r"(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})(?:\s*+,)?\s++nam\s+(\d{4})\Z")
_MIDNIGHT = re.compile(r"(?<![\sT])[\sT]++0{1,2}:00(:00(\.0+)?)?\Z")
_YEAR_ONLY = re.compile(r"(?:nam\s+)?(1[89]\d\d|20\d\d)\Z")
_FEMALE = frozenset({"nu", "f", "female", "gai", "n"})
_MALE = frozenset({"nam", "m", "male", "trai"})
_NAME_SIGNS = frozenset(" '’`-.()")
_USERNAME = re.compile(r"[\w.@+-]{1,150}\Z")


class CellError(ValueError):
    """A cell does not hold what its column asks for. The message is a translated sentence about the cell."""


def text_of(cell: Any, limit: int = 200) -> str:
    """Return a cell as NFC text with single spaces and without invisible signs."""
    if isinstance(cell, dict):
        return dt.date.fromisoformat(cell["date"]).strftime("%d/%m/%Y")
    shown = repr(cell) if isinstance(cell, float) else str(cell)
    text = normalise("".join(char if char.isprintable() else " " for char in shown.replace("\u200b", "")))
    if len(text) > limit:
        raise CellError(_("has more than %(limit)s letters") % {"limit": limit})
    return text


def parse_date(cell: Any, *, latest: dt.date | None = None) -> dt.date | None:
    """Return the date of a cell: a date of Excel, its serial number, ``dd/mm/yyyy``, ``d-m-yy``, or in words.

    Two-digit years mean the last hundred years. An empty cell has no date.
    """
    text = text_of(cell)
    if not text or text in {"-", "x", "X"}:
        return None
    if isinstance(cell, dict):
        day = dt.date.fromisoformat(cell["date"])
    elif isinstance(cell, int) and not isinstance(cell, bool) and 3000 < cell < 80000:
        day = EXCEL_EPOCH + dt.timedelta(days=cell)
    else:
        day = _written_date(text)
    if day.year < OLDEST or day > (latest or today()):
        raise CellError(
            _("“%(text)s” cannot be right: it lies before 1900 or in the future; correct it, or leave the cell empty")
            % {"text": text}
        )
    return day


def _written_date(text: str) -> dt.date:
    bare = _MIDNIGHT.sub("", fold(text)).lstrip("'")
    if _YEAR_ONLY.match(bare):
        raise CellError(
            _("“%(text)s” is only a year: add the day and the month, or leave the cell empty") % {"text": text}
        )
    if match := _DAY_FIRST.match(bare) or _IN_WORDS.match(bare):
        day, month, year = map(int, match.groups())
        if len(match.group(3)) == 2:
            year += 2000 if 2000 + year <= today().year else 1900
    elif match := _YEAR_FIRST.match(bare):
        year, month, day = map(int, match.groups())
    else:
        raise CellError(_("“%(text)s” is not a date: write day/month/year, as in 15/02/1990") % {"text": text})
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellError(
            _("“%(text)s” is not a date: write day/month/year, as in 15/02/1990") % {"text": text}
        ) from None


def parse_gender(cell: Any) -> str:
    """Return a :class:`~lms.people.enums.Gender`, or nothing for an empty cell."""
    text = text_of(cell)
    word = fold(text)
    if not word:
        return ""
    if word in _FEMALE:
        return Gender.FEMALE
    if word in _MALE:
        return Gender.MALE
    if word in {"khac", "other"}:
        return Gender.OTHER
    raise CellError(_("“%(text)s” is not “Nam” or “Nữ”: write one of them, or leave the cell empty") % {"text": text})


def parse_name(cell: Any) -> str:
    """Return a person's name. Names typed in capitals get their usual form."""
    text = text_of(cell)
    if not any(char.isalpha() for char in text):
        raise CellError(_("“%(text)s” is not a name: write family name and given name") % {"text": text})
    if odd := sorted({char for char in text if not (char.isalpha() or char in _NAME_SIGNS or _is_mark(char))}):
        raise CellError(
            _("“%(text)s” holds a sign that names do not have, take it out: %(sign)s") % {"text": text, "sign": odd[0]}
        )
    if len(text) > 120 or max(map(len, text.split(" "))) > 40:
        raise CellError(_("“%(text)s” is too long for a name: put only the name here") % {"text": text[:60] + "…"})
    return _title(text) if text.isupper() and len(text) > 3 else text


def _is_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def _title(text: str) -> str:
    """Return a name in capitals as it is usually written: ``NGUYỄN THỊ HOÀ`` → ``Nguyễn Thị Hoà``."""
    return re.sub(r"[^\W\d_]+", lambda word: word.group()[0] + word.group()[1:].lower(), text)


def parse_citizen_id(cell: Any) -> str:
    """Return a citizen ID of 12 figures, or an older one of 9.

    Excel drops leading zeros of numbers; of the numbers with 10 or 11 figures none is valid, so they get them back.
    """
    text = text_of(cell)
    figures = re.sub(r"[\s.\-']", "", text)
    if not figures:
        return ""
    if not figures.isascii() or not figures.isdigit():
        raise CellError(
            _("“%(text)s” is not a citizen ID number: write its 12 figures, or leave the cell empty") % {"text": text}
        )
    if len(figures) in (10, 11):
        figures = figures.zfill(12)
    if len(figures) not in (9, 12):
        raise CellError(
            _("“%(text)s” has %(count)s figures; a citizen ID number has 12: compare it with the card")
            % {"text": text, "count": len(figures)}
        )
    return figures


def parse_party_card(cell: Any) -> str:
    """Return a Party card number as written, without spaces."""
    text = text_of(cell).replace(" ", "").lstrip("'")
    if len(text) > 20:
        raise CellError(
            _("“%(text)s” is too long for a Party card number: put only the number here") % {"text": text[:40]}
        )
    if any(not (char.isalnum() or char in ".-/") for char in text):
        raise CellError(
            _("“%(text)s” is not a Party card number: correct it, or leave the cell empty") % {"text": text}
        )
    return text


def parse_phone(cell: Any) -> str:
    """Return a phone number in E.164, or nothing for an empty cell."""
    text = text_of(cell).lstrip("'")
    if not text or text == "-":
        return ""
    number = normalise_phone(text)
    if number is None:
        raise CellError(
            _("“%(text)s” is not a phone number: write it as in 0912 345 678, or leave the cell empty") % {"text": text}
        )
    return number


def parse_email(cell: Any) -> str:
    """Return an e-mail address, or nothing for an empty cell."""
    text = text_of(cell)
    if not text or text == "-":
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise CellError(
            _("“%(text)s” is not an e-mail address: write it as in an@example.vn, or leave the cell empty")
            % {"text": text}
        ) from None
    return text


def parse_username(cell: Any) -> str:
    """Return a username, or nothing for an empty cell."""
    text = text_of(cell)
    if text and not _USERNAME.match(text):
        raise CellError(
            _("“%(text)s” is not a username: letters, figures and . - _, or leave the cell empty") % {"text": text}
        )
    return text
