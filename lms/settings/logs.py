"""Destination and form of log lines."""

from __future__ import annotations

from typing import Any


def logging_settings(*, level: str, form: str) -> dict[str, Any]:
    """Return ``LOGGING``: one stream, ``form`` is ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request": {"()": "lms.common.logs.RequestFilter"},
            "outage": {"()": "lms.common.logs.OutageFilter"},
        },
        "formatters": {
            "text": {
                "()": "lms.common.logs.TextFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s %(user_id)s %(address)s] %(message)s",
            },
            "json": {"()": "lms.common.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["request", "outage"]},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.tasks": {"level": level}},
    }
