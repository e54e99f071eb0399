"""Answers that come as a signed file."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json

import pytest

from lms.common.clock import now
from lms.exams.errors import OfflineFileError
from lms.exams.models import Attempt, AttemptResult, OfflineFile, Response, SittingEvent
from lms.exams.queries.attempts import offline_key
from lms.exams.services.attempts import claim, submit
from lms.exams.services.invigilation import annul
from lms.exams.services.offline_files import accept, from_other_device, lines_of, receive, refuse
from lms.exams.services.responses import IncomingResponse, save
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer
from tests.factories.sittings import make_plain_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_learner()


@pytest.fixture
def attempt():
    exam = make_exam(questions=4, time_limit=30)
    attempt = make_attempt(exam=exam)
    attempt.sitting = make_plain_sitting(exam)
    attempt.save(update_fields=["sitting"])
    return attempt


def file_of(attempt, /, *rows, key="", **changes):
    payload = json.dumps(
        {
            "attempt": attempt.pk,
            "device": "máy 7",
            "made_at": "2026-11-23T08:00:00.000Z",
            "responses": [{"slot": slot, "answer": answer, "seq": seq} for slot, answer, seq in rows],
            **changes,
        },
        ensure_ascii=False,
    )
    secret = key or offline_key(attempt.pk, attempt.token)
    signature = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"format": "sen-offline-1", "payload": payload, "signature": signature}).encode()


def test_a_file_waits_for_a_decision_and_is_then_merged_by_sequence(attempt, officer):
    save(
        attempt_id=attempt.pk,
        user_id=attempt.user_id,
        responses=[IncomingResponse(1, {"choice": "a"}, 10), IncomingResponse(2, {"choice": "a"}, 10)],
    )
    body = file_of(attempt, (1, {"choice": "d"}, 5), (2, {"choice": "b"}, 20), (3, {"choice": "c"}, 21))
    stored = receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
    assert (stored.decision, stored.late, Response.objects.count()) == ("pending", False, 2)
    assert [(line.slot, line.newer) for line in lines_of(stored)] == [(1, False), (2, True), (3, True)]
    assert receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer).pk == stored.pk
    accept(stored=stored, reason="", actor=officer)
    assert dict(Response.objects.values_list("slot", "answer__choice")) == {1: "a", 2: "b", 3: "c"}
    assert (stored.decision, stored.merged, stored.decided_by) == ("accepted", 2, officer)
    assert list(SittingEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "file_received",
        "file_accepted",
    ]


def test_a_file_after_the_hand_in_gives_a_further_result(attempt, officer):
    first = submit(attempt=attempt)
    body = file_of(attempt, (1, right_answer(attempt, 1), 5))
    stored = receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
    assert stored.late is True
    with pytest.raises(OfflineFileError) as refused:
        accept(stored=stored, reason="", actor=officer)
    assert refused.value.code == "reason_needed"
    accept(stored=stored, reason="Mất mạng cả phòng", actor=officer)
    final = Attempt.objects.get(pk=attempt.pk)
    assert list(AttemptResult.objects.order_by("number").values_list("number", "score", "receipt")) == [
        (1, 0, first.receipt),
        (2, 1, final.receipt),
    ]
    assert (final.score, final.state) == (1, "submitted")


def test_a_file_after_the_deadline_is_flagged(attempt, officer):
    Attempt.objects.filter(pk=attempt.pk).update(deadline=now() - dt.timedelta(minutes=5))
    assert receive(attempts=attempt.sitting.attempts.all(), body=file_of(attempt), actor=officer).late is True


def test_a_file_of_another_device_is_flagged_and_needs_a_reason(attempt, officer):
    claim(attempt=attempt, device="máy 8")
    files = [
        receive(attempts=attempt.sitting.attempts.all(), body=file_of(attempt, row, device=device), actor=officer)
        for row, device in [((1, {"choice": "a"}, 5), "máy 7"), ((2, {"choice": "b"}, 6), "máy 8")]
    ]
    assert [from_other_device(one) for one in files] == [True, False]
    with pytest.raises(OfflineFileError) as refused:
        accept(stored=files[0], reason=" ", actor=officer)
    assert (refused.value.code, Response.objects.count()) == ("reason_needed", 0)
    accept(stored=files[0], reason="Máy 7 hỏng giữa giờ", actor=officer)
    accept(stored=files[1], reason="", actor=officer)
    assert Response.objects.count() == 2


def test_a_refused_file_changes_nothing_and_stays(attempt, officer):
    stored = receive(
        attempts=attempt.sitting.attempts.all(), body=file_of(attempt, (1, {"choice": "a"}, 5)), actor=officer
    )
    with pytest.raises(OfflineFileError):
        refuse(stored=stored, reason="", actor=officer)
    refuse(stored=stored, reason="Không rõ nguồn gốc", actor=officer)
    with pytest.raises(OfflineFileError) as again:
        accept(stored=stored, reason="x", actor=officer)
    assert again.value.code == "decided"
    assert (Response.objects.count(), OfflineFile.objects.get().decision) == (0, "refused")


def test_files_that_are_not_ours(attempt, officer):
    other = make_attempt(exam=attempt.exam)
    good = file_of(attempt, (1, {"choice": "a"}, 5))
    changed = good.replace(b'\\"seq\\": 5', b'\\"seq\\": 6')
    assert changed != good
    cases = {
        b"": "invalid_file",
        b"[]": "invalid_file",
        b"{}": "invalid_file",
        b"\xff\xfe": "invalid_file",
        b"[" * 100_000: "invalid_file",
        b" " * 1_000_001: "invalid_file",
        changed: "bad_signature",
        file_of(attempt, key="0" * 64): "bad_signature",
        file_of(attempt, key=offline_key(other.pk, other.token)): "bad_signature",
        file_of(attempt, attempt=other.pk): "bad_signature",
        file_of(attempt, attempt=99_999_999): "bad_signature",
        file_of(other): "other_sitting",
    }
    found = {}
    for body in cases:
        with pytest.raises(OfflineFileError) as refused:
            receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
        found[body] = refused.value.code
    assert found == cases
    assert not OfflineFile.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"attempt": float("inf")},
        {"attempt": "1" * 5000},
        {"responses": [{"slot": "1", "answer": None, "seq": 1}]},
        {"responses": [{"slot": 1, "answer": None, "seq": 1.5}]},
        {"responses": [{"slot": 1, "seq": 1}]},
        {"responses": [1]},
        {"responses": [{"slot": 1, "answer": {"choice": float("nan")}, "seq": 1}]},
    ],
)
def test_a_signed_file_of_another_shape_is_no_file(attempt, officer, changes):
    with pytest.raises(OfflineFileError) as refused:
        receive(attempts=attempt.sitting.attempts.all(), body=file_of(attempt, **changes), actor=officer)
    assert refused.value.code == "invalid_file"


def test_what_no_database_keeps_is_left_out_of_a_file(attempt, officer):
    body = file_of(attempt, (1, {"choice": "a\x00"}, 5), device="m\x00áy", made_at="0001-01-01T00:00:00+14:00")
    stored = receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
    stored.refresh_from_db()
    assert (stored.made_at, stored.payload["device"]) == (None, "máy")
    accept(stored=stored, reason="", actor=officer)
    assert Response.objects.get().answer == {"choice": "a"}


def test_a_file_says_what_was_typed_after_the_deadline_or_on_a_page_that_was_left(attempt, officer):
    Attempt.objects.filter(pk=attempt.pk).update(one_way=True, page_size=2, from_slot=3)
    end = int(attempt.deadline.timestamp() * 1000)
    body = file_of(attempt, (1, {"choice": "a"}, end - 5), (3, {"choice": "b"}, end - 4), (4, None, end + 3_600_000))
    stored = receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
    stored.refresh_from_db()
    assert [(line.slot, line.left, line.late) for line in lines_of(stored)] == [
        (1, True, False),
        (3, False, False),
        (4, False, True),
    ]


def test_nobody_accepts_the_file_of_the_own_test(attempt):
    stored = receive(
        attempts=attempt.sitting.attempts.all(), body=file_of(attempt, (1, {"choice": "a"}, 5)), actor=attempt.user
    )
    with pytest.raises(OfflineFileError) as refused:
        accept(stored=stored, reason="x", actor=attempt.user)
    assert (refused.value.code, Response.objects.count()) == ("own_attempt", 0)


def test_a_file_with_answers_that_do_not_fit_is_refused_as_a_whole(attempt, officer):
    body = file_of(attempt, (1, {"choice": "b"}, 5), (2, {"choice": "zz"}, 6))
    stored = receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer)
    with pytest.raises(OfflineFileError) as refused:
        accept(stored=stored, reason="x", actor=officer)
    assert (refused.value.code, list(refused.value.fields)) == ("invalid_file", ["2"])
    stored.refresh_from_db()
    assert (Response.objects.count(), stored.decision) == (0, "pending")


def test_an_annulled_attempt_takes_no_file(attempt, officer):
    stored = receive(
        attempts=attempt.sitting.attempts.all(), body=file_of(attempt, (1, {"choice": "a"}, 5)), actor=officer
    )
    annul(attempt=attempt, reason="x", actor=officer)
    with pytest.raises(OfflineFileError) as refused:
        accept(stored=stored, reason="x", actor=officer)
    assert refused.value.code == "annulled"


def test_an_earlier_secret_still_signs(attempt, officer, settings):
    body = file_of(attempt, (1, {"choice": "a"}, 5))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-for-this-test-only-0123456789"
    assert receive(attempts=attempt.sitting.attempts.all(), body=body, actor=officer).decision == "pending"
