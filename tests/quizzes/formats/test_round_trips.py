"""What a format can say comes back as it went; what it cannot is listed."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import read_file
from quizzes.formats.export import OUT_FORMATS
from tests.quizzes.formats import questions as q

pytestmark = pytest.mark.slow

PICTURES = {q.PICTURE.name: q.PICTURE}
NAMES = {"word": "a.docx", "excel": "a.xlsx", "gift": "a.txt", "moodle_xml": "a.xml", "qti": "a.zip"}
PART = {"scorings": ("partial",)}
PARTIAL = {"scorings": ("partial", "partial_penalty")}
NO_ACCENTS = {"accents": (True,)}

# format -> kind -> (strategy of the parts, what the question around them may have)
CAN_SAY = {
    "moodle_xml": {
        "single_choice": (q.single_choice(fixed=False), {"notes": True}),
        "multiple_response": (q.multiple_response(fixed=False, **PARTIAL), {"notes": True}),
        "true_false_group": (q.true_false_group(), {}),
        "short_text": (q.short_text(lines=(1,), **NO_ACCENTS), {}),
        "numeric": (q.numeric(), {}),
        "matching": (q.matching(fixed=False, **PART), {}),
        "ordering": (q.ordering(sorted_key=True), {}),
        "gap_text": (q.gap_text(**PART, **NO_ACCENTS), {"stem": q.stems()}),
        "hotspot": (q.hotspot(), {"stem": st.just("sơ đồ")}),
        "essay": (q.essay(), {}),
    },
    "qti": {
        "single_choice": (q.single_choice(), {"notes": True}),
        "multiple_response": (q.multiple_response(), {"notes": True}),
        "true_false_group": (q.true_false_group(), {}),
        "short_text": (q.short_text(lines=(1,), **NO_ACCENTS), {}),
        "numeric": (q.numeric(units=("",)), {}),
        "matching": (q.matching(), {}),
        "ordering": (q.ordering(scorings=("all_or_nothing",)), {}),
        "gap_text": (q.gap_text(**NO_ACCENTS), {}),
        "hotspot": (q.hotspot(), {}),
        "essay": (q.essay(words_limit=False), {}),
    },
    "gift": {
        "single_choice": (q.single_choice(fixed=False), {"notes": True}),
        "multiple_response": (q.multiple_response(fixed=False, **PARTIAL), {"notes": True}),
        "true_false_group": (q.true_false_group(), {}),
        "short_text": (q.short_text(lines=(1,), cases=(False,), **NO_ACCENTS), {}),
        "numeric": (q.numeric(units=("",)), {}),
        "matching": (q.matching(fixed=False, looks=False, **PART), {}),
        "essay": (q.essay(words_limit=False, model=False), {}),
    },
    "excel": {
        "single_choice": (q.single_choice(), {"notes": True}),
        "multiple_response": (q.multiple_response(), {"notes": True}),
        "true_false_group": (q.true_false_group(scale=True), {}),
        "short_text": (q.short_text(), {}),
        "numeric": (q.numeric(kinds=("absolute", "relative")), {}),
        "matching": (q.matching(), {}),
        "ordering": (q.ordering(), {}),
        "gap_text": (q.gap_text(), {}),
        "essay": (q.essay(rubric=True), {}),
    },
    "word": {
        "single_choice": (q.single_choice(), {"notes": True}),
        "multiple_response": (q.multiple_response(), {"notes": True}),
        "true_false_group": (q.true_false_group(scale=True), {}),
        "short_text": (q.short_text(), {}),
        "numeric": (q.numeric(kinds=("absolute", "relative")), {}),
        "matching": (q.matching(), {}),
        "ordering": (q.ordering(), {}),
        "gap_text": (q.gap_text(), {}),
        "hotspot": (q.hotspot(), {}),
        "essay": (q.essay(rubric=True), {}),
    },
}
NO_SOURCE = {"moodle_xml", "qti", "gift"}
#: Lists that a format leaves out for reasons that do not change the question when it is read again here.
HARMLESS = {"true_false_group": {"loss_as_matching"}}


def _said(question):
    """Return what a question says; files may name their pictures anew."""
    return json.loads(re.sub(r"/-/hinh/[\w.-]+", "/-/hinh/x.png", json.dumps(question.said())))


@pytest.mark.parametrize(("form", "kind"), [(form, kind) for form, kinds in CAN_SAY.items() for kind in kinds])
def test_every_kind_that_a_format_can_hold_comes_back(form, kind):
    parts, around = CAN_SAY[form][kind]
    how = {"source": form not in NO_SOURCE, **around}

    @settings(max_examples=25 if form != "word" else 12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(q.question(kind, parts, **how), min_size=1, max_size=3))
    def check(questions):
        for number, question in enumerate(questions):
            if question.code:
                question.code = f"C{number:04d}"
        if form in ("moodle_xml", "gift") and kind == "matching":
            for question in questions:
                _in_order_of_use(question)
        written = OUT_FORMATS[form].write(questions, PICTURES)
        back = read_file(written.data, NAMES[form])
        assert [doubt.code for one in back.questions for doubt in one.doubts if doubt.severity == "error"] == []
        assert [_said(one) for one in back.questions] == [_said(one) for one in questions]
        assert {loss.code for loss in written.losses} - HARMLESS.get(kind, set()) == set()

    check()


def _in_order_of_use(question):
    """Options of a matching are told by their text in these formats, so they come back in order of use."""
    used = list(dict.fromkeys(question.key["pairs"].values()))
    order = used + [one["id"] for one in question.content["options"] if one["id"] not in used]
    names = dict(zip(order, q.letters(len(order)), strict=True))
    by_id = {one["id"]: one for one in question.content["options"]}
    question.content["options"] = [{**by_id[old], "id": names[old]} for old in order]
    question.key["pairs"] = {prompt: names[old] for prompt, old in question.key["pairs"].items()}
