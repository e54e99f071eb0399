"""A form that shows a secret acts once, also where its posts arrive at the same moment."""

import datetime as dt
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client

from lms.common.clock import now
from lms.people.models import ActivationCode, ApiToken, SentForm, User
from lms.people.services import sent_forms
from lms.people.services.sent_forms import claim_form
from tests.factories.cast import make_cast
from tests.factories.people import make_user
from tests.lms.portals.test_once import key_in

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_of_posts_at_the_same_moment_one_makes_a_token_and_a_code(shared_db, at_once):
    cast = make_cast()
    User.objects.filter(pk=cast.learner.pk).update(password="!" + "x" * 40)
    manager = cast.person("centre_manager")
    manager.set_password("mat-khau-du-dai-1")
    manager.save()
    first = Client()
    first.post("/dang-nhap/", {"username": manager.username, "password": "mat-khau-du-dai-1"})
    slips, token = f"/dieu-hanh/lop/{cast.training_class.pk}/phieu/", "/ho-so/truy-cap-api/moi/"
    forms = [
        (slips, {"who": "all", "once": key_in(first.get(slips))}),
        (token, {"name": "May", "scopes": ["read"], "days": "7", "once": key_in(first.get(token))}),
    ]

    def sent(address, form):
        client = Client()
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: first.cookies[settings.SESSION_COOKIE_NAME].value})
        return lambda: client.post(address, form).status_code

    for address, form in forms:
        assert sorted(at_once(*[sent(address, form) for _time in range(6)])) == [200, 302, 302, 302, 302, 302]
    assert (ActivationCode.objects.count(), ApiToken.objects.filter(user=manager).count()) == (1, 1)


def test_a_form_is_one_persons_and_is_forgotten_with_the_longest_session():
    one, other = make_user(), make_user()
    asked = [claim_form(user=user, key="a" * 32) for user in (one, other, one)]
    assert asked == [True, True, False]
    SentForm.objects.filter(user=one).update(sent_at=now() - dt.timedelta(days=settings.SEN_SESSION_DAYS, seconds=1))
    assert sent_forms.forget_stale() == 1
    assert list(SentForm.objects.values_list("user_id", flat=True)) == [other.pk]
