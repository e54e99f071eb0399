"""Authoring: kinds check what is written, versions are never changed."""

from __future__ import annotations

import pytest

from lms.common.models import ImmutableRowError
from quizzes.errors import InvalidItemError
from quizzes.kinds import get_kind
from quizzes.models import Item, ItemVersion
from quizzes.services.bank.items import create_item, save_version
from tests.factories.quizzes import make_bank, make_item

OPTIONS = {"options": [{"id": "a", "html": "Một"}, {"id": "b", "html": "Hai"}]}
CLEAN = {"options": [{"id": "a", "html": "Một", "fixed": False}, {"id": "b", "html": "Hai", "fixed": False}]}


@pytest.mark.django_db
def test_a_new_item_has_its_first_version():
    item = create_item(
        bank=make_bank(),
        kind="single_choice",
        stem="<p onclick='x()'>Câu <b>hỏi</b><script>alert(1)</script></p>",
        content={
            "options": [
                {"id": "a", "html": "<img src='https://elsewhere/x'>Một"},
                {"id": "b", "html": "Hai", "fixed": 1},
            ]
        },
        key={"correct": "b", "noise": 1},
        feedback={"general": "<i>Vì</i>", "options": {"a": "Sai", "z": "không có", "b": ""}},
        source=" Điều lệ Đảng ",
    )
    version = item.current
    assert (version.number, version.kind, version.source) == (1, "single_choice", "Điều lệ Đảng")
    assert version.stem == "<p>Câu <b>hỏi</b>alert(1)</p>"
    assert version.content == {
        "options": [{"id": "a", "html": "<img>Một", "fixed": False}, {"id": "b", "html": "Hai", "fixed": True}]
    }
    assert version.key == {"correct": "b"}
    assert version.feedback == {"general": "<i>Vì</i>", "options": {"a": "Sai"}}


@pytest.mark.django_db
def test_a_change_is_the_next_version_and_the_same_text_is_none():
    item = make_item(stem="Cũ")
    first = item.current
    text = {"kind": "single_choice", "stem": "Mới", "content": OPTIONS, "key": {"correct": "a"}}
    second = save_version(item=item, **text)
    assert save_version(item=item, **text) == second
    item.refresh_from_db()
    assert (item.current, second.number, item.state) == (second, 2, "draft")
    assert list(ItemVersion.objects.filter(item=item).order_by("number").values_list("stem", flat=True)) == [
        "Cũ",
        "Mới",
    ]
    with pytest.raises(ImmutableRowError):
        first.save()


@pytest.mark.django_db
def test_a_code_is_used_once_in_a_bank():
    bank = make_bank()
    make_item(bank, code="LS-01")
    with pytest.raises(InvalidItemError) as error:
        make_item(bank, code="LS-01")
    assert list(error.value.fields) == ["code"]
    assert bank.items.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"stem": " <script></script> "}, ["stem"]),
        ({"kind": "telepathy"}, ["kind"]),
        ({"content": {}}, ["options"]),
        ({"content": {"options": OPTIONS["options"][:1]}}, ["options"]),
        ({"content": {"options": [*OPTIONS["options"], {"id": "a", "html": "Ba"}]}}, ["options.2"]),
        ({"content": {"options": [*OPTIONS["options"], {"id": "c", "html": " "}]}}, ["options.2"]),
        ({"content": {"options": [*OPTIONS["options"], {"html": "Ba"}]}}, ["options.2"]),
        ({"key": {}}, ["key"]),
        ({"key": {"correct": "z"}}, ["key"]),
        ({"kind": "multiple_response", "key": {"correct": []}}, ["key"]),
        ({"kind": "multiple_response", "key": {"correct": ["a", "z"]}}, ["key"]),
        ({"kind": "multiple_response", "key": {"correct": "a"}}, ["key"]),
        ({"kind": "multiple_response", "key": {"correct": ["a"], "scoring": "luck"}}, ["key"]),
    ],
)
def test_a_question_that_breaks_a_rule_names_the_place(change, fields):
    text = {"kind": "single_choice", "stem": "?", "content": OPTIONS, "key": {"correct": "a"}}
    bank = make_bank()
    with pytest.raises(InvalidItemError) as error:
        create_item(bank=bank, **{**text, **change})
    assert list(error.value.fields) == fields
    assert not bank.items.exists()


def test_multiple_response_keeps_its_key_in_the_order_of_the_options():
    authored = get_kind("multiple_response").clean_item(OPTIONS, {"correct": ["b", "a"]}, {})
    assert authored.key == {"correct": ["a", "b"], "scoring": "all_or_nothing"}
    assert authored.content == CLEAN


def test_saving_at_once_makes_one_version_after_the_other(shared_db, at_once):
    item = make_item()
    content, key = item.current.content, item.current.key
    saved = at_once(
        *[
            lambda text=text: save_version(item=item, kind=item.kind, stem=text, content=content, key=key)
            for text in ("Một?", "Hai?", "Ba?")
        ]
    )
    assert sorted(version.number for version in saved) == [2, 3, 4]
    assert Item.objects.get(pk=item.pk).current.number == 4
