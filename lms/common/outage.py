"""Tells from an error whether a part of the installation is away, rather than the code at fault."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import DatabaseError, InterfaceError, OperationalError

logger = logging.getLogger(__name__)


class Outage(StrEnum):
    """A part that does not work at present."""

    READ_ONLY = "read_only"  # the database takes no writes, or the disk no more bytes
    AWAY = "unavailable"  # the database does not answer


_FULL = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
# PostgreSQL: read-only transaction, disk full; connection errors, shutdown, start-up, too many connections.
_READ_ONLY_STATES = {"25006", "53100"}
_AWAY_STATES = {"57P01", "57P02", "57P03", "53300"}
# SQLite: SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL; SQLITE_CANTOPEN. Extended codes keep theirs in the low byte.
_READ_ONLY_CODES = {8, 10, 13}
_AWAY_CODES = {14}


def outage_of(error: BaseException | None) -> Outage | None:
    """Return what is away according to ``error`` or to what it came from; ``None`` for an error of another kind."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = _of_one(error)
        if found is not None:
            return found
        error = error.__cause__ or error.__context__
    return None


def _of_one(error: BaseException) -> Outage | None:
    if isinstance(error, OSError):
        return Outage.READ_ONLY if error.errno in _FULL else None
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        if state in _READ_ONLY_STATES:
            return Outage.READ_ONLY
        return Outage.AWAY if state in _AWAY_STATES or state.startswith("08") else None
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        if code & 0xFF in _READ_ONLY_CODES:
            return Outage.READ_ONLY
        return Outage.AWAY if code & 0xFF in _AWAY_CODES else None
    if isinstance(error, InterfaceError):
        return Outage.AWAY
    if isinstance(error, OperationalError) and error.__cause__ is not None:
        # A connection that could not be made or was lost has no state of the server.
        cause = error.__cause__
        nameless = hasattr(cause, "sqlstate") and cause.sqlstate is None
        return Outage.AWAY if nameless else None
    return None


@contextmanager
def noted_if_possible(what: str) -> Iterator[None]:
    """Let a page be read whose visit cannot be noted because nothing can be saved; any other error goes on.

    For what a reader would not miss. What must be on record before it is shown (sensitive data) is not shown then.
    """
    try:
        yield
    except (DatabaseError, OSError) as error:
        if outage_of(error) != Outage.READ_ONLY:
            raise
        logger.warning("not noted, since nothing can be saved: %s", what)
