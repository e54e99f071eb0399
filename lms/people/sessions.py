"""Sessions in the database, read on every page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from lms.common.clock import now
from lms.common.prepared import prepared


@prepared
def _data(key: str, moment: dt.datetime) -> QuerySet[Session, str]:
    return Session.objects.filter(session_key=key, expire_date__gt=moment).values_list("session_data", flat=True)


class SessionStore(DatabaseStore):
    """Django's store; only the reading is prepared."""

    def load(self) -> dict[str, Any]:
        data = _data.first(key=self.session_key, moment=now())
        if data is None:
            self._session_key = None  # expired or never there: a new one is made when something is kept
            return {}
        loaded: dict[str, Any] = self.decode(data)
        return loaded
