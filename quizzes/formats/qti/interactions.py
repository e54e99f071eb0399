"""The interactions of QTI that have a counterpart here, each read by one function."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from quizzes.engine.scoring import MULTIPLE_MODES, share
from quizzes.formats.markup import attributes, decimal, inline, plain, shown, tidy
from quizzes.formats.model import ERROR, NOTE, letters
from quizzes.formats.pictures import area, measure
from quizzes.formats.qti.gaps import gap_match
from quizzes.formats.qti.pairs import all_or_nothing, mapped_pairs, uneven
from quizzes.formats.true_false import pairs_as_group

if TYPE_CHECKING:
    from quizzes.formats.qti.items import AssessmentItem

_NEAR = Decimal("0.01")
_MAX_SETS = 400
#: Options of a choice whose way of scoring is found by trying: each is tried alone, added and left out.
_MOST_TRIED = 60


def choice(item: AssessmentItem, interaction: Any, tag: str = "simpleChoice") -> None:
    """A choice: single, or multiple with the way of scoring that agrees with the item's on tried answers."""
    question = item.question
    found = list(interaction.iter(tag))
    ids = letters(len(found))
    ours = {one.get("identifier") or "": ident for one, ident in zip(found, ids, strict=True)}
    still = (interaction.get("shuffle") or "false").lower() != "true"
    everything_fixed = all(one.get("fixed") == "true" for one in found)
    options = []
    for one, ident in zip(found, ids, strict=True):
        html = item.body.inline(one)
        if not html:
            question.doubt("empty_option", ERROR, option=ident.upper())
        options.append({"id": ident, "html": html, "fixed": one.get("fixed") == "true"})
    if still and not everything_fixed and _refers_to_others(options):
        options = [{**option, "fixed": True} for option in options]
    question.content = {"options": options}
    question.stem = item.stem_around(interaction)
    if len(options) < 2:
        question.doubt("too_few_options", ERROR, count=len(options))
    item.feedback(interaction, ours)
    limit = interaction.get("maxChoices") or "1"
    declared = item.processing.declared.get(item.name(interaction))
    single = limit == "1" or (declared is not None and declared.get("cardinality") == "single")
    if single:
        _single(item, interaction, ours)
    else:
        _multiple(item, interaction, ours)


def _refers_to_others(options: list[dict[str, Any]]) -> bool:
    return any(re.search(r"\b(above|trên|[A-D]\s*(and|và)\s*[A-D])\b", plain(option["html"])) for option in options)


def _single(item: AssessmentItem, interaction: Any, ours: dict[str, str]) -> None:
    question = item.question
    question.kind = "single_choice"
    correct = [ours[one] for one in item.correct(interaction) if one in ours]
    scores = {ident: item.score(interaction, [theirs]) for theirs, ident in ours.items()}
    known = {ident: score for ident, score in scores.items() if score is not None}
    best = max(known.values(), default=Decimal(0))
    if known and best > 0 and item.processing.scored:
        full = [ident for ident, score in known.items() if score == best]
        if len(full) > 1:
            question.doubt("several_solutions", count=len(full))
        right = next((ident for ident in correct if ident in full), full[0])
        if any(score for ident, score in known.items() if ident not in full):
            question.doubt("partial_left")
        if correct and correct[0] not in full:
            question.doubt("key_conflict_file", ERROR)
    elif correct:
        right = correct[0]
        if not known and item.processing.scored:
            question.doubt("processing_left")
    else:
        question.key = {}
        question.doubt("no_key", ERROR)
        return
    question.key = {"correct": right}


