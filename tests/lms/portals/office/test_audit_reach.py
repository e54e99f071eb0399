"""What the auditors of a unit learn of people of other units who acted in it."""

import pytest

from lms.audit.events import address_digest
from lms.audit.models import AuditEntry
from lms.audit.services import record
from lms.audit.traces import RequestTrace
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import Profile, User
from tests.factories.cast import make_cast
from tests.factories.people import grant, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
URL = "/dieu-hanh/nhat-ky/"


@pytest.fixture
def cast():
    return make_cast()


def act(actor, target, number):
    """Record an act with the address that its request came from."""
    facts = f"request-{number}"
    RequestTrace.objects.create(request_id=facts, at=now(), address=f"10.1.2.{number}")
    data = {"request": facts, "address": address_digest(facts, f"10.1.2.{number}")}
    record(actor=actor, action="people.contact_changed", target=f"user:{target.pk}", data=data)


def test_of_an_actor_of_another_unit_the_name_shows_and_nothing_else(cast, client_as):
    auditor = make_user("Kiểm Toán Viên", unit=cast.centre)
    grant(auditor, Role.AUDITOR, cast.centre)
    far = make_user("Trịnh Thị Xa", unit=cast.other_centre, username="bi-danh-xa", phone="+84912345678",
                    email="xa@example.vn")  # fmt: skip
    nameless = make_user("", unit=cast.other_centre, username="khong-ten")
    User.objects.filter(pk=nameless.pk).update(family_name="", middle_name="", given_name="")
    near = make_user("Trịnh Thị Gần", unit=cast.centre, username="bi-danh-gan")
    Profile.objects.filter(user=far).update(position="Phó chủ tịch", organisation="Văn phòng B")
    AuditEntry.objects.all()._raw_delete("default")
    for number, actor in enumerate((far, nameless, near, None), 1):
        act(actor, near, number)
    client = client_as(User.objects.get(pk=auditor.pk))

    page = client.get(URL)
    assert [(row.actor, row.stranger) for row in page.context["rows"]] == [
        ("", True), ("Trịnh Thị Gần", False), (f"Người số {nameless.pk}", False), ("Trịnh Thị Xa", False),
    ]  # fmt: skip
    text = page.content.decode()
    assert [f"10.1.2.{number}" in text for number in (1, 2, 3, 4)] == [False, False, True, True]
    for secret in ("bi-danh-xa", "khong-ten", "0912", "xa@example.vn", "Phó chủ tịch", "Văn phòng B",
                   cast.other_centre.name):  # fmt: skip
        assert secret not in text

    def found(text):
        return [row.actor for row in client.get(URL, {"q": text}).context["rows"]]

    assert found("trinh thi") == ["Trịnh Thị Gần", "Trịnh Thị Xa"]
    assert found("bi-danh") == ["Trịnh Thị Gần"]
    assert found("khong-ten") == []


def test_auditors_of_the_whole_tree_read_everything(cast, client_as):
    auditor = make_user("Kiểm Toán Viên")
    grant(auditor, Role.AUDITOR, cast.root)
    AuditEntry.objects.all()._raw_delete("default")
    act(cast.other_manager, cast.learner, 1)
    page = client_as(User.objects.get(pk=auditor.pk)).get(URL, {"q": cast.other_manager.username})
    assert [row.actor for row in page.context["rows"]] == [cast.other_manager.get_full_name()]
    assert "10.1.2.1" in page.content.decode()


def test_the_page_costs_the_same_for_one_far_actor_and_for_three(cast, client_as, django_assert_num_queries):
    auditor = make_user("Kiểm Toán Viên", unit=cast.centre)
    grant(auditor, Role.AUDITOR, cast.centre)
    client = client_as(User.objects.get(pk=auditor.pk))
    AuditEntry.objects.all()._raw_delete("default")
    client.get(URL)
    for first, last in ((1, 1), (2, 3)):
        for number in range(first, last + 1):
            act(make_user(unit=cast.other_centre), cast.learner, number)
        with django_assert_num_queries(11):
            page = client.get(URL)
        assert len(page.context["rows"]) == last
