"""A mark that an exam's rules hide shows nowhere: not on the class's page, not in the own data, not by adding up."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lms.common.clock import now
from lms.exams.own_data import attempts
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.starting import start_for_enrolment
from lms.gradebook.models import LedgerEntry
from lms.gradebook.own_data import marks
from quizzes.enums import Review
from quizzes.models import Exam
from tests.factories.learning import make_study
from tests.factories.quizzes import right_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    made = make_study(exam_fields={"questions": 7, "review": Review.NOTHING, "review_after_close": Review.SCORE})
    enrolment = made.fresh()
    attempt = start_for_enrolment(enrolment=enrolment, item_id=made.items("exam")[0].pk, user=enrolment.learner)
    rows = [IncomingResponse(slot, right_answer(attempt, slot), 1) for slot in range(1, 6)]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)
    submit(attempt=attempt)
    return made


def told(client, study):
    """Everything a learner can look at about the class, as text."""
    args = [study.enrolment.pk]
    item = [study.enrolment.pk, study.items("exam")[0].pk]
    pages = [
        reverse("learner:home"),
        reverse("learner:class", args=args),
        reverse("learner:item", args=item),
        reverse("api:enrolment", args=args),
        reverse("api:my-enrolments"),
    ]
    return " ".join(client.get(page).content.decode() for page in pages)


def test_a_hidden_mark_is_nowhere_until_the_rules_show_it(client_as, study):
    assert LedgerEntry.objects.get().points == 5
    client = client_as(study.learner)
    hidden = told(client, study)
    assert [word for word in ("7,1", "7.1", "5/7", "5.0/7") if word in hidden] == []
    own = [*attempts(study.learner), *marks(study.learner)]
    assert [one.get("score", one.get("points")) for one in own] == [None, None]
    Exam.objects.update(review=Review.SCORE)
    assert "7,1" in told(client, study)
    own = [*attempts(study.learner), *marks(study.learner)]
    assert [one.get("score", one.get("points")) for one in own] == [5, 5]


def test_what_was_shown_is_hidden_again_when_the_rules_say_so(client_as, study):
    Exam.objects.update(review=Review.SCORE, review_from=now(), review_from_level=Review.NOTHING)
    assert [word for word in ("7,1", "5/7") if word in told(client_as(study.learner), study)] == []
