"""System checks that refuse an unsafe production (``SEN_ENVIRONMENT=production``). Each id has a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connection

SHORTEST_SECRET = 40

type Check = Callable[..., list[CheckMessage]]


def production_only(check: Callable[[], list[CheckMessage]]) -> Check:
    """Register ``check`` to run only where ``SEN_ENVIRONMENT`` is ``production``."""

    def run(**kwargs: Any) -> list[CheckMessage]:
        return check() if settings.SEN_ENVIRONMENT == "production" else []

    run.__name__ = check.__name__
    run.__doc__ = check.__doc__
    register(run, Tags.security)
    return run


@register(Tags.security)
def check_environment(**kwargs: Any) -> list[CheckMessage]:
    """sen.E007: a misspelt environment must not pass for a local one."""
    if settings.SEN_ENVIRONMENT in {"local", "production"}:
        return []
    return [Error(f"SEN_ENVIRONMENT is {settings.SEN_ENVIRONMENT!r}; it is local or production.", id="sen.E007")]


@production_only
def check_secret() -> list[CheckMessage]:
    """sen.E001: sessions and signatures rest on the secret."""
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY or len(settings.SECRET_KEY) < SHORTEST_SECRET:
        hint = f"Set SEN_SECRET_KEY to at least {SHORTEST_SECRET} random characters of your own."
        return [Error("The secret key is the published one or too short.", hint=hint, id="sen.E001")]
    return []


@production_only
def check_audit_key() -> list[CheckMessage]:
    """sen.E009: what is proved for ten years has a key of its own."""
    return _own_key("SEN_AUDIT_KEY", [settings.SEN_AUDIT_KEY], settings.SEN_FACTOR_KEYS, "sen.E009")


@production_only
def check_factor_keys() -> list[CheckMessage]:
    """sen.E010: secrets of second factors are encrypted with a key of their own."""
    return _own_key("SEN_FACTOR_KEYS", settings.SEN_FACTOR_KEYS[:1], [settings.SEN_AUDIT_KEY], "sen.E010")


def _own_key(name: str, keys: list[str], others: list[str], number: str) -> list[CheckMessage]:
    """Return an error unless the key of today is long, and is neither the web key nor another purpose's."""
    key = keys[0] if keys else ""
    taken = {settings.INSECURE_SECRET_KEY, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, *others}
    if len(key) >= SHORTEST_SECRET and key not in taken:
        return []
    hint = f"Set {name} to at least {SHORTEST_SECRET} random characters that are used for nothing else, and keep them."
    return [Error(f"{name} is missing, too short, or used for something else too.", hint=hint, id=number)]


@production_only
def check_oidc() -> list[CheckMessage]:
    """sen.E011: a provider of identities is spoken to over TLS and knows this installation by a secret."""
    issuer = settings.SEN_OIDC_ISSUER
    if not issuer or (
        issuer.startswith("https://") and settings.SEN_OIDC_CLIENT_ID and settings.SEN_OIDC_CLIENT_SECRET
    ):
        return []
    hint = (
        "Set SEN_OIDC_ISSUER to an https address, with SEN_OIDC_CLIENT_ID and SEN_OIDC_CLIENT_SECRET, or none of them."
    )
    return [Error("The provider of identities is not set up whole.", hint=hint, id="sen.E011")]


@production_only
def check_debug() -> list[CheckMessage]:
    """sen.E002: error pages must not show the inside."""
    return [Error("DEBUG is on.", hint="Remove SEN_DEBUG.", id="sen.E002")] if settings.DEBUG else []


@production_only
def check_hosts() -> list[CheckMessage]:
    """sen.E003: a missing or open host list breaks links and lets them be forged."""
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    hint = "Set SEN_ALLOWED_HOSTS to the names of this site."
    return [Error("No host names are set, or any name is allowed.", hint=hint, id="sen.E003")]


@register(Tags.security)
def check_uploads(**kwargs: Any) -> list[CheckMessage]:
    """sen.E004: uploads must never lie where code, templates or static files are read from. Holds everywhere."""
    uploads = Path(settings.MEDIA_ROOT).resolve()
    base = Path(settings.BASE_DIR).resolve()
    static = Path(settings.STATIC_ROOT).resolve()
    in_code = uploads.is_relative_to(base) and not uploads.is_relative_to(base / "var")
    in_package = any((folder / "__init__.py").exists() for folder in (uploads, *uploads.parents))
    if in_code or in_package or uploads.is_relative_to(static) or base.is_relative_to(uploads):
        hint = "Set SEN_UPLOADS_DIR to a folder of its own outside the code, or leave the default var/uploads."
        return [
            Error(f"Uploads would be kept inside the code or the static files: {uploads}.", hint=hint, id="sen.E004")
        ]
    return []


@production_only
def check_cache() -> list[CheckMessage]:
    """sen.E005: limits and invalidation need one cache that all server processes see."""
    per_process = "locmem" in settings.CACHES["default"]["BACKEND"] or "dummy" in settings.CACHES["default"]["BACKEND"]
    if settings.SEN_WORKERS > 1 and per_process:
        hint = "Set CACHE_URL to a Valkey or Redis server, or SEN_WORKERS=1."
        return [Error(f"{settings.SEN_WORKERS} server processes without a shared cache.", hint=hint, id="sen.E005")]
    return []


@production_only
def check_demo() -> list[CheckMessage]:
    """sen.E006: demo accounts have a public password."""
    return [Error("Demo data is allowed.", hint="Remove SEN_DEMO.", id="sen.E006")] if settings.SEN_DEMO else []


@production_only
def check_base_url() -> list[CheckMessage]:
    """sen.W001, sen.W002: links in mail and on certificates need the address that people use."""
    url = settings.SEN_BASE_URL
    if "localhost" in url or "127.0.0.1" in url:
        hint = "Set SEN_BASE_URL, for example https://hoc.example.vn."
        return [CheckWarning("The public address of this site is not set.", hint=hint, id="sen.W001")]
    if not url.startswith("https://"):
        return [CheckWarning("The public address is not https.", hint="Serve the site over TLS.", id="sen.W002")]
    return []


@production_only
def check_database() -> list[CheckMessage]:
    """sen.W003: SQLite has one writer; a centre with many learners wants PostgreSQL."""
    if connection.vendor == "sqlite":
        return [CheckWarning("The database is SQLite.", hint="Set DATABASE_URL to a PostgreSQL server.", id="sen.W003")]
    return []


@production_only
def check_mail() -> list[CheckMessage]:
    """sen.W004: people answer to the sender's address."""
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return [CheckWarning("No sender address is set.", hint="Set SEN_FROM_EMAIL.", id="sen.W004")]
    return []


@production_only
def check_mail_server() -> list[CheckMessage]:
    """sen.E008: links for forgotten passwords go by mail, or people are told that there is none."""
    if settings.SEN_SMTP_HOST or settings.SEN_MAIL_OFF:
        return []
    hint = "Set SEN_SMTP_HOST, or SEN_MAIL=off: forgotten passwords are then for the centres alone."
    return [Error("No mail server is set.", hint=hint, id="sen.E008")]


@production_only
def check_backup() -> list[CheckMessage]:
    """sen.W005: a backup that nobody watches stops one day, and nobody knows."""
    if settings.SEN_BACKUP_MARKER:
        return []
    hint = "Run manage.py backup every night and set SEN_BACKUP_MARKER to the file that it touches."
    return [CheckWarning("Nobody watches the backups.", hint=hint, id="sen.W005")]
