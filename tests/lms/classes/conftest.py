"""The cast of the tests of classes, and somebody of another unit."""

import datetime as dt

import pytest

from lms.people.models import SensitiveProfile
from lms.people.services.activation import issue_activation_codes
from tests.factories.cast import make_cast
from tests.factories.people import make_user


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def stranger(cast):
    """Somebody of the other province who has not opened the account; the code stands on a slip."""
    user = make_user("Đỗ Thị Linh", username="do.thi.linh", unit=cast.other_centre, phone="+84912345678",
                     email="linh@example.vn")  # fmt: skip
    SensitiveProfile.objects.create(user=user, birth_date=dt.date(1990, 2, 15), citizen_id="025090001234")
    issue_activation_codes([user], actor=None)
    return user
