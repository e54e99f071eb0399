"""Banks are shared down the tree for use; keys stay with those who edit or review."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from quizzes.models import Item, ItemBank
from quizzes.services.bank import approval
from tests.factories.banks import make_question, make_world, seen
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def names(queryset) -> set[str]:
    return {str(row) for row in queryset}


def test_who_sees_writes_and_keeps_which_banks():
    world = make_world()
    table = {
        name: tuple(
            names(getattr(ItemBank.objects, method)(seen(getattr(world, name))))
            for method in ("visible_to", "editable_by", "manageable_by")
        )
        for name in ("author", "lecturer", "officer", "stranger", "manager", "provincial")
    }
    a, b, province = "Ngân hàng A", "Ngân hàng B", "Ngân hàng tỉnh"
    assert table == {
        "author": ({a, province}, {a}, set()),
        "lecturer": ({a, province}, {a}, set()),
        "officer": ({a, province}, {a}, {a}),
        "stranger": ({b, province}, {b}, {b}),
        "manager": ({a, province}, {a}, {a}),
        "provincial": ({a, b, province}, {a, b, province}, {a, b, province}),
    }


def test_learners_and_strangers_see_nothing():
    world = make_world()
    make_question(world.bank, author=world.author, code="X", state="approved")
    for person in (AnonymousUser(), make_user()):
        assert not ItemBank.objects.visible_to(person).exists()
        assert not Item.objects.visible_to(person).exists()
        assert not Item.objects.editable_by(person).exists()


def test_from_above_only_approved_questions_are_seen_and_none_can_be_changed():
    world = make_world()
    make_question(world.shared, author=world.provincial, code="nháp")
    make_question(world.shared, author=world.provincial, code="dùng", state="approved")
    retired = make_question(world.shared, author=world.provincial, code="bỏ", state="approved")
    approval.retire_item(item=retired, actor=world.provincial, reason="cũ")
    officer, provincial = seen(world.officer), seen(world.provincial)
    assert names(Item.objects.visible_to(officer)) == {"dùng"}
    assert not Item.objects.editable_by(officer).exists()
    assert names(Item.objects.visible_to(provincial)) == {"nháp", "dùng", "bỏ"}


def test_authors_change_their_own_questions_keepers_all():
    world = make_world()
    make_question(world.bank, author=world.author, code="của tác giả")
    make_question(world.bank, author=world.lecturer, code="của giảng viên")
    assert names(Item.objects.editable_by(seen(world.author))) == {"của tác giả"}
    assert names(Item.objects.editable_by(seen(world.officer))) == {"của tác giả", "của giảng viên"}
    assert not Item.objects.editable_by(seen(world.stranger)).exists()


def test_reviewers_do_not_see_their_own_among_what_waits():
    world = make_world()
    theirs = make_question(world.bank, author=world.author, code="của tác giả")
    own = make_question(world.bank, author=world.officer, code="của mình")
    for item, actor in ((theirs, world.author), (own, world.officer)):
        approval.submit_item(item=item, actor=actor)
    assert names(Item.objects.reviewable_by(seen(world.officer))) == {"của tác giả"}
    assert names(Item.objects.reviewable_by(seen(world.manager))) == {"của tác giả", "của mình"}
    assert not Item.objects.reviewable_by(seen(world.author)).exists()
