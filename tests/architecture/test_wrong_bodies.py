"""What is sent to a row of somebody else's is answered as if the row were not there, however wrong the body is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.architecture.test_write_matrix import World
from tests.architecture.urls import ONLY
from tests.architecture.write_matrix import SIGNED_IN, WRITES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOWHERE = 987_654_321
#: Strangers to the row: of another unit, of the unit without the role.
PEOPLE = {"learner*", "exam_officer*", "registrar", "lecturer"}
#: Who reads the row and may not change it: to them a body may be wrong.
READS = {"post api:item-state": {"lecturer"}}


def test_a_wrong_body_does_not_tell_that_a_row_exists(client_as: Callable[..., Client]) -> None:
    world = World(client_as)
    here = world.known
    absent = {name: NOWHERE if isinstance(value, int) else value for name, value in here.items()}
    told: dict[tuple[str, str], Any] = {}
    for key, rule in WRITES.items():
        method, _space, name = key.partition(" ")
        if (ONLY and name not in ONLY) or rule.by_traces or rule.people >= SIGNED_IN:
            continue
        paths = []
        for world.known in (absent, here):
            paths.append(world.path(name, rule))
        body = {key: ["?"] for key in rule.body} | {"version": "?", "do": "?", "act": "?", "seq": -1}
        for person in PEOPLE - rule.people - READS.get(key, set()):
            answers = [world.send(person, method, path, body) for path in paths]
            statuses = [(response.status_code, sorted(tables)) for response, tables in answers]
            if statuses[0] != statuses[1] or statuses[1][1]:
                told[key, person] = statuses
    assert told == {}
