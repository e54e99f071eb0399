"""The people of the hall: each with a connection of its own, as browsers have; all on one machine, one loop."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

TIMEOUT = 30.0
AGAIN = 0.5
FAILURES = 20  # faults of a living server that one request survives


@dataclass(slots=True)
class Tally:
    """Results of a run: times by kind of request, errors by reason, what the server has acknowledged."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    retries: int = 0
    kept: dict[int, dict[int, int]] = field(default_factory=dict)
    handed_in: int = 0

    @property
    def acknowledged(self) -> int:
        return sum(len(times) for name, times in self.times.items() if name == "answer")

    def percentiles(self, name: str) -> tuple[float, float, float]:
        """Return p50, p95, p99 in milliseconds."""
        times = sorted(self.times[name]) or [0.0]
        return tuple(round(times[min(len(times) - 1, int(len(times) * part))] * 1000, 1) for part in (0.5, 0.95, 0.99))  # type: ignore[return-value]


class Person:
    """One learner. A request that meets a dead server is repeated until a living one answers, as the client does.

    Without a ``token`` it is a browser: cookies are kept, and forms and requests carry what proves their origin.
    """

    def __init__(self, port: int, token: str, tally: Tally) -> None:
        self.port, self.token, self.tally = port, token, tally
        self.cookies: dict[str, str] = {}
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def request(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """Send JSON and return the JSON of the answer; ``None`` for a refusal, and for what is only read."""
        payload = b"" if body is None else json.dumps(body).encode()
        found = await self._send(name, method, path, payload, "application/json")
        return None if found is None or name == "paper" else json.loads(found[1])

    async def form(self, name: str, path: str, fields: dict[str, str]) -> str | None:
        """Send a form as a browser does; return where it leads, ``None`` for a refusal."""
        token = {"csrfmiddlewaretoken": self.cookies.get(settings.CSRF_COOKIE_NAME, "")}
        payload = urlencode(fields | token).encode()
        found = await self._send(name, "POST", path, payload, "application/x-www-form-urlencoded")
        return None if found is None else found[0].get("location", "")

    async def look(self, name: str, path: str) -> None:
        """Open a page."""
        await self._send(name, "GET", path, b"", "text/plain")

    def _proof(self) -> str:
        if self.token:
            return f"Authorization: Token {self.token}\r\n"
        if not self.cookies:
            return ""
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"Cookie: {pairs}\r\nX-CSRFToken: {self.cookies.get(settings.CSRF_COOKIE_NAME, '')}\r\n"

    async def _send(
        self, name: str, method: str, path: str, payload: bytes, content_type: str
    ) -> tuple[dict[str, str], bytes] | None:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._proof()}"
            f"Accept-Encoding: gzip\r\nContent-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"
        ).encode()
        failures = 0
        while True:
            began = time.perf_counter()
            try:
                status, headers, content = await asyncio.wait_for(self._exchange(head + payload), TIMEOUT)
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                self.tally.retries += 1
                await self.close()
                await asyncio.sleep(AGAIN * (0.5 + random.random()))  # noqa: S311 (spreads retries)
                continue
            if status >= 400:
                self.tally.errors[f"{name} {status} {content[:80].decode('utf-8', 'replace')}"] += 1
                failures += 1
                if status < 500 or failures > FAILURES:
                    return None
                await asyncio.sleep(AGAIN)
                continue
            self.tally.times[name].append(time.perf_counter() - began)
            return headers, content

    async def _exchange(self, message: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.writer is None or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(message)
        await self.writer.drain()
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                pair, _semicolon, _rest = value.strip().partition(";")
                cookie, _equals, said = pair.partition("=")
                self.cookies[cookie] = said
        length = int(headers.get("content-length", 0))
        return int(first.split(" ", 2)[1]), headers, await self.reader.readexactly(length)

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


async def _start(one: Person, plan: dict[str, Any], enrolment: int) -> int | None:
    """Start as a learner of the class."""
    path = f"/api/v1/enrolments/{enrolment}/items/{plan['item']}/attempts/"
    started = await one.request("start", "POST", path, {"code": plan["code"]})
    return None if started is None else started["id"]


async def _come_in(one: Person, plan: dict[str, Any], number: int) -> int | None:
    """Come in by the code on the wall, giving a name; look at the personal code, then start."""
    path = reverse("learner:join-code", args=[plan["code"]])
    await one.look("code page", path)
    place = await one.form("come in", path, {"full_name": f"Nguyễn Văn Thi {number}", "organisation": "Chi bộ 1"})
    if not place:
        return None
    await one.look("guest page", place)
    led = await one.form("start", f"{place}lam-bai/", {})
    if led is None:
        return None
    found = re.search(r"/lam-bai/(\d+)/", led)
    if found is None:
        one.tally.errors[f"start led to {led[:60]}"] += 1
        return None
    return int(found[1])


async def sit(
    port: int,
    plan: dict[str, Any],
    person: tuple[int, str],
    tally: Tally,
    *,
    begins: float,
    every: float,
    ends: float,
    rng: random.Random,
) -> None:
    """Start at ``begins``, answer every ``every`` seconds, hand in at ``ends`` (moments of the loop's clock)."""
    number, token = person
    loop = asyncio.get_running_loop()
    one = Person(port, token, tally)
    await asyncio.sleep(max(0.0, begins - loop.time()))
    attempt = await _start(one, plan, number) if token else await _come_in(one, plan, number)
    if attempt is None:
        return
    kept = tally.kept[attempt] = {}
    # a browser is bound to its mark; a client that started without one is bound to none
    mark = one.cookies.get(settings.SEN_EXAM_DEVICE_COOKIE)
    device = {"device": mark} if mark else {}
    await one.request("paper", "GET", f"/api/v1/attempts/{attempt}/paper/")
    seq = 0
    while loop.time() + every < ends:
        await asyncio.sleep(every * (0.8 + 0.4 * rng.random()))
        seq += 1
        slot = rng.randint(1, plan["questions"])
        answer = {"slot": slot, "answer": {"choice": rng.choice("abcd")}, "seq": seq}
        saved = await one.request(
            "answer", "PUT", f"/api/v1/attempts/{attempt}/responses/", {"responses": [answer], **device}
        )
        for row in (saved or {}).get("saved", ()):
            kept[row["slot"]] = row["seq"]
    await asyncio.sleep(max(0.0, ends - loop.time()))
    if await one.request("hand in", "POST", f"/api/v1/attempts/{attempt}/submit/", device) is not None:
        tally.handed_in += 1
    await one.close()
