"""The auditor's page says names and words instead of numbers and keys, and only those that the reader may know."""

import ast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lms.audit.models import AuditEntry
from lms.audit.services import record
from lms.classes.services import requests
from lms.classes.services.enrolments import withdraw
from lms.people.enums import Role
from lms.people.models import User
from lms.portals.office.audit.facts import MEANINGS, facts_of, meaning
from lms.portals.office.audit.names import KINDS, Names, _load
from tests.architecture.test_house_rules import modules
from tests.factories.cast import make_cast
from tests.factories.classes import make_enrolment
from tests.factories.people import grant, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
URL = "/dieu-hanh/nhat-ky/"
WRITERS = {"record", "note_event", "note_bounded", "_record", "_log", "_note"}


@pytest.fixture
def cast():
    return make_cast()


def auditor_of(unit):
    person = make_user("Kiểm Toán Viên")
    grant(person, Role.AUDITOR, unit)
    return User.objects.get(pk=person.pk)


def told(response):
    return [
        (
            str(row.words),
            row.target and (row.target.text, row.target.url),
            [(fact.label, [value.text for value in fact.values]) for fact in row.facts],
        )
        for row in response.context["rows"]
    ]


def test_entries_read_as_sentences_and_lead_where_the_reader_may_look(cast, client_as):
    pk, learner, lecturer = cast.training_class.pk, cast.learner, cast.lecturer
    AuditEntry.objects.all()._raw_delete("default")
    record(actor=cast.centre_manager, action="classes.learner_withdrawn", target=f"class:{pk}", stream=f"class:{pk}",
           data={"learner": learner.pk, "reason": "Chuyển công tác", "was": "in_progress"})  # fmt: skip
    record(actor=None, action="people.role_granted", target=f"user:{lecturer.pk}",
           data={"role": "lecturer", "unit": cast.centre.pk, "from": "2026-11-02", "to": None})  # fmt: skip
    record(actor=None, action="classes.staff_changed", target=f"class:{pk}", stream=f"class:{pk}",
           data={"added": [[lecturer.pk, "homeroom"]], "removed": []})  # fmt: skip
    record(actor=None, action="classes.class_edited", target=f"class:{pk}", stream=f"class:{pk}",
           data={"capacity": [60, "80"], "place": ["Phòng 1", "Phòng 2"], "due_at": "2026-11-02T01:30:00Z"},
           )  # fmt: skip
    record(actor=None, action="people.home_moved", target=f"user:{learner.pk}",
           data={"from": cast.centre.pk, "to": cast.other_centre.pk})  # fmt: skip
    record(actor=None, action="people.contact_changed", target="user:999999", data={"fields": ["email", "phone"]})
    reader = auditor_of(cast.root)
    page = client_as(reader).get(URL)
    classroom = (cast.training_class.name, f"/dieu-hanh/lop/{pk}/")
    assert told(page) == [
        ("Đổi thông tin liên hệ", ("Người số 999999", ""), [("Đã sửa", ["Thư điện tử", "Số điện thoại"])]),
        ("Chuyển đơn vị chủ quản", ("Trần Thị Học", ""), [("Từ", ["Trung tâm A"]), ("Đến", ["Trung tâm B"])]),
        ("Sửa lớp", classroom, [
            ("Sĩ số tối đa", ["60 → 80"]), ("Đóng", ["8:30, 02/11/2026"]), ("Địa điểm", ["Phòng 1 → Phòng 2"])]),
        ("Đổi phân công giảng viên", classroom, [("Thêm", ["Lê Văn Giảng (giảng viên chủ nhiệm)"])]),
        ("Giao vai trò", ("Lê Văn Giảng", ""), [
            ("Vai trò", ["giảng viên"]), ("Đơn vị", ["Trung tâm A"]), ("Từ", ["02/11/2026"])]),
        ("Cho học viên rút khỏi lớp", classroom, [
            ("Học viên", ["Trần Thị Học"]), ("Lý do", ["Chuyển công tác"]), ("Trước", ["Đang học"])]),
    ]  # fmt: skip
    text = page.content.decode()
    for raw in (f"user:{learner.pk}<", "learner:", "was:", "homeroom", "in_progress"):
        assert raw not in text


