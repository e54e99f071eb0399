"""Pieces that several kinds are checked and cleaned with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.html import clean_html
from lms.common.text import normalise
from quizzes.engine import layout
from quizzes.engine.wording import BadPatternError, comparable, compile_pattern
from quizzes.errors import InvalidAnswerError, InvalidItemError

MAX_TEXT = 2_000
MAX_ACCEPTED = 50


class Problems:
    """Collects what is wrong with an authored question, by place."""

    def __init__(self) -> None:
        self._fields: dict[str, list[str]] = {}

    def add(self, where: str, text: str | Promise) -> None:
        self._fields.setdefault(where, []).append(str(text))

    def check(self) -> None:
        """Raise :class:`InvalidItemError` when there is a problem."""
        if self._fields:
            raise InvalidItemError(_("The question cannot be saved."), fields=self._fields)


def one_problem(where: str, text: str | Promise) -> InvalidItemError:
    """Return the error for a single problem."""
    return InvalidItemError(_("The question cannot be saved."), fields={where: [str(text)]})


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` when it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def clean_parts(
    raw: Any, group: str, *, least: int, most: int, wanted: str | Promise, can_be_fixed: bool = True
) -> list[dict[str, Any]]:
    """Return the parts of a question (options, statements, prompts) cleaned: ``[{"id", "html", "fixed"}]``.

    Args:
        raw: what the author sent.
        group: the name of the field, which starts the place of every problem (``options.2``).
        least: how many there must be at least.
        most: how many there may be.
        wanted: the sentence that says how many.
        can_be_fixed: whether a part may be kept from shuffling.

    Raises:
        InvalidItemError: too few, too many, without an id of its own, or empty.
    """
    if not isinstance(raw, list) or not least <= len(raw) <= most:
        raise one_problem(group, wanted)
    problems = Problems()
    parts: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, entry in enumerate(raw):
        part = mapping(entry)
        ident = str(part.get("id", "")).strip()
        html = clean_html(str(part.get("html", "")))
        where = f"{group}.{index}"
        if not ident or ident in seen or "/" in ident:
            problems.add(where, _("Each option needs an id of its own."))
        if not html.strip():
            problems.add(where, _("The option is empty."))
        seen.add(ident)
        cleaned = {"id": ident, "html": html}
        parts.append({**cleaned, "fixed": bool(part.get("fixed", False))} if can_be_fixed else cleaned)
    problems.check()
    return parts


def clean_options(raw: Any, *, least: int = 2, can_be_fixed: bool = True) -> list[dict[str, Any]]:
    """Return lettered options cleaned, or raise :class:`InvalidItemError`."""
    most = len(layout.LETTERS)
    wanted = _("Give %(least)d to %(most)d options.") % {"least": least, "most": most}
    return clean_parts(raw, "options", least=least, most=most, wanted=wanted, can_be_fixed=can_be_fixed)


def clean_feedback(feedback: Mapping[str, Any], ids: list[str]) -> dict[str, Any]:
    """Return the feedback cleaned: ``{"general": html, "options": {id: html}}``, empty parts left out."""
    cleaned: dict[str, Any] = {}
    if general := clean_html(str(feedback.get("general", ""))).strip():
        cleaned["general"] = general
    options = {
        ident: clean_html(str(text))
        for ident, text in mapping(feedback.get("options")).items()
        if ident in ids and str(text).strip()
    }
    if options:
        cleaned["options"] = options
    return cleaned


def clean_mode(key: Mapping[str, Any], modes: tuple[str, ...], problems: Problems) -> str:
    """Return the way of scoring, the first of ``modes`` when none is named."""
    mode = key.get("scoring", modes[0])
    if mode not in modes:
        problems.add("key", _("There is no such way of scoring."))
    return str(mode)


def clean_decimal(value: Any, where: str, problems: Problems, *, low: str = "", high: str = "") -> str:
    """Return a decimal number in its one written form (``"0.25"``); comma and point are both taken."""
    text = str(value).strip().replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        wrong = _("“%(value)s” is not a number.") % {"value": text[:40]} if text else _("Enter a number.")
        problems.add(where, wrong)
        return "0"
    if (low and number < Decimal(low)) or (high and number > Decimal(high)):
        problems.add(where, _("The number must lie between %(low)s and %(high)s.") % {"low": low, "high": high or "∞"})
    return written(number)


def written(number: Decimal) -> str:
    """Return the one written form of ``number``: no exponent, no needless zeros.

    >>> written(Decimal("2.50")), written(Decimal("1E+2")), written(Decimal("-0"))
    ('2.5', '100', '0')
    """
    return format(number.normalize(), "f") if number else "0"


def clean_share(entry: Mapping[str, Any], where: str, problems: Problems) -> str:
    """Return the share of the points that an accepted answer earns, ``"1"`` when none is named."""
    return clean_decimal(entry.get("share", "1"), where, problems, low="0", high="1")


def clean_accepted_texts(key: Mapping[str, Any], where: str, problems: Problems) -> dict[str, Any]:
    """Return the part of a key that says which texts are right; also for a typed gap."""
    case, accents = bool(key.get("case", False)), bool(key.get("accents", True))
    pattern = bool(key.get("pattern", False))
    accepted = []
    for index, entry in enumerate(_entries(key, where, problems)):
        place = f"{where}.accepted.{index}"
        text = normalise(str(entry.get("text", "")))
        share = clean_share(entry, place, problems)
        if not text or len(text) > MAX_TEXT or not comparable(text, case=case, accents=accents):
            problems.add(place, _("The accepted answer is empty or too long."))
        elif pattern:
            try:
                compile_pattern(text, case=case, accents=accents)
            except BadPatternError as error:
                problems.add(place, _("The pattern cannot be used: %(reason)s.") % {"reason": error})
        accepted.append({"text": text, "share": share})
    _check_full(accepted, where, problems)
    return {"accepted": accepted, "case": case, "accents": accents, "pattern": pattern}


def clean_accepted_numbers(
    key: Mapping[str, Any], where: str, problems: Problems, *, kinds: tuple[str, ...]
) -> dict[str, Any]:
    """Return the part of a key that says which numbers are right; also for a typed gap."""
    accepted = [
        {
            "value": clean_decimal(entry.get("value", ""), f"{where}.accepted.{index}", problems),
            "tolerance": clean_decimal(entry.get("tolerance", "0"), f"{where}.accepted.{index}", problems, low="0"),
            "share": clean_share(entry, f"{where}.accepted.{index}", problems),
        }
        for index, entry in enumerate(_entries(key, where, problems))
    ]
    _check_full(accepted, where, problems)
    kind = key.get("tolerance_kind", kinds[0])
    if kind not in kinds:
        problems.add(where, _("There is no such kind of tolerance."))
    return {"accepted": accepted, "tolerance_kind": kind}


def _entries(key: Mapping[str, Any], where: str, problems: Problems) -> list[Mapping[str, Any]]:
    raw = key.get("accepted")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_ACCEPTED:
        problems.add(where, _("Give 1 to %(most)d accepted answers.") % {"most": MAX_ACCEPTED})
        return []
    return [mapping(entry) for entry in raw]


def _check_full(accepted: list[dict[str, str]], where: str, problems: Problems) -> None:
    if accepted and not any(Decimal(entry["share"]) == 1 for entry in accepted):
        problems.add(where, _("At least one accepted answer must earn all points."))


def storable(text: str) -> str:
    """Return ``text`` without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def answer_text(value: Any, wrong: InvalidAnswerError, *, most: int = MAX_TEXT) -> str | None:
    """Return a typed answer without the spaces around it, ``None`` when nothing is left.

    Raises:
        InvalidAnswerError: not a text (``wrong``), or longer than ``most``.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise wrong
    if len(value) > most:
        raise InvalidAnswerError(_("An answer has at most %(most)d characters.") % {"most": most})
    return storable(value).strip() or None
