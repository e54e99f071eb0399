"""Two people freeze the same programme in the same moment."""

from decimal import Decimal

import pytest

from cms.models import ProgrammePage
from lms.people.models import User
from lms.programmes.models import Edition
from lms.programmes.rules import BandRule, EditionRules
from lms.programmes.services.freeze import NothingChangedError, freeze_edition
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_programme_page
from tests.quizzes.conftest import at_once, shared_db

__all__ = ["at_once", "shared_db"]


@pytest.fixture
def programme(shared_db):
    return make_programme_page(make_unit())


def freezer(programme, user, rules=None):
    return lambda: (
        freeze_edition(
            programme=ProgrammePage.objects.get(pk=programme.pk), actor=User.objects.get(pk=user.pk), rules=rules
        ).number
    )


def test_the_second_learns_that_nothing_changed(programme, at_once):
    results = at_once(*(freezer(programme, make_user()) for _ in range(2)))
    (refused,) = [result for result in results if result != 1]
    assert isinstance(refused, NothingChangedError)
    assert list(Edition.objects.values_list("number", flat=True)) == [1]


def test_different_rules_get_a_number_each(programme, at_once):
    marks = [Decimal(5), Decimal(6)]
    rules = [EditionRules(pass_mark=mark, bands=(BandRule("average", mark),)) for mark in marks]
    results = at_once(*(freezer(programme, make_user(), rule) for rule in rules))
    assert sorted(results) == [1, 2]
    assert set(Edition.objects.values_list("pass_mark", flat=True)) == set(marks)
