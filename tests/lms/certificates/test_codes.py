import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.codes import ALPHABET, new_code, parse_code


def test_a_new_code_is_read_back_however_it_is_typed():
    code = new_code()
    bare = code.replace("-", "")
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert {
        parse_code(form) for form in (code, bare, bare.lower(), f"  {code.lower()} ", code.replace("-", " – "))
    } == {code}


@pytest.mark.parametrize("text", ["", "123", "ABCD-EFGH-JKLM-N", "ĐĐĐĐ-ĐĐĐĐ-ĐĐĐĐ", "UUUU-UUUU-UUUU", "' OR 1=1 --x"])
def test_what_cannot_be_a_code(text):
    assert parse_code(text) is None


@given(st.integers(0, 11), st.integers(1, len(ALPHABET) - 1))
def test_every_single_slip_is_noticed(place, shift):
    code = list(new_code().replace("-", ""))
    code[place] = ALPHABET[(ALPHABET.index(code[place]) + shift) % len(ALPHABET)]
    assert parse_code("".join(code)) is None


@given(st.integers(0, 9))
def test_every_swap_of_neighbours_is_noticed(place):
    code = list(new_code().replace("-", ""))
    code[place], code[place + 1] = code[place + 1], code[place]
    if code[place] != code[place + 1]:
        assert parse_code("".join(code)) is None


def test_look_alikes_are_forgiven():
    code = next(code for code in iter(new_code, "") if "0" in code and "1" in code)
    assert parse_code(code.replace("0", "o").replace("1", "l")) == code
