"""Log lines that say when (with the zone), in which request, from where and for whom."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any, Final

from lms.common.outage import outage_of
from lms.common.request_context import current_request

# What every record has by itself; whatever else stands in a record was given as ``extra`` and belongs into the line.
_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id", "user_id", "address"}


class RequestFilter(logging.Filter):
    """Adds ``request_id``, ``user_id`` and ``address`` to a record, ``-`` outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        facts = current_request()
        record.request_id = facts.id if facts else "-"
        record.address = facts.address if facts else "-"
        record.user_id = "-" if facts is None or facts.user_id is None else facts.user_id
        return True


class OutageFilter(logging.Filter):
    """Shortens an answer that failed because the database is away to one line: a hall sends hundreds in a minute."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if record.name == "django.request" and outage_of(error) is not None:
            reason = " ".join(str(error).split())
            record.msg, record.args = "%s (%s)", (record.getMessage(), reason)
            record.exc_info = record.exc_text = None
        return True


class TextFormatter(logging.Formatter):
    """One line for people; the time as ISO 8601 with the zone. What somebody sent cannot begin a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        line = super().formatMessage(record)
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (logging's name)
        return moment_of(record)


class JsonFormatter(TextFormatter):
    """One JSON object in a line, for programs that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": moment_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "user_id": getattr(record, "user_id", "-"),
            "address": getattr(record, "address", "-"),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _OWN and _is_plain(value)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def moment_of(record: logging.LogRecord) -> str:
    """Return the record's time in the local zone with its offset."""
    return dt.datetime.fromtimestamp(record.created, tz=dt.UTC).astimezone().isoformat(timespec="milliseconds")


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
