"""The pure core: shuffling, scoring, receipts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine import layout, receipt, scoring
from quizzes.engine.grading import KeySlot, grade_attempt
from quizzes.engine.shuffle import permute

LETTERS = "abcdefgh"
letters = st.sets(st.sampled_from(LETTERS))
some_letters = st.sets(st.sampled_from(LETTERS), min_size=1)
points = st.decimals("0.01", "20", places=2)
seeds = st.integers(0, 2**62 - 1)


def test_single_choice_gives_all_or_nothing():
    key = {"correct": "b"}
    assert [scoring.grade("single_choice", key, {"choice": letter}, Decimal("0.25")) for letter in "abc"] == [
        Decimal("0.00"),
        Decimal("0.25"),
        Decimal("0.00"),
    ]
    assert scoring.grade("single_choice", key, None, Decimal(1)) == 0


@pytest.mark.parametrize(
    ("mode", "choices", "expected"),
    [
        ("all_or_nothing", "ac", "1.00"),
        ("all_or_nothing", "a", "0.00"),
        ("all_or_nothing", "abc", "0.00"),
        ("partial", "a", "0.50"),
        ("partial", "ab", "0.50"),
        ("partial", "bd", "0.00"),
        ("partial", "ac", "1.00"),
        ("partial_penalty", "a", "0.50"),
        ("partial_penalty", "ab", "0.00"),
        ("partial_penalty", "abc", "0.50"),
        ("partial_penalty", "bd", "0.00"),
        ("partial_penalty", "abcd", "0.00"),
    ],
)
def test_multiple_response_by_way_of_scoring(mode, choices, expected):
    key = {"correct": ["a", "c"], "scoring": mode}
    assert scoring.grade("multiple_response", key, {"choices": list(choices)}, Decimal(1)) == Decimal(expected)


def test_multiple_response_without_a_mode_is_all_or_nothing():
    key = {"correct": ["a", "c"]}
    assert scoring.grade("multiple_response", key, {"choices": ["a"]}, Decimal(1)) == 0


def test_points_are_rounded_half_up():
    key = {"correct": ["a", "b", "c"], "scoring": "partial"}
    assert scoring.grade("multiple_response", key, {"choices": ["a", "b"]}, Decimal("0.25")) == Decimal("0.17")
    key = {"correct": ["a", "b"], "scoring": "partial"}
    assert scoring.grade("multiple_response", key, {"choices": ["a"]}, Decimal("0.25")) == Decimal("0.13")


def test_unknown_kind_and_mode_are_errors():
    with pytest.raises(scoring.UnknownKindError):
        scoring.grade("telepathy", {}, {}, Decimal(1))
    with pytest.raises(ValueError, match="Unknown way of scoring"):
        scoring.grade("multiple_response", {"correct": ["a"], "scoring": "x"}, {"choices": ["a"]}, Decimal(1))
    with pytest.raises(ValueError, match="registered already"):
        scoring.scorer("single_choice")(scoring.single_choice)


@given(some_letters, letters, points, st.sampled_from(scoring.MULTIPLE_MODES))
def test_multiple_response_stays_within_its_points(correct, chosen, worth, mode):
    key = {"correct": sorted(correct), "scoring": mode}
    earned = scoring.grade("multiple_response", key, {"choices": sorted(chosen)}, worth)
    assert 0 <= earned <= worth
    assert (earned == worth) if chosen == correct else True
    assert scoring.grade("multiple_response", key, {"choices": sorted(correct)}, worth) == worth


@given(some_letters, letters, points)
def test_stricter_ways_never_give_more(correct, chosen, worth):
    strict, fair, kind = (
        scoring.grade(
            "multiple_response", {"correct": sorted(correct), "scoring": mode}, {"choices": list(chosen)}, worth
        )
        for mode in ("all_or_nothing", "partial_penalty", "partial")
    )
    assert strict <= fair <= kind


@given(some_letters, letters, st.permutations(LETTERS), st.sampled_from(scoring.MULTIPLE_MODES))
def test_scores_do_not_depend_on_the_letters_shown(correct, chosen, order, mode):
    shown = layout.shown_by_original(order)
    plain = scoring.share("multiple_response", {"correct": sorted(correct), "scoring": mode}, {"choices": list(chosen)})
    moved = scoring.share(
        "multiple_response",
        {"correct": [shown[x] for x in correct], "scoring": mode},
        {"choices": [shown[x] for x in chosen]},
    )
    assert plain == moved


def test_order_of_a_seed_is_the_same_for_ever():
    assert permute("abcdefgh", seed=1, stream="questions") == list("bgdahecf")
    assert permute("abcdefgh", seed=2**61, stream="options/3") == list("ahbedgfc")


@given(st.lists(st.integers(), unique=True, max_size=12), seeds, st.sets(st.integers(0, 11)))
def test_shuffling_keeps_everything_and_leaves_the_fixed_in_place(items, seed, fixed_places):
    fixed = {items[place] for place in fixed_places if place < len(items)}
    result = permute(items, seed=seed, stream="x", fixed=lambda item: item in fixed)
    assert sorted(result) == sorted(items)
    assert all(result[place] == item for place, item in enumerate(items) if item in fixed)
    assert result == permute(items, seed=seed, stream="x", fixed=lambda item: item in fixed)


def test_every_order_comes_up_about_equally():
    counts = {}
    for seed in range(6000):
        order = "".join(permute("abc", seed=seed, stream="q"))
        counts[order] = counts.get(order, 0) + 1
    assert sorted(counts) == ["abc", "acb", "bac", "bca", "cab", "cba"]
    assert all(850 < count < 1150 for count in counts.values())


@given(st.permutations(LETTERS))
def test_letters_map_there_and_back(order):
    there, back = layout.shown_by_original(order), layout.original_by_shown(order)
    assert [back[there[x]] for x in LETTERS] == list(LETTERS)
    assert list(there.values()) == list(LETTERS)


def test_more_than_26_options_have_no_letter():
    with pytest.raises(IndexError):
        layout.letter(26)


answers_by_slot = st.dictionaries(
    st.integers(1, 40), st.one_of(st.none(), st.fixed_dictionaries({"choice": st.sampled_from(LETTERS)}))
)


@given(answers_by_slot)
def test_receipt_depends_on_answers_alone_not_on_their_order_or_on_cleared_ones(answers):
    first = receipt.receipt("d", answers)
    assert first == receipt.receipt("d", dict(reversed(answers.items())))
    assert first == receipt.receipt("d", {slot: a for slot, a in answers.items() if a is not None})
    assert first != receipt.receipt("e", answers)
    assert first != receipt.receipt("d", {**answers, 41: {"choice": "a"}})


def test_receipt_is_a_known_hash():
    assert receipt.canonical_json({"b": 1, "a": ["đ", None]}) == '{"a":["đ",null],"b":1}'.encode()
    import hashlib

    body = b'{"paper":"p","responses":[[1,{"choice":"a"}]]}'
    assert receipt.receipt("p", {1: {"choice": "a"}, 2: None}) == hashlib.sha256(body).hexdigest()


def test_an_attempt_adds_up():
    slots = [
        KeySlot(1, "single_choice", {"correct": "a"}, Decimal("0.25")),
        KeySlot(2, "multiple_response", {"correct": ["a", "b", "c"], "scoring": "partial"}, Decimal(1)),
        KeySlot(3, "single_choice", {"correct": "c"}, Decimal(2)),
    ]
    outcome = grade_attempt(slots, {1: {"choice": "a"}, 2: {"choices": ["a"]}, 9: {"choice": "a"}})
    assert outcome.points == {1: Decimal("0.25"), 2: Decimal("0.33"), 3: Decimal("0.00")}
    assert (outcome.score, outcome.max_score) == (Decimal("0.58"), Decimal("3.25"))
