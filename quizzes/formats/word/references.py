"""Options that speak of other options: shuffling must not make them wrong."""

# ruff: noqa: E501 (patterns read best in one line)

from __future__ import annotations

import re

_THINGS = r"(?:phương án|đáp án|câu trả lời|câu|ý|nội dung|lựa chọn|nhận định|phát biểu|điều|yếu tố|trường hợp)"
_ALL = re.compile(
    r"^(?:cả\s+(?:(?:hai|ba|bốn|năm|2|3|4|5)\b.*(?:trên|đúng|sai|phương án|đáp án|ý)|.*(?:trên|đều|đúng)$)|tất cả\b.*"
    rf"|không (?:có )?(?:{_THINGS} )?nào.*|không (?:có )?{_THINGS}(?: trả lời)? (?:nào.*|đúng|sai|phù hợp)"
    rf"|(?:các|những) {_THINGS}(?: .*)? (?:trên|đúng|sai).*|all (?:of )?the above.*|none of the above.*)$",
    re.IGNORECASE,
)
_LETTER = r"[(\[]?[A-H][)\]]?"
_JOINED = rf"{_LETTER}(?:\s*(?:,|và|and|&|hoặc|lẫn|\+|;|/)\s*(?:(?:câu|ý|đáp án|phương án)\s+)?{_LETTER})+"
_LETTERS = re.compile(
    rf"^(?:(?:cả|chỉ|chỉ có|gồm|hai|ba|bốn|2|3|4|các|những|đáp án|phương án|câu|ý|nội dung|both|either|neither)\s+)*{_JOINED}"
    r"(?:\s*(?:[,;:]\s*)?(?:(?:đều|là|cùng|chưa|không)\s+)*(?:đúng|sai|chính xác|phù hợp)\b.*|\s*\.?\s*$)",
    re.IGNORECASE,
)


def to_all(text: str) -> bool:
    """Whether an option speaks of all the others: "Cả ba đáp án trên", "Không có phương án nào đúng"."""
    return _ALL.match(text.strip(" .")) is not None


def to_letters(text: str) -> bool:
    """Whether an option names others by their letters: "Cả A và B", "A, B đúng; C sai"."""
    return _LETTERS.match(text.strip()) is not None
