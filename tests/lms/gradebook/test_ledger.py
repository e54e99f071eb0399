"""The ledger of marks: its rows, and the one mark an item that they give."""

from decimal import Decimal

import pytest

from lms.gradebook.models import LedgerSource
from lms.gradebook.services.ledger import post
from tests.factories.learning import make_study

pytestmark = pytest.mark.django_db


def test_post_joins_the_exam_and_its_attempt_once():
    study = make_study()
    entry = post(
        enrolment_id=study.enrolment.pk,
        item_id=study.items("exam")[0].pk,
        points=Decimal(3),
        max_points=Decimal(5),
        source=LedgerSource.EXAM,
    )
    assert (entry.points, entry.max_points, entry.replaces) == (Decimal(3), Decimal(5), None)
