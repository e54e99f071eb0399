"""People of other units: nobody handles their accounts, nobody learns that they exist."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment, EnrolmentRequest, TrainingClass
from lms.classes.services import roster
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import ActivationCode, ErasureRequest, SensitiveProfile, User
from lms.people.services import erasure
from lms.people.services.activation import ActivationError, issue_activation_codes
from lms.people.services.erasure import ErasureError
from tests.factories.classes import make_enrolment
from tests.factories.people import grant, make_user
from tests.lms.classes.rosters import BORN, fresh, manager, preview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def everything():
    """What must not change by a refused act."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (User, SensitiveProfile, ActivationCode, Enrolment, EnrolmentRequest, ErasureRequest)
    ]


# Takeover


def test_a_name_and_a_username_bring_nobody_in(cast, stranger, client_as):
    """The way of the audit: a list with somebody's name and username, then a slip for the new learner."""
    client = client_as(manager(cast))
    base = f"/dieu-hanh/lop/{cast.training_class.pk}/"
    text = "Họ và tên\tTên đăng nhập\nĐỗ Thị Linh\tdo.thi.linh"
    there = client.post(f"{base}nhap/", {"text": text})["Location"]
    assert client.post(there).status_code == 302
    assert not Enrolment.objects.filter(learner=stranger).exists()
    before = list(ActivationCode.objects.filter(user=stranger).values())
    client.post(f"{base}phieu/", {"act": "replace"})
    assert list(ActivationCode.objects.filter(user=stranger).values()) == before
    assert not User.objects.administered_by(manager(cast)).filter(pk=stranger.pk).exists()


def test_even_a_learner_of_the_class_keeps_code_and_data(cast, stranger, client_as):
    enrolment = make_enrolment(cast.training_class, stranger)
    before = everything()
    client = client_as(manager(cast))
    base = f"/dieu-hanh/lop/{cast.training_class.pk}/"
    page = client.get(f"{base}phieu/")
    assert stranger not in [row.learner for row in page.context["waiting"]]
    for form in ({"act": f"print:{enrolment.pk}"}, {"act": "replace"}):
        assert "do.thi.linh" not in client.post(f"{base}phieu/", form).content.decode()
    assert list(ActivationCode.objects.filter(user=stranger).values()) == before[2]
    with pytest.raises(ActivationError) as refused:
        issue_activation_codes([stranger], actor=manager(cast))
    assert (refused.value.code, refused.value.fields) == ("not_allowed", {"users": [str(stranger.pk)]})
    learners = client.get(f"{base}hoc-vien/").content.decode()
    assert "Đỗ Thị Linh" in learners
    for secret in ("025090001234", "0912345678", "912 345 678", "linh@example.vn", "15/02/1990"):
        assert secret not in learners
        assert secret not in client.get(f"/dieu-hanh/hoc-vien/{enrolment.pk}/").content.decode()


def test_own_people_get_slips(cast, client_as):
    own = make_enrolment(cast.training_class, make_user("Lê Nhà", unit=cast.centre)).learner
    page = client_as(manager(cast)).post(f"/dieu-hanh/lop/{cast.training_class.pk}/phieu/", {"act": "replace"})
    assert own.pk in {person.pk for person, _code in page.context["slips"]}
    assert ActivationCode.objects.filter(user=own, created_by=cast.centre_manager).count() == 1


