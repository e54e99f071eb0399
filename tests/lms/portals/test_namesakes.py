"""Two people of one name in a list: what stands beside the name, and that it tells nothing of people elsewhere."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.classes.models import ClassStaff, EnrolmentRequest
from lms.classes.services import requests
from lms.exams.models import MarkingSession, SittingGuest
from lms.people.access import working_paths
from lms.people.enums import Role
from lms.people.models import Profile, User
from lms.people.queries import labels_apart, tell_apart
from lms.portals.exams.marking.forms import MarkerForm
from tests.factories.cast import make_cast
from tests.factories.classes import make_enrolment
from tests.factories.people import grant, make_user
from tests.factories.sittings import make_sitting
from tests.lms.portals.exams.test_marking import world as marking_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
world = marking_world


@pytest.fixture
def cast():
    return make_cast()


def person(name, position="", organisation="", joined=None, **fields):
    user = make_user(name, **fields)
    if joined:
        User.objects.filter(pk=user.pk).update(date_joined=joined)
    Profile.objects.filter(user=user).update(position=position, organisation=organisation)
    return user


def test_what_tells_people_apart_and_in_how_many_statements(cast, django_assert_num_queries):
    one = person("Nguyễn Văn An", "Bí thư", "Chi bộ 1", username="an.1", unit=cast.centre)
    two = person("Nguyễn Văn An", "", "Chi bộ 2", username="an.2", unit=cast.centre)
    three = person("nguyen van an", "", "Chi bộ 2", username="an.3", unit=cast.centre)
    four = person("Nguyễn Văn An", username="an.4", unit=cast.centre)
    guest = person("Nguyễn Văn An", "", "Chi bộ 2", username="khach-x9", is_guest=True,
                   joined=dt.datetime(2026, 11, 2, 1, 5, tzinfo=dt.UTC))  # fmt: skip
    other = person("Trần Thị Bình", "Phó bí thư", "Chi bộ 3")
    people = {row.pk: str(row) for row in (one, two, three, four, guest, other)}
    reader = cast.person("centre_manager")
    working_paths(reader)  # its roles are read once
    with django_assert_num_queries(1):
        notes = tell_apart(people, reader=reader)
    assert notes == {
        one.pk: "Bí thư, Chi bộ 1", two.pk: "Chi bộ 2 · an.2", three.pk: "Chi bộ 2 · an.3", four.pk: "Trung tâm A",
        guest.pk: "Chi bộ 2 · vào lúc 8:05",
    }  # fmt: skip
    with django_assert_num_queries(0):
        assert tell_apart({one.pk: str(one), other.pk: str(other)}) == {}
    label = labels_apart([one, other, two], unit_id=cast.centre.pk)
    assert [label(row) for row in (one, other, two)] == [
        "Nguyễn Văn An (Bí thư, Chi bộ 1)", "Trần Thị Bình", "Nguyễn Văn An (Chi bộ 2)",
    ]  # fmt: skip


def test_the_picker_says_position_and_unit_of_people_one_sees_and_finds_nobody_else(cast, client_as):
    first = person("Đỗ Văn Minh", "Bí thư", "Chi bộ 1", unit=cast.centre, username="minh.1")
    second = person("Đỗ Văn Minh", unit=cast.centre, username="minh.2")
    person("Đỗ Văn Minh", "Chủ tịch", "Tỉnh B", unit=cast.other_centre, username="minh.3")
    client = client_as(cast.person("centre_manager"))
    page = client.get("/dieu-hanh/lop/tim/nguoi/learner/", {"learner_q": "do van minh"})
    shown = page.context["widget"]
    assert [row.pk for row in shown["found"]] == [first.pk, second.pk]
    assert shown["notes"] == {first.pk: "Bí thư, Chi bộ 1", second.pk: "Trung tâm A"}
    text = page.content.decode()
    assert [word in text for word in ("Bí thư, Chi bộ 1", "Trung tâm A", "Chủ tịch", "Tỉnh B")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_requests_tell_namesakes_apart_to_their_unit_and_nothing_more_to_the_class(cast, client_as):
    ids = [
        person("Lê Thị Hoa", position, "Chi bộ 9", unit=cast.other_centre, username=name).pk
        for position, name in (("Bí thư", "hoa.1"), ("Bí thư", "hoa.2"))
    ]
    requests.ask(training_class=cast.training_class, learner_ids=ids, actor=cast.person("centre_manager"))
    asked = client_as(cast.person("other_manager")).get("/dieu-hanh/de-nghi/").content.decode()
    assert [asked.count(word) for word in ("Bí thư, Chi bộ 9 · hoa.1", "Bí thư, Chi bộ 9 · hoa.2")] == [1, 1]
    sent = client_as(cast.person("centre_manager")).get("/dieu-hanh/de-nghi/?xem=gui").content.decode()
    assert sent.count("Lê Thị Hoa") == 2
    for secret in ("hoa.1", "hoa.2", "Bí thư", "Chi bộ 9"):
        assert secret not in sent
    assert EnrolmentRequest.objects.count() == 2


def test_lists_of_a_class_tell_namesakes_apart_at_the_same_cost_for_two_and_for_four(cast, client_as):
    lecturer, manager = client_as(cast.person("lecturer")), client_as(cast.person("centre_manager"))
    pk = cast.training_class.pk
    session = cast.training_class.sessions.first()
    pages = [
        (lecturer, f"/giang-day/lop/{pk}/"), (lecturer, f"/giang-day/lop/{pk}/diem-danh/{session.pk}/"),
        (lecturer, f"/giang-day/lop/{pk}/tin-nhan/?to=all"), (manager, "/dieu-hanh/hoc-vien/?year=all"),
    ]  # fmt: skip

    def cost():
        counts = []
        for client, url in pages:
            with CaptureQueriesContext(connection) as queries:
                page = client.get(url)
            counts.append((page.status_code, len(queries)))
            text = page.content.decode()
            assert ("Bí thư, Chi bộ 0" in text, "Bí thư, Chi bộ 1" in text) == (True, True), url
        return counts

    for number in range(2):
        make_enrolment(cast.training_class, person("Phan Văn Ba", "Bí thư", f"Chi bộ {number}", unit=cast.centre))
    cost()
    before = cost()
    for number in range(2, 4):
        make_enrolment(cast.training_class, person("Phan Văn Ba", "Bí thư", f"Chi bộ {number}", unit=cast.centre))
    assert cost() == before
    assert {status for status, _count in before} == {200}


def test_the_board_tells_two_guests_of_one_name_apart(cast, client_as):
    sitting = make_sitting(cast.study)
    for hour in (1, 2):
        user = person("Trần Văn Khách", username=f"khach-{hour}", is_guest=True,
                      joined=dt.datetime(2026, 11, 2, hour, 5, tzinfo=dt.UTC))  # fmt: skip
        SittingGuest.objects.create(sitting=sitting, user=user)
    type(sitting).objects.filter(pk=sitting.pk).update(guest_count=2)
    text = client_as(cast.person("lecturer")).get(f"/khao-thi/coi-thi/{sitting.pk}/").content.decode()
    assert ["vào lúc 8:05" in text, "vào lúc 9:05" in text, "khach-1" in text] == [True, True, False]


def test_markers_of_one_name_are_told_apart_in_lists_of_choices(world, client_as):
    for number in (1, 2):
        twin = person("Bùi Thị Lan", "Giảng viên", f"Khoa {number}")
        ClassStaff.objects.create(training_class=world.study.training_class, user=twin)
    world.give_out(client_as(world.officer))
    labels = [label for _value, label in MarkerForm(session=MarkingSession.objects.get()).fields["user"].choices]
    assert labels[1:] == [
        "Ngô Thị Chấm", "Đặng Thị Khảo", "Bùi Thị Lan (Giảng viên, Khoa 1)", "Bùi Thị Lan (Giảng viên, Khoa 2)",
    ]  # fmt: skip


def test_the_board_tells_the_position_only_of_people_of_the_readers_units(cast, client_as):
    sitting = make_sitting(cast.study)
    people = [
        person("Vũ Thị Mai", "Bí thư", "Chi bộ 1", unit=cast.centre, username="mai.1"),
        person("Vũ Thị Mai", "Phó chủ tịch", "Văn phòng B", unit=cast.other_centre, username="mai.2"),
        person("Vũ Thị Mai", "Trưởng ban", "Văn phòng C", unit=cast.other_centre, username="mai.3"),
    ]
    for one in people:
        make_enrolment(cast.training_class, one)
    officer = make_user(unit=cast.centre)
    grant(officer, Role.EXAM_OFFICER, cast.centre)
    text = client_as(officer).get(f"/khao-thi/coi-thi/{sitting.pk}/").content.decode()
    other = cast.other_centre.label
    for shown in ("Bí thư, Chi bộ 1", f"{other} · mai.2", f"{other} · mai.3"):
        assert text.count(shown) == 1, shown
    for hidden in ("Phó chủ tịch", "Trưởng ban", "Văn phòng B", "Văn phòng C", "mai.1"):
        assert hidden not in text


def test_a_role_elsewhere_is_a_home_elsewhere_and_nobodys_people_are_told_apart_as_before(cast):
    twins = [person("Lý Văn Tài", position, username=f"tai.{n}") for n, position in enumerate(("Bí thư", "Chủ tịch"))]
    Profile.objects.filter(user__in=twins).update(unit=None)
    grant(twins[1], Role.LECTURER, cast.other_centre)
    assert tell_apart({one.pk: str(one) for one in twins}, unit_id=cast.centre.pk) == {
        twins[0].pk: "Bí thư", twins[1].pk: "tai.1",
    }  # fmt: skip
