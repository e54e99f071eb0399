"""Opening again what learners know the answers of: who does it is told to whom the key was shown, and confirms."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.common.clock import now
from lms.exams.models import Attempt, Sitting
from quizzes.enums import ExamPurpose
from quizzes.models import Exam
from tests.factories.cast import make_cast
from tests.factories.quizzes import make_attempt
from tests.factories.sittings import make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
AT = dt.datetime(2026, 11, 2, 1, 30, tzinfo=dt.UTC)
SAID = "Đáp án đúng đã hiện cho 1 học viên từ 8:30, 02/11/2026: Trần Thị Học."


@pytest.fixture
def cast():
    return make_cast()


def show_key(cast, sitting=None):
    """The learner of the class handed in and has seen the key."""
    item = cast.study.items("exam")[0]
    attempt = make_attempt(exam=cast.study.exam, user=cast.learner)
    fields = {"enrolment_id": cast.enrolment.pk, "item_id": item.pk, "key_shown_at": AT, "sitting": sitting}
    Attempt.objects.filter(pk=attempt.pk).update(state="submitted", submitted_at=AT, **fields)


def test_a_class_is_opened_again_only_by_somebody_who_confirms(cast, client_as):
    training_class = cast.training_class
    TrainingClass.objects.filter(pk=training_class.pk).update(state=ClassState.CLOSED)
    show_key(cast)
    client = client_as(cast.person("centre_manager"))
    url = reverse("office:class-state", args=[training_class.pk])
    asked = client.post(url, {"act": "reopen"})
    training_class.refresh_from_db()
    assert (asked.status_code, SAID in asked.content.decode(), training_class.state) == (409, True, "closed")
    assert client.post(url, {"act": "reopen", "key_known": "1"}).status_code == 302
    training_class.refresh_from_db()
    assert training_class.state == "open"
    entry = AuditEntry.objects.get(action="classes.class_reopened")
    assert entry.data == {"reason": "Học viên đã xem đáp án đúng."}


def test_self_checks_and_tests_whose_key_nobody_saw_need_no_confirmation(cast, client_as):
    client = client_as(cast.person("centre_manager"))
    url = reverse("office:class-state", args=[cast.training_class.pk])
    show_key(cast)
    for change in ({"purpose": ExamPurpose.SELF_CHECK}, {"purpose": ExamPurpose.FINAL}):
        TrainingClass.objects.filter(pk=cast.training_class.pk).update(state=ClassState.CLOSED)
        Exam.objects.update(**change)
        if change["purpose"] == ExamPurpose.FINAL:
            Attempt.objects.update(key_shown_at=None)
        assert client.post(url, {"act": "reopen"}).status_code == 302
        assert TrainingClass.objects.get(pk=cast.training_class.pk).state == "open"


def test_the_start_of_a_sitting_is_opened_again_only_by_somebody_who_confirms(cast, client_as):
    sitting = make_sitting(cast.study, opened_at=now(), stopped_at=now())
    client = client_as(cast.person("centre_manager"))
    url = reverse("exams:sitting-act", args=[sitting.pk])
    show_key(cast, sitting)
    asked = client.post(url, {"act": "open"})
    sitting.refresh_from_db()
    assert (asked.status_code, SAID in asked.content.decode(), sitting.stopped_at is None) == (409, True, False)
    assert client.post(url, {"act": "open", "key_known": "1"}).status_code == 302
    sitting.refresh_from_db()
    assert sitting.stopped_at is None


def test_a_sitting_that_is_over_gets_a_later_end_only_by_somebody_who_confirms(cast, client_as):
    sitting = make_sitting(cast.study)
    client = client_as(cast.person("centre_manager"))
    url = reverse("exams:sitting-edit", args=[sitting.pk])
    form = client.get(url).context["form"]
    data = {name: value for name in form.fields if (value := form[name].value()) not in (None, False, [])}
    show_key(cast, sitting)
    with time_machine.travel(sitting.closes_at + dt.timedelta(hours=1), tick=False):
        late = (now() + dt.timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")  # Vietnam's clock
        client = client_as(cast.person("centre_manager"))
        asked = client.post(url, {**data, "closes_at": late})
        assert (asked.status_code, SAID in asked.content.decode()) == (422, True)
        assert 'type="checkbox" name="key_known"' in asked.content.decode()
        assert Sitting.objects.get(pk=sitting.pk).closes_at == sitting.closes_at
        assert client.post(url, {**data, "closes_at": late, "key_known": "on"}).status_code == 302
    assert Sitting.objects.get(pk=sitting.pk).closes_at > sitting.closes_at
