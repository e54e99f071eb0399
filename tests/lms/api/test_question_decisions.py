"""A question file decided about through the API: mended, described, left out, imported, discarded."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quizzes.models import Item, QuestionImport
from quizzes.services import imports
from quizzes.services.bank.topics import add_topic
from tests.factories.banks import make_world
from tests.quizzes.imports.test_imports import AIKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def batch(world):
    file = SimpleUploadedFile("cau-hoi.txt", AIKEN.encode())
    return imports.start_import(bank=world.bank, file=file, actor=world.author)


@pytest.fixture
def call(client_as, world, batch):
    """Call the API about the file as its author."""
    client = client_as(world.author)

    def call(method, path, body=None):
        address = f"/api/v1/banks/{world.bank.pk}/imports/{batch.pk}/{path}"
        response = getattr(client, method)(address, body, content_type="application/json")
        return response.status_code, response.json() if response.content else None

    return call


def test_the_files_of_a_bank_are_listed(client_as, world, batch, django_assert_num_queries):
    imports.commit_import(batch=batch, actor=world.author)
    client = client_as(world.author)
    address = f"/api/v1/banks/{world.bank.pk}/imports/"
    (row,) = client.get(address).json()["results"]
    assert {name: row[name] for name in ("id", "name", "format", "state", "waiting", "imported")} == {
        "id": batch.pk,
        "name": "cau-hoi.txt",
        "format": "aiken",
        "state": "ready",
        "waiting": 1,
        "imported": 2,
    }
    with django_assert_num_queries(7):
        client.get(address)
    for name in ("hai.txt", "ba.txt"):
        imports.start_import(bank=world.bank, file=SimpleUploadedFile(name, AIKEN.encode()), actor=world.author)
    with django_assert_num_queries(7):
        assert client.get(address).json()["count"] == 3
    assert client_as(world.stranger).get(address).status_code == 404


def test_a_missing_answer_is_marked_and_a_question_mended_by_columns(call, batch):
    first, broken, _third = batch.questions.order_by("position")
    status, marked = call("post", f"questions/{broken.pk}/answer/", {"right": ["B"]})
    assert (status, marked["key"], marked["broken"], marked["doubts"]) == (200, {"correct": "b"}, False, [])
    assert call("post", f"questions/{broken.pk}/answer/", {"right": ["z"]})[0] == 409

    _status, cells = call("get", f"questions/{first.pk}/")
    assert cells["cells"]["kind"] == "Một đáp án"
    status, mended = call("put", f"questions/{first.pk}/", {"cells": {"stem": "Câu đã sửa?", "level": "Vận dụng"}})
    assert (status, mended["stem"], mended["level"], mended["broken"]) == (200, "Câu đã sửa?", "apply", False)
    assert mended["content"]["options"] == call("get", "")[1]["questions"][0]["content"]["options"]
    assert call("put", f"questions/{first.pk}/", {"cells": {"bogus": "1"}})[1]["fields"] == {
        "cells": ["There is no such column: bogus."]
    }


def test_many_are_described_left_out_and_taken_back(call, world, batch):
    topic = add_topic(bank=world.bank, name="Lý luận")
    ids = list(batch.questions.order_by("position").values_list("pk", flat=True))
    body = {"do": "describe", "questions": ids, "topic": topic.pk, "level": "understand"}
    assert call("post", "decide/", body) == (200, {"changed": 3})
    assert call("post", "decide/", {"do": "skip", "questions": ids[2:]}) == (200, {"changed": 1})
    assert call("post", "commit/", {})[1] == {"imported": 1}
    assert [(item.topic, item.level) for item in Item.objects.all()] == [(topic, "understand")]
    assert call("post", "decide/", {"do": "take-back", "questions": ids}) == (200, {"changed": 1})
    foreign = add_topic(bank=world.other_bank, name="Của B")
    assert call("post", "decide/", {**body, "topic": foreign.pk})[1]["fields"] == {
        "topic": ["The bank has no such topic."]
    }
    assert call("post", "decide/", {"do": "burn", "questions": ids})[0] == 400


def test_a_file_is_discarded_and_what_was_imported_stays(call, world, batch):
    call("post", "commit/", {})
    assert call("post", "discard/") == (204, None)
    assert (QuestionImport.objects.count(), Item.objects.filter(bank=world.bank).count()) == (0, 2)
    assert call("get", "")[0] == 404


def test_others_find_nothing(client_as, world, batch):
    row = batch.questions.first()
    base = f"/api/v1/banks/{world.bank.pk}/imports/{batch.pk}/"
    for who in (world.stranger, world.lecturer):
        client = client_as(who)
        for path, body in (
            ("decide/", {"do": "skip", "questions": [row.pk]}),
            ("discard/", {}),
            (f"questions/{row.pk}/answer/", {"right": ["a"]}),
        ):
            assert client.post(base + path, body, content_type="application/json").status_code == 404
        assert client.get(f"{base}questions/{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.state == "waiting"
