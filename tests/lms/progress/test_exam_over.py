"""When the time for a test has passed for the whole class."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.classes.models import ClassItem
from lms.common.clock import now
from lms.progress.services.exams import is_over
from quizzes.models import Attempt
from tests.factories.classes import make_class, make_enrolment

pytestmark = pytest.mark.django_db


def test_a_test_is_over_after_its_own_last_moment_or_the_class_s_last_day():
    training_class = make_class()
    enrolment = make_enrolment(training_class)
    item = training_class.edition.items.first()
    attempt = Attempt(context_id=enrolment.pk, context_item_id=item.pk)
    assert is_over(attempt) is False
    dates = ClassItem.objects.create(training_class=training_class, item=item, due_at=now() - dt.timedelta(minutes=1))
    assert is_over(attempt) is True
    ClassItem.objects.filter(pk=dates.pk).update(due_at=now() + dt.timedelta(minutes=1))
    assert is_over(attempt) is False


def test_an_attempt_of_no_enrolment_is_never_over():
    assert is_over(Attempt(context_id=0, context_item_id=0)) is False