def _multiple(item: AssessmentItem, interaction: Any, ours: dict[str, str]) -> None:
    question = item.question
    question.kind = "multiple_response"
    theirs = {ident: name for name, ident in ours.items()}
    candidates = _candidate_sets(item, interaction, ours)
    scored = [(item.score(interaction, list(names)), names) for names in candidates]
    known = [(score, names) for score, names in scored if score is not None]
    best = max((score for score, _names in known), default=Decimal(0))
    if known and best > 0 and item.processing.scored:
        full = [names for score, names in known if score == best]
        declared = frozenset(item.correct(interaction))
        right = next((names for names in full if frozenset(names) == declared), min(full, key=len))
        if len({frozenset(names) for names in full}) > 1 and not declared:
            question.doubt("several_solutions", count=len(full))
        if not declared and len(candidates) < 2 ** len(ours) - 1 and not _is_mapped(item, interaction):
            question.doubt("sets_untried")
    else:
        right = tuple(one for one in item.correct(interaction) if one in ours)
        if item.processing.scored and not known:
            question.doubt("processing_left")
    correct = sorted(ours[name] for name in right if name in ours)
    if not correct:
        question.key = {"correct": [], "scoring": "all_or_nothing"}
        question.doubt("no_key", ERROR)
        return
    question.key = {"correct": correct, "scoring": "all_or_nothing"}
    if known and best > 0:
        mode = _mode(item, interaction, correct, theirs, best)
        if mode is None:
            question.doubt("processing_left")
        elif mode:
            question.key["scoring"] = mode
        else:
            question.key["scoring"] = "partial_penalty"
            question.doubt("weights_left")


def _is_mapped(item: AssessmentItem, interaction: Any) -> bool:
    """Whether a mapping says what each choice is worth, so that the best set follows from it."""
    declared = item.processing.declared.get(item.name(interaction))
    return declared is not None and declared.find("mapping/mapEntry") is not None


def _candidate_sets(item: AssessmentItem, interaction: Any, ours: dict[str, str]) -> list[tuple[str, ...]]:
    """Return sets of choices that may be the right answer: declared, mapped, written in the rules, those that are worth
    something alone, then small ones."""
    sets: dict[frozenset[str], tuple[str, ...]] = {}

    def add(names: Any) -> None:
        kept = tuple(name for name in dict.fromkeys(names) if name in ours)
        if kept and len(sets) < _MAX_SETS:
            sets.setdefault(frozenset(kept), kept)

    add(item.correct(interaction))
    declared = item.processing.declared.get(item.name(interaction))
    if declared is not None:
        add(
            entry.get("mapKey")
            for entry in declared.iterfind("mapping/mapEntry")
            if (decimal(entry.get("mappedValue") or "0") or 0) > 0
        )
    if item.processing.rules is not None:
        for group in item.processing.rules.iter("multiple", "ordered"):
            add((value.text or "").strip() for value in group.iterfind("baseValue"))
        add((value.text or "").strip() for value in item.processing.rules.iter("baseValue"))
    if not item.correct(interaction):
        if 2 ** len(ours) > _MAX_SETS:  # not all sets will be tried
            base = item.score(interaction, None)
            gains = {one: item.score(interaction, [one]) for one in ours}
            add(one for one, gain in gains.items() if base is not None and gain is not None and gain > base)
        for names in chain.from_iterable(combinations(ours, size) for size in range(1, len(ours) + 1)):
            if len(sets) >= _MAX_SETS:
                break
            add(names)
    return list(sets.values())


def _mode(
    item: AssessmentItem, interaction: Any, correct: list[str], theirs: dict[str, str], best: Decimal
) -> str | None:
    """Return the way of scoring that agrees with the item on the right answer, on less, more, and everything.

    Nothing when no way agrees; ``None`` when there are too many options to try.
    """
    everything = sorted(theirs)
    if len(everything) > _MOST_TRIED:
        return None
    wrong = [ident for ident in everything if ident not in correct]
    tries = [correct, everything, *([ident] for ident in everything)]
    tries += [[one for one in correct if one != left] for left in correct if len(correct) > 1]
    tries += [[*correct, extra] for extra in wrong] + [[correct[0], extra] for extra in wrong]
    for mode in (MULTIPLE_MODES[0], MULTIPLE_MODES[2], MULTIPLE_MODES[1]):
        key = {"correct": correct, "scoring": mode}
        for answer in tries:
            score = item.score(interaction, [theirs[ident] for ident in answer])
            if score is None:
                return ""
            reached = max(Decimal(0), score) / best
            if abs(reached - share("multiple_response", key, {"choices": answer})) > _NEAR:
                break
        else:
            return mode
    return ""


def hottext(item: AssessmentItem, interaction: Any) -> None:
    """Words to pick in a text: a choice among the words, the text above them."""
    choice(item, interaction, "hottext")
    text = item.body.html(interaction)
    item.question.stem = tidy(item.question.stem + (text if text.startswith("<p") else f"<p>{text}</p>"))


