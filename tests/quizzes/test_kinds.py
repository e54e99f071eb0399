"""Every kind of question: what authors may write, what a paper shows, which answers are kept."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.template.loader import get_template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.layout import original_names, shown_names
from quizzes.engine.scoring import has_scorer, needs_marking, share
from quizzes.errors import InvalidAnswerError, InvalidItemError
from quizzes.kinds import all_kinds, get_kind
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import answer_sheet, paper_bytes, paper_key
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_bank
from tests.quizzes.kinds import KINDS, SAMPLES, SCORED, sample

TEXTS = {"accepted": [{"text": "a"}]}
NUMBERS = {"accepted": [{"value": "1"}]}


@pytest.fixture
def every_kind(db):
    """An exam with one question of every kind, frozen into many codes; and its items by kind."""
    bank = make_bank()
    items = {}
    for kind in KINDS:
        content, key, _right, _wrong = sample(kind)
        items[kind] = create_item(
            bank=bank,
            kind=kind,
            stem=f"Câu {kind}",
            content=content,
            key=key,
            feedback={"general": "BÍ-MẬT giải thích"},
            source="BÍ-MẬT nguồn",
        )
    exam = Exam.objects.create(unit=bank.unit, title="Đủ dạng", variants=12)
    set_questions(exam=exam, questions=[(item.current, Decimal(2)) for item in items.values()])
    freeze_papers(exam=exam)
    return exam, items


# --- every kind is complete ----------------------------------------------------------------------------------------


def test_there_is_a_sample_of_every_kind():
    assert [kind.name for kind in all_kinds()] == KINDS


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_a_kind_is_complete(kind, every_kind):
    exam, _items = every_kind
    get_template(kind.template)
    get_template(kind.review_template)
    assert has_scorer(kind.name) != needs_marking(kind.name)
    with translation.override("vi"):
        vietnamese = str(kind.label)
    with translation.override("en"):
        assert vietnamese != str(kind.label)
    assert kind.counting in ("chosen", "right", "typed", "")
    paper = Paper.objects.filter(exam=exam).first()
    question = next(one for one in paper.content["questions"] if one["kind"] == kind.name)
    lookup = kind.lookup(question)
    assert kind.clean_answer(kind.example, lookup) == kind.example
    assert kind.clean_answer(None, lookup) is None
    assert kind.clean_answer(json.loads(json.dumps(kind.example)), lookup) == kind.example
    assert json.loads(json.dumps(kind.answer_view(question, None), default=list)) is not None


# --- papers --------------------------------------------------------------------------------------------------------


def test_no_paper_says_anything_of_a_key(every_kind):
    exam, _items = every_kind
    allowed = {
        "single_choice": {"options"},
        "multiple_response": {"options"},
        "true_false_group": {"statements"},
        "short_text": {"lines"},
        "numeric": {"unit"},
        "matching": {"prompts", "options"},
        "ordering": {"options"},
        "gap_text": {"text", "gaps"},
        "hotspot": {"image_url", "alt", "width", "height"},
        "essay": {"min_words", "max_words"},
    }
    for paper in Paper.objects.filter(exam=exam):
        body = paper_bytes(paper.pk).raw.decode()
        # secret words and numbers of the samples' keys, and the names of fields that only keys have
        for word in ("BÍ-MẬT", "987654321", "98765", "0.7654", "0.7,", "correct", "accepted", "rubric", "areas"):
            assert word not in body
        for question in paper.content["questions"]:
            common = {"slot", "kind", "points", "stem_html"}
            assert set(question) == common | allowed[question["kind"]], question["kind"]
            assert _names(question) <= common | allowed[question["kind"]] | {"id", "html", "choices"}


def _names(value):
    if isinstance(value, dict):
        return set(value).union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()


def test_parts_are_named_anew_on_every_paper(every_kind):
    exam, _items = every_kind
    orders = {kind: set() for kind in ("true_false_group", "matching", "ordering", "gap_text")}
    for paper in Paper.objects.filter(exam=exam):
        for question, entry in zip(paper.content["questions"], paper.layout, strict=True):
            kind = question["kind"]
            if kind in orders:
                orders[kind].add(json.dumps([entry["options"], entry.get("order")]))
            if kind == "ordering":
                assert [option["id"] for option in question["options"]] == list("abcd")
                assert entry["options"] != SAMPLES["ordering"][1]["order"]
            if kind == "gap_text":
                assert question["text"] == "<p>Đảng ra đời ngày [[1]] năm [[2]] tại [[3]].</p>"
                assert [sorted(gap) for gap in question["gaps"]] == [["id"], ["id"], ["choices", "id"]]
    assert {kind: len(found) > 1 for kind, found in orders.items()} == dict.fromkeys(orders, True)


def test_lines_are_shuffled_even_when_the_exam_does_not_shuffle(every_kind):
    for kind in ("ordering", "matching"):
        content, key, _right, _wrong = SAMPLES[kind]
        authored = get_kind(kind).clean_item(content, key, {})
        shown = [
            get_kind(kind).show(authored.content, seed=seed, stream="x", shuffle=False, key=authored.key).options
            for seed in range(60)
        ]
        assert len({tuple(one) for one in shown}) > 10
        if kind == "ordering":
            assert key["order"] not in shown


def test_the_right_answer_on_every_paper_earns_everything(every_kind):
    exam, _items = every_kind
    for paper in Paper.objects.filter(exam=exam):
        sheet = answer_sheet(paper.pk, paper.seed)
        for entry, layout in zip(paper_key(paper.pk, paper.seed).slots, paper.layout, strict=True):
            if needs_marking(entry.kind):
                continue
            _content, _key, right, wrong = SAMPLES[entry.kind]
            names = shown_names(layout)
            for answer, expected in ((right, 1), (wrong, 0)):
                shown = _on_paper(entry.kind, answer, names)
                cleaned = sheet[entry.slot].kind.clean_answer(shown, sheet[entry.slot].lookup)
                assert share(entry.kind, entry.key, cleaned) == expected, (entry.kind, shown)


def _on_paper(kind, answer, names):
    """Translate an answer from the ids of the item to what the paper calls them."""
    if kind == "true_false_group":
        return {"statements": {names[f"statements/{one}"]: value for one, value in answer["statements"].items()}}
    if kind == "matching":
        return {"pairs": {names[f"prompts/{one}"]: names[option] for one, option in answer["pairs"].items()}}
    if kind == "ordering":
        return {"order": [names[one] for one in answer["order"]]}
    if kind == "gap_text":
        return {
            "gaps": {
                names[f"gaps/{one}"]: names.get(f"gaps/{one}/{text}", text) for one, text in answer["gaps"].items()
            }
        }
    if kind == "single_choice":
        return {"choice": names[answer["choice"]]}
    if kind == "multiple_response":
        return {"choices": [names[one] for one in answer["choices"]]}
    return answer


def test_freezing_again_gives_the_same_set(every_kind):
    exam, _items = every_kind
    assert freeze_papers(exam=exam) == 1


@given(st.permutations("abcd"), st.permutations("123"), st.permutations("xy"))
def test_names_map_there_and_back(options, prompts, gaps):
    entry = {"options": options, "order": {"prompts": prompts, "gaps": gaps, "gaps/x": options}}
    shown, originals = shown_names(entry), original_names(entry)
    assert len(shown) == len(originals) == 4 + 3 + 2 + 4
    assert sorted(originals.values()) == sorted(shown)
    for name, original in originals.items():
        assert name.rpartition("/")[2] == shown[original]


# --- authoring -----------------------------------------------------------------------------------------------------

STATEMENTS = {"statements": [{"id": "1", "html": "Một"}, {"id": "2", "html": "Hai"}]}
LINES = {"options": [{"id": one, "html": one} for one in "abc"]}
PAIRS = {"prompts": [{"id": "1", "html": "Một"}], "options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]}
GAP = {"text": "x [[1]] y", "gaps": [{"id": "1"}]}
CHOICE = {"text": "x [[1]]", "gaps": [{"id": "1", "choices": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]}]}
KEY_OF_GAP = {"gaps": {"1": TEXTS}}


@pytest.mark.parametrize(
    ("kind", "content", "key", "fields"),
    [
        ("true_false_group", {}, {"true": []}, ["statements"]),
        ("true_false_group", {"statements": STATEMENTS["statements"][:1]}, {"true": []}, ["statements"]),
        ("true_false_group", STATEMENTS, {}, ["key"]),
        ("true_false_group", STATEMENTS, {"true": ["3"]}, ["key"]),
        ("true_false_group", STATEMENTS, {"true": ["1"], "scale": ["0", "1"]}, ["key"]),
        ("true_false_group", STATEMENTS, {"true": ["1"], "scale": ["0", "0.5", "0.9"]}, ["key"]),
        ("true_false_group", STATEMENTS, {"true": ["1"], "scale": ["0", "x", "1"]}, ["key"]),
        ("true_false_group", STATEMENTS, {"true": ["1"], "scale": ["0.1", "0.5", "1"]}, ["key"]),
        ("short_text", {}, {}, ["key"]),
        ("short_text", {}, {"accepted": [{"text": " "}]}, ["key.accepted.0"]),
        ("short_text", {}, {"accepted": [{"text": "a", "share": "0.5"}]}, ["key"]),
        ("short_text", {}, {"accepted": [{"text": "a"}, {"text": "b", "share": "2"}]}, ["key.accepted.1"]),
        ("short_text", {}, {"accepted": [{"text": "(a"}], "pattern": True}, ["key.accepted.0"]),
        ("short_text", {}, {"accepted": [{"text": r"(a)\1"}], "pattern": True}, ["key.accepted.0"]),
        ("short_text", {"lines": 99}, TEXTS, ["lines"]),
        ("numeric", {}, {"accepted": [{"value": "ba"}]}, ["key.accepted.0"]),
        ("numeric", {}, {"accepted": [{"value": "1", "tolerance": "-1"}]}, ["key.accepted.0"]),
        ("numeric", {}, {**NUMBERS, "tolerance_kind": "vague"}, ["key"]),
        ("numeric", {"unit": "x" * 41}, NUMBERS, ["unit"]),
        ("matching", {**PAIRS, "prompts": []}, {"pairs": {}}, ["prompts"]),
        ("matching", PAIRS, {"pairs": {}}, ["key"]),
        ("matching", PAIRS, {"pairs": {"1": "z"}}, ["key"]),
        ("matching", PAIRS, {"pairs": {"1": "a", "2": "a"}}, ["key"]),
        ("matching", PAIRS, {"pairs": {"1": "a"}, "scoring": "luck"}, ["key"]),
        ("ordering", {"options": LINES["options"][:2]}, {"order": ["a", "b"]}, ["options"]),
        ("ordering", LINES, {"order": ["a", "b"]}, ["key"]),
        ("ordering", LINES, {"order": ["a", "b", "b"]}, ["key"]),
        ("ordering", LINES, {"order": ["a", "b", "c"], "scoring": "partial"}, ["key"]),
        ("gap_text", {"text": "không có", "gaps": []}, {}, ["text"]),
        ("gap_text", {**GAP, "text": "[[1]] [[1]]"}, KEY_OF_GAP, ["gaps"]),
        ("gap_text", {**GAP, "text": "[[1]] [[2]]"}, KEY_OF_GAP, ["gaps"]),
        ("gap_text", {**GAP, "text": '<a title="[[1]]">x</a>'}, KEY_OF_GAP, ["gaps"]),
        ("gap_text", GAP, {}, ["key.1"]),
        ("gap_text", GAP, {"gaps": {"1": {"accepted": [{"value": "x"}], "numeric": True}}}, ["key.1.accepted.0"]),
        ("gap_text", GAP, {"gaps": {"1": {**TEXTS, "weight": "0"}}}, ["key.1"]),
        ("gap_text", CHOICE, {"gaps": {"1": {"correct": "z"}}}, ["key.1"]),
        ("essay", {"min_words": "x"}, {}, ["min_words"]),
        ("essay", {"min_words": 9, "max_words": 3}, {}, ["max_words"]),
        ("essay", {}, {"rubric": [{"title": "", "share": "1"}]}, ["key.rubric.0"]),
        ("essay", {}, {"rubric": [{"title": "a", "share": "0.4"}]}, ["key"]),
    ],
)
def test_a_question_that_breaks_a_rule_of_its_kind_names_the_place(kind, content, key, fields):
    with pytest.raises(InvalidItemError) as error:
        get_kind(kind).clean_item(content, key, {})
    assert list(error.value.fields) == fields


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "key", "fields"),
    [
        ({"image": 0}, {}, ["image"]),
        ({"alt": ""}, {"areas": []}, ["key"]),
        ({"alt": ""}, {"areas": [{"shape": "rect", "coords": ["0", "0", "1", "1"]}]}, ["alt"]),
        ({}, {"areas": [{"shape": "star", "coords": []}]}, ["key.areas.0"]),
        ({}, {"areas": [{"shape": "circle", "coords": ["0", "0"]}]}, ["key.areas.0"]),
        ({}, {"areas": [{"shape": "poly", "coords": ["0", "0", "1", "1", "0", "1", "0"]}]}, ["key.areas.0"]),
        ({}, {"areas": [{"shape": "circle", "coords": ["0", "0", "7"]}]}, ["key.areas.0"]),
        ({}, {"areas": [{"shape": "circle", "coords": ["0", "0", "0.1"], "share": "0.5"}]}, ["key"]),
    ],
)
def test_a_hotspot_that_breaks_a_rule_names_the_place(content, key, fields):
    good = sample("hotspot")[0]
    with pytest.raises(InvalidItemError) as error:
        get_kind("hotspot").clean_item({**good, **content}, key, {})
    assert list(error.value.fields) == fields


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_cleaning_twice_changes_nothing(kind):
    content, key, _right, _wrong = sample(kind)
    once = get_kind(kind).clean_item(content, key, {"general": "<b>Vì</b><script>x</script>"})
    again = get_kind(kind).clean_item(once.content, once.key, once.feedback)
    assert (again.content, again.key, again.feedback) == (once.content, once.key, {"general": "<b>Vì</b>x"})
    if kind in SCORED:
        assert json.loads(json.dumps(once.key)) == once.key


def test_numbers_of_authors_have_one_form():
    authored = get_kind("numeric").clean_item({}, {"accepted": [{"value": "3,50", "tolerance": 0.10}]}, {})
    assert authored.key == {
        "accepted": [{"value": "3.5", "tolerance": "0.1", "share": "1"}],
        "tolerance_kind": "absolute",
    }


def test_four_statements_get_the_national_scale():
    content, key, _right, _wrong = SAMPLES["true_false_group"]
    assert get_kind("true_false_group").clean_item(content, key, {}).key["scale"] == ["0", "0.1", "0.25", "0.5", "1"]


# --- answers -------------------------------------------------------------------------------------------------------

LOOKUPS = {
    "true_false_group": frozenset({"1", "2"}),
    "short_text": None,
    "numeric": None,
    "essay": None,
    "ordering": ("a", "b", "c"),
    "gap_text": {"1": frozenset("ab"), "2": None},
    "hotspot": (400, 200),
}


def lookup_of(kind):
    if kind == "matching":
        return get_kind(kind).lookup({"prompts": [{"id": "1"}, {"id": "2"}], "options": [{"id": "a"}, {"id": "b"}]})
    if kind in ("single_choice", "multiple_response"):
        return frozenset("ab")
    return LOOKUPS[kind]


@pytest.mark.parametrize(
    ("kind", "answer", "kept"),
    [
        ("true_false_group", {"statements": {"2": False, "1": True}}, {"statements": {"1": True, "2": False}}),
        ("true_false_group", {"statements": {"2": None}}, None),
        ("short_text", {"text": "  Hồ Chí Minh\n"}, {"text": "Hồ Chí Minh"}),
        ("short_text", {"text": "a\x00b\ud800"}, {"text": "ab"}),
        ("short_text", {"text": " "}, None),
        ("short_text", {"text": None}, None),
        ("numeric", {"number": " 3,5 tiết"}, {"number": "3,5 tiết"}),
        ("numeric", {"number": "ba"}, {"number": "ba"}),
        ("matching", {"pairs": {"2": "a", "1": None}}, {"pairs": {"2": "a"}}),
        ("matching", {"pairs": {}}, None),
        ("ordering", {"order": ["c", "a"]}, {"order": ["c", "a"]}),
        ("ordering", {"order": []}, None),
        ("gap_text", {"gaps": {"2": " 1930 ", "1": "a"}}, {"gaps": {"1": "a", "2": "1930"}}),
        ("gap_text", {"gaps": {"1": "", "2": None}}, None),
        ("hotspot", {"x": 0, "y": 0.123456}, {"x": 0.0, "y": 0.1235}),
        ("essay", {"html": "<p onclick='x'>a<script>b</script></p>"}, {"html": "<p>ab</p>"}),
        ("essay", {"html": "<p> </p><br>"}, None),
    ],
)
def test_an_answer_has_one_stored_form(kind, answer, kept):
    cleaned = get_kind(kind).clean_answer(answer, lookup_of(kind))
    assert cleaned == kept
    assert get_kind(kind).clean_answer(cleaned, lookup_of(kind)) == kept


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *((kind, wrong) for kind in KINDS for wrong in ("x", 1, [], True, {}, {"choice": 1, "x": 2}, {"secret": "a"})),
        ("single_choice", {"choice": ["a"]}),
        ("single_choice", {"choice": "\ud800"}),
        ("multiple_response", {"choices": [["a"]]}),
        ("true_false_group", {"statements": ["1"]}),
        ("true_false_group", {"statements": {"1": "true"}}),
        ("true_false_group", {"statements": {"1": 1}}),
        ("true_false_group", {"statements": {"9": True}}),
        ("short_text", {"text": ["a"]}),
        ("short_text", {"text": "x" * 2001}),
        ("numeric", {"number": 3.5}),
        ("numeric", {"number": "1" * 101}),
        ("matching", {"pairs": [["1", "a"]]}),
        ("matching", {"pairs": {"9": "a"}}),
        ("matching", {"pairs": {"9": None}}),
        ("matching", {"pairs": {"1": "z"}}),
        ("matching", {"pairs": {"1": {"a": 1}}}),
        ("ordering", {"order": "abc"}),
        ("ordering", {"order": ["a", "a"]}),
        ("ordering", {"order": ["a", "z"]}),
        ("ordering", {"order": [1]}),
        ("gap_text", {"gaps": {"9": "a"}}),
        ("gap_text", {"gaps": {"1": "z"}}),
        ("gap_text", {"gaps": {"2": 1930}}),
        ("gap_text", {"gaps": {"2": "x" * 2001}}),
        ("gap_text", {"gaps": ["a"]}),
        ("hotspot", {"x": 0.5}),
        ("hotspot", {"x": 1.01, "y": 0}),
        ("hotspot", {"x": -0.01, "y": 0}),
        ("hotspot", {"x": float("nan"), "y": 0}),
        ("hotspot", {"x": True, "y": 0}),
        ("hotspot", {"x": "0.5", "y": 0}),
        ("hotspot", {"x": 0.5, "y": 0.5, "r": 1}),
        ("essay", {"html": 1}),
        ("essay", {"html": "x" * 100_001}),
    ],
)
def test_what_is_no_answer_is_refused_with_words(kind, answer):
    with pytest.raises(InvalidAnswerError) as error:
        get_kind(kind).clean_answer(answer, lookup_of(kind))
    assert str(error.value).encode()


def test_what_is_typed_shows_as_it_was_typed_in_lists_and_results():
    from quizzes.kinds.matching import plain_option

    assert plain_option({"html": "<p>a &lt; b &amp; c</p>"}) == "a < b & c"
    key = {"gaps": {"1": {"accepted": [{"text": "a <b>c</b>", "share": "1"}]}}}
    (row,) = get_kind("gap_text").counted({"text": "[[1]]", "gaps": [{"id": "1"}]}, key, {})
    assert row.html == "a &lt;b&gt;c&lt;/b&gt;"
    (row,) = get_kind("short_text").counted({}, {"accepted": [{"text": "x", "share": "1"}]}, {"a <b>c</b>": 1})
    assert row.html == "a &lt;b&gt;c&lt;/b&gt;"
