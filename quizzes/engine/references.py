"""Options that speak of the other options ("Cả ba đáp án trên", "A và C"), and what must then keep its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizzes.engine.texts import plain_text, words

_END = r"( (deu|la))?( (dung|sai))?"
_NAMES = r"(phuong an|dap an|lua chon|y|cau|noi dung|y kien|truong hop|nhan dinh|phat bieu)"
# All in words without accents.
_ABOVE = re.compile(
    rf"^(ca|tat ca|cac|hai|ba|bon|mot trong)( \w+){{0,5}} (o )?(ben |phia |ke |neu )?tren{_END}$"
    rf"|^(ca|tat ca)( \w+){{0,4}} {_NAMES}( \w+){{0,2}} deu (dung|sai)$"
    r"|^(ca|tat ca)( (hai|ba|bon|nam|2|3|4|5))? deu (dung|sai)$"
    rf"|^khong (co )?{_NAMES} nao( \w+){{0,4}}$"
    r"|^(all|both|none|neither)( \w+){0,3} above( \w+){0,2}$"
)
_LETTERS = re.compile(
    rf"^((ca|gom|chi|chi co|both|{_NAMES}) )*({_NAMES} )?[a-j](( (va|hoac|and|or|lan))?( {_NAMES})? [a-j])+{_END}$"
    rf"|^(chi|chi co|only) ({_NAMES} )?[a-j]{_END}$"
)


def refers_to_others(markup: str) -> bool:
    """Whether an option speaks of the others, so that it must stay in its place."""
    text = _words(markup)
    return bool(_ABOVE.search(text) or _LETTERS.search(text))


def held_places(options: Sequence[str]) -> set[int]:
    """Return the places (from 0) of the options that must not move, given their HTML in the author's order.

    One that speaks of those above it stays, and so does what stands below it; one that names letters stays together
    with the options that it names: shuffled, "A và C" would mean others.
    """
    held: set[int] = set()
    for place, markup in enumerate(options):
        text = _words(markup)
        if _LETTERS.search(text):
            named = {ord(word) - ord("a") for word in text.split() if len(word) == 1 and "a" <= word <= "j"}
            held |= {place, *(one for one in named if one < len(options))}
        elif _ABOVE.search(text):
            held |= set(range(place, len(options)))
    return held


def _words(markup: str) -> str:
    return " ".join(words(plain_text(markup)))
