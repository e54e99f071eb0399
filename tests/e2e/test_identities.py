"""The button of a provider of identities in a browser, which follows where its form leads only as the policy allows."""

from __future__ import annotations

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.utils.csp import CSP

from lms.people.oidc import provider_id
from tests.factories.people import make_user
from tests.lms.people.oidc.conftest import provider, running  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_passwords")]


@pytest.mark.parametrize("allowed", [True, False])
def test_the_button_leads_to_the_provider_and_back(browse, provider, live_server, settings, allowed):  # noqa: F811
    answer = f"{live_server.url}/dang-nhap/lien-ket/tra-loi/"
    requests.get(f"{provider.url}/allow/", params={"uri": answer}, timeout=5).raise_for_status()
    settings.SECURE_CSP = settings.SECURE_CSP | {"form-action": [CSP.SELF, *([provider.url] if allowed else [])]}
    person = make_user(username="bay")
    page = browse(None, "/dang-nhap/?next=/ho-so/", width=360)
    page.goto(f"{provider.url}/be/bay/")
    SocialAccount.objects.create(user=person, provider=provider_id(), uid=page.inner_text("body"))
    page.goto(f"{live_server.url}/dang-nhap/?next=/ho-so/")
    button = page.get_by_role("button", name="Đăng nhập bằng Cổng thử")
    if allowed:
        button.click()
        page.wait_for_url(f"{live_server.url}/ho-so/", timeout=10_000)
    else:
        with page.expect_console_message(lambda message: "form-action" in message.text):
            button.click()
        assert page.url == f"{live_server.url}/dang-nhap/?next=/ho-so/"
