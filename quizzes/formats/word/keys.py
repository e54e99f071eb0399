"""How this file marks its keys: by underline, colour, bold …, found over all its questions, and tables of answers."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizzes.formats.word.options import Option
from quizzes.formats.word.rich import Rich

_PRIORITY = ("underline", "highlight", "colour", "bold", "italic")
_WHOLE = 0.6  # the part of an option's letters that makes the look the option's own
_ALL = 0.95  # the part that leaves no doubt
_TOKEN = re.compile(
    r"(?<![\w,.])(?:câu\s*)?(?P<n>\d{1,4})\s*[-–.:)=/]?\s*(?:đáp án\s*)?(?P<key>[A-H](?:\s*[,;&]\s*[A-H](?!\s*[-–.:)=]?\s*\d))*|[ĐS]{2,10})(?![\w])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Marks:
    """Which options of one question have which look, where only some have it."""

    looks: dict[str, frozenset[int]] = field(default_factory=dict)
    # of those the ones whose letter or (nearly) every letter has the look; the others have it in a part of their text
    sure: dict[str, frozenset[int]] = field(default_factory=dict)

    def only(self, look: str) -> frozenset[int]:
        return self.looks.get(look, frozenset())


def marks_of(options: Sequence[Option]) -> Marks:
    """Return the looks that tell some options of a question from the others."""
    names = {look for option in options for look in option.letter_looks | option.rich.features()}
    found = Marks()
    for look in names:
        by_letter = [look in option.letter_looks for option in options]
        by_text = [option.rich.share(look) >= _WHOLE for option in options]
        telling = 0 < sum(by_letter) < len(options)  # a look that every letter has tells nothing
        found.sure[look] = frozenset(
            index
            for index, option in enumerate(options)
            if (telling and by_letter[index]) or option.rich.share(look) >= _ALL
        )
        either = [one or other for one, other in zip(by_letter, by_text, strict=True)]
        for variant in (either, by_text, by_letter):
            if 0 < sum(variant) < len(options):
                found.looks[look] = frozenset(index for index, value in enumerate(variant) if value)
                break
        else:
            if all(either) and look == "italic":
                found.looks[look] = frozenset(range(len(options)))
    return found


@dataclass(frozen=True, slots=True)
class Convention:
    """What a file's looks mean."""

    key: str = ""  # the look that marks keys, nothing when none does
    coverage: float = 0.0  # the part of the questions it speaks for
    others: tuple[str, ...] = ()  # looks that mark a key where the first is silent
    fixed: bool = False  # italic means: do not shuffle
    unsure: bool = False  # italic may mean either


def convention_of(questions: Sequence[tuple[Marks, int, bool]]) -> Convention:
    """Work out the convention.

    Args:
        questions: for each question with options its marks, the number of options, and whether its key is said in
            words (a line, a star, a table).
    """
    total = len(questions)
    if not total:
        return Convention()
    weight: defaultdict[str, float] = defaultdict(float)
    for marks, count, _said in questions:
        for look, which in marks.looks.items():
            if len(which) < count:
                # an emphasis that covers a part of an option only says less than a look of the whole option
                whole = which <= marks.sure.get(look, frozenset())
                weight[look] += (4 if len(which) == 1 else 1) * (1.0 if whole else 0.25)
    said = sum(one for _marks, _count, one in questions)
    ranked = sorted(weight, key=lambda look: (-weight[look], _PRIORITY.index(look.partition(":")[0]), look))
    speaking = [look for look in ranked if look != "italic"]
    italic = [which for marks, count, _said in questions if (which := marks.only("italic"))]
    partial = [which for marks, count, _said in questions if 0 < len(marks.only("italic")) < count]
    italic_single = sum(len(which) == 1 for which in partial)
    first = speaking[0] if speaking else ""
    covered = sum(bool(marks.only(first)) for marks, _count, _said in questions) / total if first else 0.0
    covered = min(covered, 1.0)
    others = tuple(speaking[1:])
    if italic and (covered >= 0.5 or said * 2 >= total):
        # everything is italic when the whole file is: that says nothing
        return Convention(first, covered, others, fixed=len(italic) < 0.8 * total or bool(partial))
    if italic_single * 2 >= total:
        return Convention("italic", italic_single / total, tuple(speaking))
    if italic_single:
        return Convention(first, covered, others, fixed=False, unsure=True)
    return Convention(first, covered, others)


