"""Answers that stand apart from the questions: lines like "1-A 2.B" and tables, of one paper or of several codes."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lms.common.text import fold
from quizzes.formats.word import patterns

type Pairs = list[tuple[int, str]]

_TOKEN = re.compile(
    r"(?<![\w,.])(?:câu\s*)?(?P<n>\d{1,4})\s*[-–.:)=/]?\s*(?:đáp án\s*)?(?P<key>[A-H](?:\s*[,;&]\s*[A-H](?!\s*[-–.:)=]?\s*\d))*|[ĐS]{2,10})(?![\w])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:câu\s*(?:hỏi\s*)?(?:số\s*)?)?(\d{1,4})\s*[.:)]?\s*", re.IGNORECASE)
_FREE_LINE = re.compile(
    r"^\s*(?:câu\s*)?(?P<n>\d{1,3})\s*(?:\([^()]{1,20}\)\s*)?(?:[.:)=]\s*(?P<said>.*)|$)", re.IGNORECASE
)
_CODE = re.compile(r"(?:(?:mã|đề|mã\s*đề)\s*(?:thi\s*)?(?:số\s*)?[:.]?\s*)?(?P<code>\w{0,3}\d{1,4})\s*", re.IGNORECASE)
_SAID = re.compile(r"\s*+([A-H](?:\s*+(?:[,;&]\s*+)?[A-H])*+|[ĐS]{2,10})\s*+(?:\.\s*+)?")
_ANSWER_ROW = re.compile(r"dap an|da|d/a|chon|ket qua|tra loi|key|answer|dap so")
_TRUTH = r"(?:đúng|sai|đ|s)"
_STATEMENTS = re.compile(
    rf"(?:(?<!\w)[a-h]\s*[).:\-–]?\s*{_TRUTH}(?!\w)[\s,;.]*){{2,10}}|(?:{_TRUTH}[\s,;.\-–/]+){{1,9}}{_TRUTH}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Answers:
    """Answers given apart from the questions: in lines like "1-A 2.B" or in a table."""

    runs: list[Pairs] = field(default_factory=list)
    open: bool = False  # the last answer is in words, and may go on in the next line
    _words: list[str] = field(default_factory=list)  # that it went on with so far

    def add(self, pairs: Sequence[tuple[int, str]]) -> None:
        """Add answers in reading order; a number that does not grow begins the next chapter's answers."""
        self.settle()
        for number, answer in pairs:
            if not self.runs or number <= self.runs[-1][-1][0]:
                self.runs.append([])
            self.runs[-1].append((number, answer))

    def add_words(self, text: str) -> bool:
        """Add an answer in words ("Câu 3: 12"), or a line that goes on with one; returns whether the line is such."""
        if match := _FREE_LINE.match(text):
            self.add([(int(match["n"]), (match["said"] or "").strip())])
            self.open = True
            return True
        if not self.open or not text.strip() or patterns.HEADING.match(text) or patterns.is_section_title(text):
            self.open = False
            return False
        self._words.append(text.strip())
        return True

    def settle(self) -> None:
        """Put what the lines below an answer in words said to the answer."""
        if self._words:
            number, before = self.runs[-1][-1]
            self.runs[-1][-1] = (number, "\n".join([before, *self._words]).strip())
            self._words.clear()

    def for_questions(self, numbers: Sequence[tuple[int, int]]) -> dict[int, str]:
        """Return the answer of each question by its index.

        Args:
            numbers: (section, number) of every question in order.
        """
        self.settle()
        if not self.runs:
            return {}
        groups: list[list[int]] = []
        last: tuple[int, int] | None = None
        for index, (section, number) in enumerate(numbers):
            if last is None or number <= last[1]:
                groups.append([])
            groups[-1].append(index)
            last = (section, number)
        found: dict[int, str] = {}
        if len(groups) == len(self.runs):
            for group, run in zip(groups, self.runs, strict=True):
                table = dict(run)
                found |= {index: table[numbers[index][1]] for index in group if numbers[index][1] in table}
            return found
        flat = [pair for run in self.runs for pair in run]
        if len(flat) == len(numbers):
            return {index: answer for index, (_number, answer) in enumerate(flat)}
        by_number: dict[int, list[str]] = defaultdict(list)
        for number, answer in flat:
            by_number[number].append(answer)
        seen: Counter[int] = Counter()
        times = Counter(number for _section, number in numbers)
        for index, (_section, number) in enumerate(numbers):
            given = by_number.get(number, [])
            if len(given) == 1 and times[number] > 1:
                continue  # which of the equal numbers it means cannot be known
            if seen[number] < len(given):
                found[index] = given[seen[number]]
            seen[number] += 1
        return found


