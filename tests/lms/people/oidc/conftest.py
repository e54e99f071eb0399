"""The provider is django-allauth's own, in a process of its own, spoken to over HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from lms.audit.events import _counter
from tests.factories.people import make_user
from tests.lms.people.oidc.walk import GOOD, Provider, enter, link, pem


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    (folder / "1.pem").write_bytes(pem())
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.oidc_provider", str(port), str(folder)])
    provider = Provider(f"http://localhost:{port}", folder)
    for _try in range(300):
        assert process.poll() is None
        try:
            requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=5).raise_for_status()
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield provider
    process.terminate()
    process.wait()


@pytest.fixture
def provider(running, settings):
    found = requests.get(f"{running.url}/.well-known/openid-configuration", timeout=5).json()
    settings.SEN_OIDC_ISSUER = found["issuer"]
    settings.SEN_OIDC_CLIENT_ID = "sen"
    settings.SEN_OIDC_CLIENT_SECRET = "a secret of this client only"
    settings.SEN_OIDC_NAME = "Cổng thử"
    return running


@pytest.fixture(autouse=True)
def _one_by_one():
    """Refusals are written down one by one in every test."""
    _counter.clear()


@pytest.fixture
def person():
    return make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", password=GOOD)


@pytest.fixture
def linked(provider, person):
    link(enter(Client()), provider)
    assert SocialAccount.objects.filter(user=person).count() == 1
    return person