@pytest.mark.parametrize("status", ["withdrawn", "completed", "enrolled"])
def test_an_enrolment_gives_nobody_a_say_about_a_person(cast, stranger, client_as, status):
    """The way of the audit: enrol, withdraw, enter a letter, have a colleague of the same unit carry it out."""
    make_enrolment(cast.training_class, stranger, status=status)
    TrainingClass.objects.update(state=ClassState.RECOGNISED)
    colleague = make_user("Trần Quản Trị", unit=cast.centre)
    grant(colleague, Role.ADMINISTRATOR, cast.centre)
    client = client_as(manager(cast))
    before = everything()
    for actor in (manager(cast), fresh(colleague)):
        with pytest.raises(ErasureError) as refused:
            erasure.ask(user=stranger, actor=actor, reason="Đơn số 5")
        assert refused.value.code == "not_allowed"
    page = client.post("/dieu-hanh/du-lieu-ca-nhan/them/", {"person": "do.thi.linh", "reason": "Đơn số 5"})
    absent = client.post("/dieu-hanh/du-lieu-ca-nhan/them/", {"person": "khong.co", "reason": "Đơn số 5"})
    assert (page.status_code, page.context["form"].errors) == (absent.status_code, absent.context["form"].errors)
    request = erasure.ask(user=stranger, actor=stranger, reason="Tôi muốn xoá")
    assert client.get(f"/dieu-hanh/du-lieu-ca-nhan/{request.pk}/").status_code == 404
    with pytest.raises(ErasureError) as refused:
        erasure.carry_out(request=request, actor=fresh(colleague), reason="Đơn hợp lệ")
    assert refused.value.code == "not_allowed"
    request.delete()
    assert everything() == before
    erasure.carry_out(
        request=erasure.ask(user=stranger, actor=stranger), actor=fresh(cast.other_manager), reason="Đơn hợp lệ"
    )
    assert fresh(stranger).erased_at is not None


def test_roles_are_read_again_when_it_is_carried_out(cast, stranger):
    """A page that was opened in office does not act after it."""
    request = erasure.ask(user=stranger, actor=stranger)
    former = fresh(cast.other_manager)
    assert User.objects.editable_by(former).filter(pk=stranger.pk).exists()
    former.memberships.all().delete()
    with pytest.raises(ErasureError) as refused:
        erasure.carry_out(request=request, actor=former, reason="Đơn hợp lệ")
    assert refused.value.code == "not_allowed"
    assert fresh(stranger).erased_at is None


def test_whose_people_a_person_is(cast, stranger):
    """Seen by name, spoken for, handled, decided about: four circles, each within the one before."""
    registrar = make_user(unit=cast.other_centre)
    grant(registrar, Role.REGISTRAR, cast.other_centre)
    make_enrolment(cast.training_class, stranger)
    gone = make_user("Phạm Rút", unit=cast.other_centre)
    make_enrolment(cast.training_class, gone, status=EnrolmentStatus.WITHDRAWN)
    former = make_user("Lê Cũ", unit=cast.other_centre)
    grant(former, Role.LECTURER, cast.centre, valid_to=dt.date(2020, 1, 1))
    seen = {}
    for name, actor in (
        ("centre_manager", cast.centre_manager), ("other_manager", cast.other_manager), ("registrar", registrar),
        ("lecturer", cast.lecturer), ("learner", cast.learner),
    ):  # fmt: skip
        actor = fresh(actor)
        circles = ("visible_to", "run_by", "administered_by", "editable_by")
        found = {circle: getattr(User.objects, circle)(actor) for circle in circles}
        seen[name] = [
            "".join(str(int(rows.filter(pk=person.pk).exists())) for rows in found.values())
            for person in (stranger, gone, former)
        ]
    assert seen == {
        "centre_manager": ["1000", "0000", "0000"],
        "other_manager": ["1111"] * 3,
        "registrar": ["1110"] * 3,
        "lecturer": ["0000"] * 3,
        "learner": ["0000"] * 3,
    }


def test_the_people_of_a_dissolved_unit_are_their_successor_s(cast, stranger):
    from lms.people.services.reform import dissolve

    dissolve(unit=cast.other_centre, on=now().date() - dt.timedelta(days=1), successors=[cast.centre], actor=None)
    assert User.objects.administered_by(manager(cast)).filter(pk=stranger.pk).exists()


# Nothing to be learned


def told(cast, *people):
    """All that an office sees of a list, carried out: statuses, sentences, counts, statements, new people."""
    with CaptureQueriesContext(connection) as looked:
        read, rows = preview(cast, *people)
    with CaptureQueriesContext(connection) as done:
        result = roster.carry_out(roster_import=read, actor=manager(cast))
    names = [
        (person.get_full_name(), re.sub(r"\d{4}$", "####", person.username), person.email, person.phone)
        for person in User.objects.run_by(manager(cast)).filter(enrolments__training_class=cast.training_class)
    ]
    asked = EnrolmentRequest.objects.count()
    return read.problems, rows, result, len(looked), len(done), sorted(names, key=str), asked