@dataclass(slots=True)
class Answers:
    """Answers given apart from the questions: in lines like "1-A 2.B" or in a table."""

    runs: list[list[tuple[int, str]]] = field(default_factory=list)

    def add(self, pairs: Sequence[tuple[int, str]]) -> None:
        """Add answers in reading order; a number that does not grow begins the next chapter's answers."""
        for number, answer in pairs:
            if not self.runs or number <= self.runs[-1][-1][0]:
                self.runs.append([])
            self.runs[-1].append((number, answer))

    def for_questions(self, numbers: Sequence[tuple[int, int]]) -> dict[int, str]:
        """Return the answer of each question by its index.

        Args:
            numbers: (section, number) of every question in order.
        """
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
        for index, (_section, number) in enumerate(numbers):
            given = by_number.get(number, [])
            if len(given) == 1 and sum(one == number for _s, one in numbers) > 1:
                continue  # which of the equal numbers it means cannot be known
            if seen[number] < len(given):
                found[index] = given[seen[number]]
            seen[number] += 1
        return found


def answers_in(text: str) -> list[tuple[int, str]]:
    """Return the answers of a line such as "1-A 2.B 3: C"; nothing for a line that says more than answers."""
    found = [(int(match["n"]), match["key"].upper()) for match in _TOKEN.finditer(text)]
    rest = re.sub(r"(?i)\b(câu|đáp án|đề|mã đề|chương|phần|bài)\b|[\W_]+|\b[IVX]+\b", "", _TOKEN.sub("", text))
    return found if found and len(rest) <= 2 else []


def answers_in_lines(lines: Sequence[Rich]) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the answers of the lines after the end mark, and the lines that are something else."""
    pairs: list[tuple[int, str]] = []
    others: list[str] = []
    for line in lines:
        if found := answers_in(line.text):
            pairs += found
        elif line.text.strip():
            others.append(line.text.strip())
    return pairs, others


def answers_in_table(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Return the answers of a table: numbers above letters, beside letters, or together in the cells."""
    cells = [cell for row in rows for cell in row if cell.strip()]
    together = [answers_in(cell) for cell in cells]
    hits = sum(bool(one) for one in together)
    if hits * 2 >= len(cells) and hits:
        return [pair for one in together for pair in one]
    pairs: list[tuple[int, str]] = []
    used: set[int] = set()
    for index, row in enumerate(rows[:-1]):
        if index in used:
            continue
        below = rows[index + 1]
        columns = [
            (int(match[1]), letters)
            for number, key in zip(row, below, strict=False)
            if (match := re.fullmatch(r"\s*(?:câu\s*)?(\d{1,4})\.?\s*", number, re.IGNORECASE))
            and (letters := _letters(key))
        ]
        if len(columns) >= 2 or (columns and len(rows) == 2):
            pairs += columns
            used |= {index, index + 1}
    if pairs:
        return pairs
    for row in rows:
        for number, key in pairwise(row):
            match = re.fullmatch(r"\s*(?:câu\s*)?(\d{1,4})\.?\s*", number, re.IGNORECASE)
            if match and (letters := _letters(key)):
                pairs.append((int(match[1]), letters))
    return sorted(pairs) if len({number for number, _key in pairs}) == len(pairs) else pairs


def _letters(text: str) -> str:
    found = re.fullmatch(r"\s*([A-H](?:\s*[,;&]?\s*[A-H])*|[ĐS]{2,10})\s*\.?\s*", text.upper())
    return found[1] if found else ""
