"""The people of the hall: each with a connection of its own, as browsers have; all on one machine, one loop."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

TIMEOUT = 30.0
AGAIN = 0.5


@dataclass(slots=True)
class Tally:
    """What happened: times by kind of request, errors by reason, what the server has acknowledged."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    retries: int = 0
    kept: dict[int, dict[int, int]] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)
    handed_in: int = 0

    @property
    def acknowledged(self) -> int:
        return sum(len(times) for name, times in self.times.items() if name == "answer")

    def percentiles(self, name: str) -> tuple[float, float, float]:
        """Return p50, p95, p99 in milliseconds."""
        times = sorted(self.times[name]) or [0.0]
        return tuple(round(times[min(len(times) - 1, int(len(times) * part))] * 1000, 1) for part in (0.5, 0.95, 0.99))  # type: ignore[return-value]


class Person:
    """One learner. A request that meets a dead server is repeated until a living one answers, as the client does."""

    def __init__(self, port: int, token: str, tally: Tally) -> None:
        self.port, self.token, self.tally = port, token, tally
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def request(self, name: str, method: str, path: str, body: Any = None) -> Any:
        payload = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {self.token}\r\n"
            f"Accept-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        ).encode()
        while True:
            began = time.perf_counter()
            try:
                status, content = await asyncio.wait_for(self._exchange(head + payload), TIMEOUT)
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                self.tally.retries += 1
                await self.close()
                await asyncio.sleep(AGAIN * (0.5 + random.random()))  # noqa: S311 (spreads retries)
                continue
            if status >= 400:
                self.tally.errors[f"{name} {status} {content[:80].decode('utf-8', 'replace')}"] += 1
                if status < 500:
                    return None
                await asyncio.sleep(AGAIN)
                continue
            self.tally.times[name].append(time.perf_counter() - began)
            return json.loads(content) if name != "paper" else None

    async def _exchange(self, message: bytes) -> tuple[int, bytes]:
        if self.writer is None or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(message)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length")), 0)
        return status, await self.reader.readexactly(length)

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


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
    enrolment, token = person
    loop = asyncio.get_running_loop()
    one = Person(port, token, tally)
    await asyncio.sleep(max(0.0, begins - loop.time()))
    started = await one.request(
        "start", "POST", f"/api/v1/enrolments/{enrolment}/items/{plan['item']}/attempts/", {"code": plan["code"]}
    )
    if started is None:
        return
    attempt = started["id"]
    tally.attempts[enrolment] = attempt
    kept = tally.kept[attempt] = {}
    await one.request("paper", "GET", f"/api/v1/attempts/{attempt}/paper/")
    seq = 0
    while loop.time() + every < ends:
        await asyncio.sleep(every * (0.8 + 0.4 * rng.random()))
        seq += 1
        slot = rng.randint(1, plan["questions"])
        answer = {"slot": slot, "answer": {"choice": rng.choice("abcd")}, "seq": seq}
        saved = await one.request("answer", "PUT", f"/api/v1/attempts/{attempt}/responses/", {"responses": [answer]})
        for row in (saved or {}).get("saved", ()):
            kept[row["slot"]] = row["seq"]
    await asyncio.sleep(max(0.0, ends - loop.time()))
    if await one.request("hand in", "POST", f"/api/v1/attempts/{attempt}/submit/") is not None:
        tally.handed_in += 1
    await one.close()