def order(item: AssessmentItem, interaction: Any) -> None:
    question = item.question
    found = interaction.findall("simpleChoice")
    ids = letters(len(found))
    ours = {one.get("identifier"): ident for one, ident in zip(found, ids, strict=True)}
    question.kind = "ordering"
    question.content = {
        "options": [{"id": ident, "html": item.body.inline(one)} for one, ident in zip(found, ids, strict=True)]
    }
    question.stem = item.stem_around(interaction)
    right = [ours[one] for one in item.correct(interaction) if one in ours]
    question.key = {"order": right, "scoring": "all_or_nothing"}
    if len(right) != len(ids):
        question.doubt("no_key" if not right else "order_partial", ERROR)
    elif item.processing.scored and "map" in item.processing.template:
        question.key["scoring"] = "position"
        question.doubt("weights_left")


def match(item: AssessmentItem, interaction: Any) -> None:
    question = item.question
    sets = interaction.findall("simpleMatchSet")
    question.kind = "matching"
    question.stem = item.stem_around(interaction)
    if len(sets) != 2:
        question.doubt("no_pairs", ERROR)
        return
    left, right = (one.findall("simpleAssociableChoice") for one in sets)
    said = [tuple(value.split()) for value in item.correct(interaction)]
    pairs = [pair for pair in said if len(pair) == 2] or mapped_pairs(item, interaction)
    count: dict[str, int] = {}
    for pair in pairs:
        count[pair[0]] = count.get(pair[0], 0) + 1
    if any(number > 1 for number in count.values()):
        # each of the right-hand things is used once: ask the other way round
        other: dict[str, int] = {}
        for pair in pairs:
            other[pair[-1]] = other.get(pair[-1], 0) + 1
        if any(number > 1 for number in other.values()):
            question.doubt("many_to_many", ERROR)
            return
        left, right = right, left
        pairs = [tuple(reversed(pair)) for pair in pairs]
    prompts = {one.get("identifier"): str(index) for index, one in enumerate(left, start=1)}
    options = {one.get("identifier"): ident for one, ident in zip(right, letters(len(right)), strict=True)}
    question.content = {
        "prompts": [
            {
                "id": prompts[one.get("identifier")],
                "html": item.body.inline(one),
                **({"fixed": True} if one.get("fixed") == "true" else {}),
            }
            for one in left
        ],
        "options": [
            {"id": options[one.get("identifier")], "html": item.body.inline(one), "fixed": one.get("fixed") == "true"}
            for one in right
        ],
    }
    found = {
        prompts[a]: options[b] for a, b in (pair for pair in pairs if len(pair) == 2) if a in prompts and b in options
    }
    question.key = {"pairs": dict(sorted(found.items(), key=lambda pair: int(pair[0]))), "scoring": "partial"}
    if all_or_nothing(item, interaction):
        question.key["scoring"] = "all_or_nothing"
    elif uneven(item, interaction):
        question.doubt("weights_left")
    if len(found) < len(prompts):
        _unmatched(question, found)
    if group := pairs_as_group(question.content["prompts"], question.content["options"], found):
        question.kind = "true_false_group"
        question.content, question.key = group
    else:
        for prompt in question.content["prompts"]:
            prompt.pop("fixed", None)


def _unmatched(question: Any, found: dict[str, str]) -> None:
    """A thing on the left that pairs with nothing cannot be asked here."""
    if not found:
        question.doubt("no_key", ERROR)
        return
    left_out = [one for one in question.content["prompts"] if one["id"] not in found]
    question.content["prompts"] = [one for one in question.content["prompts"] if one["id"] in found]
    renumbered = {one["id"]: str(index) for index, one in enumerate(question.content["prompts"], start=1)}
    question.content["prompts"] = [{**one, "id": renumbered[one["id"]]} for one in question.content["prompts"]]
    question.key["pairs"] = {renumbered[old]: option for old, option in found.items()}
    question.doubt("prompts_left", count=len(left_out))


