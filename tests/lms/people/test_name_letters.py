"""What a name may be written with, wherever it is typed."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lms.common.text import normalise
from lms.people.models import User
from lms.people.services.accounts import PeopleError, create_person
from lms.people.validators import refused_letter, validate_full_name, validate_name_letters


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "H'Hen Niê", "Ê Ban Y", "Đỗ-Phúc", "Trần A (Tý)", "Lê 2"])
def test_names_of_the_country(name):
    validate_full_name(name)
    validate_full_name(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    "letter", ["<", ">", "\u202e", "\u200b", "\u2066", "\x00", "\x1b", "\ufeff", "{", "|", "😀", "@"]
)
def test_what_hides_turns_or_marks_up_is_named(letter):
    assert refused_letter(f"An {letter} Bình") == letter
    with pytest.raises(ValidationError) as refused:
        validate_name_letters(f"An{letter}")
    assert refused.value.code == "name_letters"


@given(st.text(max_size=40))
def test_what_is_taken_shows_all_that_it_holds(text):
    try:
        validate_full_name(text)
    except ValidationError:
        return
    kinds = {unicodedata.category(letter)[0] for letter in normalise(text)}
    assert "C" not in kinds  # no control, no format, nothing unassigned
    assert "<" not in text
    assert sum(letter.isalpha() for letter in text) >= 1


@pytest.mark.django_db
def test_every_way_to_an_account_asks_the_model():
    people = User.objects.count()
    with pytest.raises(PeopleError) as refused:
        create_person(full_name="<script>alert(1)</script>", actor=None)
    assert (list(refused.value.fields), User.objects.count()) == (["0.full_name"], people)
    with pytest.raises(ValidationError) as form:
        User(username="an", given_name="An\u202e").clean_fields()
    assert set(form.value.message_dict) >= {"given_name"}
