"""Tests that a class sits without a sitting: who may decide about attempts there, and what they may do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.classes.models import ClassStaff
from lms.exams.errors import AttemptsExhaustedError
from lms.exams.models import Allowance, Attempt, OfflineFile
from lms.exams.services.attempts import submit
from lms.exams.services.offline_files import FileLine
from lms.exams.services.starting import start_for_enrolment
from lms.gradebook.models import LedgerEntry
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.quizzes import right_answer
from tests.factories.sittings import make_sitting
from tests.lms.exams.test_offline_files import file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30, "max_attempts": 1}, full_name="Trần Thị Học")


@pytest.fixture
def client(client_as, study):
    lecturer = make_user("Giảng Viên")
    ClassStaff.objects.create(training_class=study.training_class, user=lecturer, role="lecturer")
    return client_as(lecturer)


def start(study, enrolment=None):
    enrolment = enrolment or study.fresh()
    return start_for_enrolment(enrolment=enrolment, item_id=study.items("exam")[0].pk, user=enrolment.learner)


def url(name, study, *args):
    return reverse(f"exams:{name}", args=[study.training_class.pk, study.items("exam")[0].pk, *args])


def test_who_runs_or_teaches_the_class_finds_its_learners(client_as):
    study = make_study()
    lecturer, stranger = make_user("Giảng Viên"), make_user("Người Lạ")
    ClassStaff.objects.create(training_class=study.training_class, user=lecturer, role="lecturer")
    attempt = start(study)
    pages = [
        url("class-test", study),
        url("class-attempt", study, attempt.pk),
        url("class-allowance", study, study.enrolment.pk),
    ]
    found = [[client_as(user).get(page).status_code for page in pages] for user in (lecturer, stranger, study.learner)]
    assert found == [[200] * 3, [404] * 3, [404] * 3]


def test_the_page_of_a_test_costs_the_same_for_one_and_for_three(client, study, django_assert_max_num_queries):
    start(study)
    client.get(url("class-test", study))
    with django_assert_max_num_queries(40) as one:
        client.get(url("class-test", study))
    for number in range(2):
        start(study, study.another(f"Học Viên {number}"))
    with django_assert_max_num_queries(len(one)) as three:
        page = client.get(url("class-test", study))
    assert len(three) == len(one)
    assert [line["row"].name for line in page.context["lines"]] == ["Học Viên 0", "Học Viên 1", "Trần Thị Học"]
    page = client.get(url("class-test", study), {"q": "tran thi"})
    assert [line["row"].state for line in page.context["lines"]] == ["working"]


def test_acts_on_an_attempt_without_a_sitting(client, study):
    attempt = start(study)
    page = url("class-attempt", study, attempt.pk)
    client.post(page, {"act": "extend", "minutes": 5, "reason": "Đổi máy"})
    assert Attempt.objects.get().deadline == attempt.deadline + dt.timedelta(minutes=5)
    client.post(page, {"act": "hand-in", "reason": "Ốm"})
    assert Attempt.objects.get().state == "submitted"
    client.post(page, {"act": "reopen", "minutes": 10, "reason": "Thu nhầm"})
    assert Attempt.objects.get().state == "open"
    submit(attempt=Attempt.objects.select_related("exam", "paper").get())
    client.post(page, {"act": "annul", "reason": "Nhờ người làm hộ"})
    assert Attempt.objects.get().state == "annulled"
    assert LedgerEntry.objects.order_by("-pk").first().source == "void"
    body = client.get(page).content.decode()
    assert all(word in body for word in ("Đổi máy", "Ốm", "Thu nhầm", "Nhờ người làm hộ", "Giảng Viên"))


def test_personal_terms_without_a_sitting(client, study):
    attempt = start(study)
    submit(attempt=attempt)
    with pytest.raises(AttemptsExhaustedError):
        start(study)
    page = url("class-allowance", study, study.enrolment.pk)
    data = {"extra_minutes": 10, "extra_percent": 0, "extra_attempts": 1, "reason": "Máy hỏng"}
    assert client.post(page, {**data, "reason": ""}).status_code == 422
    assert not Allowance.objects.exists()
    assert client.post(page, data).url == url("class-test", study)
    again = start(study)
    assert (again.number, again.deadline - again.started_at) == (2, dt.timedelta(minutes=40))
    assert "here_only" not in client.get(page).context["form"].fields


def test_an_answer_file_of_a_test_without_a_sitting(client, study, client_as):
    attempt = start(study)
    submit(attempt=attempt)
    body = file_of(attempt, (1, right_answer(attempt, 1), 5))

    def upload(client, study):
        file = SimpleUploadedFile("bai-lam.json", body, "application/json")
        return client.post(url("class-upload", study), {"file": file})

    assert upload(client_as(study.learner), study).status_code == 404
    other = make_study()
    ClassStaff.objects.create(training_class=other.training_class, user=study.learner, role="lecturer")
    assert upload(client_as(study.learner), other).url == url("class-test", other)
    assert not OfflineFile.objects.exists()
    page = upload(client, study).url
    stored = OfflineFile.objects.get()
    assert page == url("class-file", study, stored.pk)
    assert client.get(page).context["lines"] == [FileLine(1, 5, None, answered=True)]
    client.post(page, {"act": "accept", "reason": "Mất mạng"})
    assert Attempt.objects.get().score == 1
    assert [line["file"] for line in client.get(url("class-test", study)).context["files"]] == [stored]
    assert "Mất mạng" in client.get(url("class-attempt", study, attempt.pk)).content.decode()
    assert client_as(study.learner).get(url("class-file", study, stored.pk)).status_code == 404


def test_personal_terms_keep_the_room_that_was_settled(client, study):
    sitting = make_sitting(study)
    terms = Allowance.objects.create(
        enrolment_id=study.enrolment.pk,
        item_id=study.items("exam")[0].pk,
        user=study.learner,
        sitting=sitting,
        reason="Phòng 2",
        granted_by=make_user(),
    )
    data = {"extra_minutes": 10, "extra_percent": 0, "extra_attempts": 0, "reason": "Khuyết tật"}
    client.post(url("class-allowance", study, study.enrolment.pk), data)
    terms.refresh_from_db()
    assert (terms.extra_minutes, terms.sitting) == (10, sitting)


def test_an_attempt_made_before_there_was_a_sitting_is_found_from_its_board(client, study):
    attempt = start(study)
    sitting = make_sitting(study)
    board = client.get(reverse("exams:sitting", args=[sitting.pk]))
    page = reverse("exams:sitting-attempt", args=[sitting.pk, attempt.pk])
    assert f'href="{page}"' in board.content.decode()
    client.post(page, {"act": "extend", "minutes": 5, "reason": "Đổi máy"})
    assert Attempt.objects.get().deadline == attempt.deadline + dt.timedelta(minutes=5)
    assert "Đổi máy" in client.get(page).content.decode()


def test_what_belongs_to_another_class_or_sitting_is_not_there(client, study):
    other = make_study()
    elsewhere = start(other)
    assert client.get(url("class-attempt", study, elsewhere.pk)).status_code == 404
    assert client.get(url("class-allowance", study, other.enrolment.pk)).status_code == 404
    assert client.get(url("class-test", other)).status_code == 404
    make_sitting(study)
    seated = start(study)
    assert client.get(url("class-attempt", study, seated.pk)).status_code == 404


def test_ones_own_test_is_left_to_others(client_as, study):
    ClassStaff.objects.create(training_class=study.training_class, user=study.learner, role="lecturer")
    attempt = start(study)
    page = url("class-attempt", study, attempt.pk)
    own = client_as(study.learner)
    assert 'name="act"' not in own.get(page).content.decode()
    own.post(page, {"act": "extend", "minutes": 60, "reason": "x"})
    own.post(
        url("class-allowance", study, study.enrolment.pk),
        {"extra_minutes": 60, "extra_percent": 0, "extra_attempts": 9, "reason": "x"},
    )
    assert Attempt.objects.get().deadline == attempt.deadline
    assert not Allowance.objects.exists()
