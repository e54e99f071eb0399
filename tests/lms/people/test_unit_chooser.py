"""Choosing a unit in the administration."""

import pytest

from lms.people.signals import membership_changed
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
URL = "/quan-tri/chon-don-vi/"


@pytest.fixture
def country():
    root = make_unit(name="Trung ương", kind="central")
    north, south = make_unit(root, "Tỉnh Đắk Lắk", "province"), make_unit(root, "Tỉnh Nam", "province")
    make_unit(north, "Xã Ea Kar", "commune")
    make_unit(north, "Trung tâm Ea Kar")
    make_unit(south, "Trung tâm Nam")
    make_unit(south, "Trung tâm đã giải thể", valid_to="2020-01-01")
    return root, north, south


def editor_of(unit):
    user = make_user()
    membership = grant(user, "editor", unit)
    membership_changed.send(sender=type(membership), user=user, unit=unit, role="editor")
    return user


def names(response):
    return [(unit.name, unit.above) for unit in response.context["results"]]


def test_own_units_are_offered_and_found_without_accents(country, client_as):
    root, north, south = country
    client = client_as(editor_of(north))
    assert names(client.get(f"{URL}results/")) == [
        ("Tỉnh Đắk Lắk", "Trung ương"),
        ("Trung tâm Ea Kar", "Tỉnh Đắk Lắk"),
    ]
    assert names(client.get(f"{URL}results/?q=dak lak")) == [("Tỉnh Đắk Lắk", "Trung ương")]
    assert names(client.get(f"{URL}results/?q=nam")) == []
    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}chosen/{north.pk}/").json()["result"]["title"] == "Tỉnh Đắk Lắk"
    for other in (root.pk, south.pk, "x"):
        assert client.get(f"{URL}chosen/{other}/").status_code == 404
    many = client.get(f"{URL}chosen-multiple/?id={north.pk}&id={south.pk}").json()
    assert [row["title"] for row in many["result"]] == ["Tỉnh Đắk Lắk"]


def test_the_list_takes_as_many_queries_for_three(country, client_as, django_assert_num_queries):
    root, _north, _south = country
    client = client_as(editor_of(root))
    client.get(f"{URL}results/?q=nam")
    for query in ("q=dak lak", "q=t"):
        with django_assert_num_queries(8):
            client.get(f"{URL}results/?{query}")


def test_a_stranger_gets_nothing(country, client_as):
    assert client_as(make_user()).get(f"{URL}results/").status_code == 404
