"""A very large class is worked out again in parts, and recognised only when that is done."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.errors import ClassStateError
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services.classes import close_class, recognise_class
from lms.classes.services.tallies import recount
from lms.common.clock import today
from lms.completion.models import ClassRefresh
from lms.completion.services import class_standings
from lms.completion.tasks import refresh_classes
from tests.factories.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(monkeypatch):
    """A class of five that counts as very large, two at a time."""
    monkeypatch.setattr(class_standings, "AT_ONCE", 3)
    monkeypatch.setattr(class_standings, "_PART", 2)
    cast = make_cast()
    for number in range(4):
        cast.study.another(f"Trần Văn {number}")
    return cast


def statuses(training_class):
    return set(Enrolment.objects.filter(training_class=training_class).values_list("status", flat=True))


def test_closing_answers_at_once_and_the_task_does_the_rest(large, django_capture_on_commit_callbacks):
    training_class = large.training_class
    with django_capture_on_commit_callbacks() as after:
        close_class(training_class=training_class, actor=large.centre_manager)
    folding = [callback for callback in after if "lms.audit" not in callback.__module__]
    assert (len(folding), statuses(training_class)) == (1, {EnrolmentStatus.ENROLLED})
    client = Client()
    client.force_login(large.centre_manager)
    page = client.get(reverse("office:class", args=[training_class.pk]))
    assert (page.context["refolding"].done, page.context["refolding"].total) == (0, 5)
    with pytest.raises(ClassStateError):
        recognise_class(training_class=training_class, decision="1-QĐ", on=today(), actor=None)
    assert TrainingClass.objects.get(pk=training_class.pk).state == ClassState.CLOSED
    assert class_standings.refresh_next_part(class_id=training_class.pk) is True
    assert ClassRefresh.objects.get().done == 2
    assert refresh_classes.call() == 2
    assert (statuses(training_class), ClassRefresh.objects.count(), recount()) == ({EnrolmentStatus.FAILED}, 0, [])
    training_class.refresh_from_db()
    recognise_class(training_class=training_class, decision="1-QĐ", on=today(), actor=None)


def test_an_ordinary_class_is_worked_out_in_the_request(large, monkeypatch):
    monkeypatch.setattr(class_standings, "AT_ONCE", 500)
    close_class(training_class=large.training_class, actor=None)
    assert (statuses(large.training_class), ClassRefresh.objects.count()) == ({EnrolmentStatus.FAILED}, 0)
