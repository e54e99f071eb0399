"""Checking what a file says against the rules of the kinds, against itself, and against the bank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quizzes.engine.texts import bands, likeness, plain_text, shingles, text_digest
from quizzes.enums import ItemState
from quizzes.errors import InvalidItemError
from quizzes.formats.model import ERROR, ParsedQuestion
from quizzes.kinds import get_kind
from quizzes.models import ItemBand, ItemBank, ItemText
from quizzes.services.bank.duplicates import CROWD, STEM_SHARE
from quizzes.services.bank.text_index import option_texts, stem_text

SAME = 0.85
_CHUNK = 800


def check_rules(question: ParsedQuestion) -> None:
    """Bring a question into the form of its kind, or add what breaks the kind's rules as an error."""
    question.doubts = [doubt for doubt in question.doubts if doubt.code != "invalid"]
    if question.broken or question.kind == "hotspot":
        return  # a picture has no number of the library before it is imported
    try:
        authored = get_kind(question.kind).clean_item(question.content, question.key, question.feedback)
    except InvalidItemError as error:
        sentences = [sentence for field in error.fields.values() for sentence in field] or [str(error)]
        question.doubt("invalid", ERROR, text=" ".join(dict.fromkeys(sentences)))
        return
    question.content, question.key, question.feedback = authored.content, authored.key, authored.feedback


class _Known:
    """A question to compare with: as sets of word pairs and as a digest, each worked out once."""

    def __init__(self, stem: str, options: Sequence[str]) -> None:
        self.stem = shingles(stem)
        self.options = frozenset(pair for option in options for pair in shingles(option))
        self.digest = text_digest(stem, options)
        self.bands = bands(self.stem)


def _known(question: ParsedQuestion) -> _Known:
    stem = plain_text(stem_text(question.stem, question.content))
    return _Known(stem, option_texts(question.content))


def check_duplicates(questions: Sequence[ParsedQuestion], bank: ItemBank) -> None:
    """Say which questions of a file ask the same as an earlier one, or as one of the bank.

    A few queries whatever the size of the file (one for some hundred bands).
    """
    known = [_known(question) for question in questions]
    _inside(questions, known)
    _in_bank(questions, known, bank)


def _inside(questions: Sequence[ParsedQuestion], known: Sequence[_Known]) -> None:
    groups: dict[object, list[int]] = defaultdict(list)
    for index, one in enumerate(known):
        if not one.stem:
            continue
        seen = {other for value in (*one.bands, one.digest) for other in groups[value][:CROWD]}
        same = next((other for other in sorted(seen) if _same(one, known[other])), None)
        if same is not None:
            questions[index].doubt("same_as", place=questions[same].place.as_json())
        for value in (*one.bands, one.digest):
            groups[value].append(index)


def _same(one: _Known, other: _Known) -> bool:
    """Whether :func:`quizzes.services.bank.duplicates.compare` finds two questions near, from ready-made sets."""
    if one.digest == other.digest:
        return True
    stems = likeness(one.stem, other.stem)
    if not one.options or not other.options:
        return stems >= SAME
    if STEM_SHARE * stems + (1 - STEM_SHARE) < SAME:
        return False
    return STEM_SHARE * stems + (1 - STEM_SHARE) * likeness(one.options, other.options) >= SAME


def _in_bank(questions: Sequence[ParsedQuestion], known: Sequence[_Known], bank: ItemBank) -> None:
    values = sorted({value for one in known for value in one.bands})
    items_by_band: dict[int, list[int]] = defaultdict(list)
    live = ItemBand.objects.filter(item__bank=bank).exclude(item__state=ItemState.RETIRED)
    for chunk in _chunks(values):
        for value, item_id in live.filter(value__in=chunk).values_list("value", "item_id"):
            items_by_band[value].append(item_id)
    wanted = sorted({item_id for ids in items_by_band.values() for item_id in ids})
    texts: dict[int, tuple[str, _Known]] = {}
    for chunk in _chunks(wanted):
        rows = ItemText.objects.filter(item_id__in=chunk).values_list("item_id", "item__code", "stem", "options")
        texts |= {item_id: (code, _Known(stem, options)) for item_id, code, stem, options in rows}
    for question, one in zip(questions, known, strict=True):
        candidates = dict.fromkeys(item_id for value in one.bands for item_id in items_by_band.get(value, ())[:50])
        for item_id in candidates:
            if item_id in texts and _same(one, texts[item_id][1]):
                question.doubt("same_as_bank", code=texts[item_id][0])
                break


def _chunks[T](values: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
