"""What a password may not be made of."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.people.enums import Role
from lms.people.models import Profile
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    province = make_unit(name="Trường chính trị tỉnh Điện Quang")
    user = make_user("Đỗ Thị Phương Uyên", username="uyen.do", email="phuonguyen@example.vn")
    Profile.objects.filter(user=user).update(unit=make_unit(province, name="Trung tâm chính trị Yên Thổ"))
    grant(user, Role.LECTURER, make_unit(name="Học viện Cao Sơn"))
    return user


def codes(password, user=None):
    """Return the codes of what is wrong with a password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "Chính trị 2026", "chinhtri@123", "CHINHTRI_2025!", "Ch1nhTr!2026", "hocvien12345", "Dong-chi.1975",
        "dangvien#1", "SenLMS2026", "Hoa sen 99", "lý-luận-chính-trị", "mat khau moi", "P@ssword2026", "BacHo1890",
        "admin@2026",
        # the own unit, the one above, the one of a role; the own names in another order
        "YenTho2026", "Yên Thổ @123", "dienquang2025", "DienQuang-YenTho", "caoson1234", "C40Son.2026",
        "Phuonguyen1990", "uyen-phuong-1",
    ],
)  # fmt: skip
def test_what_is_made_of_such_words_is_refused(person, password):
    assert "password_of_known_words" in codes(password, person)


@pytest.mark.parametrize(
    "password", ["0912345678", "0912 345 678", "+84 912345678", "02438221234", "19051990", "1990-05-19", "19/5/1990"]
)
def test_a_number_of_life_is_refused(password):
    assert codes(password) & {"password_of_a_number", "password_entirely_numeric"} == {"password_of_a_number"}


@pytest.mark.parametrize(
    "password",
    [
        "Sông-Hồng-1930", "chinh tri ca phe nong", "hocvien-thich-xoai", "mua xuân trên núi", "ba con mèo đen",
        "aaaab-xyzqk", "739105528641", "yên thổ có nhiều hoa cải", "đường về quê ngoại",
    ],
)  # fmt: skip
def test_what_has_enough_of_its_own_is_taken(person, password):
    assert codes(password, person) == set()


def test_somebody_elses_unit_is_no_word(person):
    make_unit(name="Trung tâm chính trị Bắc Trà")
    assert codes("BacTraXinh", person) == set()


def test_it_asks_as_much_for_one_unit_as_for_many(person):
    def statements():
        person.__dict__.pop("_sen_memberships", None)
        with CaptureQueriesContext(connection) as caught:
            codes("Sông-Hồng-1930", person)
        return len(caught)

    one = statements()
    for number in range(3):
        grant(person, Role.LECTURER, make_unit(name=f"Đơn vị {number}"))
    assert statements() == one
