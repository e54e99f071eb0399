"""Run the provider: ``python -m tests.oidc_provider PORT FOLDER``. Its keys are the files ``*.pem`` of the folder."""

from __future__ import annotations

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command

CLIENT, SECRET = "sen", "a secret of this client only"


class Keys:
    """Reads the keys anew at every request: the file that was changed last signs, all are published."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        files = sorted(Path(sys.argv[2]).glob("*.pem"), key=lambda file: file.name)
        settings.IDP_OIDC_PRIVATE_KEYS = [{"pem": file.read_text()} for file in files]
        return self.get_response(request)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    settings.configure(
        SECRET_KEY="p" * 50,
        ROOT_URLCONF="tests.oidc_provider.urls",
        ALLOWED_HOSTS=["localhost"],
        USE_TZ=True,
        SESSION_COOKIE_NAME="provider_session",  # ports of one host share their cookies
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            f"{__name__}.Keys",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.core.wsgi import get_wsgi_application

    Client.objects.update_or_create(
        id=CLIENT,
        defaults={
            "name": "Sen",
            "secret": make_password(SECRET),
            "scopes": "openid\nprofile\nemail",
            "redirect_uris": "http://testserver/dang-nhap/lien-ket/tra-loi/",
            "skip_consent": True,
        },
    )
    make_server("localhost", port, get_wsgi_application(), handler_class=Quiet).serve_forever()


main()
