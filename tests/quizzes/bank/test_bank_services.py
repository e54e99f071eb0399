"""Topics, duplicates, pairs kept apart, bulk changes, codes and search."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from quizzes.errors import BankError, ItemStateError, TopicError
from quizzes.models import Item, ItemEnemy, ItemTag, Topic
from quizzes.queries.bank.search import ItemFilters, TopicTree, filter_items
from quizzes.services.bank import approval, bulk, topics
from quizzes.services.bank.banks import create_bank, keep_apart, let_meet, rename_bank
from quizzes.services.bank.duplicates import Why, near, pairs_in_bank
from quizzes.services.bank.items import create_item, describe_item, save_version
from tests.factories.banks import OPTIONS, make_question, make_world

pytestmark = pytest.mark.django_db


def tree(bank) -> list[tuple[int, str]]:
    return [(depth, topic.name) for topic, depth in TopicTree.of([bank.pk]).rows]


def test_a_pasted_list_becomes_a_tree_and_again_adds_nothing():
    bank = make_world().bank
    text = "Lịch sử Đảng\n\t- Thành lập Đảng\n\t- Cách mạng tháng Tám\n\nĐiều lệ\n  Đảng viên\n    Quyền\n"
    assert topics.import_topics(bank=bank, text=text) == 6
    assert topics.import_topics(bank=bank, text=text) == 0
    assert tree(bank) == [
        (0, "Lịch sử Đảng"),
        (1, "Thành lập Đảng"),
        (1, "Cách mạng tháng Tám"),
        (0, "Điều lệ"),
        (1, "Đảng viên"),
        (2, "Quyền"),
    ]


def test_topics_move_among_siblings_and_into_others():
    bank = make_world().bank
    a, b, c = (topics.add_topic(bank=bank, name=name) for name in "ABC")
    topics.shift_topic(topic=c, step=-1)
    topics.shift_topic(topic=c, step=-1)
    topics.shift_topic(topic=c, step=-1)
    assert tree(bank) == [(0, "C"), (0, "A"), (0, "B")]
    topics.shift_topic(topic=c, step=1)
    assert tree(bank) == [(0, "A"), (0, "C"), (0, "B")]
    topics.place_topic(topic=b, parent=a)
    assert tree(bank) == [(0, "A"), (1, "B"), (0, "C")]
    with pytest.raises(TopicError):
        topics.place_topic(topic=a, parent=b)
    with pytest.raises(TopicError):
        topics.add_topic(bank=bank, name=" a ".upper())
    with pytest.raises(TopicError):
        topics.rename_topic(topic=c, name="A")
    with pytest.raises(TopicError):
        topics.add_topic(bank=bank, name="  ")
    topics.rename_topic(topic=c, name="Chuyên đề C")
    assert tree(bank)[2] == (0, "Chuyên đề C")


def test_a_topic_with_something_in_it_asks_where_to():
    world = make_world()
    old, new = topics.add_topic(bank=world.bank, name="Cũ"), topics.add_topic(bank=world.bank, name="Mới")
    below = topics.add_topic(bank=world.bank, name="Dưới", parent=old)
    item = make_question(world.bank, topic=old)
    for target in (None, below, topics.add_topic(bank=world.shared, name="Nơi khác")):
        with pytest.raises(TopicError):
            topics.remove_topic(topic=old, target=target)
    assert topics.remove_topic(topic=old, target=new) == 1
    item.refresh_from_db()
    assert (item.topic, tree(world.bank)) == (new, [(0, "Mới"), (1, "Dưới")])
    topics.remove_topic(topic=Topic.objects.get(pk=below.pk))
    assert tree(world.bank) == [(0, "Mới")]


def test_trees_have_a_bottom():
    bank = make_world().bank
    node = None
    for number in range(topics.MAX_DEPTH):
        node = topics.add_topic(bank=bank, name=str(number), parent=node)
    with pytest.raises(TopicError):
        topics.add_topic(bank=bank, name="quá sâu", parent=node)


STEM = "Nguyên tắc tổ chức cơ bản của Đảng Cộng sản Việt Nam được quy định trong Điều lệ Đảng là nguyên tắc nào?"


def test_near_questions_are_found_with_their_reason():
    world = make_world()
    exact = make_question(world.bank, STEM)
    changed = make_question(world.bank, STEM.replace("cơ bản", "căn bản"))
    other = {"options": [{"id": "a", "html": "Tự phê bình"}, {"id": "b", "html": "Đoàn kết"}]}
    same_stem = make_question(world.bank, f"<b>{STEM}</b>", content=other)
    make_question(world.bank, "Đại hội đại biểu toàn quốc lần thứ nhất của Đảng họp ở đâu?")
    make_question(world.other_bank, STEM)
    options = [option["html"] for option in reversed(OPTIONS["options"])]
    found = near(Item.objects.filter(bank=world.bank), STEM, options)
    assert [(one.item, one.why) for one in found] == [
        (exact, Why.EXACT),
        (changed, Why.SIMILAR),
        (same_stem, Why.STEM),
    ]
    assert found[0].score == 1.0
    assert [one.item for one in near(Item.objects.filter(bank=world.bank), STEM, options, exclude=exact.pk)] == [
        changed,
        same_stem,
    ]
    assert near(Item.objects.filter(bank=world.bank), "", options) == []
    assert near(Item.objects.filter(bank=world.shared), STEM, options) == []


def test_an_empty_phrase_in_common_is_no_duplicate():
    world = make_world()
    make_question(world.bank, "Phát biểu nào sau đây đúng?")
    assert (
        near(Item.objects.filter(bank=world.bank), "Phát biểu nào sau đây đúng?", ["Việt Nam", "Lào", "Cam-pu-chia"])
        == []
    )


def test_looking_for_near_questions_takes_two_queries(django_assert_num_queries):
    world = make_world()
    make_question(world.bank, STEM)
    with django_assert_num_queries(2):
        near(Item.objects.filter(bank=world.bank), STEM)
    for _ in range(3):
        make_question(world.bank, STEM)
    with django_assert_num_queries(2):
        assert len(near(Item.objects.filter(bank=world.bank), STEM)) == 4


def test_the_pairs_of_a_bank_leave_retired_ones_out():
    world = make_world()
    one, two = make_question(world.bank, STEM), make_question(world.bank, STEM)
    make_question(world.bank, "Một câu hỏi hoàn toàn khác về dân vận ở cơ sở thì sao?")
    assert [(pair.one, pair.two, pair.score, pair.why) for pair in pairs_in_bank(world.bank.pk)] == [
        (one, two, 1.0, Why.EXACT)
    ]
    approval.retire_item(item=two, actor=world.officer, reason="trùng")
    assert pairs_in_bank(world.bank.pk) == []


def test_a_pair_is_kept_apart_once_and_both_ways():
    world = make_world()
    one, two = make_question(world.bank), make_question(world.bank)
    assert keep_apart(item=two, other=one) == keep_apart(item=one, other=two)
    assert list(ItemEnemy.objects.values_list("item_low", "item_high")) == [(one.pk, two.pk)]
    for other in (one, make_question(world.other_bank)):
        with pytest.raises(ItemStateError):
            keep_apart(item=one, other=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemEnemy.objects.create(item_low=two, item_high=one)
    let_meet(item=two, other_id=one.pk)
    assert not ItemEnemy.objects.exists()


def test_a_bank_gives_codes_that_are_free():
    world = make_world()
    make_question(world.bank, code="C0002")
    assert [make_question(world.bank).code for _ in range(3)] == ["C0001", "C0003", "C0004"]


def test_names_of_banks_are_given_once():
    world = make_world()
    with pytest.raises(BankError):
        create_bank(unit=world.centre, name=" Ngân hàng  A ", actor=world.officer)
    made = create_bank(unit=world.centre, name="Khác", actor=world.officer)
    with pytest.raises(BankError):
        rename_bank(bank=made, name="Ngân hàng A", actor=world.officer)
    with pytest.raises(BankError):
        rename_bank(bank=made, name=" ", actor=world.officer)


def test_a_form_sent_twice_makes_one_question():
    import uuid

    world, token = make_world(), uuid.uuid4()
    assert make_question(world.bank, token=token, author=world.author) == make_question(
        world.bank, token=token, author=world.author
    )
    assert world.bank.items.count() == 1


def test_tags_are_one_whatever_their_accents():
    world = make_world()
    one = make_question(world.bank, tags=["Dân vận", "dan van", " ", "Nghị quyết"])
    two = make_question(world.bank, tags=["DÂN VẬN"])
    assert [[tag.name for tag in item.tags.all()] for item in (one, two)] == [["Dân vận", "Nghị quyết"], ["Dân vận"]]
    assert ItemTag.objects.count() == 2


def found(bank, **query) -> list[str]:
    items = filter_items(
        Item.objects.filter(bank=bank), ItemFilters.read(query), topics=TopicTree.of([bank.pk]), reader=None
    )
    return [item.code for item in items]


def test_search_finds_without_accents_and_ranks_exact_ones_first():
    world = make_world()
    make_question(world.bank, "Công tác dân vận ở cơ sở", code="có dấu")
    make_question(world.bank, "Đan van mương ở đâu", code="gần")
    make_question(world.bank, "Hoà giải ở cơ sở", code="hoà")
    make_question(world.bank, "Hoa giai điệu", code="hoa")
    assert set(found(world.bank, q="dan van")) == {"có dấu", "gần"}
    assert found(world.bank, q="dân vận")[0] == "có dấu"
    assert found(world.bank, q="hòa giải") == ["hoà", "hoa"]
    assert found(world.bank, q="vận công") == ["có dấu"]
    assert found(world.bank, q="GẦN") == ["gần"]
    assert found(world.bank, q="100%") == []


def test_filters_narrow_together():
    world = make_world()
    top = topics.add_topic(bank=world.bank, name="Trên")
    below = topics.add_topic(bank=world.bank, name="Dưới", parent=top)
    make_question(world.bank, code="1", topic=below, level="apply", tags=["Thẻ"], author=world.author)
    make_question(world.bank, code="2", topic=top, state="approved")
    make_question(world.bank, code="3", language="en")
    assert found(world.bank, topic=str(top.pk), sort="code") == ["1", "2"]
    assert found(world.bank, topic=str(below.pk)) == ["1"]
    assert found(world.bank, topic="0") == ["3"]
    assert found(world.bank, level="apply", tag="the", author=str(world.author.pk), used="no") == ["1"]
    assert found(world.bank, state="approved", kind="single_choice") == ["2"]
    assert found(world.bank, language="en", topic="999999") == []
    assert found(world.bank, used="yes") == []
    assert found(world.bank, flags="any") == []
    assert found(world.bank, sort="-code") == ["3", "2", "1"]


def test_bulk_changes_name_what_they_refuse_and_can_be_undone():
    world = make_world()
    topic = topics.add_topic(bank=world.bank, name="Chuyên đề")
    mine, foreign = make_question(world.bank, tags=["cũ"]), make_question(world.other_bank)
    result = bulk.describe_items(items=[mine, foreign], topic=topic, level="apply", add_tags=["mới"], drop_tags=["CŨ"])
    assert (result.done, [refusal.item for refusal in result.refused]) == ([mine], [foreign])
    mine.refresh_from_db()
    assert (mine.topic, mine.level, [str(tag) for tag in mine.tags.all()]) == (topic, "apply", ["mới"])
    bulk.restore(items=[mine], undo=result.undo, actor=world.officer)
    mine.refresh_from_db()
    assert (mine.topic, mine.level, [str(tag) for tag in mine.tags.all()]) == (None, "recall", ["cũ"])


def test_questions_move_with_their_tags_and_without_their_pairs():
    world = make_world()
    item, stays = make_question(world.bank, code="X", tags=["thẻ"]), make_question(world.bank)
    make_question(world.shared, code="X")
    keep_apart(item=item, other=stays)
    result = bulk.move_items(items=[item], bank=world.shared, actor=world.provincial)
    item.refresh_from_db()
    assert (item.bank, item.code, [str(tag) for tag in item.tags.all()]) == (world.shared, "C0001", ["thẻ"])
    assert item.tags.get().bank == world.shared
    assert not ItemEnemy.objects.exists()
    bulk.restore(items=[item], undo=result.undo, actor=world.provincial)
    item.refresh_from_db()
    assert (item.bank, item.code) == (world.bank, "X")


def test_a_move_is_undone_whatever_happened_meanwhile():
    """Pairs are kept apart again, a code that was taken is replaced, search finds the code, no bank is entered."""
    world = make_world()
    one, two = make_question(world.bank, code="X"), make_question(world.bank, code="Y")
    keep_apart(item=one, other=two, reason="gợi ý")
    result = bulk.move_items(items=[one, two], bank=world.shared, actor=world.provincial)
    make_question(world.bank, code="X")
    refused = bulk.restore(items=[one, two], undo=result.undo, actor=world.provincial, banks=[world.shared.pk])
    assert (refused.done, [one.item.pk for one in refused.refused]) == ([], [one.pk, two.pk])
    done = bulk.restore(items=[one, two], undo=result.undo, actor=world.provincial)
    assert len(done.done) == 2
    assert set(Item.objects.filter(pk__in=[one.pk, two.pk]).values_list("bank", "code", "text__folded")) == {
        (world.bank.pk, one.code, Item.objects.get(pk=one.pk).text.folded),
        (world.bank.pk, "Y", Item.objects.get(pk=two.pk).text.folded),
    }
    assert one.code != "X"
    assert Item.objects.get(pk=one.pk).text.folded.startswith(one.code.casefold())
    assert list(ItemEnemy.objects.values_list("item_low", "item_high", "reason")) == [(one.pk, two.pk, "gợi ý")]


def test_an_undone_outcome_is_not_found_any_more():
    world = make_world()
    item = make_question(world.bank, outcome="Nêu được nguyên tắc")
    result = bulk.describe_items(items=[item], outcome="Phân tích được")
    bulk.restore(items=[item], undo=result.undo, actor=world.officer)
    folded = Item.objects.get(pk=item.pk).text.folded
    assert ("neu duoc nguyen tac" in folded, "phan tich" in folded) == (True, False)


def test_many_are_approved_only_in_the_version_that_was_seen():
    world = make_world()
    same, changed = (make_question(world.bank, author=world.author) for _ in range(2))
    bulk.submit_items(items=[same, changed], actor=world.author)
    seen = {same.pk: 1, changed.pk: 1}
    save_version(
        item=changed, kind="single_choice", stem="Đã sửa?", content=OPTIONS, key={"correct": "a"}, author=world.author
    )
    bulk.submit_items(items=[changed], actor=world.author)
    result = bulk.approve_items(items=list(Item.objects.order_by("pk")), actor=world.officer, seen=seen)
    assert (result.done, [refusal.item for refusal in result.refused]) == ([same], [changed])


def test_bulk_review_respects_states_and_people():
    world = make_world()
    drafts = [make_question(world.bank, author=world.author) for _ in range(2)]
    own = make_question(world.bank, author=world.officer)
    done = bulk.submit_items(items=[*drafts, own], actor=world.author)
    assert (len(done.done), done.refused) == (3, [])
    approved = bulk.approve_items(items=[*drafts, own], actor=world.officer)
    assert (approved.done, [refusal.item for refusal in approved.refused]) == (drafts, [own])
    retired = bulk.retire_items(items=drafts, actor=world.officer, reason="cũ")
    assert len(retired.done) == 2
    bulk.restore(items=drafts, undo=retired.undo, actor=world.officer)
    assert set(Item.objects.filter(pk__in=[one.pk for one in drafts]).values_list("state", flat=True)) == {"approved"}


def test_what_is_said_about_a_question_is_found_too():
    world = make_world()
    item = make_question(world.bank, code="C1")
    describe_item(
        item=item, topic=None, level="apply", outcome="Trình bày được nguyên tắc", language="vi", tags=[], code="M-01"
    )
    assert found(world.bank, q="trinh bay nguyen tac") == ["M-01"]
    other = create_item(bank=world.bank, kind="single_choice", stem="?a", content=OPTIONS, key={"correct": "a"})
    assert other.code == "C0001"


def test_questions_from_before_are_indexed_by_a_command(capsys):
    world = make_world()
    item = make_question(world.bank, "Câu hỏi cũ về dân vận", code="cũ")
    item.text.delete()
    item.bands.all().delete()
    assert found(world.bank, q="dan van") == []
    call_command("index_items")
    assert found(world.bank, q="dan van") == ["cũ"]
    call_command("index_items")
    call_command("index_items", all=True)
    assert capsys.readouterr().out.splitlines() == [
        "1 questions indexed.",
        "0 questions indexed.",
        "1 questions indexed.",
    ]
