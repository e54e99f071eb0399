"""From draft to approved: two people, conditional changes, versions that stay in use."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from lms.audit.models import AuditEntry
from lms.notifications.models import Notification
from quizzes.enums import ItemState
from quizzes.errors import ItemStateError, VersionConflictError
from quizzes.models import Item
from quizzes.services.bank import approval
from quizzes.services.bank.items import save_version
from tests.factories.banks import OPTIONS, make_question, make_world

pytestmark = pytest.mark.django_db


def kinds_for(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def in_review(world, **fields):
    item = make_question(world.bank, author=world.author, **fields)
    approval.submit_item(item=item, actor=world.author)
    return item


def test_the_way_to_approval_is_told_and_recorded():
    world = make_world()
    item = in_review(world)
    assert (kinds_for(world.officer), kinds_for(world.author)) == ([approval.SUBMITTED], [])
    approval.approve_item(item=item, actor=world.officer, note="Tốt")
    item.refresh_from_db()
    assert (item.state, item.approved_by, item.approved_version) == ("approved", world.officer, item.current)
    assert kinds_for(world.author) == [approval.APPROVED]
    assert [(c.from_state, c.to_state, c.by, c.note) for c in item.changes.all()] == [
        ("in_review", "approved", world.officer, "Tốt"),
        ("draft", "in_review", world.author, ""),
    ]
    assert AuditEntry.objects.filter(action="quizzes.item_approved", target=f"item:{item.pk}").count() == 1


def test_nobody_approves_an_own_question_nor_an_own_correction_of_it():
    world = make_world()
    own = make_question(world.bank, author=world.officer)
    approval.submit_item(item=own, actor=world.officer)
    with pytest.raises(ItemStateError) as error:
        approval.approve_item(item=own, actor=world.officer)
    assert error.value.code == "own_item"
    corrected = in_review(world, stem="Câu cũ?")
    change(corrected, world.officer, "Câu sửa?")
    approval.submit_item(item=corrected, actor=world.officer)
    with pytest.raises(ItemStateError):
        approval.approve_item(item=corrected, actor=world.officer)
    approval.approve_item(item=corrected, actor=world.manager)
    assert Item.objects.get(pk=own.pk).state == ItemState.IN_REVIEW


def test_the_database_says_so_too():
    world = make_world()
    item = make_question(world.bank, author=world.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(approved_by=world.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(state="approved")


def change(item, author, stem, **fields):
    return save_version(
        item=item, kind="single_choice", stem=stem, content=OPTIONS, key={"correct": "b"}, author=author, **fields
    )


def test_an_approved_version_stays_in_use_while_the_next_is_written():
    world = make_world()
    item = in_review(world)
    approval.approve_item(item=item, actor=world.officer)
    first = item.current
    second = change(item, world.author, "Câu mới?")
    item.refresh_from_db()
    assert (item.state, item.current, item.approved_version) == ("draft", second, first)
    assert list(Item.objects.usable()) == [item]
    approval.submit_item(item=item, actor=world.author)
    approval.approve_item(item=item, actor=world.officer)
    item.refresh_from_db()
    assert (item.state, item.approved_version) == ("approved", second)


def test_a_change_during_review_takes_it_back():
    world = make_world()
    item = in_review(world)
    change(item, world.author, "Khác?")
    with pytest.raises(ItemStateError):
        approval.approve_item(item=item, actor=world.officer)
    assert Item.objects.get(pk=item.pk).state == "draft"


def test_a_reviewer_approves_what_was_on_the_screen():
    world = make_world()
    item = in_review(world)
    on_screen = Item.objects.select_related("current", "bank__unit").get(pk=item.pk)
    change(item, world.author, "Khác?")
    approval.submit_item(item=item, actor=world.author)
    with pytest.raises(ItemStateError):
        approval.approve_item(item=on_screen, actor=world.officer)
    with pytest.raises(ItemStateError) as error:
        approval.approve_item(item=item, actor=world.officer, expected=1)
    assert error.value.code == "version_conflict"
    assert Item.objects.get(pk=item.pk).state == "in_review"


def test_asking_for_changes_needs_words_and_gives_it_back():
    world = make_world()
    item = in_review(world)
    with pytest.raises(ItemStateError):
        approval.request_changes(item=item, actor=world.officer, note=" ")
    approval.request_changes(item=item, actor=world.officer, note="Sửa phương án C")
    assert (item.state, kinds_for(world.author)) == ("draft", [approval.RETURNED])
    assert Notification.objects.get(recipient=world.author).text == "Sửa phương án C"


def test_retiring_needs_a_reason_and_can_be_taken_back():
    world = make_world()
    item = in_review(world)
    approval.approve_item(item=item, actor=world.officer)
    with pytest.raises(ItemStateError):
        approval.retire_item(item=item, actor=world.officer, reason="")
    approval.retire_item(item=item, actor=world.officer, reason="Văn bản hết hiệu lực")
    assert not Item.objects.usable().exists()
    with pytest.raises(ItemStateError):
        change(item, world.author, "Sửa?")
    approval.unretire_item(item=item, actor=world.officer)
    assert item.state == "approved"
    draft = make_question(world.bank, author=world.author)
    approval.retire_item(item=draft, actor=world.officer, reason="Trùng")
    approval.unretire_item(item=draft, actor=world.officer)
    assert draft.state == "draft"


STEPS = {
    "withdraw": lambda item, world: approval.withdraw_item(item=item, actor=world.author),
    "approve": lambda item, world: approval.approve_item(item=item, actor=world.officer),
    "return": lambda item, world: approval.request_changes(item=item, actor=world.officer, note="?"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_draft_is_neither_approved_nor_returned(step):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    with pytest.raises(ItemStateError):
        STEPS[step](item, world)
    assert (Item.objects.get(pk=item.pk).state, item.changes.count()) == ("draft", 0)


def test_comments_reach_the_others():
    world = make_world()
    item = make_question(world.bank, author=world.author)
    with pytest.raises(ItemStateError):
        approval.comment_item(item=item, actor=world.officer, text=" ")
    comment = approval.comment_item(item=item, actor=world.officer, text="Nguồn nào?")
    approval.comment_item(item=item, actor=world.author, text="Điều lệ.")
    assert (kinds_for(world.author), kinds_for(world.officer)) == ([approval.COMMENTED], [approval.COMMENTED])
    approval.resolve_comment(comment=comment)
    comment.refresh_from_db()
    assert comment.resolved_at is not None


def test_a_save_over_somebody_elses_version_is_refused():
    world = make_world()
    item = make_question(world.bank, author=world.author)
    change(item, world.officer, "Của người khác?")
    with pytest.raises(VersionConflictError) as error:
        change(item, world.author, "Của tôi?", expected=1)
    assert (error.value.code, error.value.current.number) == ("version_conflict", 2)
    assert change(item, world.author, "Của tôi?", expected=2).number == 3