def test_in_english_too(cast, client_as):
    reader = auditor_of(cast.root)
    AuditEntry.objects.all()._raw_delete("default")
    record(
        actor=None,
        action="classes.learner_withdrawn",
        target="class:999",
        data={"learner": cast.learner.pk, "was": "enrolled"},
    )
    client = client_as(reader)
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    with translation.override("en"):
        rows = told(client.get(URL))
    assert rows == [
        ("Learner withdrawn", ("Class no. 999", ""), [("Learner", ["Trần Thị Học"]), ("Before", ["Enrolled"])])
    ]


def test_people_and_things_of_other_units_keep_their_number(cast, client_as):
    """A class of the audited centre asks for somebody elsewhere; an entry of a lecturer names a class elsewhere."""
    reader = auditor_of(cast.centre)
    stranger = make_user("Đỗ Thị Linh", unit=cast.other_centre)
    requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=cast.person("centre_manager"))
    record(actor=cast.lecturer, action="classes.class_edited", target=f"class:{cast.other_class.pk}",
           data={"user": cast.other_lecturer.pk})  # fmt: skip
    page = client_as(reader).get(URL)
    rows = told(page)
    assert rows[0][1:] == (
        (f"Lớp số {cast.other_class.pk}", ""),
        [("Người", [f"Người số {cast.other_lecturer.pk}"])],
    )  # fmt: skip
    assert rows[1][2] == [("Học viên", [f"Người số {stranger.pk}"])]
    text = page.content.decode()
    assert [name in text for name in ("Đỗ Thị Linh", "Ngô Văn Khác", cast.other_class.name)] == [False] * 3
    enrolment = make_enrolment(cast.training_class, stranger)
    assert "Đỗ Thị Linh" in client_as(reader).get(URL).content.decode()  # a learner of the audited centre now
    withdraw(enrolment=enrolment, actor=cast.person("centre_manager"), reason="Bận")
    assert "Đỗ Thị Linh" not in client_as(reader).get(URL).content.decode()


def test_names_cost_the_same_for_one_entry_and_for_three(cast, client_as):
    client = client_as(auditor_of(cast.root))

    def cost(count):
        AuditEntry.objects.all()._raw_delete("default")
        for _row in range(count):
            one = make_user(unit=cast.centre)
            enrolment = make_enrolment(cast.training_class, one)
            record(actor=one, action="classes.learner_enrolled", target=f"class:{cast.training_class.pk}",
                   data={"learner": one.pk, "unit": one.profile.unit_id, "enrolments": [enrolment.pk]})  # fmt: skip
            record(actor=one, action="quizzes.marked", target=f"enrolment:{enrolment.pk}", data={"ids": [one.pk] * 12})
        with CaptureQueriesContext(connection) as queries:
            rows = told(client.get(URL))
        assert len(rows) == 2 * count
        assert rows[0][2][0][1][-1] == "7 mục nữa"
        return len(queries)

    cost(1)
    assert cost(1) == cost(3)


def test_every_kind_can_be_read_by_everybody_who_audits(cast):
    for unit in (cast.root, cast.centre):
        reader = auditor_of(unit)
        for kind in KINDS:
            assert isinstance(_load(kind, {1, 2**40}, reader, [unit.path]), dict), kind


def keys_written():
    """Return the keys of the data that our code records, with the act where it stands in the same call."""
    found = set()
    for path in modules():
        for call in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(call, "func", None), "id", getattr(getattr(call, "func", None), "attr", ""))
            if not isinstance(call, ast.Call) or name not in {
                "record",
                "note_event",
                "note_bounded",
                "_record",
                "_log",
                "_note",
            }:
                continue
            given = {one.arg: one.value for one in call.keywords}
            data = given.get("data") or (call.args[-1] if call.args else None)
            if isinstance(data, ast.Dict):
                action = given.get("action")
                act = action.value if isinstance(action, ast.Constant) else ""
                found |= {(act, key.value) for key in data.keys if isinstance(key, ast.Constant)}
    return found


def test_every_fact_that_is_recorded_is_called_something():
    written = keys_written()
    assert len(written) > 60
    assert sorted(key for act, key in written if str(meaning(act, key).label) == key) == []
    assert [key for key, told in MEANINGS.items() if told.kind and told.kind not in KINDS] == []


def test_a_way_in_of_several_steps_is_told_in_words():
    told = [facts_of(Names(make_user()), "people.signed_in", {"by": way}) for way in ("oidc+passkey", "password+code")]
    assert [[value.text for value in fact.values] for (fact,) in told] == [
        ["danh tính của nhà cung cấp + khoá truy cập"],
        ["mật khẩu + mã"],
    ]