def answers_in(text: str) -> Pairs:
    """Return the answers of a line such as "1-A 2.B 3: C"; nothing for a line that says more than answers."""
    text = re.sub(r"[.…_]{2,}|[\[\]()]", " ", text)
    text = re.sub(r"^\W*(?:bảng\s+)?(?:đáp\s*án|answers?|key)\s*[:：]", "", text, flags=re.IGNORECASE)
    found = [(int(match["n"]), match["key"].upper()) for match in _TOKEN.finditer(text)]
    rest = re.sub(r"(?i)\b(câu|đáp án|đề|mã đề|chương|phần|bài)\b|[\W_]+|\b[IVX]+\b", "", _TOKEN.sub("", text))
    return found if found and len(rest) <= 2 else []


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a question: "Câu 3: 12"."""
    return _FREE_LINE.match(text) is not None


def fits(answer: str, *, lettered: bool) -> bool:
    """Whether an answer can be one of a question with lettered options, or of one without."""
    if not lettered:
        return True
    clean = " ".join(answer.split())
    return bool(
        re.match(r"\W*(?:(?:đáp án|phương án|câu|ý)\s+)?[A-Ja-j](?!\w)|[A-J]{1,8}$|[ĐS]{2,10}$", clean)
        or _STATEMENTS.match(clean)
    )


def answers_in_table(rows: Sequence[Sequence[str]]) -> Pairs:
    """Return the answers of a table: numbers above letters, beside letters, or together in the cells."""
    cells = [cell for row in rows for cell in row if cell.strip()]
    together = [answers_in(cell) for cell in cells]
    hits = sum(bool(one) for one in together)
    if hits * 2 >= len(cells) and hits:
        return [pair for one in together for pair in one]
    if pairs := _columns(rows):
        return pairs
    pairs = []
    for row in rows:
        for number, key in pairwise(row):
            if (count := _count(number)) and (said := _said(key, free=False)):
                pairs.append((count, said))
    return sorted(pairs) if len({number for number, _key in pairs}) == len(pairs) else pairs


def _columns(rows: Sequence[Sequence[str]]) -> Pairs:
    """Return the answers below a row of numbers; below them in several rows when a, b, c, d stand before the rows."""
    pairs: Pairs = []
    index = 0
    while index < len(rows) - 1:
        head, below = rows[index], rows[index + 1]
        labelled = bool(_ANSWER_ROW.fullmatch(fold(below[0]).strip(" .:"))) if below else False
        statements: list[Sequence[str]] = []
        while index + 1 + len(statements) < len(rows):
            row = rows[index + 1 + len(statements)]
            label = row[0].strip().strip("().").lower() if row else ""
            if label != chr(ord("a") + len(statements)):
                break
            statements.append(row)
        if len(statements) >= 2:
            for column, number in enumerate(head):
                told = [
                    f"{chr(ord('a') + at)}) {row[column].strip()}"
                    for at, row in enumerate(statements)
                    if column < len(row)
                ]
                if (count := _count(number)) and _STATEMENTS.fullmatch(text := " ".join(told)):
                    pairs.append((count, text))
            index += 1 + len(statements)
            continue
        found = [
            (count, said)
            for number, key in zip(head, below, strict=False)
            if (count := _count(number)) and (said := _said(key, free=labelled))
        ]
        if len(found) >= 2 or (found and (len(rows) == 2 or labelled)):
            pairs += found
            index += 2
        else:
            index += 1
    return pairs


def by_code(rows: Sequence[Sequence[str]]) -> dict[str, Pairs]:
    """Return the answers of a table for several paper codes, by code; nothing for a table of one paper.

    The codes are the headings of the columns ("Câu | 101 | 102") or of the rows ("Mã đề | 1 | 2 | 3").
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return {}
    for turned in (
        rows,
        [list(row) for row in zip(*rows, strict=False)] if len({len(row) for row in rows}) == 1 else [],
    ):
        if len(turned) < 2:
            continue
        corner = fold(turned[0][0]).strip(" .:")
        codes = [_CODE.fullmatch(cell.strip()) for cell in turned[0][1:] if cell.strip()]
        named = any(re.search(r"mã|đề", cell, re.IGNORECASE) for cell in turned[0])
        large = all(code and int(re.sub(r"\D", "", code["code"])) >= 100 for code in codes)
        numbers = [_count(row[0]) for row in turned[1:] if row and row[0].strip()]
        if not codes or not all(codes) or not all(numbers) or not (named or large) or len(codes) < 1:
            continue
        if "cau" not in corner and "ma" not in corner and "de" not in corner and corner:
            continue
        if not large and not any(re.search(r"mã|đề", cell, re.IGNORECASE) for cell in turned[0][1:]):
            continue
        found: dict[str, Pairs] = {}
        for column, cell in enumerate(turned[0][1:], start=1):
            if match := _CODE.fullmatch(cell.strip()):
                found[match["code"].upper()] = [
                    (count, said)
                    for row in turned[1:]
                    if column < len(row) and (count := _count(row[0])) and (said := _said(row[column], free=True))
                ]
        return found
    return {}


def _count(text: str) -> int:
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else 0


def _said(text: str, *, free: bool) -> str:
    """Return an answer as it stands in a cell: letters, truths, or (where nothing else can stand) any words."""
    if letters := _SAID.fullmatch(text.upper()):
        return letters[1]
    clean = " ".join(text.split())
    if _STATEMENTS.fullmatch(clean):
        return clean
    return clean[:200] if free else ""
