"""Sessions of a person: noted at sign-in, listed, ended one by one or all at once.

A session is valid while its data stand in the session store and its hash is the person's
(``User.get_session_auth_hash``: password and ``session_epoch``). Ending all raises the epoch, so that none comes back
when a closed account is opened again, whatever the store or its cache still holds.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, update_session_auth_hash
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from lms.audit.events import note_event
from lms.common.clock import now
from lms.common.request_context import client_address
from lms.people.models import User, UserSession
from lms.people.services.tokens import revoke_tokens

# Keys in a session's data: when it was signed in to, when its owner was last noted as there (seconds since 1970).
BEGAN, SEEN = "sen_began", "sen_seen"
NOTE_EVERY = dt.timedelta(minutes=30)


def open_session(*, request: HttpRequest, user: User, remember: bool, by: str, backend: str | None = None) -> None:
    """Sign ``user`` in under a new session key and record it; what a person signs in by goes through
    :mod:`lms.people.entrance` and ends here too.

    Args:
        remember: keep the session when the browser is closed.
        by: how the person proved it: ``password``, ``password+code``, ``passkey``, ``activation``, ``sitting_code`` …
    """
    begin_session(request=request, user=user, backend=backend)
    settle_session(request=request, user=user, remember=remember, by=by)


def begin_session(*, request: HttpRequest, user: User, backend: str | None = None) -> None:
    """Sign ``user`` in under a new session key."""
    if SESSION_KEY in request.session:
        request.session.cycle_key()  # Django keeps the key of somebody who signs in once more
    login(request, user, backend=backend)


def settle_session(*, request: HttpRequest, user: User, remember: bool, by: str) -> None:
    """Say how long the session that began a moment ago lasts, and record it; see :func:`open_session`."""
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if remember else 0)
    note_event(action="people.signed_in", actor=user, target=f"user:{user.pk}", data={"by": by})


def note_sign_in(*, request: HttpRequest, user: User) -> None:
    """Remember a session that ``user`` has just signed in to."""
    moment = now()
    request.session[BEGAN] = request.session[SEEN] = moment.timestamp()
    if request.session.session_key is None:
        request.session.create()
    _write(str(request.session.session_key), user.pk, request, began=moment, seen=moment)


def is_over(session: SessionBase, *, staff: bool) -> bool:
    """Whether the session has lasted too long, or nothing was asked in it for too long."""
    moment = now().timestamp()
    idle = settings.SEN_SESSION_IDLE_HOURS_STAFF if staff else settings.SEN_SESSION_IDLE_HOURS
    days = settings.SEN_SESSION_DAYS_STAFF if staff else settings.SEN_SESSION_DAYS
    began, seen = session.get(BEGAN), session.get(SEEN)
    return bool(
        (seen is not None and moment - seen > idle * 3600) or (began is not None and moment - began > days * 86400)
    )


def note_presence(*, request: HttpRequest, user: Any) -> None:
    """Note that the session is used, at most every half hour; what this writes also prolongs the cookie.

    Sessions from before an upgrade begin here.
    """
    session, moment = request.session, now()
    seen = session.get(SEEN)
    if seen is not None and moment.timestamp() - seen < NOTE_EVERY.total_seconds():
        return
    began = session.setdefault(BEGAN, moment.timestamp())
    session[SEEN] = moment.timestamp()
    if session.session_key:
        started = dt.datetime.fromtimestamp(began, tz=dt.UTC)
        _write(session.session_key, user.pk, request, began=started, seen=moment)


def end_session(*, user: User, number: str, keep: str | None = None) -> bool:
    """End one session of ``user`` by the number that the list shows; whether there was one. ``keep`` is never ended."""
    for row in UserSession.objects.filter(user=user):
        if number_of(row) == number and row.session_key != keep:
            _store(row.session_key).delete()
            row.delete()
            note_event(action="people.session_ended", actor=user, target=f"user:{user.pk}")
            return True
    return False


def end_all(*, user: User) -> None:
    """End every session and every API token of ``user`` inside the caller's transaction, which records why."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        UserSession.objects.filter(user=user).delete()
        revoke_tokens(user=user)


def end_others(*, request: HttpRequest, user: User) -> None:
    """End every session of ``user`` but this one, and every API token. The session that stays gets a new key."""
    with transaction.atomic():
        end_all(user=user)
        keep_session(request=request, user=user)
        note_event(action="people.sessions_ended", actor=user, target=f"user:{user.pk}")


def keep_session(*, request: HttpRequest, user: User) -> None:
    """Keep this session, under a new key, after what all others of ``user`` ended by: a password, a raised epoch."""
    update_session_auth_hash(request, user)
    UserSession.objects.filter(user=user).delete()
    if request.session.session_key:
        request.session[SEEN] = now().timestamp()
        began = dt.datetime.fromtimestamp(request.session.get(BEGAN) or now().timestamp(), tz=dt.UTC)
        _write(request.session.session_key, user.pk, request, began=began, seen=now())


def forget_session(key: str | None) -> None:
    """Take a session that was signed out of from the list."""
    if key:
        UserSession.objects.filter(session_key=key).delete()


def forget_stale() -> int:
    """Delete what is left of sessions that ended by themselves, and the sessions' own expired rows."""
    limit = now() - dt.timedelta(hours=max(settings.SEN_SESSION_IDLE_HOURS, settings.SEN_SESSION_IDLE_HOURS_STAFF))
    deleted, _rows = UserSession.objects.filter(seen_at__lt=limit).delete()
    _store_class().clear_expired()
    return deleted


def number_of(row: UserSession) -> str:
    """Return what stands for a session in an address: its key signs in and must not be shown."""
    return salted_hmac("lms.people.session_number", row.session_key, algorithm="sha256").hexdigest()[:24]


def _write(key: str, user_id: int, request: HttpRequest, *, began: dt.datetime, seen: dt.datetime) -> None:
    UserSession.objects.bulk_create(
        [
            UserSession(
                session_key=key,
                user_id=user_id,
                created_at=began,
                seen_at=seen,
                address=client_address(request)[:64],
                agent=request.headers.get("User-Agent", "")[:200],
            )
        ],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "created_at", "seen_at", "address", "agent"],
    )


def _store_class() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


def _store(key: str) -> Any:
    return _store_class()(key)
