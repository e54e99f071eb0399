"""The pages of marking: giving out, the queue, one answer, settling, releasing; who sees what, and no name anywhere."""

from __future__ import annotations

import io
from dataclasses import dataclass

import openpyxl
import pytest
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.classes.models import ClassStaff, Enrolment
from lms.exams.models import Attempt, Marking, MarkingSession, Script
from lms.exams.services.marking.release import release
from lms.exams.services.starting import start_for_enrolment
from lms.people.enums import Role
from lms.people.models import User
from quizzes.models import Exam
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.classes import make_class, make_enrolment
from tests.factories.learning import Study
from tests.factories.marking import make_essay_exam, mark, write_essays
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition, make_programme_page

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A class whose learners have written an essay; ``giang`` and ``cham`` may mark, ``officer`` runs it."""

    study: Study
    officer: User
    giang: User
    cham: User
    stranger: User

    @property
    def item(self):
        return self.study.items("exam")[0]

    def hand_in(self, name: str) -> Attempt:
        enrolment = make_enrolment(
            self.study.training_class, make_user(name, username=f"tk-{name.rsplit(maxsplit=1)[-1].lower()}")
        )
        fresh = Enrolment.objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)
        return write_essays(start_for_enrolment(enrolment=fresh, item_id=self.item.pk, user=fresh.learner))

    def give_out(self, client, **fields):
        data = {"markers": [self.giang.pk], "rounds": 1, "anonymous": "on", "tolerance": "10", "settler": "", **fields}
        return client.post(f"/khao-thi/cham/giao/{self.study.training_class.pk}/{self.item.pk}/", data)


def study_with(unit, exam: Exam) -> Study:
    edition = make_edition(make_programme_page(unit), exams=[(exam, freeze_papers(exam=exam))])
    training_class = make_class(unit, edition)
    return Study(unit, edition, training_class, make_enrolment(training_class, make_user("Vũ Văn Chờ")), exam)


@pytest.fixture
def world():
    unit = make_unit(name="Trung tâm A")
    study = study_with(unit, make_essay_exam(unit, title="Bài thu hoạch cuối khóa"))
    officer, giang, cham = make_user("Đặng Thị Khảo"), make_user("Lê Văn Giảng"), make_user("Ngô Thị Chấm")
    grant(officer, Role.EXAM_OFFICER, unit)
    grant(cham, Role.LECTURER, unit)
    ClassStaff.objects.create(training_class=study.training_class, user=giang)
    stranger = make_user("Người Lạ")
    grant(stranger, Role.EXAM_OFFICER, make_unit(name="Trung tâm B"))
    return World(study, officer, giang, cham, stranger)


def typed(*points, version=0, **more):
    return {"version": version, "act": "finish"} | {f"diem-{n}": one for n, one in enumerate(points, 1)} | more


def test_from_the_officer_to_the_learner_by_forms_alone(client_as, world):
    attempt = world.hand_in("Trần Thị Học")
    officer, giang = client_as(world.officer), client_as(world.giang)
    page = officer.get("/khao-thi/cham/").content.decode()
    assert "1 bài chờ chấm" in page
    assert world.give_out(officer).status_code == 302
    session = MarkingSession.objects.get()
    assert (session.exam, session.anonymous, session.unit, session.training_class_id) == (
        world.study.exam, True, world.study.unit, world.study.training_class.pk,
    )  # fmt: skip
    assert world.give_out(officer)["Location"] == f"/khao-thi/cham/dot/{session.pk}/"  # a second press leads to it

    marking = Marking.objects.get()
    begin = giang.get(f"/khao-thi/cham/dot/{session.pk}/tiep/")
    assert begin["Location"] == f"/khao-thi/cham/bai/{marking.pk}/"
    page = giang.get(begin["Location"]).content.decode()
    assert "Bài làm của tôi 1" in page
    assert "BÀI-MẪU" in page
    wrong = giang.post(begin["Location"], typed("5,5", "3", ""))
    assert (wrong.status_code, "Hãy cho từ 0 đến 5 điểm." in wrong.content.decode()) == (422, True)
    short = giang.post(begin["Location"], typed("4,25", "3", "", version=1))
    assert (short.status_code, "Hãy cho điểm." in short.content.decode()) == (422, True)
    assert 'value="4,25"' in short.content.decode()
    done = giang.post(begin["Location"], typed("4,25", "3", "1.5", version=2, **{"nhan-xet": "Bài sâu sắc"}))
    assert done.status_code == 302
    assert giang.get(done["Location"])["Location"] == "/khao-thi/cham/"

    learner = client_as(attempt.user)
    result = f"/lam-bai/{attempt.pk}/ket-qua/"
    assert "Bài sâu sắc" not in learner.get(result).content.decode()
    act = f"/khao-thi/cham/dot/{session.pk}/lenh/"
    assert giang.post(act, {"act": "release"}).status_code == 404
    assert client_as(world.stranger).post(act, {"act": "release"}).status_code == 404
    assert Attempt.objects.get(pk=attempt.pk).score is None
    officer.post(act, {"act": "release"})
    page = learner.get(result).content.decode()
    assert ("Bài sâu sắc" in page, "4,25/5" in page, "8,75" in page) == (True, True, True)
    assert world.giang.get_full_name() not in page
    standing = world.study.fresh()
    assert standing is not None


@pytest.mark.parametrize("name", ["state", "trang-thai"])  # the second in addresses kept from before
def test_the_answers_of_one_state_are_listed(client_as, world, name):
    world.hand_in("Trần Thị Học")
    officer = client_as(world.officer)
    world.give_out(officer)
    path = f"/khao-thi/cham/dot/{MarkingSession.objects.get().pk}/bai/"
    shown = [len(officer.get(path, {name: state}).context["rows"]) for state in ("waiting", "differs", "x")]
    assert shown == [1, 0, 1]


def test_no_name_of_a_learner_reaches_a_marker(client_as, world):
    attempts = [world.hand_in(f"Học-Kín Văn Tên{n}") for n in range(3)]
    world.give_out(client_as(world.officer))
    session = MarkingSession.objects.get()
    giang = client_as(world.giang)
    markings = list(Marking.objects.order_by("pk"))
    paths = ["/khao-thi/cham/", "/api/v1/markings/", "/api/v1/markings/?state=waiting"]
    paths += [f"/khao-thi/cham/bai/{one.pk}/" for one in markings]
    paths += [f"/api/v1/markings/{one.pk}/" for one in markings]
    identities = ["Học-Kín", *(one.user.username for one in attempts), *(one.token for one in attempts)]
    for path in paths:
        response = giang.get(path)
        body = response.content.decode() + str(response.headers)
        assert response.status_code == 200
        assert [name for name in identities if name in body] == [], path
    officer = client_as(world.officer)
    for path in ("", "bai/"):
        body = officer.get(f"/khao-thi/cham/dot/{session.pk}/{path}").content.decode()
        assert [name for name in identities if name in body] == []
    settle = officer.get(f"/khao-thi/cham/thong-nhat/{Script.objects.first().pk}/").content.decode()
    assert [name for name in identities if name in settle] == []
    sheet = officer.get(f"/khao-thi/cham/dot/{session.pk}/diem.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))
    assert "Học-Kín" not in str(rows) + str(sheet.headers)
    for marking in Marking.objects.select_related("script__version", "script__session"):
        mark(marking, "5", "3", "2")
    assert "Học-Kín" not in str(list(AuditEntry.objects.values()))
    # the lecturer's own page of the learner shows no text beside the name, until the results are out
    enrolment = Enrolment.objects.get(pk=attempts[0].enrolment_id)
    own = reverse("teacher:attempt", args=[world.study.training_class.pk, enrolment.pk, attempts[0].pk])
    assert "Bài làm của tôi" not in giang.get(own).content.decode()
    release(session=session, actor=world.officer)
    assert "Bài làm của tôi" in giang.get(own).content.decode()
    sheet = officer.get(f"/khao-thi/cham/dot/{session.pk}/diem.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))
    assert {row[1] for row in rows[2:]} == {one.user.get_full_name() for one in attempts}
    assert {row[8] for row in rows[2:]} == {10}


def test_names_are_shown_where_nobody_is_anonymous(client_as, world):
    world.hand_in("Trần Thị Học")
    client_as(world.officer).post(
        f"/khao-thi/cham/giao/{world.study.training_class.pk}/{world.item.pk}/",
        {"markers": [world.giang.pk], "rounds": 1, "tolerance": "10"},
    )
    page = client_as(world.giang).get(f"/khao-thi/cham/bai/{Marking.objects.get().pk}/").content.decode()
    assert "Trần Thị Học" in page


def test_two_markers_do_not_see_each_other_before_both_are_done(client_as, world):
    world.hand_in("Trần Thị Học")
    officer = client_as(world.officer)
    world.give_out(officer, rounds=2, markers=[world.giang.pk, world.cham.pk])
    pages = {one.marker_id: f"/khao-thi/cham/bai/{one.pk}/" for one in Marking.objects.all()}
    giang, cham = client_as(world.giang), client_as(world.cham)
    secret = {"nhan-xet": "NHẬN-XÉT-GIẢNG", "ghi-chu": "GHI-CHÚ-GIẢNG"}
    giang.post(pages[world.giang.pk], typed("5", "3", "2", **secret))
    for path in (pages[world.cham.pk], f"/api/v1/markings/{Marking.objects.get(marker=world.cham).pk}/"):
        assert "GIẢNG" not in cham.get(path).content.decode()
    assert cham.get(pages[world.giang.pk]).status_code == 404
    cham.post(pages[world.cham.pk], typed("1", "1", "1"))
    page = cham.get(pages[world.cham.pk]).content.decode()
    assert ("GHI-CHÚ-GIẢNG" in page, "Điểm của hai giám khảo lệch quá mức." in page) == (True, True)
    script = Script.objects.get()
    settle = f"/khao-thi/cham/thong-nhat/{script.pk}/"
    assert cham.get(settle).status_code == 404
    shown = officer.get(settle).content.decode()
    assert ("NHẬN-XÉT-GIẢNG" in shown, "Lê Văn Giảng" in shown, "Ngô Thị Chấm" in shown) == (True, True, True)
    refused = officer.post(settle, {"diem-1": "4", "diem-2": "2", "diem-3": "1", "reason": ""})
    assert (refused.status_code, Script.objects.get().state) == (422, "differs")
    officer.post(settle, {"diem-1": "4", "diem-2": "2", "diem-3": "1", "reason": "Trùng ý"})
    assert (Script.objects.get().state, str(Script.objects.get().points)) == ("ready", "7.00")
    session = MarkingSession.objects.get()
    officer.post(f"/khao-thi/cham/dot/{session.pk}/lenh/", {"act": "release"})
    again = f"/khao-thi/cham/cham-lai/{script.pk}/"
    assert cham.post(again, {"reason": "Tôi muốn"}).status_code == 404
    officer.post(again, {"reason": "Cộng nhầm"})
    assert Script.objects.get().state == "differs"


def test_a_named_settler_settles_and_nothing_else(client_as, world):
    world.hand_in("Trần Thị Học")
    third = make_user("Phan Văn Ba")
    grant(third, Role.LECTURER, world.study.unit)
    officer = client_as(world.officer)
    world.give_out(officer, rounds=2, markers=[world.giang.pk, world.cham.pk], settler=third.pk)
    one, other = Marking.objects.select_related("script__version", "script__session").order_by("round")
    mark(one, "5", "3", "2")
    mark(other, "0", "0", "0")
    client = client_as(third)
    script = Script.objects.get()
    assert f"/khao-thi/cham/thong-nhat/{script.pk}/" in client.get("/khao-thi/cham/").content.decode()
    assert client.get(f"/khao-thi/cham/dot/{script.session_id}/").status_code == 404
    done = client.post(
        f"/khao-thi/cham/thong-nhat/{script.pk}/", {"diem-1": "3", "diem-2": "2", "diem-3": "1", "reason": "Xem lại"}
    )
    assert (done["Location"], Script.objects.get().settled_by) == ("/khao-thi/cham/", third)


def test_an_older_form_shows_both_and_loses_nothing(client_as, world):
    world.hand_in("Trần Thị Học")
    world.give_out(client_as(world.officer))
    path = f"/khao-thi/cham/bai/{Marking.objects.get().pk}/"
    giang = client_as(world.giang)
    giang.post(path, {"version": 0, "act": "save", "diem-1": "1", "nhan-xet": "CỬA-SỔ-MỘT"})
    late = giang.post(path, {"version": 0, "act": "finish", "diem-1": "2", "nhan-xet": "CỬA-SỔ-HAI"})
    body = late.content.decode()
    assert (late.status_code, "CỬA-SỔ-MỘT" in body, "CỬA-SỔ-HAI" in body) == (409, True, True)
    assert Marking.objects.get().comment == "CỬA-SỔ-MỘT"


def test_strangers_and_learners_find_nothing(client_as, world):
    attempt = world.hand_in("Trần Thị Học")
    world.give_out(client_as(world.officer))
    marking, session = Marking.objects.get(), MarkingSession.objects.get()
    for person in (world.stranger, attempt.user, world.cham, make_user()):
        client = client_as(person)
        for path in (
            f"/khao-thi/cham/bai/{marking.pk}/",
            f"/khao-thi/cham/dot/{session.pk}/",
            f"/khao-thi/cham/dot/{session.pk}/bai/",
            f"/khao-thi/cham/dot/{session.pk}/diem.xlsx",
            f"/khao-thi/cham/dot/{session.pk}/tiep/",
            f"/khao-thi/cham/thong-nhat/{marking.script_id}/",
            f"/khao-thi/cham/giao/{world.study.training_class.pk}/{world.item.pk}/",
            f"/api/v1/markings/{marking.pk}/",
        ):
            assert client.get(path).status_code == 404, (person, path)
        url = f"/api/v1/markings/{marking.pk}/"
        assert client.put(url, {"version": 0}, content_type="application/json").status_code == 404
        assert client.post(f"/khao-thi/cham/bai/{marking.pk}/", typed("1", "1", "1")).status_code == 404
        assert client.get("/api/v1/markings/").json()["results"] == []
    assert (Marking.objects.get().version, Marking.objects.get().state) == (0, "waiting")


def test_a_marker_who_is_examined_as_well_never_meets_the_own_answer(client_as, world):
    enrolment = make_enrolment(world.study.training_class, world.cham)
    fresh = Enrolment.objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)
    write_essays(start_for_enrolment(enrolment=fresh, item_id=world.item.pk, user=world.cham))
    world.give_out(client_as(world.officer), markers=[world.cham.pk])
    assert Marking.objects.count() == 0
    page = client_as(world.officer).get(f"/khao-thi/cham/dot/{MarkingSession.objects.get().pk}/").content.decode()
    assert "1 bài chưa có giám khảo." in page


def test_the_acts_of_the_session_page(client_as, world):
    for number in range(4):
        world.hand_in(f"Học Viên Số{number}")
    officer = client_as(world.officer)
    world.give_out(officer)
    act = f"/khao-thi/cham/dot/{MarkingSession.objects.get().pk}/lenh/"
    officer.post(act, {"act": "add", "user": world.cham.pk})
    officer.post(act, {"act": "pass-on", "giver": world.giang.pk, "taker": world.cham.pk})
    assert Marking.objects.filter(marker=world.cham).count() == 4
    officer.post(act, {"act": "remove", "user": world.giang.pk})
    page = officer.get(act.removesuffix("lenh/")).content.decode()
    assert ("đã thôi chấm" in page, "Ngô Thị Chấm còn 4 bài." in page) == (True, True)
    said = officer.post(act, {"act": "release"}, follow=True).content.decode()
    assert "Chưa công bố được kết quả" in said
    assert officer.post(act, {"act": "add", "user": world.stranger.pk}).status_code == 302
    assert not MarkingSession.objects.get().markers.filter(user=world.stranger).exists()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("who", "path", "queries"),
    [
        ("officer", "/khao-thi/cham/", 15),
        ("giang", "/khao-thi/cham/", 10),
        ("officer", "/khao-thi/cham/dot/{}/", 25),
        ("officer", "/khao-thi/cham/dot/{}/bai/", 14),
        ("officer", "/khao-thi/cham/dot/{}/diem.xlsx", 17),  # 8 of them put the export on record
        ("giang", "/api/v1/markings/", 6),
    ],
)
def test_lists_take_the_same_statements_however_long_they_are(
    client_as, world, who, path, queries, rows, django_assert_num_queries
):
    for number in range(rows):
        world.hand_in(f"Học Viên Số{number}")
    world.give_out(client_as(world.officer))
    client = client_as(getattr(world, who))
    path = path.format(MarkingSession.objects.get().pk)
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_the_api_saves_finishes_and_takes_back(client_as, world):
    world.hand_in("Trần Thị Học")
    world.give_out(client_as(world.officer))
    client = client_as(world.giang)
    marking = Marking.objects.select_related("script").get()
    (line,) = client.get("/api/v1/markings/?state=waiting").json()["results"]
    assert line == {
        "id": marking.pk, "session": marking.script.session_id, "exam": "Bài thu hoạch cuối khóa",
        "class": world.study.training_class.name, "question": marking.script.version_id, "code": marking.script.code,
        "round": 1, "state": "waiting", "worth": 10.0, "total": None,
    }  # fmt: skip
    url = f"/api/v1/markings/{marking.pk}/"
    whole = client.get(url).json()
    assert [(one["id"], one["most"]) for one in whole["criteria"]] == [("1", 5.0), ("2", 3.0), ("3", 2.0)]
    assert (whole["answer_html"], whole["version"], whole["others"]) == ("<p>Bài làm của tôi 1</p>", 0, [])
    body = {"version": 0, "points": {"1": "4,5", "2": "9"}, "comment": "Khá", "writer": "máy-1", "turn": 1}
    saved = client.put(url, body, content_type="application/json")
    assert (saved.status_code, saved.json()) == (
        200, {"version": 1, "total": 4.5, "complete": False, "problems": {"2": ["Hãy cho từ 0 đến 3 điểm."]}},
    )  # fmt: skip
    stale = client.put(url, {**body, "writer": "máy-2"}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["version"]) == (409, "version_conflict", 1)
    early = client.post(f"{url}finish/", {}, content_type="application/json")
    assert (early.status_code, early.json()["code"], sorted(early.json()["fields"])) == (409, "incomplete", ["2", "3"])
    full = {**body, "version": 1, "points": {"1": "4,5", "2": "3", "3": "2"}, "turn": 2}
    client.put(url, full, content_type="application/json")
    done = client.post(f"{url}finish/", {"version": 2}, content_type="application/json")
    assert (done.json()["state"], done.json()["total"]) == ("done", 9.5)
    assert client.put(url, full, content_type="application/json").json()["code"] == "finished"
    assert client.post(f"{url}take-back/").json()["state"] == "in_work"
    assert client.put(url, {"version": "x"}, content_type="application/json").status_code == 400
    assert client.get("/api/v1/markings/?state=x").status_code == 400
