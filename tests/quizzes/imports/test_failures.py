"""Question files whose reading breaks off: nobody waits for ever, nothing is lost, nothing runs twice at once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_ox.models import OxTask
from django_ox.testing import run_tasks

from lms.common.clock import now
from lms.common.limited import LimitedError, Trouble
from lms.notifications.models import Notification
from lms.people.enums import Role
from quizzes.enums import ImportState
from quizzes.errors import QuestionFileError
from quizzes.formats import apart
from quizzes.models import QuestionImport
from quizzes.services import imports
from quizzes.services.imports import reading
from quizzes.tasks import settle_question_files
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_bank
from tests.quizzes.imports.test_imports import AIKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    user = make_user("Trần Thị Bình")
    grant(user, Role.AUTHOR, make_unit())
    return user


@pytest.fixture
def bank(author):
    return make_bank(author.memberships.get().unit)


def upload(bank, author, name="cau-hoi.txt"):
    return imports.start_import(bank=bank, file=SimpleUploadedFile(name, AIKEN.encode()), actor=author)


def trouble(monkeypatch, what, *, times=1):
    """Let the limited process end in ``what`` so many times, then work again."""
    real, left = apart.run, [what] * times

    def run(*args, **more):
        if left:
            raise LimitedError(left.pop())
        return real(*args, **more)

    monkeypatch.setattr(apart, "run", run)


@pytest.mark.parametrize("what", [Trouble.TIME, Trouble.OUTPUT, Trouble.BUSY])
def test_long_work_within_a_request_goes_on_in_the_background(monkeypatch, bank, author, what):
    trouble(monkeypatch, what)
    batch = upload(bank, author)
    assert (batch.state, batch.problem) == (ImportState.READING, {})
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.questions.count(), batch.stored) == (ImportState.READY, 3, "")


@pytest.mark.parametrize("what", [Trouble.MEMORY, Trouble.CRASH])
def test_what_the_limits_stop_is_refused_in_words_with_its_name(monkeypatch, client_as, bank, author, what):
    trouble(monkeypatch, what)
    batch = upload(bank, author)
    assert (batch.state, batch.problem) == (ImportState.REFUSED, {"code": what.value, "params": {}})
    page = client_as(author).get(reverse("exams:import", args=[batch.pk])).content.decode()
    assert str(LimitedError(what)) in page
    assert "cau-hoi.txt" in page


def test_a_request_that_breaks_off_is_taken_up_by_a_task(monkeypatch, bank, author):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)  # as if the server had died
    batch = upload(bank, author)
    assert (batch.state, OxTask.objects.get(pk=batch.task).status) == (ImportState.READING, OxTask.Status.READY)
    assert settle_question_files.call() == 0
    with time_machine.travel(now() + dt.timedelta(seconds=61)):
        run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.questions.count()) == (ImportState.READY, 3)


def failed(bank, author, monkeypatch):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)
    batch = upload(bank, author)
    OxTask.objects.filter(pk=batch.task).update(status=OxTask.Status.LOST, finished_at=now())
    assert (settle_question_files.call(), settle_question_files.call()) == (1, 0)
    batch.refresh_from_db()
    return batch


def test_a_file_that_was_given_up_says_so_and_its_owner_is_told(monkeypatch, client_as, bank, author):
    batch = failed(bank, author, monkeypatch)
    assert (batch.state, batch.problem["code"]) == (ImportState.FAILED, "reading_failed")
    assert default_storage.exists(batch.stored)
    (notice,) = Notification.objects.all()
    address = reverse("exams:import", args=[batch.pk])
    assert (notice.recipient, notice.url, notice.sentence) == (
        author, address, "Chưa đọc được tệp câu hỏi “cau-hoi.txt”.",
    )  # fmt: skip
    page = client_as(author).get(address)
    text = page.content.decode()
    assert "Refresh" not in page.headers
    for words in ("Chưa đọc được tệp", "Việc đọc tệp đã bị ngắt nhiều lần", "Đọc lại", "Chọn tệp khác", "Bỏ"):
        assert words in text


def test_it_is_read_again_when_its_owner_says_so(monkeypatch, client_as, bank, author):
    batch = failed(bank, author, monkeypatch)
    first, address = batch.task, reverse("exams:import-retry", args=[batch.pk])
    client = client_as(author)
    assert [client.post(address).status_code for _click in range(2)] == [302, 302]
    batch.refresh_from_db()
    assert (batch.state, batch.problem, batch.task == first) == (ImportState.READING, {}, False)
    assert settle_question_files.call() == 0  # the task that was given up says nothing about the new one
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.questions.count()) == (ImportState.READY, 3)
    with pytest.raises(QuestionFileError) as refused:
        imports.retry_import(batch=batch)
    assert refused.value.code == "not_failed"


def test_the_api_reads_it_again_too_and_strangers_find_nothing(monkeypatch, client_as, bank, author):
    batch = failed(bank, author, monkeypatch)
    address = f"/api/v1/banks/{bank.pk}/imports/{batch.pk}/retry/"
    assert client_as(make_user()).post(address).status_code == 404
    assert client_as(make_user()).post(reverse("exams:import-retry", args=[batch.pk])).status_code == 404
    client = client_as(author)
    assert client.get(f"/api/v1/banks/{bank.pk}/imports/{batch.pk}/").json()["state"] == "failed"
    assert client.post(address).status_code == 204
    batch.refresh_from_db()
    assert batch.state == ImportState.READING


def test_a_file_that_nobody_takes_up_any_more_can_be_discarded(monkeypatch, client_as, bank, author):
    batch = failed(bank, author, monkeypatch)
    with time_machine.travel(now() + dt.timedelta(days=1)):
        client_as(author).post(reverse("exams:import-discard", args=[batch.pk]))
    assert not QuestionImport.objects.exists()


def test_a_task_that_raises_again_and_again_ends_the_waiting(monkeypatch, bank, author):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)
    batch = upload(bank, author)
    monkeypatch.setattr(reading, "check_rules", lambda question: 1 / 0)
    for _attempt in range(3):
        OxTask.objects.filter(pk=batch.task).update(run_after=None)
        run_tasks()
    assert OxTask.objects.get(pk=batch.task).status == OxTask.Status.FAILED
    assert settle_question_files.call() == 1
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED


def test_a_file_from_before_tasks_were_known_does_not_wait_for_ever(monkeypatch, bank, author):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)
    batch = upload(bank, author)
    QuestionImport.objects.filter(pk=batch.pk).update(task=None)
    assert settle_question_files.call() == 0
    with time_machine.travel(now() + dt.timedelta(hours=2)):
        assert settle_question_files.call() == 1


def test_one_person_keeps_the_others_waiting_with_five_files_at_most(monkeypatch, client_as, bank, author):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)
    for _number in range(reading.MAX_UNREAD):
        upload(bank, author)
    page = client_as(author).post(
        reverse("exams:import-upload", args=[bank.pk]),
        {"file": SimpleUploadedFile("sau.txt", AIKEN.encode()), "token": uuid.uuid4()},
    )
    assert page.status_code == 422
    assert "5 tệp của bạn vẫn đang được đọc" in page.content.decode()
    assert upload(bank, make_user()).state == ImportState.READING


def test_reading_waits_behind_work_that_has_a_time_to_keep(bank, author):
    batch = upload(bank, author)
    assert OxTask.objects.get(pk=batch.task).priority == -10


def test_the_rounds_cost_the_same_for_one_file_and_for_three(monkeypatch, bank, author, django_assert_max_num_queries):
    monkeypatch.setattr(reading, "_read_at_once", lambda batch: None)
    for count in (1, 2):
        for _number in range(count):
            upload(bank, author)
        with django_assert_max_num_queries(4):
            assert settle_question_files.call() == 0
