"""Vietnamese names: order, folding, splitting. Properties hold for every name."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.common.text import fold, normalise
from lms.people.models import User
from lms.people.names import full_name, mask_name, sort_key, split_full_name, text_sort_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
VOWELS = "aăâeêioôơuưy"

letter = st.sampled_from(LETTERS)
vowel = st.builds(
    lambda base, tone: unicodedata.normalize("NFC", base + tone), st.sampled_from(VOWELS), st.sampled_from(TONES)
)
word = st.builds(
    lambda head, middle, tail: (head + middle + tail).capitalize(),
    st.sampled_from(["", *"bcdđghklmnprstvx", "ng", "nh", "tr", "th"]),
    vowel,
    st.sampled_from(["", "n", "m", "ng", "t", "c"]),
)
name = st.lists(word, min_size=1, max_size=5).map(" ".join)
HARD = ["Nguyễn Văn An", "H'Hen Niê", "Y Thông Niê", "Đặng Thị Hoà", "Lò Văn Ước", "K'Sor Đức", "Ka Lê-Vân", "An"]


def keys(names):
    return [sort_key(*split_full_name(one)) for one in names]


def test_given_then_middle_then_family():
    ordered = [
        "Nguyễn Văn An", "Trần Văn An", "Lê Thị Ân", "Trần Thị Bình", "Hồ Chí Dũng", "Hồ Văn Đại", "Phạm Đức",
        "Lê Thị Hoa", "Lê Thị Hòa", "Lê Thị Hoàn", "Lê Thị Út", "Lê Thị Ưng",
    ]  # fmt: skip
    assert sorted(set(ordered), key=lambda one: sort_key(*split_full_name(one))) == ordered


def test_tones_in_order():
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "man", "mă", "mâ", "mb"]
    assert sorted(set(ordered), key=text_sort_key) == ordered


@given(st.permutations(LETTERS))
def test_letters_in_order(shuffled):
    assert "".join(sorted(shuffled, key=text_sort_key)) == LETTERS


@given(word, word)
def test_letters_decide_before_tones(one, two):
    def bare(text):
        marks = {"\u0300", "\u0309", "\u0303", "\u0301", "\u0323"}
        decomposed = (char for char in unicodedata.normalize("NFD", text.lower()) if char not in marks)
        return [LETTERS.index(char) for char in unicodedata.normalize("NFC", "".join(decomposed))]

    if bare(one) != bare(two):
        assert (text_sort_key(one) < text_sort_key(two)) == (bare(one) < bare(two))
    else:
        assert (text_sort_key(one) == text_sort_key(two)) == (one == two)


@given(name)
def test_keys_are_figures_alone_and_short(one):
    key = sort_key(*split_full_name(one))
    assert key.isascii()
    assert key.isdigit()
    assert len(key) <= 250


@given(name)
def test_the_same_key_for_nfc_and_nfd_and_capitals(one):
    for form in ("NFC", "NFD"):
        assert sort_key(*split_full_name(unicodedata.normalize(form, one))) == sort_key(*split_full_name(one))
    assert text_sort_key(one.upper()) == text_sort_key(one)


@given(name | st.sampled_from(HARD))
def test_split_and_join(one):
    assert full_name(*split_full_name(one)) == normalise(one)
    assert full_name(*split_full_name(f"  {one}  ".replace(" ", "  "))) == normalise(one)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("", ("", "", "")),
        ("An", ("", "", "An")),
        ("Lê Lợi", ("Lê", "", "Lợi")),
        ("Công Tằng Tôn Nữ Mộng Điệp", ("Công", "Tằng Tôn Nữ Mộng", "Điệp")),
    ],
)
def test_split(typed, parts):
    assert split_full_name(typed) == parts


def test_an_own_key_replaces_the_order():
    own = sort_key("H'Hen", "", "Niê", own="H'Hen")
    assert own == text_sort_key("H'Hen") == text_sort_key("HHen")
    assert sort_key("", "", "Hà") < own < sort_key("", "", "Hoa")


@pytest.mark.parametrize(
    ("one", "two"), [("hoà", "hòa"), ("uỷ", "ủy"), ("Đặng", "dang"), ("THUỶ  ", "thủy"), ("Ước", "uoc")]
)
def test_fold_alike(one, two):
    assert fold(one) == fold(two)
    assert fold(unicodedata.normalize("NFD", one)) == fold(two)


@given(name)
def test_fold_is_plain_and_stable(one):
    folded = fold(one)
    assert folded.isascii()
    assert folded == fold(folded) == fold(one.upper()) == fold(unicodedata.normalize("NFD", one))


@given(st.text())
def test_fold_and_keys_take_anything(text):
    assert fold(fold(text)) == fold(text)
    assert text_sort_key(text) == "" or text_sort_key(text).isdigit()


def test_numbers_sort_as_numbers():
    ordered = ["Lớp 1", "Lớp 2", "Lớp 10", "Lớp A"]
    assert sorted(set(ordered), key=text_sort_key) == ordered


def test_mask():
    assert mask_name(User(family_name="Nguyễn", middle_name="Thị Minh", given_name="Khai")) == "N. T. M. Khai"
    assert mask_name(User(given_name="An")) == "An"


@pytest.mark.django_db
def test_the_database_orders_as_python_does():
    families, givens = ["Đỗ", "Lê", "Nguyễn"], ["An", "Ân", "Đức", "Dũng", "Hòa", "Hoà", "Út", "Ước"]
    for number, (family, given_name) in enumerate(itertools.product(families, givens)):
        User.objects.create_user(f"u{number}", family_name=family, given_name=given_name)
    found = list(User.objects.order_by("sort_key", "pk").values_list("sort_key", flat=True))
    assert found == sorted(found)
    assert [user.given_name for user in User.objects.order_by("sort_key", "pk")][:6] == ["An"] * 3 + ["Ân"] * 3
    assert User.objects.named_like("do duc").get().get_full_name() == "Đỗ Đức"
