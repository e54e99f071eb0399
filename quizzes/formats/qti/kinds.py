"""One function a kind: the interaction, its declaration and its scoring in QTI 3.0."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quizzes.formats.gift_writer import absolute_tolerances
from quizzes.formats.markup import shown
from quizzes.formats.model import ParsedQuestion
from quizzes.formats.pictures import pixels
from quizzes.formats.qti.elements import Builder, sub


def _part(total: int) -> str:
    return shown((Decimal(1) / total).quantize(Decimal("0.0000000001")))


def _choices(builder: Builder, interaction: Any) -> None:
    for option in builder.question.content["options"]:
        choice = sub(interaction, "qti-simple-choice", identifier=f"choice-{option['id']}")
        if option.get("fixed"):
            choice.set("fixed", "true")
        builder.inline(choice, option["html"])
        builder.option_note(choice, option["id"], f"choice-{option['id']}")


def single_choice(builder: Builder) -> bool:
    builder.declare("single", "identifier", [f"choice-{builder.question.key['correct']}"])
    builder.outcomes()
    _choices(
        builder,
        sub(builder.body(), "qti-choice-interaction", response_identifier="RESPONSE", shuffle="true", max_choices="1"),
    )
    builder.template("match_correct")
    builder.feedback()
    return True


def multiple_response(builder: Builder) -> bool:
    question = builder.question
    correct = question.key["correct"]
    declared = builder.declare("multiple", "identifier", [f"choice-{ident}" for ident in correct])
    scoring = question.key.get("scoring", "all_or_nothing")
    if scoring != "all_or_nothing":
        mapping = sub(declared, "qti-mapping", lower_bound="0", default_value="0")
        for option in question.content["options"]:
            right = option["id"] in correct
            if right or scoring == "partial_penalty":
                worth = _part(len(correct)) if right else "-" + _part(len(correct))
                sub(mapping, "qti-map-entry", map_key=f"choice-{option['id']}", mapped_value=worth)
    builder.outcomes()
    _choices(
        builder,
        sub(builder.body(), "qti-choice-interaction", response_identifier="RESPONSE", shuffle="true", max_choices="0"),
    )
    builder.template("match_correct" if scoring == "all_or_nothing" else "map_response")
    builder.feedback()
    return True


def matching(builder: Builder) -> bool:
    question = builder.question
    options = question.content["options"]
    return _match(
        builder, question.content["prompts"], options, question.key["pairs"], question.key.get("scoring", "partial")
    )


def true_false_group(builder: Builder) -> bool:
    question = builder.question
    if question.key.get("scale"):
        builder.lost.append("loss_scale")
    true = set(question.key["true"])
    pairs = {one["id"]: "a" if one["id"] in true else "b" for one in question.content["statements"]}
    words = [{"id": "a", "html": "Đúng", "fixed": True}, {"id": "b", "html": "Sai", "fixed": True}]
    return _match(builder, question.content["statements"], words, pairs, "partial")


def _match(
    builder: Builder, prompts: list[dict[str, Any]], options: list[dict[str, Any]], pairs: dict[str, str], scoring: str
) -> bool:
    values = [f"left-{one['id']} right-{pairs[one['id']]}" for one in prompts]
    declared = builder.declare("multiple", "directedPair", values)
    if scoring == "partial":
        mapping = sub(declared, "qti-mapping", default_value="0")
        for value in values:
            sub(mapping, "qti-map-entry", map_key=value, mapped_value=_part(len(values)))
    builder.outcomes()
    interaction = sub(
        builder.body(),
        "qti-match-interaction",
        response_identifier="RESPONSE",
        shuffle="true",
        max_associations=str(len(prompts)),
    )
    for side, parts in (("left", prompts), ("right", options)):
        found = sub(interaction, "qti-simple-match-set")
        for part in parts:
            most = "1" if side == "left" else str(len(prompts))
            choice = sub(found, "qti-simple-associable-choice", identifier=f"{side}-{part['id']}", match_max=most)
            if part.get("fixed"):
                choice.set("fixed", "true")
            builder.inline(choice, part["html"])
    builder.template("map_response" if scoring == "partial" else "match_correct")
    builder.feedback()
    return True


def ordering(builder: Builder) -> bool:
    question = builder.question
    if question.key.get("scoring", "all_or_nothing") != "all_or_nothing":
        builder.lost.append("loss_scoring")
    builder.declare("ordered", "identifier", [f"choice-{ident}" for ident in question.key["order"]])
    builder.outcomes()
    _choices(builder, sub(builder.body(), "qti-order-interaction", response_identifier="RESPONSE", shuffle="true"))
    builder.template("match_correct")
    builder.feedback()
    return True


def short_text(builder: Builder) -> bool:
    question = builder.question
    if question.key.get("pattern"):
        builder.lost.append("loss_kind")
        return False
    if not question.key.get("accents", True):
        builder.lost.append("loss_accents")
    if question.content.get("lines", 1) != 1:
        builder.lost.append("loss_lines")
    _declare_texts(builder, question.key, "RESPONSE")
    builder.outcomes()
    sub(sub(builder.body(), "p"), "qti-text-entry-interaction", response_identifier="RESPONSE")
    builder.template("map_response")
    builder.feedback()
    return True


def _declare_texts(builder: Builder, key: dict[str, Any], name: str) -> None:
    accepted = key["accepted"]
    full = [one["text"] for one in accepted if Decimal(one.get("share", "1")) == 1]
    declared = builder.declare("single", "string", full[:1], name)
    mapping = sub(declared, "qti-mapping", default_value="0")
    for one in accepted:
        sub(
            mapping,
            "qti-map-entry",
            map_key=one["text"],
            mapped_value=one.get("share", "1"),
            case_sensitive="true" if key.get("case") else "false",
        )


def numeric(builder: Builder) -> bool:
    question = builder.question
    if question.content.get("unit"):
        builder.lost.append("loss_unit")
    builder.declare("single", "float", [question.key["accepted"][0]["value"]])
    builder.outcomes()
    sub(sub(builder.body(), "p"), "qti-text-entry-interaction", response_identifier="RESPONSE")
    rules = builder.processing()
    condition = sub(rules, "qti-response-condition")
    _numbers(condition, question.key, absolute_tolerances(question.key, builder.lost), "RESPONSE", "SCORE")
    builder.feedback()
    return True


def _numbers(condition: Any, key: dict[str, Any], widths: list[str], name: str, outcome: str) -> None:
    for index, (one, width) in enumerate(zip(key["accepted"], widths, strict=True)):
        branch = sub(condition, "qti-response-else-if" if index else "qti-response-if")
        equal = sub(branch, "qti-equal", tolerance_mode="absolute", tolerance=f"{width} {width}")
        sub(equal, "qti-base-value", one["value"], base_type="float")
        sub(equal, "qti-variable", identifier=name)
        sub(
            sub(branch, "qti-set-outcome-value", identifier=outcome),
            "qti-base-value",
            one.get("share", "1"),
            base_type="float",
        )


def gap_text(builder: Builder) -> bool:
    question = builder.question
    gaps = {gap["id"]: gap for gap in question.content["gaps"]}
    keys = question.key["gaps"]
    numbered = [ident for ident in gaps if keys[ident].get("numeric")]
    for ident, gap in gaps.items():
        name = f"RESPONSE{ident}"
        key = keys[ident]
        if "choices" in gap:
            declared = builder.declare("single", "identifier", [f"choice-{key['correct']}"], name)
            sub(
                sub(declared, "qti-mapping", default_value="0"),
                "qti-map-entry",
                map_key=f"choice-{key['correct']}",
                mapped_value="1",
            )
        elif key.get("numeric"):
            builder.declare("single", "float", [key["accepted"][0]["value"]], name)
        else:
            if not key.get("accents", True):
                builder.lost.append("loss_accents")
            _declare_texts(builder, key, name)
    builder.outcomes()
    for ident in numbered:
        found = sub(
            builder.root, "qti-outcome-declaration", identifier=f"PART{ident}", cardinality="single", base_type="float"
        )
        sub(sub(found, "qti-default-value"), "qti-value", "0")
    body = builder.body()
    _gap_body(builder, body, gaps)
    rules = builder.processing()
    for ident in numbered:
        widths = absolute_tolerances({"tolerance_kind": "absolute", **keys[ident]}, builder.lost)
        _numbers(sub(rules, "qti-response-condition"), keys[ident], widths, f"RESPONSE{ident}", f"PART{ident}")
    if question.key.get("scoring", "partial") == "all_or_nothing":
        branch = sub(sub(rules, "qti-response-condition"), "qti-response-if")
        every = sub(branch, "qti-and")
        for ident in gaps:
            least = sub(every, "qti-gte")
            _earned(least, ident, ident in numbered)
            sub(least, "qti-base-value", "1", base_type="float")
        sub(sub(branch, "qti-set-outcome-value", identifier="SCORE"), "qti-base-value", "1", base_type="float")
    else:
        total = sub(sub(rules, "qti-set-outcome-value", identifier="SCORE"), "qti-sum")
        for ident in gaps:
            weight = keys[ident].get("weight", "1")
            if weight == "1":
                _earned(total, ident, ident in numbered)
            else:
                product = sub(total, "qti-product")
                _earned(product, ident, ident in numbered)
                sub(product, "qti-base-value", weight, base_type="float")
    builder.feedback()
    return True


def _earned(parent: Any, ident: str, numeric_gap: bool) -> None:
    if numeric_gap:
        sub(parent, "qti-variable", identifier=f"PART{ident}")
    else:
        sub(parent, "qti-map-response", identifier=f"RESPONSE{ident}")


def _gap_body(builder: Builder, body: Any, gaps: dict[str, dict[str, Any]]) -> None:
    """Write the text with interactions where its gaps are."""
    marked = re.sub(r"\[\[(\w+)\]\]", r'<span lang="x-gap-\1"></span>', builder.question.content["text"])
    holder = sub(body, "div")
    builder.blocks(holder, marked)
    for span in list(holder.iter("{*}span")):
        match = re.fullmatch(r"x-gap-(\w+)", span.get("lang") or "")
        if match is None or match[1] not in gaps:
            continue
        gap = gaps[match[1]]
        parent = span.getparent()
        place = parent.index(span)
        tag = "qti-inline-choice-interaction" if "choices" in gap else "qti-text-entry-interaction"
        made = sub(parent, tag, response_identifier=f"RESPONSE{match[1]}")
        made.tail = span.tail
        parent.remove(span)
        parent.insert(place, made)
        for choice in gap.get("choices", ()):
            builder.inline(sub(made, "qti-inline-choice", identifier=f"choice-{choice['id']}"), choice["html"])


def hotspot(builder: Builder) -> bool:
    question = builder.question
    size = (question.content.get("width") or 1, question.content.get("height") or 1)
    name = str(question.content.get("image", "")).rpartition("/")[2]
    if name not in builder.pictures:
        builder.lost.append("loss_picture")
        return False
    declared = builder.declare("single", "point")
    mapping = sub(declared, "qti-area-mapping", default_value="0")
    for found in question.key["areas"]:
        coords = ",".join(str(value) for value in pixels(found, size))
        sub(mapping, "qti-area-map-entry", shape=found["shape"], coords=coords, mapped_value=found.get("share", "1"))
    builder.outcomes()
    interaction = sub(builder.body(), "qti-select-point-interaction", response_identifier="RESPONSE", max_choices="1")
    sub(
        interaction,
        "img",
        src=f"../images/{name}",
        alt=question.content.get("alt", ""),
        width=str(size[0]),
        height=str(size[1]),
    )
    builder.template("map_response_point")
    builder.feedback()
    return True


def essay(builder: Builder) -> bool:
    question = builder.question
    if question.key.get("rubric"):
        builder.lost.append("loss_rubric")
    if question.content.get("min_words") or question.content.get("max_words"):
        builder.lost.append("loss_length")
    builder.declare("single", "string")
    builder.outcomes()
    body = builder.body()
    sub(body, "qti-extended-text-interaction", response_identifier="RESPONSE")
    if model := question.key.get("model_html"):
        block = sub(body, "qti-rubric-block", use="scoring", view="scorer")
        builder.blocks(sub(block, "qti-content-body"), model)
    builder.feedback()
    return True


WRITERS: dict[str, Callable[[Builder], bool]] = {
    "essay": essay,
    "gap_text": gap_text,
    "hotspot": hotspot,
    "matching": matching,
    "multiple_response": multiple_response,
    "numeric": numeric,
    "ordering": ordering,
    "short_text": short_text,
    "single_choice": single_choice,
    "true_false_group": true_false_group,
}

__all__ = ["WRITERS", "ParsedQuestion"]
