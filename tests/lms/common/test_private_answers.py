"""What a browser may keep of a person's pages, and how production names its cookies."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.people import make_token, make_user
from tests.factories.quizzes import make_attempt

PRIVATE = "private, no-store"
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.django_db
def test_no_cache_keeps_what_belongs_to_a_person(client_as):
    attempt = make_attempt()
    client = client_as(attempt.user)
    paths = ("/hoc/", "/bat-dau/", "/api/v1/me/", "/khong-co/", "/ho-so/", f"/api/v1/attempts/{attempt.pk}/paper/")
    assert [client.get(path).headers.get("Cache-Control") for path in paths] == [
        PRIVATE, PRIVATE, PRIVATE, PRIVATE, NEVER, "private, no-cache",
    ]  # fmt: skip
    token = make_token(make_user())
    by_token = Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"})
    assert by_token.headers["Cache-Control"] == PRIVATE
    assert "Cache-Control" not in Client().get("/khong-co/").headers, "a stranger's page is everybody's"


PROBE = """
import json
import django
django.setup()
from django.conf import settings
from django.test.utils import setup_test_environment
setup_test_environment()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from lms.people.models import User
User.objects.create_user("bay", "Song-Hong-1930")
client = Client(SERVER_NAME="hoc.example.vn")
plain = client.get("/dang-nhap/")
page = client.get("/dang-nhap/", secure=True)
entered = client.post("/dang-nhap/", {"username": "bay", "password": "Song-Hong-1930"}, secure=True)
client.post("/ngon-ngu/", {"language": "en", "next": "/"}, secure=True)
cookies = {
    name: [bool(morsel["secure"]), morsel["path"], morsel["domain"], morsel["samesite"], bool(morsel["httponly"])]
    for name, morsel in client.cookies.items()
}
print(json.dumps({"status": [plain.status_code, entered.status_code], "cookies": cookies}))
"""


@pytest.mark.slow
def test_cookies_of_production(tmp_path):
    """Browsers take ``__Host-`` cookies over https only, for the whole of one host: nobody else can set them."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SEN_ENVIRONMENT": "production",
        "SEN_ENV_FILE": "",
        "SEN_SECRET_KEY": "k9" * 30,
        "SEN_AUDIT_KEY": "a7" * 30,
        "SEN_FACTOR_KEYS": "f3" * 30,
        "SEN_ALLOWED_HOSTS": "hoc.example.vn",
        "SEN_BASE_URL": "https://hoc.example.vn",
        "SEN_VAR_DIR": str(tmp_path),
        "SEN_DEBUG": "on",  # static files without a manifest
        "DATABASE_URL": f"sqlite:///{tmp_path}/sen.sqlite3",
        "SEN_WORKERS": "1",
    }
    command = [sys.executable, "-c", PROBE]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["status"] == [301, 302]
    assert found["cookies"] == {
        "__Host-csrftoken": [True, "/", "", "Lax", False],
        "__Host-sessionid": [True, "/", "", "Lax", True],
        "__Host-sen_known": [True, "/", "", "Lax", True],
        "__Host-sen_language": [True, "/", "", "Lax", False],
    }


def test_cookies_of_a_machine_to_try_it():
    assert [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME] == [
        "sessionid", "csrftoken", "sen_language",
    ]  # fmt: skip
