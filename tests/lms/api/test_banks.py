"""Item banks through the API: the same access as the pages, keys only for those who edit or review."""

from __future__ import annotations

import pytest

from quizzes.models import Item, ItemBank
from quizzes.services.bank import approval
from quizzes.services.bank.topics import add_topic
from tests.factories.banks import OPTIONS, make_question, make_world

pytestmark = pytest.mark.django_db
WRITTEN = {
    "kind": "single_choice",
    "stem_html": "<p>Câu <script>x</script>mới?</p>",
    "content": OPTIONS,
    "key": {"correct": "a"},
    "feedback": {"general": "Vì"},
    "source": "Điều lệ",
    "tags": ["thẻ"],
    "level": "apply",
}


def call(client, method, path, body=None):
    response = getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")
    return response.status_code, response.json()


def test_banks_with_what_the_caller_may(client_as):
    world = make_world()
    status, body = call(client_as(world.author), "get", "banks/")
    assert (status, body["count"]) == (200, 2)
    assert body["results"] == [
        {
            "id": world.shared.pk,
            "name": "Ngân hàng tỉnh",
            "unit": {"id": world.province.pk, "name": "Tỉnh"},
            "may_write": False,
            "may_keep": False,
        },
        {
            "id": world.bank.pk,
            "name": "Ngân hàng A",
            "unit": {"id": world.centre.pk, "name": "Trung tâm A"},
            "may_write": True,
            "may_keep": False,
        },
    ]


def test_a_question_is_written_read_and_written_again(client_as):
    world = make_world()
    topic = add_topic(bank=world.bank, name="Chuyên đề")
    client = client_as(world.author)
    status, made = call(client, "post", f"banks/{world.bank.pk}/items/", {**WRITTEN, "topic": topic.pk})
    assert status == 201
    item = Item.objects.get()
    expected = {
        "id": item.pk,
        "bank": world.bank.pk,
        "code": "C0001",
        "kind": "single_choice",
        "state": "draft",
        "version": 1,
        "approved_version": None,
        "topic": {"id": topic.pk, "name": "Chuyên đề"},
        "level": "apply",
        "language": "vi",
        "author": str(world.author),
        "stem_html": "<p>Câu xmới?</p>",
        "content": {"options": [{**option, "fixed": False} for option in OPTIONS["options"]]},
        "key": {"correct": "a"},
        "feedback": {"general": "Vì"},
        "source": "Điều lệ",
        "outcome": "",
        "tags": ["thẻ"],
    }
    made.pop("updated_at")
    assert made == expected
    status, changed = call(client, "put", f"items/{item.pk}/", {**WRITTEN, "stem_html": "Lần hai?", "expected": 1})
    assert (status, changed["version"], changed["stem_html"], changed["topic"]) == (200, 2, "Lần hai?", None)
    assert (
        call(client, "put", f"items/{item.pk}/", {**WRITTEN, "stem_html": "Muộn?", "expected": 1})[1]["code"]
        == "version_conflict"
    )
    status, versions = call(client, "get", f"items/{item.pk}/versions/")
    assert [(one["number"], one["stem_html"]) for one in versions] == [(2, "Lần hai?"), (1, "<p>Câu xmới?</p>")]


def test_what_is_wrong_is_named(client_as):
    world = make_world()
    client, path = client_as(world.author), f"banks/{world.bank.pk}/items/"
    assert call(client, "post", path, {**WRITTEN, "key": {}})[1]["code"] == "invalid_item"
    assert call(client, "post", path, {**WRITTEN, "topic": 999})[0] == 400
    assert call(client, "post", path, {**WRITTEN, "level": "genius"})[1]["fields"].keys() == {"level"}
    assert call(client, "post", path, {})[0] == 400
    assert call(client, "post", f"banks/{world.shared.pk}/items/", WRITTEN)[0] == 404
    assert not Item.objects.exists()


def test_keys_stay_with_editors_and_reviewers(client_as):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    approval.submit_item(item=item, actor=world.author)
    seen = {}
    for name in ("author", "officer", "manager", "provincial", "lecturer", "stranger"):
        client = client_as(getattr(world, name))
        answers = [call(client, "get", path) for path in (f"items/{item.pk}/", f"items/{item.pk}/versions/")]
        rows = call(client, "get", f"banks/{world.bank.pk}/items/")
        assert "BÍ-MẬT" not in str(rows)
        seen[name] = (answers[0][0], "key" in answers[0][1], "BÍ-MẬT" in str(answers))
    assert seen == {
        "author": (200, True, True),
        "officer": (200, True, True),
        "manager": (200, True, True),
        "provincial": (200, True, True),
        "lecturer": (200, False, False),
        "stranger": (404, False, False),
    }


def test_states_by_who_may(client_as):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    author, officer = client_as(world.author), client_as(world.officer)

    def do(client, **body):
        status, answer = call(client, "post", f"items/{item.pk}/state/", body)
        return status, answer.get("state", answer.get("code"))

    assert do(officer, do="approve") == (409, "item_state")
    assert do(author, do="submit") == (200, "in_review")
    assert do(author, do="approve") == (404, "not_found")
    assert do(officer, do="return") == (409, "item_state")
    assert do(officer, do="return", note="Sửa") == (200, "draft")
    assert do(author, do="submit") == (200, "in_review")
    assert do(author, do="withdraw") == (200, "draft")
    assert do(author, do="submit") == (200, "in_review")
    assert do(officer, do="approve") == (200, "approved")
    assert do(officer, do="retire", note="cũ") == (200, "retired")
    assert do(officer, do="unretire") == (200, "approved")
    assert do(client_as(world.stranger), do="retire", note="x") == (404, "not_found")
    assert do(officer, do="explode")[0] == 400


def test_from_above_the_version_in_use_is_read(client_as):
    world = make_world()
    item = make_question(world.shared, author=world.provincial, state="approved")
    make_question(world.shared, author=world.provincial)
    client = client_as(world.officer)
    _status, body = call(client, "get", f"banks/{world.shared.pk}/items/")
    assert [row["id"] for row in body["results"]] == [item.pk]
    assert "key" not in call(client, "get", f"items/{item.pk}/")[1]
    assert call(client, "get", f"items/{item.pk}/versions/")[0] == 404
    assert call(client, "put", f"items/{item.pk}/", WRITTEN)[0] == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_much_for_one_as_for_three(client_as, count, django_assert_num_queries):
    world = make_world()
    for _ in range(count):
        make_question(world.bank, author=world.author)
    for number in range(count - 1):
        ItemBank.objects.create(unit=world.centre, name=f"Thêm {number}")
    client = client_as(world.officer)
    with django_assert_num_queries(8):
        assert call(client, "get", f"banks/{world.bank.pk}/items/?q=cau+hoi&sort=level")[1]["count"] == count
    with django_assert_num_queries(7):
        call(client, "get", "banks/")
