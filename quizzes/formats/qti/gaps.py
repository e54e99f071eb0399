"""Gaps of QTI: words to drag, choices and typed answers inside a text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quizzes.formats.markup import decimal, plain, shown, tidy
from quizzes.formats.model import ERROR, letters
from quizzes.formats.qti.pairs import all_or_nothing, mapped_pairs, uneven
from quizzes.formats.qti.processing import NotUnderstoodError

if TYPE_CHECKING:
    from quizzes.formats.qti.items import AssessmentItem


def gap_match(item: AssessmentItem, interaction: Any) -> None:
    """Words to drag into gaps: each gap offers all words."""
    question = item.question
    words = [*interaction.findall("gapText"), *interaction.findall("gapImg")]
    ids = letters(len(words))
    ours = {one.get("identifier"): ident for one, ident in zip(words, ids, strict=True)}
    choices = [{"id": ident, "html": item.body.inline(one)} for one, ident in zip(words, ids, strict=True)]
    right: dict[str, str] = {}
    for pair in [value.split() for value in item.correct(interaction)] or mapped_pairs(item, interaction):
        if len(pair) == 2:
            right[pair[1]] = pair[0]
    question.kind = "gap_text"
    gaps: list[dict[str, Any]] = []
    keys: dict[str, Any] = {}

    def replace(element: Any) -> str | None:
        if element.tag in ("gapText", "gapImg", "prompt") and element.getparent().tag == "gapMatchInteraction":
            return ""
        if element.tag == "gapText" or element.tag == "gapImg" or element.tag == "prompt":
            return ""
        if element.tag != "gap":
            return None
        ident = str(len(gaps) + 1)
        word = right.get(element.get("identifier") or "")
        gaps.append({"id": ident, "choices": choices})
        keys[ident] = {"correct": ours.get(word or "", "")}
        if not word:
            question.doubt("gap_no_key", ERROR, gap=ident)
        return f"[[{ident}]]"

    text = item.body.html(interaction, replace)
    question.stem = item.stem_around(interaction)
    question.content = {"text": text, "gaps": gaps}
    question.key = {"gaps": keys, "scoring": "all_or_nothing" if all_or_nothing(item, interaction) else "partial"}
    if uneven(item, interaction):
        question.doubt("weights_left")
    if not gaps:
        question.doubt("no_gaps", ERROR)


def inline_gaps(item: AssessmentItem) -> None:
    """Choices and typed words inside the text; one typed answer at the end is a short text or a number."""
    from quizzes.formats.qti.entries import typed_gap

    question = item.question
    gaps: list[dict[str, Any]] = []
    keys: dict[str, Any] = {}

    def replace(element: Any) -> str | None:
        if element.tag not in ("inlineChoiceInteraction", "textEntryInteraction"):
            return None
        ident = str(len(gaps) + 1)
        if element.tag == "textEntryInteraction":
            gap, key = typed_gap(item, element, ident)
        else:
            gap, key = _inline_choice(item, element, ident)
        gaps.append(gap)
        keys[ident] = key
        return f"[[{ident}]]"

    text = tidy(item.stimulus + item.body.html(item.content, replace))
    question.kind = "gap_text"
    question.content = {"text": text, "gaps": gaps}
    question.key = {"gaps": keys, "scoring": "partial"}
    if len(gaps) == 1 and "choices" not in gaps[0] and _at_the_end(text):
        _as_typed_question(question, text, keys["1"])
    else:
        from quizzes.formats.moodle.types import move_stem

        question.stem = text
        move_stem(question)
    item.say_afterwards()
    if len(gaps) > 1 and item.processing.scored:
        _gap_scoring(item, keys)


def _gap_scoring(item: AssessmentItem, keys: dict[str, Any]) -> None:
    """Find by trying what each gap is worth, and whether one wrong gap loses everything."""
    question = item.question
    right: dict[str, list[str] | None] = {item.name(one): _right_value(item, one) for one in item.interactions}
    try:
        full = item.processing.score(right)
        without = [item.processing.score({**right, item.name(one): ["\ue000"]}) for one in item.interactions]
    except (NotUnderstoodError, ArithmeticError, ValueError, IndexError, KeyError):
        question.doubt("processing_left")
        return
    if full <= 0 or len(without) != len(keys):
        question.doubt("processing_left")
        return
    worth = [full - score for score in without]
    if all(score == 0 for score in without):
        question.key["scoring"] = "all_or_nothing"
    elif any(one <= 0 for one in worth):
        question.doubt("processing_left")
    elif len(set(worth)) > 1:
        least = min(worth)
        for key, one in zip(keys.values(), worth, strict=True):
            weight = shown((one / least).quantize(Decimal("0.01")))
            if weight != "1":
                key["weight"] = weight


def _right_value(item: AssessmentItem, interaction: Any) -> list[str]:
    """Return a right answer: the declared one, or the best of the mapping."""
    declared = item.processing.declared.get(item.name(interaction))
    entries = [] if declared is None else declared.findall("mapping/mapEntry")
    if entries:
        best = max(entries, key=lambda one: decimal(one.get("mappedValue") or "0") or Decimal(0))
        return [best.get("mapKey") or ""]
    return item.correct(interaction)


def _at_the_end(text: str) -> bool:
    return not plain(text.split("[[1]]", 1)[-1]).strip(" .?:;_")


def _as_typed_question(question: Any, text: str, key: dict[str, Any]) -> None:
    question.stem = tidy(" ".join(part.strip() for part in text.split("[[1]]")).replace(" </p>", "</p>"))
    if key.pop("numeric", False):
        question.kind, question.content = "numeric", {}
        question.key = {"accepted": key["accepted"], "tolerance_kind": "absolute"}
    else:
        question.kind, question.content = "short_text", {"lines": 1}
        question.key = {"accepted": key["accepted"], "case": key["case"], "accents": key["accents"], "pattern": False}
    for doubt in list(question.doubts):
        if doubt.code == "gap_no_key":
            question.doubts.remove(doubt)
            question.doubt("no_key", ERROR)


def _inline_choice(item: AssessmentItem, interaction: Any, ident: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = interaction.findall("inlineChoice")
    ids = letters(len(found))
    ours = {one.get("identifier"): one_id for one, one_id in zip(found, ids, strict=True)}
    choices = [{"id": one_id, "html": item.body.inline(one)} for one, one_id in zip(found, ids, strict=True)]
    right = [ours[one] for one in item.correct(interaction) if one in ours]
    if not right:
        mapped = [pair[0] for pair in mapped_pairs(item, interaction) if pair and pair[0] in ours]
        right = [ours[one] for one in mapped]
    if not right:
        base = item.score(interaction, None)
        gains = {one: item.score(interaction, [one]) for one in ours}
        better = {one: gain for one, gain in gains.items() if gain is not None and base is not None and gain > base}
        right = [ours[max(better, key=lambda one: better[one])]] if better else []
    if not right:
        item.question.doubt("gap_no_key", ERROR, gap=ident)
    return {"id": ident, "choices": choices}, {"correct": right[0] if right else ""}