@pytest.mark.parametrize(
    "row",
    [
        ["Đỗ Thị Linh", "", "", "", "", "do.thi.linh"],
        ["Đỗ Thị Linh", BORN, "", "", "", "do.thi.linh"],
        ["Đỗ Thị Linh", BORN, "", "", "", ""],
        ["Đỗ Thị Linh", "", "025090001234", "", "", ""],
        ["Đỗ Thị Linh", "16/02/1990", "025090001234", "0912345678", "linh@example.vn", ""],
        ["Lê Văn Khác", BORN, "025090001234", "", "", ""],
        ["Lê Văn Khác", "", "", "0912345678", "", ""],
        ["Lê Văn Khác", "", "", "", "LINH@example.vn", ""],
        ["Lê Văn Khác", "", "", "", "", "do.thi.linh"],
        ["Đỗ Thị Linh", BORN, "025090009999", "0912345678", "", ""],
    ],
    ids=range(10),
)
def test_a_guess_is_answered_as_if_nobody_had_it(cast, row, request):
    """The same list before and after the account exists elsewhere: the office cannot tell which is which."""
    from django.db import transaction

    told(cast, ["Lê Khởi Động", "", "", "", "", ""])  # the first entries of the record cost more
    with transaction.atomic():
        absent = told(cast, row)
        transaction.set_rollback(True)
    request.getfixturevalue("stranger")
    present = told(cast, row)
    assert present == absent
    assert present[1] == [("new", "")]
    assert present[2] == roster.RosterResult(1, 1, 0, 0)


def test_a_list_holds_one_guess_of_a_birth_date(cast, stranger):
    """A second row with the same number is refused as a double, right or wrong."""
    rows = [["Đỗ Thị Linh", day, "", "0912345678", "", ""] for day in ("14/02/1990", BORN, "16/02/1990")]
    read, seen = preview(cast, *rows)
    assert seen == [("new", ""), ("problem", ""), ("problem", "")]
    assert [row["by"] for row in read.rows] == ["", "", ""]
    assert len({problem["message"].partition(": ")[2] for problem in read.problems}) == 1


def test_the_form_for_one_person_tells_as_little(cast, stranger, client_as):
    client = client_as(manager(cast))
    url = f"/dieu-hanh/lop/{cast.training_class.pk}/hoc-vien/nguoi-moi/"
    taken = {"new-full_name": "Lê Văn Khác", "new-phone": "0912345678", "new-citizen_id": "025090001234"}
    free = {"new-full_name": "Lê Văn Nữa", "new-phone": "0912345679", "new-citizen_id": "025090001235"}
    answers = [client.post(url, form) for form in (taken, free)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, f"/dieu-hanh/lop/{cast.training_class.pk}/hoc-vien/")
    ] * 2
    assert Enrolment.objects.filter(training_class=cast.training_class, learner__family_name="Lê").count() == 2


def test_the_own_account_with_a_contested_number_is_found_again(cast, stranger):
    """A repeated list makes no third account."""
    row = ["Lê Văn Khác", "", "025090001234", "0912345678", "", ""]
    first, _rows = preview(cast, row)
    roster.carry_out(roster_import=first, actor=manager(cast))
    count = User.objects.count()
    again, rows = preview(cast, row)
    assert [status for status, _shown in rows] == ["enrolled"]
    assert roster.carry_out(roster_import=again, actor=manager(cast)) == roster.RosterResult(0, 0, 1, 0)
    assert User.objects.count() == count


def test_many_numbers_for_one_person_find_none(cast, stranger):
    """Somebody who knows name and birth date must not try numbers by the thousand in one list."""
    numbers = [f"0250900012{tail}" for tail in range(30, 40)]
    rows = [["Đỗ Thị Linh", BORN, number, "", "", ""] for number in numbers]
    assert stranger.sensitive.citizen_id in numbers
    _read, seen = preview(cast, *rows)
    assert seen == [("new", "")] * 10
    phones = [["Đỗ Thị Linh", BORN, "", f"09123456{tail}", "", ""] for tail in range(70, 85)]
    _read, seen = preview(cast, *phones)
    assert {status for status, _shown in seen} <= {"new", "problem"}
    _read, seen = preview(cast, ["Đỗ Thị Linh", BORN, stranger.sensitive.citizen_id, "", "", ""])
    assert seen == [("consent", cast.other_centre.name)]
