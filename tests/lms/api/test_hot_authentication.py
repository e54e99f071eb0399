"""The lean sign-in of the hot requests refuses what the ordinary one refuses."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_token, make_user
from tests.factories.quizzes import make_attempt

pytestmark = pytest.mark.django_db


def _get(attempt, key):
    return Client().get(f"/api/v1/attempts/{attempt.pk}/paper/", headers={"Authorization": f"Token {key}"})


def test_only_the_token_of_an_active_owner_opens_the_paper():
    attempt = make_attempt()
    own = make_token(attempt.user)
    other = make_token(make_user())
    assert [_get(attempt, key).status_code for key in (own, other, "0" * 40)] == [200, 404, 401]
    attempt.user.is_active = False
    attempt.user.save(update_fields=["is_active"])
    answer = _get(attempt, own)
    assert (answer.status_code, answer.json()) == (
        401,
        {"code": "authentication_failed", "detail": "Mã truy cập không hợp lệ.", "fields": {}},
    )
