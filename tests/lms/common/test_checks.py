"""Each unsafe production is refused, and a safe one is not."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.test import override_settings

SAFE = {
    "SEN_ENVIRONMENT": "production",
    "SECRET_KEY": "k9" * 30,
    "SEN_AUDIT_KEY": "a7" * 30,
    "SEN_FACTOR_KEYS": ["f3" * 30, "too old to be long"],
    "DEBUG": False,
    "ALLOWED_HOSTS": ["hoc.example.vn"],
    "SEN_WORKERS": 1,
    "SEN_DEMO": False,
    "SEN_BASE_URL": "https://hoc.example.vn",
    "DEFAULT_FROM_EMAIL": "sen@example.vn",
    "SEN_SMTP_HOST": "mail.example.vn",
    "SEN_BACKUP_MARKER": "/var/backups/sen/last-good",
}
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def sen_ids(**changed: object) -> list[str]:
    with override_settings(**(SAFE | changed)):
        found = run_checks(tags=["security"])
    ids = sorted(message.id for message in found if message.id and message.id.startswith("sen."))
    # The database cannot be exchanged within a run: its warning is tested by running on both.
    production = changed.get("SEN_ENVIRONMENT", "production") == "production"
    assert ids.count("sen.W003") == (1 if production and connection.vendor == "sqlite" else 0)
    return [found for found in ids if found != "sen.W003"]


def test_a_safe_production_passes() -> None:
    assert sen_ids() == []


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"SECRET_KEY": settings.INSECURE_SECRET_KEY}, ["sen.E001"]),
        ({"SECRET_KEY": "short"}, ["sen.E001"]),
        ({"SEN_AUDIT_KEY": ""}, ["sen.E009"]),
        ({"SEN_AUDIT_KEY": "short"}, ["sen.E009"]),
        ({"SEN_AUDIT_KEY": "k9" * 30}, ["sen.E009"]),
        ({"SEN_FACTOR_KEYS": []}, ["sen.E010"]),
        ({"SEN_FACTOR_KEYS": ["k9" * 30]}, ["sen.E010"]),
        ({"SEN_FACTOR_KEYS": ["a7" * 30]}, ["sen.E009", "sen.E010"]),
        ({"SEN_OIDC_ISSUER": "https://id.example.vn"}, ["sen.E011"]),
        ({"DEBUG": True}, ["sen.E002"]),
        ({"ALLOWED_HOSTS": []}, ["sen.E003"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["sen.E003"]),
        ({"MEDIA_ROOT": settings.BASE_DIR / "media"}, ["sen.E004"]),
        ({"MEDIA_ROOT": settings.BASE_DIR / "docs" / "uploads"}, ["sen.E004"]),
        ({"MEDIA_ROOT": settings.BASE_DIR}, ["sen.E004"]),
        ({"MEDIA_ROOT": settings.STATIC_ROOT / "uploads"}, ["sen.E004"]),
        ({"SEN_WORKERS": 2, "CACHES": LOCMEM}, ["sen.E005"]),
        ({"SEN_DEMO": True}, ["sen.E006"]),
        ({"SEN_ENVIRONMENT": "produktion"}, ["sen.E007"]),
        ({"SEN_BASE_URL": "http://localhost:8000"}, ["sen.W001"]),
        ({"SEN_BASE_URL": "http://hoc.example.vn"}, ["sen.W002"]),
        ({"DEFAULT_FROM_EMAIL": "sen@localhost"}, ["sen.W004"]),
        ({"SEN_SMTP_HOST": ""}, ["sen.E008"]),
        ({"SEN_SMTP_HOST": "", "SEN_MAIL_OFF": True}, []),
        ({"SEN_BACKUP_MARKER": ""}, ["sen.W005"]),
    ],
)
def test_an_unsafe_production_is_named(changed: dict[str, object], ids: list[str]) -> None:
    assert sen_ids(**changed) == ids


def test_the_local_environment_may_be_careless_but_not_with_uploads() -> None:
    careless = {"SEN_ENVIRONMENT": "local", "SECRET_KEY": settings.INSECURE_SECRET_KEY, "DEBUG": True, "SEN_DEMO": True}
    assert sen_ids(**careless) == []
    assert sen_ids(**careless, MEDIA_ROOT=settings.BASE_DIR / "cms") == ["sen.E004"]


def test_default_uploads_are_allowed() -> None:
    assert sen_ids(MEDIA_ROOT=settings.BASE_DIR / "var" / "uploads") == []
