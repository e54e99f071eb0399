"""The way in which a file marks its keys: by underline, colour, bold …, found over all its questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizzes.formats.word.options import Option

_PRIORITY = ("underline", "highlight", "colour", "bold", "italic")
_WHOLE = 0.6  # the part of an option's letters that makes the look the option's own
_ALL = 0.95  # the part that leaves no doubt


@dataclass(slots=True)
class Marks:
    """The looks of the options of one question, where only some have them."""

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
    """The meaning of a file's looks."""

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
