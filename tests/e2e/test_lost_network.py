"""The network is away when the time runs out: nothing typed is lost, and more time is heard of."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from lms.common.clock import now
from lms.exams.models import Attempt, OfflineFile
from lms.exams.services.attempts import expire_due
from lms.exams.services.invigilation import extend
from tests.e2e.exam_pages import said, sit
from tests.e2e.test_sittings import (  # noqa: F401 (fixtures)
    begin,
    choose,
    kept,
    sitting,
    study,
)
from tests.factories.quizzes import right_answer
from tests.factories.sittings import make_invigilator

pytestmark = pytest.mark.e2e


@pytest.fixture
def brief(study, sitting, settings):  # noqa: F811
    """Return a function that starts an attempt which ends in so many seconds, without grace."""
    settings.SEN_ATTEMPT_GRACE_SECONDS = 0

    def start(seconds):
        attempt = begin(study, sitting)
        Attempt.objects.filter(pk=attempt.pk).update(deadline=now() + dt.timedelta(seconds=seconds))
        attempt.refresh_from_db()
        return attempt

    return start


def test_answers_that_come_too_late_are_offered_as_a_file(browse, sitting, brief, tmp_path):  # noqa: F811
    attempt = brief(6)
    page = sit(browse, attempt)
    choose(page, 1, right_answer(attempt, 1)["choice"])
    said(page, "Đã lưu 1/4 câu")
    page.context.set_offline(True)
    choose(page, 2, right_answer(attempt, 2)["choice"])
    page.locator("[data-unsent][open]").wait_for()
    page.locator("[data-unsent] [data-dialog-close]").click()
    assert page.locator("[data-answers]").evaluate("form => form.inert")  # the time is over here too
    expire_due()
    page.context.set_offline(False)
    page.wait_for_url("**/ket-qua/")
    notice = page.locator("[data-unsent]")
    notice.get_by_text("Câu trả lời đến sau khi bài đã nộp, hiện chưa được tính: 1.").wait_for()
    page.reload()
    with page.expect_download() as download:
        notice.get_by_role("button", name="Lưu ra tệp").click()
    file = tmp_path / "bai-lam.json"
    download.value.save_as(file)
    board = browse(make_invigilator(sitting), f"/khao-thi/coi-thi/{sitting.pk}/")
    board.locator("input[type=file]").set_input_files(file)
    board.get_by_role("button", name="Tải lên").click()
    board.locator("input[name=reason]").fill("Mất mạng cả phòng")
    board.get_by_role("button", name="Chấp nhận").click()
    board.get_by_text("Đã nhận 1 câu trả lời.").wait_for()
    assert OfflineFile.objects.get().late is True
    assert Attempt.objects.get().score == 2
    page.reload()
    page.wait_for_selector("[data-unsent-ready]", state="attached")
    assert not notice.is_visible()


def test_more_time_given_while_the_network_is_away_is_not_handed_in(browse, sitting, brief):  # noqa: F811
    attempt = brief(5)
    page = sit(browse, attempt)
    page.context.set_offline(True)
    choose(page, 2, "b")
    page.locator("[data-unsent][open]").wait_for()
    extend(attempt=attempt, minutes=10, reason="Mất mạng", actor=make_invigilator(sitting))
    page.context.set_offline(False)
    said(page, "Đã lưu 1/4 câu")
    page.locator("[data-unsent]:not([open])").wait_for(state="attached")
    page.locator("[data-answers]:not([inert])").wait_for(state="attached")
    choose(page, 3, "c")
    said(page, "Đã lưu 2/4 câu")
    assert (Attempt.objects.get().state, kept(attempt)) == ("open", {2: "b", 3: "c"})


def test_more_time_given_in_the_last_seconds_reaches_a_page_at_rest(browse, sitting, brief):  # noqa: F811
    attempt = brief(5)
    page = sit(browse, attempt)
    extend(attempt=attempt, minutes=10, reason="Mất điện", actor=make_invigilator(sitting))
    page.locator("[data-timer-text]", has_text=re.compile("^(10:0|9:5)")).wait_for()
    assert Attempt.objects.get().state == "open"
