"""Starting in a sitting: windows, codes, the invigilator's word, personal terms, coming in by code."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.exams.models import Allowance, Attempt, Sitting, SittingGuest
from lms.exams.services.attempts import submit
from lms.exams.services.sittings import close_start, open_start
from lms.exams.services.starting import start_for_enrolment
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.sittings import make_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30})


def start(study, enrolment=None, **fields):
    enrolment = enrolment or study.fresh()
    return start_for_enrolment(enrolment=enrolment, item_id=study.items("exam")[0].pk, user=enrolment.learner, **fields)


def refusal(study, enrolment=None, **fields):
    with pytest.raises(DomainError) as refused:
        start(study, enrolment, **fields)
    return refused.value.code


def test_a_sitting_decides_when_one_may_start(study):
    hour = dt.timedelta(hours=1)
    sitting = make_sitting(study, opens_at=now() + hour, closes_at=now() + 2 * hour)
    assert refusal(study) == "not_open"
    Sitting.objects.update(opens_at=now() - 2 * hour, closes_at=now() - hour)
    assert refusal(study) == "closed"
    Sitting.objects.update(opens_at=now() - hour, closes_at=now() + hour, needs_opening=True)
    assert refusal(study) == "not_open"
    sitting.refresh_from_db()
    open_start(sitting=sitting, actor=study.learner)
    attempt = start(study)
    assert (attempt.sitting_id, attempt.deadline - attempt.started_at) == (sitting.pk, dt.timedelta(minutes=30))
    close_start(sitting=sitting, actor=study.learner)
    assert start(study).pk == attempt.pk  # who has started goes on
    assert refusal(study, study.another()) == "closed"


def test_late_arrivals(study):
    study.exam.late_minutes = 15
    study.exam.save()
    make_sitting(study, opens_at=now() - dt.timedelta(minutes=20), closes_at=now() + dt.timedelta(minutes=10))
    assert refusal(study) == "late"
    Sitting.objects.update(late_minutes=25)
    cut = start(study)
    assert cut.deadline == Sitting.objects.get().closes_at
    Sitting.objects.update(cut_at_close=False)
    whole = start(study, study.another())
    assert whole.deadline - whole.started_at == dt.timedelta(minutes=30)


def test_codes_and_how_often_one_may_guess(study):
    make_sitting(study, code="SEN234")
    assert refusal(study) == "code_required"
    assert [refusal(study, code="AAA222") for _try in range(10)] == ["code_wrong"] * 10
    assert refusal(study, code="SEN234") == "code_throttled"
    other = study.another()  # the limit is of the account, not of the hall
    assert start(study, other, code=" sen-234 ").sitting_id is not None


def test_personal_terms(study):
    sitting = make_sitting(study, closes_at=now() - dt.timedelta(minutes=1))
    learner = study.fresh()
    allowance = Allowance.objects.create(
        enrolment_id=learner.pk,
        item_id=sitting.item_id,
        user=learner.learner,
        closes_at=now() + dt.timedelta(hours=3),
        extra_percent=100,
        reason="Ốm",
        granted_by=learner.learner,
    )
    attempt = start(study)
    assert attempt.deadline - attempt.started_at == dt.timedelta(hours=1)
    submit(attempt=attempt)
    study.exam.max_attempts = 1
    study.exam.save()
    assert refusal(study) == "attempts_exhausted"
    allowance.extra_attempts = 1
    allowance.save()
    assert start(study).number == 2
    assert refusal(study, study.another()) == "closed"


def test_a_sitting_with_a_code_costs_no_statement_more(study):
    def statements(enrolment, **fields):
        with CaptureQueriesContext(connection) as caught:
            start(study, enrolment, **fields)
        return len(caught)

    statements(study.another())  # papers and outlines are remembered from now on
    plain = statements(study.another())
    make_sitting(study, code="SEN234")
    assert statements(study.another(), code="SEN234") == plain


def test_the_api_says_why_not(study, client_as):
    make_sitting(study, code="SEN234")
    client = client_as(study.learner)
    url = f"/api/v1/enrolments/{study.enrolment.pk}/items/{study.items('exam')[0].pk}/attempts/"

    def post(body):
        sent = client.post(url, json.dumps(body), content_type="application/json")
        return sent.status_code, sent.json()

    assert post({})[1]["code"] == "code_required"
    assert post({"code": "AAA222"})[1]["code"] == "code_wrong"
    status, body = post({"code": "SEN234", "device": "máy-07"})
    assert (status, body["device"]) == (201, "máy-07")
    assert post({})[0] == 200  # resuming asks for no code
    assert post({"code": 5})[0] == 400
    assert post({"device": "x" * 41})[0] == 400


def test_the_page_before_the_start_asks_for_the_code(study, client_as):
    make_sitting(study, code="SEN234")
    client = client_as(study.learner)
    args = [study.enrolment.pk, study.items("exam")[0].pk]
    assert 'name="code"' in client.get(reverse("learner:item", args=args)).content.decode()
    wrong = client.post(reverse("learner:start-exam", args=args), {"code": "AAA222"})
    assert wrong.headers["Location"] == reverse("learner:item", args=args)
    right = client.post(reverse("learner:start-exam", args=args), {"code": "SEN234"})
    attempt = Attempt.objects.get()
    assert right.headers["Location"] == reverse("attempts:attempt", args=[attempt.pk])
    assert attempt.device == right.cookies["sen_device"].value


def test_a_learner_of_the_class_comes_in_by_code(study, client_as):
    make_sitting(study, code="SEN234")
    client = client_as(study.learner)
    assert client.get(reverse("learner:join"), {"code": "sen 234"}).headers["Location"].endswith("/vao-thi/SEN234/")
    page = reverse("learner:join-code", args=["SEN234"])
    assert client.get(page).status_code == 200
    assert client.post(page).headers["Location"] == reverse("attempts:attempt", args=[Attempt.objects.get().pk])


def test_others_stay_out_unless_the_sitting_lets_them_in(study, client_as):
    sitting = make_sitting(study, code="SEN234")
    page = reverse("learner:join-code", args=["SEN234"])
    outsider = make_user("Người Ngoài")
    refused = client_as(outsider).post(page, follow=True)
    assert refused.redirect_chain == [(page, 302)]
    assert "Chỉ học viên của lớp" in refused.content.decode()
    right, wrong = (client_as(None).get(reverse("learner:join-code", args=[code])) for code in ("SEN234", "ZZZ999"))
    assert (right.status_code, wrong.status_code) == (422, 422)
    said = [
        re.sub(r'(value|content)="[A-Za-z0-9]{64}"|SEN234|ZZZ999', "", one.content.decode()) for one in (right, wrong)
    ]
    assert said[0] == said[1]  # a stranger learns nothing
    assert "/dang-nhap/?next=/hoc/vao-thi/SEN234/" in right.content.decode()
    assert Enrolment.objects.count() == 1
    Sitting.objects.filter(pk=sitting.pk).update(sign_up="account")
    assert client_as(outsider).post(page).status_code == 302
    attempt = Attempt.objects.get(user=outsider)
    assert (attempt.enrolment_id, attempt.guest_id) == (None, SittingGuest.objects.get(user=outsider).pk)
    assert Enrolment.objects.count() == 1  # a guest of this sitting, no learner of the class
    assert client_as(None).get(page).status_code == 422


def test_wrong_codes_of_one_account_are_counted(study, client_as):
    client = client_as(study.learner)
    page = reverse("learner:join-code", args=["ZZZ999"])
    assert {client.get(page).status_code for _try in range(10)} == {422}
    make_sitting(study, code="SEN234")
    assert client.get(reverse("learner:join-code", args=["SEN234"])).status_code == 422
