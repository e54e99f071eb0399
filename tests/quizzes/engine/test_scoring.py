"""What each kind of question earns: a table of literal cases, then properties that must hold for all."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine import scoring
from quizzes.engine.grading import KeySlot, grade_attempt
from quizzes.engine.scorers.choices import national_scale
from quizzes.engine.scorers.numbers import readings
from quizzes.engine.wording import BadPatternError, comparable, compile_pattern, matches

GROUP = {"true": ["1", "3"], "scale": ["0", "0.1", "0.25", "0.5", "1"]}
SPOT = {
    "areas": [
        {"shape": "rect", "coords": ["0.1", "0.1", "0.3", "0.4"], "share": "1"},
        {"shape": "circle", "coords": ["0.7", "0.5", "0.1"], "share": "0.5"},
        {"shape": "poly", "coords": ["0.5", "0", "0.6", "0", "0.6", "0.1", "0.55", "0.05", "0.5", "0.1"], "share": "1"},
    ],
    "ratio": "0.5",
}
GAPS = {
    "gaps": {
        "1": {"correct": "a"},
        "2": {"accepted": [{"text": "Nguyễn Ái Quốc", "share": "1"}, {"text": "Bác Hồ", "share": "0.5"}]},
        "3": {"accepted": [{"value": "1930", "tolerance": "0", "share": "1"}], "numeric": True, "weight": "2"},
    }
}

DIAMOND = {"areas": [{"shape": "poly", "coords": ["0.5", "0.1", "0.9", "0.5", "0.5", "0.9", "0.1", "0.5"]}]}


def texts(*accepted, **rules):
    return {"accepted": [{"text": text, "share": "1"} for text in accepted], **rules}


def numbers(value, tolerance="0", **rules):
    return {"accepted": [{"value": value, "tolerance": tolerance, "share": "1"}], **rules}


CASES = [
    # true_false_group: the national format
    ("true_false_group", GROUP, {"statements": {"1": True, "2": False, "3": True, "4": False}}, "1"),
    ("true_false_group", GROUP, {"statements": {"1": True, "2": False, "3": True, "4": True}}, "0.5"),
    ("true_false_group", GROUP, {"statements": {"1": True, "2": False, "3": True}}, "0.5"),
    ("true_false_group", GROUP, {"statements": {"1": True, "2": False}}, "0.25"),
    ("true_false_group", GROUP, {"statements": {"1": True, "2": True}}, "0.1"),
    ("true_false_group", GROUP, {"statements": {"2": False}}, "0.1"),
    ("true_false_group", GROUP, {"statements": {"1": False, "2": True, "3": False, "4": True}}, "0"),
    ("true_false_group", {"true": []}, {"statements": {"1": False, "2": False, "3": False, "4": True}}, "0.5"),
    ("true_false_group", {"true": ["1"], "scale": ["0", "0.5", "1"]}, {"statements": {"1": True}}, "0.5"),
    # short_text: Vietnamese
    ("short_text", texts("Hòa bình"), {"text": "hoà bình"}, "1"),
    ("short_text", texts("Hoà bình"), {"text": "  HÒA   BÌNH. "}, "1"),
    ("short_text", texts("ủy ban"), {"text": "uỷ ban"}, "1"),
    ("short_text", texts("ủy ban"), {"text": unicodedata.normalize("NFD", "Ủy ban!")}, "1"),
    ("short_text", texts("ủy ban"), {"text": "úy ban"}, "0"),
    ("short_text", texts("Đảng"), {"text": "đảng"}, "1"),
    ("short_text", texts("Đảng"), {"text": "dảng"}, "0"),
    ("short_text", texts("Đảng"), {"text": "đang"}, "0"),
    ("short_text", texts("Đảng", accents=False), {"text": "dang"}, "1"),
    ("short_text", texts("dang", accents=False), {"text": "ĐẢNG"}, "1"),
    ("short_text", texts("Đảng", accents=False, case=True), {"text": "Dang"}, "1"),
    ("short_text", texts("Đảng", accents=False, case=True), {"text": "dang"}, "0"),
    ("short_text", texts("Đảng", case=True), {"text": "đảng"}, "0"),
    ("short_text", texts("185-QĐ/TW"), {"text": "185 – QĐ / TW"}, "1"),
    ("short_text", texts("Một", "Hai"), {"text": "hai"}, "1"),
    ("short_text", texts("Một", "Hai"), {"text": "một hai"}, "0"),
    ("short_text", texts("?"), {"text": "?"}, "1"),
    ("short_text", {"accepted": [{"text": "Bác Hồ", "share": "0.5"}, {"text": "bác hồ"}]}, {"text": "Bác Hồ"}, "1"),
    ("short_text", texts("a.c"), {"text": "abc"}, "0"),
    ("short_text", texts("a.c", pattern=True), {"text": "ABC"}, "1"),
    ("short_text", texts("a.c", pattern=True, case=True), {"text": "ABC"}, "0"),
    ("short_text", texts("(năm )?1930", pattern=True), {"text": "Năm 1930."}, "1"),
    ("short_text", texts("(năm )?1930", pattern=True, accents=False), {"text": "nam 1930"}, "1"),
    ("short_text", texts("1930", pattern=True), {"text": "năm 1930"}, "0"),
    ("short_text", texts("19[34]0", pattern=True), {"text": "19\u200b30"}, "1"),
    ("short_text", texts("số 185-QĐ", pattern=True), {"text": "số 185–QÐ"}, "1"),
    ("short_text", texts("“a”", pattern=True), {"text": "“a”"}, "1"),
    # numeric: as numbers are written in Vietnam
    ("numeric", numbers("3.5"), {"number": "3,5"}, "1"),
    ("numeric", numbers("3.5"), {"number": "3.5"}, "1"),
    ("numeric", numbers("2.5"), {"number": "2,5 tiết"}, "1"),
    ("numeric", numbers("1234.5"), {"number": "1.234,5"}, "1"),
    ("numeric", numbers("1234.5"), {"number": "1 234,5"}, "1"),
    ("numeric", numbers("1234.5"), {"number": "1,234.5"}, "1"),
    ("numeric", numbers("1234"), {"number": "1.234"}, "1"),
    ("numeric", numbers("1.234"), {"number": "1.234"}, "1"),
    ("numeric", numbers("1234"), {"number": "1,234"}, "1"),
    ("numeric", numbers("1234567"), {"number": "1.234.567 đồng"}, "1"),
    ("numeric", numbers("-2"), {"number": "-2"}, "1"),
    ("numeric", numbers("-2"), {"number": "−2"}, "1"),
    ("numeric", numbers("0.5"), {"number": "1/2"}, "1"),
    ("numeric", numbers("0.3333", "0.001"), {"number": "1/3"}, "1"),
    ("numeric", numbers("80"), {"number": "80%"}, "1"),
    ("numeric", numbers("12"), {"number": "12 m²"}, "1"),
    ("numeric", numbers("3.5", "0.1"), {"number": "3,6"}, "1"),
    ("numeric", numbers("3.5", "0.1"), {"number": "3,61"}, "0"),
    ("numeric", numbers("200", "0.05", tolerance_kind="relative"), {"number": "210"}, "1"),
    ("numeric", numbers("200", "0.05", tolerance_kind="relative"), {"number": "211"}, "0"),
    ("numeric", numbers("-200", "0.05", tolerance_kind="relative"), {"number": "-190"}, "1"),
    ("numeric", numbers("3"), {"number": "ba"}, "0"),
    ("numeric", numbers("3"), {"number": "1.23.4"}, "0"),
    (
        "numeric",
        {"accepted": [{"value": "5"}, {"value": "5", "tolerance": "1", "share": "0.5"}]},
        {"number": "5,5"},
        "0.5",
    ),
    # matching
    ("matching", {"pairs": {"1": "b", "2": "a"}}, {"pairs": {"1": "b", "2": "b"}}, "0.5"),
    ("matching", {"pairs": {"1": "b", "2": "a"}}, {"pairs": {"2": "a"}}, "0.5"),
    ("matching", {"pairs": {"1": "b", "2": "a"}}, {"pairs": {"1": "b", "2": "a"}}, "1"),
    ("matching", {"pairs": {"1": "b", "2": "a"}, "scoring": "all_or_nothing"}, {"pairs": {"1": "b"}}, "0"),
    ("matching", {"pairs": {"1": "b"}, "scoring": "all_or_nothing"}, {"pairs": {"1": "b"}}, "1"),
    # ordering: c a b d
    ("ordering", {"order": list("cabd")}, {"order": list("cabd")}, "1"),
    ("ordering", {"order": list("cabd")}, {"order": list("cadb")}, "0"),
    ("ordering", {"order": list("cabd"), "scoring": "position"}, {"order": list("cadb")}, "0.5"),
    ("ordering", {"order": list("cabd"), "scoring": "position"}, {"order": list("ca")}, "0.5"),
    ("ordering", {"order": list("cabde"), "scoring": "adjacent"}, {"order": list("ecabd")}, "0.75"),
    ("ordering", {"order": list("cabde"), "scoring": "position"}, {"order": list("ecabd")}, "0"),
    ("ordering", {"order": list("cabde"), "scoring": "adjacent"}, {"order": list("edbac")}, "0"),
    # gap_text: weights 1, 1, 2
    ("gap_text", GAPS, {"gaps": {"1": "a", "2": "nguyễn ái quốc", "3": "1.930"}}, "1"),
    ("gap_text", GAPS, {"gaps": {"1": "a", "2": "Bác Hồ"}}, "0.375"),
    ("gap_text", GAPS, {"gaps": {"3": "năm 1930"}}, "0"),
    ("gap_text", GAPS, {"gaps": {"3": "1930"}}, "0.5"),
    ("gap_text", {**GAPS, "scoring": "all_or_nothing"}, {"gaps": {"1": "a", "2": "Bác Hồ", "3": "1930"}}, "0"),
    # hotspot: a picture twice as wide as high
    ("hotspot", SPOT, {"x": 0.1, "y": 0.4}, "1"),
    ("hotspot", SPOT, {"x": 0.31, "y": 0.2}, "0"),
    ("hotspot", SPOT, {"x": 0.7, "y": 0.69}, "0.5"),
    ("hotspot", SPOT, {"x": 0.79, "y": 0.5}, "0.5"),
    ("hotspot", SPOT, {"x": 0.79, "y": 0.69}, "0"),
    ("hotspot", SPOT, {"x": 0.55, "y": 0.04}, "1"),
    ("hotspot", SPOT, {"x": 0.55, "y": 0.05}, "1"),
    ("hotspot", SPOT, {"x": 0.55, "y": 0.08}, "0"),
    # the edges belong to the area
    ("hotspot", SPOT, {"x": 0.3, "y": 0.1}, "1"),
    ("hotspot", SPOT, {"x": 0.8, "y": 0.5}, "0.5"),
    ("hotspot", SPOT, {"x": 0.7, "y": 0.7}, "0.5"),
    ("hotspot", SPOT, {"x": 0.2, "y": 0.41}, "0"),
    ("hotspot", SPOT, {"x": 0.09, "y": 0.2}, "0"),
    # a square on its corner, looked at from the height of its corners
    ("hotspot", DIAMOND, {"x": 0.3, "y": 0.5}, "1"),
    ("hotspot", DIAMOND, {"x": 0.05, "y": 0.5}, "0"),
    ("hotspot", DIAMOND, {"x": 0.95, "y": 0.5}, "0"),
    ("hotspot", DIAMOND, {"x": 0.2, "y": 0.3}, "0"),
    ("hotspot", DIAMOND, {"x": 0.8, "y": 0.3}, "0"),
    ("hotspot", DIAMOND, {"x": 0.5, "y": 0.3}, "1"),
    ("hotspot", DIAMOND, {"x": 0.1, "y": 0.1}, "0"),
    ("hotspot", DIAMOND, {"x": 0.9, "y": 0.9}, "0"),
    # gaps that are chosen
    ("gap_text", {"gaps": {"1": {"correct": "a"}}}, {"gaps": {"1": "a"}}, "1"),
    ("gap_text", {"gaps": {"1": {"correct": "a"}}}, {"gaps": {"1": "b"}}, "0"),
    ("gap_text", {"gaps": {"1": {"correct": "a"}}}, {"gaps": {}}, "0"),
    ("gap_text", {"gaps": {"1": {"accepted": [{"text": "x"}]}, "2": {"correct": "a"}}}, {"gaps": {"1": "x"}}, "0.5"),
    (
        "gap_text",
        {"gaps": {"1": {"accepted": [{"value": "1"}], "numeric": True}, "2": {}}},
        {"gaps": {"1": "1"}},
        "0.5",
    ),
    # a pattern minds accents unless it is told not to
    ("short_text", texts("h[òo]a", pattern=True), {"text": "hòa"}, "1"),
    ("short_text", texts("hòa", pattern=True), {"text": "hoa"}, "0"),
    ("short_text", texts("hòa", pattern=True, accents=False), {"text": "hoa"}, "1"),
    # groups of three figures
    ("numeric", numbers("123456789"), {"number": "123.456.789"}, "1"),
    ("numeric", numbers("1234567890"), {"number": "1234.567.890"}, "0"),
    ("numeric", numbers("123456"), {"number": "0.123.456"}, "0"),
    ("numeric", numbers("12345"), {"number": "12.345"}, "1"),
    ("numeric", numbers("1234567"), {"number": "1 234 567"}, "1"),
]


@pytest.mark.parametrize(("kind", "key", "answer", "expected"), CASES)
def test_scoring_case(kind, key, answer, expected):
    assert scoring.share(kind, key, answer) == Decimal(expected)


@pytest.mark.parametrize("kind", sorted({case[0] for case in CASES} | {"single_choice", "multiple_response"}))
def test_no_answer_earns_nothing(kind):
    key = next((case[1] for case in CASES if case[0] == kind), {"correct": "a"})
    assert scoring.share(kind, key, None) == 0


@pytest.mark.parametrize("kind", ["matching", "ordering", "gap_text"])
def test_an_unknown_way_of_scoring_is_an_error(kind):
    key = {"pairs": {"1": "a"}, "order": ["a"], "gaps": {"1": {"correct": "a"}}, "scoring": "luck"}
    with pytest.raises(ValueError, match="Unknown way of scoring"):
        scoring.share(kind, key, {"pairs": {}, "order": [], "gaps": {}})


def test_an_essay_needs_a_person():
    assert [kind for kind in ("essay", "single_choice", "gap_text") if scoring.needs_marking(kind)] == ["essay"]
    with pytest.raises(scoring.UnknownKindError):
        scoring.share("essay", {}, {"html": "x"})


def test_scales_of_other_lengths_are_proportional():
    assert [national_scale(count) for count in (2, 3, 4, 5)] == [
        ["0", "0.5", "1"],
        ["0", "0.3333", "0.6667", "1"],
        ["0", "0.1", "0.25", "0.5", "1"],
        ["0", "0.2", "0.4", "0.6", "0.8", "1"],
    ]


def test_what_waits_for_a_person_counts_nothing_yet():
    slots = [
        KeySlot(1, "single_choice", {"correct": "a"}, Decimal(1)),
        KeySlot(2, "essay", {}, Decimal(5)),
        KeySlot(3, "essay", {}, Decimal(4)),
    ]
    outcome = grade_attempt(slots, {1: {"choice": "a"}, 2: {"html": "<p>Bài</p>"}})
    assert outcome.points == {1: Decimal("1.00"), 3: Decimal("0.00")}
    assert (outcome.score, outcome.max_score, outcome.pending) == (Decimal("1.00"), Decimal(10), frozenset({2}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", {1.234, 1234}),
        ("12,345", {12.345, 12345}),
        ("1234,567", {1234.567}),
        ("0.234", {0.234}),
        ("1.234.567,89", {1234567.89}),
        ("1'234", {1234}),
        ("12 5", set()),
        ("3,5 7", set()),
        ("1/0", set()),
        ("--3", set()),
        ("1e3", {1000}),
        ("½", {0.5}),
        ("1½", {1.5}),
        ("-2 ¾ m", {-2.75}),
        # raised figures are powers, not more figures
        ("10²", set()),
        ("5 m²", {5}),
        ("5 km2", {5}),
        ("5 CO2", {5}),
        ("12 người/100 dân", {12}),
        # two answers are none
        ("5 hoặc 7", set()),
        ("5 hay7", set()),
        ("1930 và 1945", set()),
        ("5 đến 9", set()),
        ("NaN", set()),
        ("Infinity", set()),
        ("1e400", set()),
        ("9" * 100, {float("9" * 100)}),
        ("", set()),
        ("tiết", set()),
        (",5", {0.5}),
        ("5.", {5}),
    ],
)
def test_readings_of_numbers(text, expected):
    assert {float(value) for value in readings(text)} == expected


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "(a{1000}){1000}", "x" * 501])
def test_patterns_that_could_run_away_are_refused(pattern):
    with pytest.raises(BadPatternError):
        compile_pattern(pattern, case=True, accents=True)


def test_a_pattern_made_to_explode_takes_no_time():
    assert not matches("(a+)+$", "a" * 2000 + "!b", case=False, accents=True)


def test_a_share_of_the_points_is_rounded_half_up_whatever_the_number_of_parts():
    wrong = []
    for parts in range(1, 21):
        key = {"pairs": {str(part): "a" for part in range(parts)}}
        for right in range(parts + 1):
            answer = {"pairs": {str(part): "a" if part < right else "b" for part in range(parts)}}
            for cents in (1, 3, 5, 10, 25, 33, 50, 75, 99, 117, 150, 225, 597, 1000):
                exact = (2 * right * cents + parts) // (2 * parts)
                if scoring.grade("matching", key, answer, Decimal(cents) / 100) != Decimal(exact) / 100:
                    wrong.append((parts, right, cents))
    assert wrong == []


# --- properties ----------------------------------------------------------------------------------------------------

LETTERS = "abcdefgh"
vietnamese = st.text("aăâeêioôơuưyđ" + "àảãáạằầềìòồờùừỳ" + "bcghklmnpqrstvx -/.,", max_size=30)


@given(vietnamese, st.booleans(), st.booleans())
def test_composed_and_decomposed_text_is_the_same(text, case, accents):
    forms = {comparable(unicodedata.normalize(form, text), case=case, accents=accents) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(vietnamese, vietnamese)
def test_what_fits_with_accents_fits_without(one, other):
    strict = comparable(one, case=False, accents=True) == comparable(other, case=False, accents=True)
    assert not strict or comparable(one, case=False, accents=False) == comparable(other, case=False, accents=False)


@given(st.decimals("-9999", "9999", places=2), st.sampled_from(["{}", "{} tiết", " {} "]))
def test_every_number_written_plainly_is_read(value, shape):
    for text in (str(value), str(value).replace(".", ",")):
        assert scoring.share("numeric", numbers(str(value)), {"number": shape.format(text)}) == 1


@given(st.decimals("-99", "99", places=2), st.decimals("0", "9", places=2), st.decimals("0", "9", places=2))
def test_a_wider_tolerance_never_earns_less(value, near, far):
    answer = {"number": "7"}
    narrow, wide = sorted([near, far])
    assert scoring.share("numeric", numbers(str(value), str(narrow)), answer) <= scoring.share(
        "numeric", numbers(str(value), str(wide)), answer
    )


@given(st.text(max_size=40))
def test_any_text_at_all_can_be_read(text):
    readings(text)
    assert scoring.share("short_text", texts("a"), {"text": text}) in (0, 1)


@given(st.permutations(LETTERS), st.permutations(LETTERS), st.permutations(LETTERS))
def test_ordering_depends_on_the_lines_not_on_their_letters(right, given_order, names):
    renamed = dict(zip(LETTERS, names, strict=True))
    for mode in scoring.ORDERING_MODES:
        plain = scoring.share("ordering", {"order": right, "scoring": mode}, {"order": given_order})
        moved = scoring.share(
            "ordering",
            {"order": [renamed[one] for one in right], "scoring": mode},
            {"order": [renamed[one] for one in given_order]},
        )
        assert 0 <= plain == moved <= 1
        assert scoring.share("ordering", {"order": right, "scoring": mode}, {"order": list(right)}) == 1
    strict, *others = (
        scoring.share("ordering", {"order": right, "scoring": mode}, {"order": given_order})
        for mode in scoring.ORDERING_MODES
    )
    assert all(strict <= other for other in others)


pairs = st.dictionaries(st.sampled_from("12345"), st.sampled_from(LETTERS), min_size=1)


@given(pairs, pairs, st.sampled_from(scoring.MATCHING_MODES))
def test_matching_is_monotone(key, answer, mode):
    whole = {"pairs": key, "scoring": mode}
    before = scoring.share("matching", whole, {"pairs": answer})
    assert 0 <= before <= 1
    for prompt, option in key.items():
        assert before <= scoring.share("matching", whole, {"pairs": {**answer, prompt: option}})
    assert scoring.share("matching", whole, {"pairs": key}) == 1


@given(
    st.integers(2, 10).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(1, n)), st.sets(st.integers(1, n))))
)
def test_true_false_groups_are_monotone(group):
    count, true, said = group
    key = {"true": [str(one) for one in true], "scale": national_scale(count)}
    answer = {str(one): one in said for one in range(1, count + 1)}
    before = scoring.share("true_false_group", key, {"statements": answer})
    assert 0 <= before <= 1
    for one in range(1, count + 1):
        better = {**answer, str(one): one in true}
        assert before <= scoring.share("true_false_group", key, {"statements": better})
    right = {str(one): one in true for one in range(1, count + 1)}
    assert scoring.share("true_false_group", key, {"statements": right}) == 1


corner = st.integers(0, 20).map(lambda value: str(Decimal(value) / 20))


@given(st.lists(st.tuples(corner, corner), min_size=3, max_size=8), corner, corner, st.integers(0, 7))
def test_a_polygon_does_not_depend_on_where_it_starts_or_turns(corners, x, y, start):
    def share(points):
        area = {"shape": "poly", "coords": [value for point in points for value in point], "share": "1"}
        return scoring.share("hotspot", {"areas": [area]}, {"x": float(x), "y": float(y)})

    start %= len(corners)
    assert share(corners) == share(corners[start:] + corners[:start]) == share(corners[::-1])
    assert share([(x, y), *corners]) == 1


@pytest.mark.parametrize(
    ("area", "message"),
    [
        ({"shape": "star", "coords": []}, r"^Unknown shape: 'star'$"),
        ({"shape": "poly", "coords": ["0", "0", "1"]}, "shorter"),
    ],
)
def test_an_area_that_is_none_is_an_error(area, message):
    with pytest.raises(ValueError, match=message):
        scoring.share("hotspot", {"areas": [area]}, {"x": 0, "y": 0})
