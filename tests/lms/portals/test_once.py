"""A page that shows a secret once makes no other one when it is reloaded."""

import re

import pytest
from django.test import Client

from lms.people.enums import Role
from lms.people.models import ActivationCode, ApiToken, User
from tests.factories.cast import make_cast
from tests.factories.classes import make_enrolment
from tests.factories.people import grant, make_user

pytestmark = pytest.mark.django_db


def key_in(page):
    return re.search(r'name="once" value="([0-9a-f]{32})"', page.content.decode())[1]


def test_a_reloaded_token_stays_the_only_one():
    person = make_user(password="mat-khau-du-dai-1")
    client = Client()
    client.post("/dang-nhap/", {"username": person.username, "password": "mat-khau-du-dai-1"})
    address = "/ho-so/truy-cap-api/moi/"
    form = {"name": "May", "scopes": ["read"], "days": "7", "once": key_in(client.get(address))}
    assert client.post(address, form).status_code == 200
    assert client.post(address, form)["Location"] == "/ho-so/truy-cap-api/"
    assert ApiToken.objects.filter(user=person).count() == 1
    assert client.post(address, {**form, "once": key_in(client.get(address))}).status_code == 200
    assert ApiToken.objects.filter(user=person).count() == 2


def test_reloaded_slips_keep_their_codes(client_as):
    cast = make_cast()
    User.objects.filter(pk=cast.learner.pk).update(password="!" + "x" * 40)
    client = client_as(cast.person("centre_manager"))
    address = f"/dieu-hanh/lop/{cast.training_class.pk}/phieu/"
    form = {"act": "replace", "once": key_in(client.get(address))}
    assert client.post(address, form).status_code == 200
    codes = list(ActivationCode.objects.values_list("code_hash", flat=True))
    assert len(codes) == 1
    again = client.post(address, form)
    assert (again["Location"], list(ActivationCode.objects.values_list("code_hash", flat=True))) == (address, codes)
    assert client.post(address, {"act": "replace"}).status_code == 200  # a program sends no key
    assert list(ActivationCode.objects.filter(used_at=None).values_list("code_hash", flat=True)) != codes


def test_slips_say_who_is_left_to_other_units(client_as):
    cast = make_cast()
    stranger = make_user("Lê Thị Xa", unit=cast.other_centre)
    make_enrolment(cast.training_class, stranger)
    User.objects.filter(pk=stranger.pk).update(password="!" + "x" * 40)
    page = client_as(cast.person("centre_manager")).get(f"/dieu-hanh/lop/{cast.training_class.pk}/phieu/")
    assert "Còn 1 học viên chưa mở tài khoản" in page.content.decode()


def test_each_role_begins_where_its_work_is(client_as):
    cast = make_cast()
    for role, address in (
        (Role.EXAM_OFFICER, "/khao-thi/"),
        (Role.AUTHOR, "/giang-day/"),
        (Role.REGISTRAR, "/dieu-hanh/"),
    ):
        person = make_user(unit=cast.centre)
        grant(person, role, cast.centre)
        assert client_as(User.objects.get(pk=person.pk)).get("/bat-dau/")["Location"] == address
