"""Every way in that writes × every role there is, at the unit of the rows and at a foreign one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from lms.people.models import User
from tests.architecture.url_matrix import MATRIX
from tests.architecture.urls import ONLY, addresses
from tests.architecture.write_foreign import FOREIGN, INSIDE, foreign_rows
from tests.architecture.write_matrix import WRITES, Write
from tests.architecture.write_people import ANONYMOUS, make_people
from tests.architecture.write_world import rows_for
from tests.factories.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WRITING = {"INSERT", "UPDATE", "DELETE"}
METHODS = ("post", "put", "patch", "delete")
#: Tables that a refusal may write to: who is signed in, how often somebody failed, and that it was refused.
KEPT_ON_REFUSAL = ("django_session", "people_throttle", "audit_")


class World:
    """The rows, and a client for each person whose cookies never change."""

    def __init__(self, client_as: Callable[..., Client]) -> None:
        cast = make_cast()
        self.cast = cast
        people = make_people(cast)
        self.known = rows_for(cast, people)
        self.clients = {
            name: client_as(None if person is None else User.objects.get(pk=person.pk))
            for name, person in people.items()
        }
        self.cookies = {
            name: {key: morsel.value for key, morsel in client.cookies.items()} for name, client in self.clients.items()
        }
        for client in self.clients.values():
            client.raise_request_exception = False
        self.arguments = {address.name: address.arguments for address in addresses() if not address.in_administration}

    def value(self, text: Any) -> Any:
        """Put rows in for ``$name``, in bodies and paths."""
        if isinstance(text, dict):
            return {self.value(key): self.value(inner) for key, inner in text.items()}
        if isinstance(text, list):
            return [self.value(inner) for inner in text]
        if isinstance(text, str) and text.startswith("$"):
            return self.known[text[1:]]
        return text

    def path(self, name: str, rule: Write | None) -> str:
        """Return the address with the rows of the owning unit in it."""
        if rule is not None and rule.path:
            return "/".join(str(self.value(part)) for part in rule.path.split("/"))
        reading = MATRIX[name]
        if reading.path:
            return reading.path
        given = {} if rule is None else self.value(rule.arguments)
        return reverse(
            name,
            kwargs={
                argument: given.get(argument, self.known[reading.arguments.get(argument, argument)])
                for argument in self.arguments[name]
            },
        )

    def send(self, person: str, method: str, path: str, body: dict[str, Any]) -> tuple[HttpResponse, set[str]]:
        """Send a request as ``person`` and undo it; return the answer and the tables that it changed."""
        client = self.clients[person]
        client.cookies.clear()
        client.cookies.load(self.cookies[person])
        options: dict[str, Any] = {"data": body}
        if path.startswith("/api/") or method != "post":
            options = {"data": json.dumps(body), "content_type": "application/json"}
        with undone(), written() as tables:
            response = getattr(client, method)(path, **options)
        if tables and response.status_code >= 400:
            # What was written may have been undone by the refusal itself: look at the rows.
            with undone():
                before = {table: content_of(table) for table in tables}
                client.cookies.load(self.cookies[person])
                response = getattr(client, method)(path, **options)
                tables = {table for table in tables if content_of(table) != before[table]}
        return response, tables


def content_of(table: str) -> list[tuple[Any, ...]]:
    """Return all rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return list(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def written() -> Iterator[set[str]]:
    """Collect the names of the tables that are written to inside, but for those that a refusal may write to."""
    tables: set[str] = set()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        words = sql.replace('"', " ").replace("(", " ").split()
        # SQLite counts the rows of RETURNING only as they are fetched; INSERT … SELECT may well insert nothing.
        surely = "RETURNING" in words and "SELECT" not in words
        if words and words[0].upper() in WRITING and (surely or context["cursor"].rowcount != 0):
            table = next(word for word in words[1:] if word.upper() not in {"INTO", "FROM", "OR", "IGNORE", "ONLY"})
            if not table.startswith(KEPT_ON_REFUSAL):
                tables.add(table)
        return result

    with connection.execute_wrapper(look):
        yield tables


def is_refusal(person: str, response: HttpResponse) -> bool:
    """Whether the answer is that of what does not exist: for strangers, the way to the sign-in page."""
    if person == ANONYMOUS:
        sent_away = response.status_code == 302 and response.headers["Location"].startswith("/dang-nhap/")
        return sent_away or response.status_code in {401, 403, 404}
    return response.status_code == 404


@pytest.fixture
def world(client_as: Callable[..., Client]) -> World:
    return World(client_as)


def methods_of(name: str, path: str) -> tuple[str, ...]:
    """Return the writing methods that an address may take: those its class has; a function is asked with POST."""
    view = resolve(path).func
    shape = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if shape is None:
        return ("post",)
    actions = getattr(view, "actions", None) or {}
    return tuple(method for method in METHODS if hasattr(shape, method) or method in actions)


def sent(world: World, name: str, method: str) -> dict[str, Any] | None:
    """Send one thing as everybody; return how that differs from the matrix, ``None`` when the method is not taken."""
    key = f"{method} {name}"
    rule = WRITES.get(key)
    path, body = world.path(name, rule), {} if rule is None else world.value(rule.body)
    answers = {person: world.send(person, method, path, body) for person in world.clients}
    if all(response.status_code == 405 for response, _tables in answers.values()):
        return None
    past, traces = set(), {}
    for person, (response, tables) in answers.items():
        if response.status_code >= 500:
            traces[person] = [str(response.status_code)]
        if rule is not None and rule.by_traces:
            past |= {person} if tables else set()
        elif response.status_code != 405 and not is_refusal(person, response):
            past.add(person)
        elif tables:
            traces[person] = sorted(tables)
    allowed = frozenset() if rule is None else rule.people
    if past == allowed and not traces:
        return {}
    return {"let in": sorted(past - allowed), "kept out": sorted(allowed - past), "refused, yet": traces}


def test_who_may_send_what(world: World) -> None:
    """Whoever is named gets past the check, everybody else is refused and leaves no trace."""
    wrong, seen = {}, set()
    for name in MATRIX:
        if ONLY and name not in ONLY:
            continue
        for method in methods_of(name, world.path(name, None)):
            differs = sent(world, name, method)
            if differs is not None:
                seen.add(f"{method} {name}")
            if differs:
                wrong[f"{method} {name}"] = differs
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    assert ONLY or set(WRITES) <= seen


def test_own_addresses_take_no_foreign_rows(world: World) -> None:
    """Whoever may use an address may not name rows of another unit in what is sent to it."""
    world.known |= foreign_rows(world.cast)
    taken = {}
    for case in FOREIGN:
        name = case.key.partition(" ")[2]
        if ONLY and name not in ONLY:
            continue
        path = world.path(name, WRITES[case.key])
        method = case.key.partition(" ")[0]
        response, tables = world.send(case.person, method, path, world.value(case.body))
        _same, control = world.send(case.person, method, path, world.value(case.control))
        if tables or response.status_code >= 500 or not control:
            taken[case.key, case.about] = (response.status_code, sorted(tables), sorted(control))
    assert taken == {}


def test_nothing_foreign_is_reached_below_what_is_own(world: World) -> None:
    """An address names a class and something in it: what belongs to another class does not exist there."""
    world.known |= foreign_rows(world.cast)
    reached = {}
    for key, rule in WRITES.items():
        method, _space, name = key.partition(" ")
        arguments = world.arguments[name] if not rule.path else frozenset()
        if ONLY and name not in ONLY:
            continue
        for argument in arguments if len(arguments) > 1 else ():
            foreign = INSIDE.get(rule.arguments.get(argument, f"${argument}").removeprefix("$"))
            if foreign is None or name.startswith("api:item-"):
                continue
            mixed = Write(rule.people, rule.body, {**rule.arguments, argument: f"${foreign}"})
            for person in sorted(rule.people):
                response, tables = world.send(person, method, world.path(name, mixed), world.value(rule.body))
                if tables or response.status_code >= 500 or response.status_code not in {404, 409, 422}:
                    reached.setdefault((key, argument), []).append((person, response.status_code, sorted(tables)))
    assert reached == {}
