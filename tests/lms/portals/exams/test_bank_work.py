"""Work in the item banks: duplicates, review, topics, bulk changes, pictures."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media.models import SenImage
from quizzes.engine.references import refers_to_others
from quizzes.models import Item, ItemBank, ItemEnemy, ItemStatistics, QuestionPicture
from quizzes.queries.bank.flags import FlagSource, register_flags, unregister_flags
from quizzes.services.bank import approval, bulk
from quizzes.services.bank.items import save_version
from tests.factories.banks import OPTIONS, make_question, make_world, rewrite
from tests.factories.media import picture_file
from tests.factories.quizzes import make_exam
from tests.lms.portals.exams.test_bank_pages import FORM, SECRET, form_of, page, post, write

pytestmark = pytest.mark.django_db


def test_near_questions_are_named_while_typing(client_as):
    world = make_world()
    client = client_as(world.author)
    write(client, world, act="save")
    item = Item.objects.get()
    near = client.post(reverse("exams:items-near", args=[world.bank.pk]), FORM).content.decode()
    assert reverse("exams:item", args=[item.pk]) in near
    assert (
        client.post(reverse("exams:items-near", args=[world.bank.pk]), {**FORM, "item": item.pk}).content.strip() == b""
    )
    assert post(client_as(world.stranger), "items-near", world.bank.pk, **FORM).status_code == 404


def test_near_questions_are_looked_for_in_every_bank_that_is_seen(client_as):
    """A question of the bank above is named with its bank; its draft's words and other centres' questions are not."""
    world = make_world()
    stem = "Theo Cương lĩnh xây dựng đất nước trong thời kỳ quá độ lên chủ nghĩa xã hội, kinh tế nước ta gồm mấy phần?"
    shared = make_question(world.shared, stem, author=world.provincial, state="approved")
    rewritten = make_question(world.shared, stem, author=world.provincial, state="approved", code="S2")
    rewrite(rewritten, f"{stem} BẢN-NHÁP", world.provincial)
    hidden = make_question(world.shared, stem, author=world.provincial)
    elsewhere = make_question(world.other_bank, stem, state="approved")
    own = make_question(world.bank, stem)
    text = (
        client_as(world.author)
        .post(reverse("exams:items-near", args=[world.bank.pk]), {**FORM, "stem": stem})
        .content.decode()
    )
    address = {item: reverse("exams:item", args=[item.pk]) for item in (shared, rewritten, hidden, elsewhere, own)}
    assert [address[item] in text for item in (shared, rewritten, hidden, elsewhere, own)] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert text.count("trong ngân hàng “Ngân hàng tỉnh” của Tỉnh") == 2
    assert ("đang được sửa ở đó" in text, "BẢN-NHÁP" in text) == (True, False)
    assert page(client_as(world.author), "item", rewritten.pk)


@pytest.mark.parametrize("count", [1, 3])
def test_looking_in_every_bank_asks_as_much_for_one_as_for_three(client_as, count, django_assert_num_queries):
    world = make_world()
    for _ in range(count):
        make_question(world.shared, "Đảng Cộng sản Việt Nam ra đời ngày nào?", state="approved")
    client = client_as(world.author)
    with django_assert_num_queries(NEAR_QUERIES):
        client.post(reverse("exams:items-near", args=[world.bank.pk]), FORM)


NEAR_QUERIES = 7


def test_deciding_about_a_question(client_as):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    author, officer, lecturer = (client_as(person) for person in (world.author, world.officer, world.lecturer))

    def state(client, do, **data):
        status = post(client, "item-state", item.pk, act=do, **data).status_code
        return status, Item.objects.get(pk=item.pk).state

    assert state(lecturer, "submit") == (404, "draft")
    assert state(author, "submit") == (302, "in_review")
    assert state(author, "approve", version="1") == (404, "in_review")
    assert state(lecturer, "retire", note="x") == (404, "in_review")
    assert state(officer, "return", note="Sửa lại") == (302, "draft")
    assert state(author, "submit") == (302, "in_review")
    assert state(author, "withdraw") == (302, "draft")
    assert state(author, "submit") == (302, "in_review")
    assert state(officer, "approve", version="1") == (302, "approved")
    assert state(officer, "retire", note="") == (302, "approved")
    assert state(officer, "retire", note="Hết hiệu lực") == (302, "retired")
    assert state(officer, "unretire") == (302, "approved")
    assert state(officer, "explode") == (404, "approved")


def test_the_reviewer_sees_what_changed_since_the_version_in_use(client_as):
    world = make_world()
    item = make_question(world.bank, "Đảng ra đời năm 1930?", author=world.author, state="approved")
    save_version(
        item=item,
        kind="single_choice",
        stem="Đảng ra đời năm 1931?",
        content=OPTIONS,
        key={"correct": "a"},
        author=world.author,
    )
    approval.submit_item(item=item, actor=world.author)
    text = re.sub(r"<span class=\"visually-hidden\">[^<]*</span>", "", page(client_as(world.officer), "item", item.pk))
    assert "<del>1930</del><ins>1931</ins>" in text
    assert "<del>B</del><ins>A</ins>" in text
    lecturer = page(client_as(world.lecturer), "item-version", item.pk, 2)
    assert "1931" in lecturer
    assert "<ins>" in lecturer
    assert SECRET not in lecturer


def test_comments_and_pairs_kept_apart(client_as):
    world = make_world()
    one, two = make_question(world.bank, author=world.author), make_question(world.bank)
    officer, author = client_as(world.officer), client_as(world.author)
    post(officer, "item-comment", one.pk, text="Nguồn nào?")
    comment = one.comments.get()
    assert post(client_as(world.stranger), "item-comment", one.pk, text="x").status_code == 404
    post(author, "item-comment-resolve", one.pk, comment.pk)
    comment.refresh_from_db()
    assert comment.resolved_at is not None
    post(author, "item-comment-resolve", one.pk, comment.pk)
    comment.refresh_from_db()
    assert comment.resolved_at is None
    assert post(author, "item-enemies", one.pk, code=two.code).status_code == 404
    post(officer, "item-enemies", one.pk, code=two.code.lower(), reason="gợi ý")
    assert ItemEnemy.objects.get().reason == "gợi ý"
    assert two.code in page(officer, "item", one.pk)
    assert one.code in page(officer, "item", two.pk)
    post(officer, "item-enemies", two.pk, act=f"drop:{one.pk}")
    post(officer, "item-enemies", two.pk, code="không có")
    assert not ItemEnemy.objects.exists()


def test_topics_by_buttons(client_as):
    world = make_world()
    client = client_as(world.officer)

    def do(**data):
        return post(client, "bank-topics", world.bank.pk, **data).status_code

    assert do(act="paste", topics="A\n B\nC") == 302
    a, b, c = (world.bank.topics.get(name=name) for name in "ABC")
    assert do(act=f"up:{c.pk}") == 302
    assert do(act=f"save:{b.pk}", name="B mới", parent=str(c.pk)) == 302
    assert do(act="add", name="D", parent=str(a.pk)) == 302
    assert do(act="paste", topics="\n".join("x" * 251 for _ in range(2))) == 422
    rows = [
        (row["depth"], row["topic"].name)
        for row in client.get(reverse("exams:bank-topics", args=[world.bank.pk])).context["rows"]
    ]
    assert rows == [(0, "C"), (1, "B mới"), (0, "A"), (1, "D")]
    assert do(act=f"delete:{c.pk}") == 302
    assert world.bank.topics.filter(pk=c.pk).exists()
    assert post(client, "bank-topic-remove", world.bank.pk, c.pk, target="").status_code == 422
    assert post(client, "bank-topic-remove", world.bank.pk, c.pk, target=str(a.pk)).status_code == 302
    assert not world.bank.topics.filter(pk=c.pk).exists()
    assert post(client_as(world.author), "bank-topics", world.bank.pk, act="add", name="X").status_code == 404
    assert page(client_as(world.author), "bank-topics", world.bank.pk, sua=a.pk)


def test_banks_are_made_and_renamed_by_their_keepers(client_as):
    world = make_world()
    officer = client_as(world.officer)
    made = post(officer, "bank-new", unit=world.centre.pk, name="Ngân hàng mới", code_prefix="M-")
    assert made.status_code == 302
    assert post(officer, "bank-new", unit=world.centre.pk, name="Ngân hàng mới").status_code == 422
    assert post(officer, "bank-new", unit=world.province.pk, name="Của tỉnh").status_code == 422
    assert post(officer, "bank-edit", world.bank.pk, name="Tên khác").status_code == 302
    assert post(client_as(world.author), "bank-edit", world.bank.pk, name="Không").status_code == 404
    page(client_as(world.author), "bank-new", status=404)
    assert set(ItemBank.objects.filter(unit=world.centre).values_list("name", flat=True)) == {
        "Ngân hàng mới",
        "Tên khác",
    }


def test_a_bulk_change_asks_says_what_it_refused_and_can_be_undone(client_as):
    world = make_world()
    mine = make_question(world.bank, author=world.author)
    theirs = make_question(world.bank, author=world.lecturer)
    client = client_as(world.author)
    chosen = {"item": [mine.pk, theirs.pk], "back": "/khao-thi/ngan-hang/"}
    asked = client.post(reverse("exams:items-bulk"), {**chosen, "act": "describe"})
    assert (asked.status_code, asked.context["items"]) == (200, [mine, theirs])
    done = client.post(reverse("exams:items-bulk"), {**chosen, "act": "describe", "confirmed": "1", "level": "apply"})
    result = done.context["result"]
    assert (result.done, [refusal.item for refusal in result.refused]) == ([mine], [theirs])
    assert set(Item.objects.values_list("pk", "level")) == {(mine.pk, "apply"), (theirs.pk, "recall")}
    assert post(client, "items-bulk-undo", back="https://elsewhere/").headers["Location"] == reverse("exams:items")
    assert set(Item.objects.values_list("level", flat=True)) == {"recall"}
    assert post(client, "items-bulk-undo")["Location"] == reverse("exams:items")  # says that nothing is left to undo
    assert post(client, "items-bulk", act="describe").status_code == 302
    assert post(client, "items-bulk", act="explode", item=mine.pk).status_code == 404


def test_the_page_to_confirm_says_when_not_all_are_taken_and_keeps_the_choice(client_as, monkeypatch):
    world = make_world()
    monkeypatch.setattr(bulk, "MOST", 2)
    for _ in range(3):
        make_question(world.bank, author=world.author)
    officer = client_as(world.officer)
    everything = {"all": "1", "query": "", "bank": world.bank.pk, "selection": f"bank-{world.bank.pk}"}
    asked = post(officer, "items-bulk", act="describe", **everything)
    assert (len(asked.context["items"]), "nhiều nhất 2 câu" in asked.content.decode()) == (2, True)
    done = post(officer, "items-bulk", act="describe", confirmed="1", level="apply", **everything).content.decode()
    assert f'data-selection-done="bank-{world.bank.pk}"' in done


def test_bulk_review_and_retiring_everything_found(client_as):
    world = make_world()
    drafts = [make_question(world.bank, f"Câu {n} về dân vận?", author=world.author) for n in range(3)]
    make_question(world.bank, "Câu khác?", author=world.author)
    author, officer = client_as(world.author), client_as(world.officer)
    everything = {"all": "1", "query": "q=dan+van", "bank": world.bank.pk, "confirmed": "1"}
    post(author, "items-bulk", act="submit", **everything)
    assert Item.objects.filter(state="in_review").count() == 3
    refused = post(author, "items-bulk", act="approve", **everything).context["result"]
    assert (refused.done, len(refused.refused)) == ([], 3)
    assert post(officer, "items-bulk", act="approve", **everything).context["result"].done == drafts
    assert post(officer, "items-bulk", act="retire", **everything).status_code == 422
    post(officer, "items-bulk", act="retire", reason="cũ", **everything)
    assert Item.objects.filter(state="retired").count() == 3
    moved = post(officer, "items-bulk", act="move", **{**everything, "bank": world.bank.pk, "query": ""})
    assert moved.status_code in (200, 422)


def test_the_list_keeps_its_filters_in_the_address(client_as):
    world = make_world()
    make_question(world.bank, "Hoà giải ở cơ sở", author=world.author, level="apply")
    make_question(world.bank, "Khác", author=world.author)
    text = page(client_as(world.officer), "bank", world.bank.pk, q="hoa giai", level="apply", sort="code")
    assert "Hoà giải" in text
    assert "Khác" not in text
    assert 'value="hoa giai"' in text
    approval.submit_item(item=Item.objects.get(text__stem="Khác"), actor=world.author)
    waiting = page(client_as(world.officer), "items", can="duyet")
    assert ("Khác" in waiting, "Hoà giải" in waiting) == (True, False)


def test_statistics_and_warnings_of_others_show_up(client_as):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    approval.submit_item(item=item, actor=world.author)
    approval.approve_item(item=item, actor=world.officer)
    item.refresh_from_db()
    ItemStatistics.objects.create(
        exam=make_exam(questions=1),
        version=item.approved_version,
        asked=120,
        omitted=0,
        difficulty=0.63,
        discrimination=0.31,
    )
    source = FlagSource(
        "stale",
        "Văn bản hết hiệu lực",
        lambda: Item.objects.values("pk"),
        lambda ids: dict.fromkeys(ids, "Dẫn văn bản cũ"),
    )
    register_flags(source)
    try:
        text = page(client_as(world.officer), "item", item.pk)
        listed = page(client_as(world.officer), "bank", world.bank.pk, flags="stale")
    finally:
        unregister_flags("stale")
    assert ("0,63" in text, "0,31" in text, "120" in text) == (True, True, True)
    assert "Dẫn văn bản cũ" in text
    assert "Dẫn văn bản cũ" in listed


def test_pairs_of_a_bank_are_listed(client_as):
    world = make_world()
    for _ in range(2):
        make_question(world.bank, "Nguyên tắc tổ chức cơ bản của Đảng là gì?")
    response = client_as(world.officer).get(reverse("exams:bank-duplicates", args=[world.bank.pk]))
    assert [percent for _pair, percent in response.context["pairs"]] == [100]


def test_a_picture_is_checked_kept_and_shown(client_as):
    world = make_world()
    client = client_as(world.author)
    kept = client.post(reverse("exams:item-picture"), {"file": picture_file(), "alt": "Bản đồ", "bank": world.bank.pk})
    image = QuestionPicture.objects.get()
    assert kept.json()["id"] == image.pk
    assert kept.json()["url"].startswith("/tep/anh/")
    assert (image.alt_text, image.uploaded_by, image.bank) == ("Bản đồ", world.author, world.bank)
    assert SenImage.objects.count() == 0
    bad = SimpleUploadedFile("x.png", b"not a picture")
    assert client.post(reverse("exams:item-picture"), {"file": bad, "bank": world.bank.pk}).status_code == 422
    assert client.post(reverse("exams:item-picture"), {"file": picture_file()}).status_code == 404
    stranger = client_as(world.stranger)
    assert (
        stranger.post(reverse("exams:item-picture"), {"file": picture_file(), "bank": world.bank.pk}).status_code == 404
    )


def test_a_hotspot_takes_its_picture_with_the_form(client_as):
    world = make_world()
    data = {
        **form_of("hotspot", world.author),
        "image": "",
        "image_file": picture_file(),
        "token": str(uuid.uuid4()),
        "act": "save",
    }
    assert client_as(world.author).post(reverse("exams:item-new", args=[world.bank.pk]), data).status_code == 302
    assert Item.objects.get().current.content["image"] == QuestionPicture.objects.latest("pk").pk


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Cả ba đáp án trên", True),
        ("<p>Tất cả các phương án trên đều đúng.</p>", True),
        ("Cả hai ý trên", True),
        ("A và C", True),
        ("Cả A, B và C", True),
        ("Cả ba phương án đều sai", True),
        ("Không có phương án nào đúng", True),
        ("Tất cả đảng viên đều phải chấp hành Điều lệ Đảng", False),
        ("Cả nước có chiến tranh", False),
        ("Không nơi nào", False),
        ("", False),
    ],
)
def test_options_that_speak_of_the_others_are_known(text, speaks):
    assert refers_to_others(text) is speaks


def test_a_picture_of_somebody_else_is_not_taken_by_its_number(client_as):
    world = make_world()
    theirs = form_of("hotspot", world.officer)
    response = client_as(world.author).post(reverse("exams:item-new", args=[world.bank.pk]), {**theirs, "act": "save"})
    assert (response.status_code, response.context["picture"], Item.objects.count()) == (422, None, 0)


@pytest.mark.parametrize("value", ["9" * 30, "²", "\x00", "-1"])
def test_no_number_in_an_address_breaks_a_page(client_as, value):
    world = make_world()
    exam = make_exam(world.centre, questions=1)
    client = client_as(world.officer)
    names = ("q", "topic", "level", "kind", "state", "tag", "author", "language", "used", "flags", "sort", "page")
    bank, pick = reverse("exams:bank", args=[world.bank.pk]), reverse("exams:exam-pick", args=[exam.pk])
    addresses = [f"{bank}?{urlencode({name: value})}" for name in names]
    addresses += [f"{pick}?{urlencode({name: value})}" for name in ("q", "bank", "topic", "level")]
    addresses.append(f"{reverse('exams:exam-new')}?{urlencode({'ma-tran': value})}")
    assert {client.get(address).status_code for address in addresses} == {400 if value == "\x00" else 200}
    assert client.get(f"/khao-thi/thong-ke/{'9' * 30}/").status_code == 404
    assert client.post(reverse("exams:items-bulk"), {"act": "describe", "item": value}).status_code == 302
    assert client.post(reverse("exams:items-bulk"), {"act": "describe", "all": "1", "bank": value}).status_code == 200
    assert client.post(pick, {"item": value}).status_code == 302
