"""A shared cache that may go away: nothing fails for it, and nothing waits for it twice.

Django's cache for Valkey lets every error through, so a page that only wanted to be quicker breaks when the server is
down, and waits for the network when it is cut off. Here an unreachable server is a cache that holds nothing
(docs/adr/0033-what-may-be-away.md):

- Connecting and answering have :data:`PATIENCE`; after one failure the process asks no more for :data:`PAUSE`.
- Meanwhile each process keeps what it needs in a small memory of its own, for :data:`LOCAL` at most, so that limits
  still count and a crowd does not compute the same thing a thousand times.
- What was written or removed meanwhile is removed from the server before the first use after it has come back: what
  lies there is older than what everybody has seen.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PATIENCE = 0.3
PAUSE = 5.0
LOCAL = 60
#: More keys than this are not remembered one by one: the server is emptied.
DEBTS = 5000

#: A value of another release cannot be read any more; it is as good as none.
_UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, IndexError, EOFError, TypeError, KeyError)


class SteadyCache(RedisCache):
    """``RedisCache`` that goes on without its server. Its state is per process and shared by all threads."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE} | params.get("OPTIONS", {})
        super().__init__(server, {**params, "OPTIONS": options})
        self._params = params
        self._state = _state_of(str(server))

    @cached_property
    def _memory(self) -> LocMemCache:
        own = {key: value for key, value in self._params.items() if key != "OPTIONS"}
        # Named after the server: Django makes a cache object for each thread, and all of them share one memory.
        return LocMemCache(f"steady:{self._state.name}", {**own, "OPTIONS": {"MAX_ENTRIES": 5000}})

    @property
    def away(self) -> bool:
        """Whether this process goes on without the server at present."""
        return self._state.away

    def answers(self) -> bool:
        """Whether the server answers; while it is away it is asked again after each pause only."""
        if not self._reachable():
            return False
        try:
            self._cache.get_client(None, write=True).ping()
        except (RedisError, OSError) as error:
            self._lost(error)
            return False
        return True

    def _reachable(self) -> bool:
        """Whether to ask the server. The first to ask after a pause removes what went stale while it was away."""
        state = self._state
        if not state.away:
            return True
        if time.monotonic() < state.until or not state.trying.acquire(blocking=False):
            return False  # the others go on without it while one tries
        try:
            state.until = time.monotonic() + PAUSE
            self._settle(state)
        except (RedisError, OSError):
            state.until = time.monotonic() + PAUSE
            return False
        finally:
            state.trying.release()
        return True

    def _settle(self, state: _State) -> None:
        client = self._cache.get_client(None, write=True)
        client.ping()
        while True:
            with state.lock:
                debts, everything = set(state.debts), state.owes_all
                if not debts and not everything:
                    state.away = False
                    self._memory.clear()
                    logger.warning("The cache answers again.")
                    return
            if everything:
                client.flushdb()
            else:
                client.delete(*debts)
            with state.lock:
                state.debts -= debts
                state.owes_all = state.owes_all and not everything

    def _lost(self, error: Exception) -> None:
        state = self._state
        with state.lock:
            if not state.away:
                logger.warning("The cache does not answer (%s); going on without it.", error)
            state.away = True
            state.until = time.monotonic() + PAUSE

    def _owe(self, keys: Iterable[str], *, everything: bool = False) -> bool:
        """Remember what goes stale on the server; ``False`` when it has come back meanwhile."""
        state = self._state
        with state.lock:
            if not state.away:
                return False
            state.debts.update(keys)
            if everything or len(state.debts) > DEBTS:
                state.debts.clear()
                state.owes_all = True
        return True

    def _ask(
        self,
        asked: Callable[[], Any],
        instead: Callable[[], Any],
        *,
        changes: Iterable[str] = (),
        everything: bool = False,
    ) -> Any:
        """Return what the server says, or what this process's own memory says while the server is away.

        ``changes`` are the full keys whose value on the server is stale when the call does not reach it (a call that
        ran out of time may have reached it or not); ``everything`` says that all are.
        """
        if self._reachable():
            try:
                return asked()
            except (RedisError, OSError) as error:
                self._lost(error)
        if not self._owe(changes, everything=everything):
            return self._ask(asked, instead, changes=changes, everything=everything)
        return instead()

    def _key(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _short(self, timeout: Any) -> Any:
        seconds = self.get_backend_timeout(timeout)
        return LOCAL if seconds is None else min(LOCAL, seconds)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(
            self._ask(
                lambda: super(SteadyCache, self).add(key, value, timeout, version),
                lambda: self._memory.add(key, value, self._short(timeout), version),
                changes=[self._key(key, version)],
            )
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return self._ask(
                lambda: super(SteadyCache, self).get(key, default, version),
                lambda: self._memory.get(key, default, version),
            )
        except _UNREADABLE:
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(
            lambda: super(SteadyCache, self).set(key, value, timeout, version),
            lambda: self._memory.set(key, value, self._short(timeout), version),
            changes=[self._key(key, version)],
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(
            self._ask(
                lambda: super(SteadyCache, self).touch(key, timeout, version),
                lambda: self._memory.touch(key, self._short(timeout), version),
            )
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(
            self._ask(
                lambda: super(SteadyCache, self).delete(key, version),
                lambda: self._memory.delete(key, version),
                changes=[self._key(key, version)],
            )
        )

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        try:
            found: dict[str, Any] = self._ask(
                lambda: super(SteadyCache, self).get_many(wanted, version),
                lambda: self._memory.get_many(wanted, version),
            )
        except _UNREADABLE:
            return {}
        return found

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(
            self._ask(
                lambda: super(SteadyCache, self).has_key(key, version),
                lambda: self._memory.has_key(key, version),
            )
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number.

        Raises:
            ValueError: there is no such key; also when the server has just gone away and with it the number.
        """
        number: int = self._ask(
            lambda: super(SteadyCache, self).incr(key, delta, version),
            lambda: self._memory.incr(key, delta, version),
            changes=[self._key(key, version)],
        )
        return number

    def set_many(self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[str]:
        self._ask(
            lambda: super(SteadyCache, self).set_many(data, timeout, version),
            lambda: self._memory.set_many(data, self._short(timeout), version),
            changes=[self._key(key, version) for key in data],
        )
        return []

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        wanted = list(keys)
        self._ask(
            lambda: super(SteadyCache, self).delete_many(wanted, version),
            lambda: self._memory.delete_many(wanted, version),
            changes=[self._key(key, version) for key in wanted],
        )

    def clear(self) -> None:
        self._ask(lambda: super(SteadyCache, self).clear(), self._memory.clear, everything=True)


class _State:
    """What a process knows of one server."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()  # held for moments; never while the server is asked
        self.trying = threading.Lock()
        self.away = False
        self.until = 0.0
        self.debts: set[str] = set()
        self.owes_all = False


_states: dict[str, _State] = {}
_states_lock = threading.Lock()


def _state_of(server: str) -> _State:
    with _states_lock:
        return _states.setdefault(server, _State(server))
