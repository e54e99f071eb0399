"""Who uploads."""

import pytest

from lms.people.enums import Role
from tests.factories.people import grant, make_unit, make_user


@pytest.fixture
def writer(db):
    from cms.services.permissions import sync_user

    unit, user = make_unit(), make_user()
    grant(user, Role.AUTHOR, unit)
    sync_user(user)
    return user
