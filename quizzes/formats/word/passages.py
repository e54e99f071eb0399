"""Texts that several questions share: "Đọc đoạn văn sau và trả lời các câu hỏi từ 5 đến 7"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quizzes.formats.word.blocks import TextLine
from quizzes.formats.word.rich import Rich

_LEAD = re.compile(
    r"^\W*(?:hãy\s+)?(?:đọc|dựa\s+(?:vào|trên)|căn\s+cứ|cho|xem|quan\s+sát|nghiên\s+cứu|sử\s+dụng|dùng|theo|từ|(?:các\s+)?câu(?:\s+hỏi)?\s+(?:từ\s+)?\d|read|use)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?:cho|của|từ)\s+)?(?:các\s+|những\s+)?câu(?:\s*hỏi)?\s*(?:số\s*)?(?:từ\s*)?(?:câu\s*)?(?P<first>\d{1,3})\s*(?:đến|tới|[-–—]|và|,|&)\s*(?:câu\s*)?(?P<last>\d{1,3})",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"(?:trả\s*lời|thực\s*hiện|làm|hoàn\s*thành)\s+(?:\S+\s+){0,3}câu(?:\s*hỏi)?\s+(?:sau|dưới|bên\s*dưới|tiếp\s*theo|ở\s*dưới|phía\s*dưới|kèm)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"trả\s*lời|thực\s*hiện|làm|hoàn\s*thành|dùng\s+cho|cho\s+(?:các\s+)?câu|questions", re.IGNORECASE)


@dataclass(slots=True)
class Passage:
    """A shared text, and the numbers of the questions that it is for; without numbers, the next question only."""

    first: int = 0
    last: int = 0
    lines: list[TextLine] = field(default_factory=list)

    def is_for(self, number: int) -> bool:
        return self.first <= number <= self.last if self.last else True


def begins(line: TextLine) -> Passage | None:
    """Return a new passage when ``line`` announces one."""
    text = line.text
    if not _LEAD.match(text) or not _ASKS.search(text):
        return None
    found = _RANGE.search(text)
    if found is None:
        return Passage(lines=[line]) if _FOLLOWING.search(text) else None
    first, last = int(found["first"]), int(found["last"])
    if not first < last <= first + 60:
        return None
    # the numbers are the file's own and mean nothing in a bank
    rich = line.rich
    said = Rich("câu hỏi", [rich.marks[found.start()]] * 7)
    return Passage(first, last, [TextLine(rich[: found.start()] + said + rich[found.end() :], line.paragraph)])
