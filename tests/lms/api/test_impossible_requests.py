"""Numbers that no database holds, and tokens of other people: refused with words, on every database."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quizzes.models import QuestionImport
from tests.factories.banks import OPTIONS, make_question, make_world

pytestmark = pytest.mark.django_db
HUGE = 2**70
QUESTION = b"::Q::Th\xe1\xbb\xa7 \xc4\x91\xc3\xb4? {=H\xc3\xa0 N\xe1\xbb\x99i ~Hu\xe1\xba\xbf}"


@pytest.fixture
def world():
    return make_world()


def upload(client, bank, token):
    file = SimpleUploadedFile("cau-hoi.gift", QUESTION)
    response = client.post(f"/api/v1/banks/{bank.pk}/imports/", {"file": file, "token": token})
    return response.status_code, response.json()


def test_numbers_too_large_are_refused_at_their_field(client_as, world):
    item = make_question(world.bank, author=world.author)
    client, keeper = client_as(world.author), client_as(world.manager)
    _status, made = upload(client, world.bank, "")
    imported = f"banks/{world.bank.pk}/imports/{made['id']}"
    written = {"kind": "single_choice", "stem_html": "<p>?</p>", "content": OPTIONS, "key": {"correct": "a"}}
    answers = []
    for method, path, body in [
        ("post", "items/bulk/", {"do": "describe", "items": [HUGE], "add_tags": ["x"]}),
        ("post", "items/bulk/", {"do": "move", "items": [item.pk], "bank": HUGE}),
        ("post", "items/bulk/", {"do": "describe", "items": [item.pk], "topic": HUGE}),
        ("post", f"banks/{world.bank.pk}/items/", written | {"topic": HUGE}),
        ("put", f"items/{item.pk}/", written | {"expected": HUGE}),
        ("post", f"banks/{world.bank.pk}/topics/", {"name": "A", "parent": HUGE}),
        ("post", f"{imported}/decide/", {"do": "skip", "questions": [HUGE]}),
        ("post", f"{imported}/commit/", {"questions": [HUGE]}),
        ("post", f"{imported}/commit/", {"questions": [-HUGE]}),
        ("post", "items/near/", {"stem": "?", "item": HUGE}),
    ]:
        caller = keeper if path.endswith("/topics/") else client
        response = getattr(caller, method)(f"/api/v1/{path}", body, content_type="application/json")
        answers.append((response.status_code, sorted(response.json()["fields"])))
    assert answers == [
        (400, ["items"]),
        (400, ["bank"]),
        (400, ["topic"]),
        (400, ["topic"]),
        (400, ["expected"]),
        (400, ["parent"]),
        (400, ["questions"]),
        (409, ["questions"]),
        (409, ["questions"]),
        (400, ["item"]),
    ]


def test_a_token_of_somebody_else_makes_no_import_and_is_no_error(client_as, world):
    token = str(uuid.uuid4())
    first = upload(client_as(world.author), world.bank, token)
    again = upload(client_as(world.author), world.bank, token)
    other = upload(client_as(world.manager), world.bank, token)
    assert (first[0], again[0], again[1]["id"]) == (201, 201, first[1]["id"])
    assert (other[0], other[1]["code"]) == (409, "token")
    assert QuestionImport.objects.count() == 1
