"""The pure parts: how alike texts are, one spelling of tones, differences word by word."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.texts import bands, likeness, plain_text, shingles, spelling, text_digest
from quizzes.engine.worddiff import Piece, word_diff

WORDS = "Đảng cộng sản việt nam là đội tiên phong của giai cấp công nhân . , ?"
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=30).map(" ".join)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_whole_for_the_same(one: str, two: str) -> None:
    a, b = shingles(one), shingles(two)
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, a) == (1.0 if a else 0.0)
    assert bands(a) == bands(shingles(one.upper()))


def test_what_is_stored_means_the_same_for_ever() -> None:
    assert sorted(shingles("Đảng Cộng sản")) == [2134765252, 3066963295]
    assert bands(shingles("Đảng Cộng sản"))[:2] == [2111219427783275668, 708575736999399595]
    assert len(bands(shingles("một hai ba"))) == 20
    assert bands(frozenset()) == []
    assert all(0 <= value < 2**63 for value in bands(shingles("một hai ba bốn")))


def test_a_band_is_shared_as_often_as_the_arithmetic_says() -> None:
    """1 - (1 - s³)²⁰ at s = 0.6: 99 of 100 pairs are found."""
    rng = random.Random(1)
    found = 0
    for _ in range(300):
        common = frozenset(rng.randrange(2**32) for _each in range(24))
        one = common | {rng.randrange(2**32) for _each in range(8)}
        two = common | {rng.randrange(2**32) for _each in range(8)}
        assert round(likeness(one, two), 2) == 0.6
        found += bool(set(bands(frozenset(one))) & set(bands(frozenset(two))))
    assert found > 285


@given(st.lists(st.text("abcđ ", max_size=8), max_size=5), st.randoms())
def test_the_digest_does_not_know_the_order_of_options(options: list[str], rng: random.Random) -> None:
    shuffled = options[:]
    rng.shuffle(shuffled)
    assert text_digest("Câu hỏi?", options) == text_digest("câu  HỎI ?", shuffled)


def test_the_digest_knows_other_words() -> None:
    assert text_digest("Câu một", ["a"]) != text_digest("Câu hai", ["a"])
    assert text_digest("Câu một", ["a"]) != text_digest("Câu một", ["b"])


@pytest.mark.parametrize(
    ("one", "two"),
    [("hoà bình", "hòa bình"), ("UỶ BAN", "ủy ban"), ("khoẻ", "khỏe"), ("thuỷ", "thủy")],
)
def test_both_spellings_of_a_tone_are_one(one: str, two: str) -> None:
    assert spelling(one) == spelling(two)


@pytest.mark.parametrize(("one", "two"), [("hoa", "hòa"), ("quý", "qúy"), ("hoàn", "hòan")])
def test_other_words_stay_other_words(one: str, two: str) -> None:
    assert spelling(one) != spelling(two)


def test_plain_text_keeps_words_apart_and_names_pictures() -> None:
    markup = '<p>Một</p><p>hai &amp; <b>b</b>a</p><img alt="bản đồ" src="/x"><ul><li>x</li></ul>'
    assert plain_text(markup) == "Một hai & ba [bản đồ] x"


@given(TEXTS, TEXTS)
def test_a_difference_gives_both_texts_back(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.op != "added") == old
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == new


def test_a_difference_names_the_words() -> None:
    assert word_diff("Đảng ra đời năm 1930.", "Đảng ra đời năm 1931.") == [
        Piece("same", "Đảng ra đời năm "),
        Piece("removed", "1930"),
        Piece("added", "1931"),
        Piece("same", "."),
    ]
