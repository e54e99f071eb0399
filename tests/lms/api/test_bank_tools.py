"""Topics, one change for many questions and near questions through the API, with the rights of the pages."""

from __future__ import annotations

import pytest

from quizzes.enums import ItemState
from quizzes.models import Item
from quizzes.services.bank import approval
from quizzes.services.bank.topics import add_topic
from tests.factories.banks import make_question, make_world

pytestmark = pytest.mark.django_db
LONG = "Nghị quyết nào của Đảng xác định nhiệm vụ trọng tâm của công tác xây dựng Đảng về chính trị?"


@pytest.fixture
def world():
    return make_world()


def call(client, method, path, body=None):
    response = getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")
    return response.status_code, response.json()


def test_topics_are_read_by_who_sees_the_bank_and_added_by_who_keeps_it(client_as, world):
    parent = add_topic(bank=world.bank, name="Lý luận")
    make_question(world.bank, topic=parent, author=world.author)
    keeper = client_as(world.officer)
    path = f"banks/{world.bank.pk}/topics/"
    status, rows = call(keeper, "post", path, {"name": "Chuyên đề 1", "parent": parent.pk})
    (child,) = [row["id"] for row in rows if row["name"] == "Chuyên đề 1"]
    expected = [
        {"id": parent.pk, "name": "Lý luận", "parent": None, "items": 1},
        {"id": child, "name": "Chuyên đề 1", "parent": parent.pk, "items": 0},
    ]
    assert (status, rows) == (201, expected)
    author = client_as(world.author)
    assert call(author, "get", path) == (200, expected)
    assert call(author, "post", path, {"name": "Khác"})[0] == 404
    assert call(client_as(world.stranger), "get", path)[0] == 404
    assert call(keeper, "post", path, {"name": "Chuyên đề 1", "parent": parent.pk})[1]["code"] == "topic"
    foreign = add_topic(bank=world.other_bank, name="Của B")
    assert call(keeper, "post", path, {"name": "Khác", "parent": foreign.pk})[1]["fields"] == {
        "parent": ["The bank has no such topic."]
    }


def test_one_change_for_many_does_what_it_may_and_names_the_rest(client_as, world):
    topic = add_topic(bank=world.bank, name="Lý luận")
    mine = make_question(world.bank, "Câu của tôi?", author=world.author)
    others = make_question(world.bank, "Câu của người khác?", author=world.officer)
    hidden = make_question(world.other_bank, "Câu của nơi khác?")
    body = {"do": "describe", "items": [mine.pk, others.pk, hidden.pk], "topic": topic.pk, "level": "apply"}
    status, answer = call(client_as(world.author), "post", "items/bulk/", body)
    assert (status, answer["done"]) == (200, [mine.pk])
    assert [one["item"] for one in answer["refused"]] == [others.pk, hidden.pk]
    mine.refresh_from_db()
    hidden.refresh_from_db()
    assert (mine.topic, mine.level, hidden.level) == (topic, "apply", "recall")


def test_an_author_never_approves_their_own_in_bulk(client_as, world):
    own = make_question(world.bank, "Câu của tôi?", author=world.officer)
    other = make_question(world.bank, "Câu của người khác?", author=world.author)
    for item in (own, other):
        approval.submit_item(item=item, actor=item.author)
    status, answer = call(
        client_as(world.officer), "post", "items/bulk/", {"do": "approve", "items": [own.pk, other.pk]}
    )
    assert (status, answer["done"]) == (200, [other.pk])
    assert [one["item"] for one in answer["refused"]] == [own.pk]
    assert list(Item.objects.order_by("pk").values_list("state", flat=True)) == [
        ItemState.IN_REVIEW,
        ItemState.APPROVED,
    ]


def test_moving_and_retiring_need_to_know_where_and_why(client_as, world):
    item = make_question(world.bank, author=world.author)
    client = client_as(world.officer)
    assert set(call(client, "post", "items/bulk/", {"do": "move", "items": [item.pk]})[1]["fields"]) == {"bank"}
    assert set(call(client, "post", "items/bulk/", {"do": "retire", "items": [item.pk]})[1]["fields"]) == {"reason"}
    far = {"do": "move", "items": [item.pk], "bank": world.other_bank.pk}
    assert call(client, "post", "items/bulk/", far)[0] == 404
    done = call(client, "post", "items/bulk/", {"do": "retire", "items": [item.pk], "reason": "Cũ"})
    assert done == (200, {"done": [item.pk], "refused": []})
    item.refresh_from_db()
    assert item.state == ItemState.RETIRED


def test_near_questions_are_found_in_visible_banks_only(client_as, world):
    near = make_question(world.bank, LONG, author=world.author)
    make_question(world.other_bank, LONG)
    draft = make_question(world.shared, LONG)
    body = {"stem": f"<p>{LONG.replace('Nghị quyết', 'Nghị  quyết')}</p>"}
    status, rows = call(client_as(world.author), "post", "items/near/", body)
    assert status == 200
    assert [(row["item"], row["bank"], row["percent"], row["text"]) for row in rows] == [
        (near.pk, world.bank.pk, 100, LONG),
    ] + [(draft.pk, world.shared.pk, 100, "") for _one in rows[1:]]
    assert call(client_as(world.author), "post", "items/near/", body | {"item": near.pk})[1] == rows[1:]