def hotspot(item: AssessmentItem, interaction: Any) -> None:
    question = item.question
    picture = _picture(item, interaction)
    declared = item.processing.declared.get(item.name(interaction))
    right = item.correct(interaction) or [pair[0] for pair in mapped_pairs(item, interaction) if pair]
    question.key = {"areas": []}
    if picture is None:
        return
    many = declared is not None and declared.get("cardinality") != "single"
    if many and len(right) > 1:
        question.doubt("several_markers", ERROR, count=len(right))
    for spot in interaction.iterfind("hotspotChoice"):
        if spot.get("identifier") in right:
            _add_area(question, spot, picture, "1")
    if not right:
        question.doubt("no_key", ERROR)


def select_point(item: AssessmentItem, interaction: Any) -> None:
    question = item.question
    picture = _picture(item, interaction)
    question.key = {"areas": []}
    if picture is None:
        return
    declared = item.processing.declared.get(item.name(interaction))
    entries = [] if declared is None else declared.findall("areaMapping/areaMapEntry")
    values = [decimal(one.get("mappedValue") or "0") or Decimal(0) for one in entries]
    best = max(values, default=Decimal(0))
    for entry, value in zip(entries, values, strict=True):
        if value > 0:
            _add_area(question, entry, picture, shown((value / best).quantize(Decimal("0.0001"))))
    if not question.key["areas"]:
        question.doubt("no_key", ERROR)
    if (interaction.get("maxChoices") or "1") not in ("1", "0"):
        question.doubt("several_markers", ERROR, count=int(interaction.get("maxChoices") or 0))


def _add_area(question: Any, spot: Any, picture: tuple[int, int], worth: str) -> None:
    found = area(spot.get("shape") or "", spot.get("coords") or "", picture)
    if found is None:
        question.doubt("area", ERROR)
    else:
        question.key["areas"].append({**found, "share": worth})


def _picture(item: AssessmentItem, interaction: Any) -> tuple[int, int] | None:
    """Take over the picture of an interaction; return its size in the units of the areas."""
    question = item.question
    question.kind = "hotspot"
    question.stem = item.stem_around(interaction)
    question.content = {"image": "", "alt": "", "width": 0, "height": 0}
    found = next((one for one in interaction.iter("object", "img")), None)
    if found is None:
        question.doubt("picture_missing", ERROR, name="")
        return None
    holder = found.getparent().makeelement("div", {})
    import copy

    holder.append(copy.deepcopy(found))
    holder[0].tail = None
    seen = attributes(item.body.html(holder))
    address, name = seen.get("src", ""), seen.get("src", "").rpartition("/")[2]
    if name not in item.reading.pictures:
        question.doubt("picture_missing", ERROR, name=(found.get("data") or found.get("src") or "")[:60])
        return None
    real = measure(item.reading.pictures[name].data)
    given = (found.get("width") or "", found.get("height") or "")
    size = (int(given[0]), int(given[1])) if all(one.isdigit() and 0 < int(one) < 20_000 for one in given) else real
    if real is None or size is None:
        question.doubt("picture_missing", ERROR, name=name)
        return None
    question.content = {"image": address, "alt": seen.get("alt", ""), "width": real[0], "height": real[1]}
    return size


def extended_text(item: AssessmentItem, interaction: Any) -> None:
    question = item.question
    question.kind = "essay"
    question.stem = item.stem_around(interaction)
    question.content = {"min_words": 0, "max_words": 0}
    rubric = "".join(
        item.body.html(one)
        for one in item.content.iter("rubricBlock")
        if "candidate" not in (one.get("view") or "candidate")
    )
    model = rubric or "".join(item.correct(interaction))
    question.key = {"rubric": [], "model_html": inline(model)}


def slider(item: AssessmentItem, interaction: Any) -> None:
    """A slider asks for a number; here it is typed."""
    from quizzes.formats.qti.entries import typed_gap

    question = item.question
    question.stem = item.stem_around(interaction)
    _gap, key = typed_gap(item, interaction, "1", numeric=True)
    question.kind, question.content = "numeric", {}
    question.key = {"accepted": key.get("accepted", []), "tolerance_kind": "absolute"}
    question.doubt("slider", NOTE)


READERS: dict[str, Callable[[AssessmentItem, Any], None]] = {
    "choiceInteraction": choice,
    "extendedTextInteraction": extended_text,
    "gapMatchInteraction": gap_match,
    "hotspotInteraction": hotspot,
    "hottextInteraction": hottext,
    "matchInteraction": match,
    "orderInteraction": order,
    "selectPointInteraction": select_point,
    "sliderInteraction": slider,
}
