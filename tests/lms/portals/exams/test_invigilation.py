"""The invigilator's pages: who may, what they show, what they cost, what they do."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.classes.models import ClassStaff
from lms.common.clock import now
from lms.exams.models import Allowance, Attempt, OfflineFile, Presence, Sitting
from lms.exams.queries.boards import board
from lms.exams.queries.leaderboards import leaderboard
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.sittings import save_sitting
from lms.exams.services.starting import start_for_enrolment
from lms.people.enums import Role
from quizzes.models import Exam
from tests.factories.cast import ROLES, make_cast
from tests.factories.learning import make_study
from tests.factories.people import grant, make_user
from tests.factories.quizzes import right_answer
from tests.factories.sittings import make_invigilator, make_sitting
from tests.lms.exams.test_offline_files import file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30, "max_attempts": 1}, full_name="Trần Thị Học")


@pytest.fixture
def sitting(study):
    return make_sitting(study)


@pytest.fixture
def client(client_as, sitting):
    return client_as(make_invigilator(sitting))


def start(study, enrolment=None, **fields):
    enrolment = enrolment or study.fresh()
    item = study.items("exam")[0]
    return start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=enrolment.learner, **fields)


def url(name, sitting, *args):
    return reverse(f"exams:{name}", args=[sitting.pk, *args])


def answer(attempt, *slots):
    rows = [IncomingResponse(slot, right_answer(attempt, slot), 1) for slot in slots]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)


# --- who may -------------------------------------------------------------------------------------------------


def test_who_finds_the_board(client_as):
    cast = make_cast()
    sitting = make_sitting(cast.study)
    attempt = start(cast.study)
    pages = [
        ("sitting", []),
        ("sitting-rows", []),
        ("sitting-projector", []),
        ("sitting-figures", []),
        ("sitting-results", []),
        ("sitting-edit", []),
        ("sitting-attempt", [attempt.pk]),
        ("sitting-allowance", [cast.enrolment.pk]),
    ]
    found = {
        name: [client_as(cast.person(role)).get(url(name, sitting, *args)).status_code for role in ROLES]
        for name, args in pages
    }
    # anonymous, learner, other learner, lecturer, other lecturer, manager, other manager, national manager
    assert found == {name: [302, 404, 404, 200, 404, 200, 404, 200] for name, _args in pages}


def test_an_exam_officer_of_the_unit_and_a_named_invigilator_may(client_as, sitting, study):
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, study.unit)
    assert client_as(officer).get(url("sitting", sitting)).status_code == 200
    assert client_as(make_invigilator(sitting)).get(url("sitting", sitting)).status_code == 200
    auditor = make_user()
    grant(auditor, Role.AUDITOR, study.unit)
    assert client_as(auditor).get(url("sitting", sitting)).status_code == 404


def test_a_named_invigilator_is_told_once_where_to_go(client_as, sitting, study):
    manager, person = make_user("Quản lý"), make_user("Giám thị")
    for _time in range(2):
        save_sitting(sitting=sitting, actor=manager, with_code=False, invigilators=[person, manager])
    (notice,) = person.notifications.all()
    assert notice.url == url("sitting", sitting)
    assert client_as(person).get(notice.url).status_code == 200
    page = client_as(person).get(reverse("notifications")).content.decode()
    assert f"Đồng chí coi thi “{sitting.exam.title}”: {sitting.room}, " in page
    assert not manager.notifications.exists()


def test_the_list_names_only_ones_own(client_as, sitting, study):
    other = make_sitting(make_study())
    page = client_as(make_invigilator(sitting)).get(reverse("exams:sittings")).content.decode()
    assert url("sitting", sitting) in page
    assert url("sitting", other) not in page


def test_a_denied_act_changes_nothing(client_as, sitting, study):
    attempt = start(study)
    before = attempt.deadline
    stranger = client_as(make_user())
    for name, args, data in [
        ("sitting-act", [], {"act": "close"}),
        ("sitting-act", [], {"act": "extend", "minutes": 5, "reason": "x"}),
        ("sitting-attempt", [attempt.pk], {"act": "annul", "reason": "x"}),
        ("sitting-upload", [], {}),
    ]:
        assert stranger.post(url(name, sitting, *args), data).status_code == 404
    attempt.refresh_from_db()
    sitting.refresh_from_db()
    assert (attempt.state, attempt.deadline, sitting.stopped_at) == ("open", before, None)


def test_an_attempt_of_another_sitting_is_not_there(client, sitting, study):
    other = make_study()
    make_sitting(other)
    assert client.get(url("sitting-attempt", sitting, start(other).pk)).status_code == 404


# --- what it shows -------------------------------------------------------------------------------------------


def test_the_board_shows_who_is_where(sitting, study):
    working, offline, done = study.fresh(), study.another("Bùi Văn Mất"), study.another("Cao Văn Xong")
    idle, away = study.another("Đinh Văn Chưa"), study.another("Vũ Văn Phòng Khác")
    answer(start(study, working), 1, 2)
    silent = start(study, offline)
    long_ago = now() - dt.timedelta(minutes=10)
    Attempt.objects.filter(pk=silent.pk).update(started_at=long_ago)
    submit(attempt=start(study, done))
    room = make_sitting(study, room="Phòng 3")
    Allowance.objects.create(
        enrolment_id=away.pk,
        item_id=sitting.item_id,
        user=away.learner,
        sitting=room,
        reason="x",
        granted_by=done.learner,
    )
    found = board(sitting)
    assert [(row.name, row.state, row.answered) for row in found.rows] == [
        ("Đinh Văn Chưa", "not_started", 0),
        ("Trần Thị Học", "working", 2),
        ("Bùi Văn Mất", "offline", 0),
        ("Cao Văn Xong", "handed_in", 0),
    ]
    assert found.rows[2].heard_at == long_ago
    assert found.counts == {"working": 1, "offline": 1, "not_started": 1, "handed_in": 1, "annulled": 0}
    assert (found.questions, found.expected) == (3, 4)
    Presence.objects.create(attempt=silent, seen_at=now())
    assert board(sitting).rows[2].state == "working"
    assert [row.name for row in board(sitting, state="handed_in").rows] == ["Cao Văn Xong"]
    assert [row.name for row in board(sitting, search="dinh van").rows] == ["Đinh Văn Chưa"]
    assert idle.pk == found.rows[0].enrolment_id


@pytest.mark.parametrize("learners", [1, 3])
def test_the_board_costs_the_same_for_one_and_for_three(
    client, sitting, study, learners, django_assert_max_num_queries
):
    for number in range(learners):
        enrolment = study.fresh() if number == 0 else study.another()
        answer(start(study, enrolment), 1)
    with django_assert_max_num_queries(11):
        assert client.get(url("sitting-rows", sitting)).status_code == 200


@pytest.mark.parametrize("name", ["state", "trang-thai"])  # the second in addresses kept from before
def test_the_board_shows_the_people_of_one_state(client, sitting, study, name):
    start(study)
    shown = [
        len(client.get(url("sitting-rows", sitting), {name: state}).context["board"].rows)
        for state in ("working", "annulled", "x")
    ]
    assert shown == [1, 0, 1]


def test_nothing_new_is_not_sent_again(client, sitting, study):
    first = client.get(url("sitting-rows", sitting))
    again = client.get(url("sitting-rows", sitting), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    start(study)
    changed = client.get(url("sitting-rows", sitting), headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)


def test_the_projector_names_nobody(client, sitting, study):
    Sitting.objects.filter(pk=sitting.pk).update(code="SEN234")
    start(study, code="SEN234")
    page = client.get(url("sitting-projector", sitting)).content.decode()
    assert "SEN234" in page
    assert "Trần Thị Học" not in page
    assert "/hoc/vao-thi/SEN234" in page


def test_results_on_the_page_and_as_excel(client, sitting, study):
    attempt = start(study)
    answer(attempt, 1, 2, 3)
    submit(attempt=attempt)
    assert "3/3" in client.get(url("sitting-results", sitting)).content.decode()
    answered = client.get(url("sitting-export", sitting))
    book = openpyxl.load_workbook(io.BytesIO(answered.content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]
    assert rows[0][:9] == [1, "Trần Thị Học", None, "đã nộp", attempt.paper.code, 3, 3, 3, "Đạt"]


def test_without_a_pass_mark_nobody_of_a_sitting_has_passed_or_failed(client, sitting, study):
    attempt = start(study)
    submit(attempt=attempt)
    Exam.objects.update(pass_share=0)
    page = client.get(url("sitting-results", sitting)).content.decode()
    assert ["0/3" in page, ">Đạt<" in page, "Chưa đạt" in page] == [True, False, False]
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("sitting-export", sitting)).content))
    assert [cell.value for cell in next(iter(book.active.iter_rows(min_row=3)))][6:9] == [0, 3, None]


# --- what it does --------------------------------------------------------------------------------------------


def test_opening_closing_and_more_time_for_all(client, sitting, study):
    Sitting.objects.filter(pk=sitting.pk).update(needs_opening=True)
    assert client.post(url("sitting-act", sitting), {"act": "open"}).status_code == 302
    attempt = start(study)
    client.post(url("sitting-act", sitting), {"act": "close"})
    client.post(url("sitting-act", sitting), {"act": "extend", "minutes": 7, "reason": "Mất điện"})
    client.post(url("sitting-act", sitting), {"act": "note", "text": "Mất điện lúc 8:10"})
    sitting.refresh_from_db()
    assert sitting.stopped_at is not None
    moved = Attempt.objects.get(pk=attempt.pk).deadline - attempt.deadline
    assert moved == dt.timedelta(minutes=7)
    kinds = list(sitting.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "closed", "extended_all", "note"]
    page = client.get(url("sitting", sitting)).content.decode()
    assert "Mất điện lúc 8:10" in page


def test_acts_on_one_attempt(client, sitting, study):
    attempt = start(study)
    page = url("sitting-attempt", sitting, attempt.pk)
    client.post(page, {"act": "extend", "minutes": 5, "reason": "Đổi máy"})
    assert Attempt.objects.get(pk=attempt.pk).deadline == attempt.deadline + dt.timedelta(minutes=5)
    client.post(page, {"act": "extend", "minutes": 5})  # no reason
    assert Attempt.objects.get(pk=attempt.pk).deadline == attempt.deadline + dt.timedelta(minutes=5)
    client.post(page, {"act": "hand-in", "reason": "Hết giờ"})
    assert Attempt.objects.get(pk=attempt.pk).state == "submitted"
    client.post(page, {"act": "reopen", "minutes": 10, "reason": "Thu nhầm"})
    assert Attempt.objects.get(pk=attempt.pk).state == "open"
    client.post(page, {"act": "annul", "reason": "Vi phạm"})
    assert Attempt.objects.get(pk=attempt.pk).state == "annulled"
    body = client.get(page).content.decode()
    assert all(word in body for word in ("Đổi máy", "Hết giờ", "Thu nhầm", "Vi phạm"))


def test_personal_terms_hold_from_the_next_start(client, sitting, study):
    enrolment = study.another("Mai Thị Thêm")
    page = url("sitting-allowance", sitting, enrolment.pk)
    data = {"extra_minutes": 10, "extra_percent": 50, "extra_attempts": 0, "reason": "Khuyết tật"}
    assert client.post(page, {**data, "reason": ""}).status_code == 422
    beyond = client.post(page, {**data, "extra_minutes": 10**15, "extra_attempts": 101})
    assert (beyond.status_code, sorted(beyond.context["form"].errors)) == (422, ["extra_attempts", "extra_minutes"])
    assert not Allowance.objects.exists()
    assert client.post(page, data).status_code == 302
    attempt = start(study, enrolment)
    assert attempt.deadline - attempt.started_at == dt.timedelta(minutes=30 + 15 + 10)
    other = make_study().enrolment
    assert client.get(url("sitting-allowance", sitting, other.pk)).status_code == 404


def test_an_offline_file_is_uploaded_and_decided(client, sitting, study):
    attempt = start(study)
    body = file_of(attempt, (1, right_answer(attempt, 1), 5), (2, right_answer(attempt, 2), 6))
    upload = SimpleUploadedFile("bai-lam.json", body, "application/json")
    sent = client.post(url("sitting-upload", sitting), {"file": upload})
    stored = OfflineFile.objects.get()
    assert sent.headers["Location"] == url("sitting-file", sitting, stored.pk)
    assert client.get(sent.headers["Location"]).status_code == 200
    client.post(sent.headers["Location"], {"act": "accept", "reason": "Mất mạng"})
    stored.refresh_from_db()
    assert (stored.decision, stored.merged, submit(attempt=attempt).score) == ("accepted", 2, 2)
    bad = SimpleUploadedFile("x.json", b"{}", "application/json")
    assert client.post(url("sitting-upload", sitting), {"file": bad}).headers["Location"] == url("sitting", sitting)
    assert OfflineFile.objects.count() == 1


def test_a_sitting_is_made_for_a_class(client_as, study):
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, study.unit)
    client = client_as(officer)
    assert study.training_class.name in client.get(reverse("exams:sitting-pick")).content.decode()
    page = reverse("exams:sitting-new", args=[study.training_class.pk])
    opens = timezone.localtime().replace(microsecond=0)
    data = {
        "item": study.items("exam")[0].pk,
        "room": "Phòng 5",
        "mode": "exam",
        "opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (opens + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "with_code": "on",
        "needs_opening": "on",
        "sign_up": "enrolled",
        "cut_at_close": "no",
    }
    assert client.post(page, {**data, "closes_at": data["opens_at"]}).status_code == 422
    assert client.post(page, {**data, "sign_up": "open", "with_code": ""}).status_code == 422
    assert client.post(page, {**data, "late_minutes": 10**12}).status_code == 422
    assert client.post(page, data).status_code == 302
    made = Sitting.objects.get()
    assert (made.exam, made.training_class_id, made.unit, made.cut_at_close, len(made.code), made.created_by) == (
        study.exam,
        study.training_class.pk,
        study.unit,
        False,
        6,
        officer,
    )
    code = made.code
    assert client.post(url("sitting-edit", made), {**data, "room": "Phòng 6"}).status_code == 302
    made.refresh_from_db()
    assert (made.room, made.code) == ("Phòng 6", code)
    foreign = make_study().training_class
    assert client.get(reverse("exams:sitting-new", args=[foreign.pk])).status_code == 404


def test_a_leaderboard_takes_the_best_of_each_and_breaks_ties_by_time(study):
    study.exam.max_attempts = None
    study.exam.save()
    sitting = make_sitting(study, mode="contest", leaderboard=True)
    slow, quick, twice = study.fresh(), study.another("Cao Văn Nhanh"), study.another("Lý Văn Hai")

    def sat(enrolment, right, seconds):
        attempt = start(study, enrolment)
        answer(attempt, *range(1, right + 1))
        done = submit(attempt=attempt)
        Attempt.objects.filter(pk=done.pk).update(started_at=done.submitted_at - dt.timedelta(seconds=seconds))

    sat(slow, 2, 60)
    sat(quick, 2, 30)
    sat(twice, 1, 5)
    sat(twice, 2, 60)
    assert [(place.rank, place.name, place.score, place.seconds) for place in leaderboard(sitting)] == [
        (1, "Cao Văn Nhanh", 2, 30),
        (2, "Trần Thị Học", 2, 60),
        (2, "Lý Văn Hai", 2, 60),
    ]


# --- correcting a question -----------------------------------------------------------------------------------


def test_a_question_is_corrected_after_a_preview(client_as, sitting, study):
    attempt = start(study)
    submit(attempt=attempt)
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, study.unit)
    client = client_as(officer)
    version = study.exam.questions.first().version
    assert client.get(reverse("exams:regrade", args=[study.exam.pk])).status_code == 200
    page = reverse("exams:regrade-question", args=[study.exam.pk, version.pk])
    data = {"rule": "everyone", "reason": "Đáp án sai"}
    shown = client.post(page, {**data, "act": "preview"}).content.decode()
    assert "Trần Thị Học" in shown
    assert Attempt.objects.get(pk=attempt.pk).score == 0
    assert client.post(page, {**data, "act": "carry-out"}).status_code == 302
    assert Attempt.objects.get(pk=attempt.pk).score == 1
    ledger = study.enrolment.ledger.order_by("pk").values_list("source", "points")
    assert list(ledger) == [("exam", 0), ("correction", 1)]
    lecturer = make_user()
    grant(lecturer, Role.LECTURER, study.unit)
    ClassStaff.objects.create(training_class=study.training_class, user=lecturer)
    assert client_as(lecturer).get(page).status_code == 404


def test_annulling_takes_the_mark_out_and_completion_stays(client, sitting, study):
    attempt = start(study)
    answer(attempt, 1, 2, 3)
    submit(attempt=attempt)
    before = study.fresh()
    client.post(url("sitting-attempt", sitting, attempt.pk), {"act": "annul", "reason": "Vi phạm"})
    ledger = study.enrolment.ledger.order_by("pk").values_list("source", "points", "reason")
    assert list(ledger) == [("exam", 3, ""), ("void", 0, "Vi phạm")]
    after = study.fresh()
    assert (after.completed_at, after.status) == (before.completed_at, before.status)


def test_answers_that_came_after_the_end_are_marked_everywhere(client, sitting, study):
    attempt = start(study)
    later = attempt.deadline + dt.timedelta(seconds=7)
    with time_machine.travel(later, tick=False):
        save(
            attempt_id=attempt.pk,
            user_id=attempt.user_id,
            responses=[IncomingResponse(1, {"choice": "a"}, 1)],
            device=attempt.device,
        )
        submit(attempt=attempt, forced=True)
    said = "sau khi hết giờ 7 giây"
    assert said in client.get(url("sitting", sitting)).content.decode()
    assert said in client.get(url("sitting-attempt", sitting, attempt.pk)).content.decode()
    assert said in client.get(url("sitting-results", sitting)).content.decode()
    rows = client.get(f"/api/v1/sittings/{sitting.pk}/").json()["rows"]
    assert {row["late_seconds"] for row in rows if row["attempt"]} == {7}
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("sitting-export", sitting)).content)).active
    assert [7 in [cell.value for cell in row] for row in book.iter_rows()].count(True) == 1
