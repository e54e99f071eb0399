"""The pages of the item banks: lists and the form of every kind."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from quizzes.kinds import all_kinds
from quizzes.models import Item, ItemBank
from quizzes.services.bank import approval
from quizzes.services.bank.items import create_item, save_version
from quizzes.services.bank.topics import add_topic
from tests.factories.banks import OPTIONS, make_question, make_world, rewrite
from tests.factories.quizzes import make_exam
from tests.quizzes.kinds import make_picture

pytestmark = pytest.mark.django_db
SECRET = "BÍ-MẬT"


def page(client, name, /, *arguments, status=200, **query):
    response = client.get(reverse(f"exams:{name}", args=arguments), query)
    assert response.status_code == status
    return response.content.decode()


def post(client, name, /, *arguments, **data):
    return client.post(reverse(f"exams:{name}", args=arguments), data)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(client_as, count, django_assert_num_queries):
    world = make_world()
    for _ in range(count):
        make_question(world.bank, author=world.author, tags=["thẻ"], topic=None)
    client = client_as(world.officer)
    with django_assert_num_queries(LIST_QUERIES):
        page(client, "bank", world.bank.pk, q="cau hoi")


LIST_QUERIES = 20  # one of them asks which exams the reader may still sit


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_banks_asks_as_much_for_one_as_for_three(client_as, count, django_assert_num_queries):
    world = make_world()
    for number in range(count - 1):
        ItemBank.objects.create(unit=world.centre, name=f"Thêm {number}")
    client = client_as(world.officer)
    with django_assert_num_queries(BANK_QUERIES):
        page(client, "banks")


BANK_QUERIES = 14


@pytest.mark.parametrize("count", [1, 3])
def test_an_item_page_asks_as_much_for_one_as_for_three(client_as, count, django_assert_num_queries):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    for number in range(count):
        approval.comment_item(item=item, actor=world.officer, text=f"Nhận xét {number}")
        if number:
            save_version(
                item=item,
                kind="single_choice",
                stem=f"Lần {number}?",
                content=OPTIONS,
                key={"correct": "a"},
                author=world.author,
            )
    client = client_as(world.officer)
    with django_assert_num_queries(ITEM_QUERIES):
        page(client, "item", item.pk)


ITEM_QUERIES = 26


def test_keys_are_on_the_pages_of_those_alone_who_edit_or_review(client_as):
    world = make_world()
    item = make_question(world.bank, author=world.author)
    approval.submit_item(item=item, actor=world.author)
    seen = {}
    for name in ("author", "officer", "manager", "lecturer"):
        client = client_as(getattr(world, name))
        text = page(client, "item", item.pk) + page(client, "item-version", item.pk, 1)
        seen[name] = SECRET in text
    assert seen == {"author": True, "officer": True, "manager": True, "lecturer": False}
    for name in ("stranger",):
        page(client_as(getattr(world, name)), "item", item.pk, status=404)
    shared = make_question(world.shared, author=world.provincial, state="approved")
    assert SECRET not in page(client_as(world.officer), "item", shared.pk)
    page(client_as(world.officer), "item-version", shared.pk, 1, status=404)


def test_plain_parts_of_a_question_show_as_they_were_typed(client_as):
    world = make_world()
    typed = 'x < 3 & <b hx-post="/quan-tri/" hx-trigger="load">y</b>'
    gap = {"accepted": [{"text": typed, "share": "1"}]}
    items = [
        create_item(bank=world.bank, kind=kind, stem="Câu hỏi", content=content, key=key, source=typed)
        for kind, content, key in (
            ("short_text", {"lines": 1}, gap),
            ("gap_text", {"text": "<p>Là [[1]]</p>", "gaps": [{"id": "1"}]}, {"gaps": {"1": gap}}),
            ("essay", {}, {"rubric": [{"id": "1", "title": typed, "share": "1"}]}),
        )
    ]
    shown = "x &lt; 3 &amp; &lt;b hx-post=&quot;/quan-tri/&quot; hx-trigger=&quot;load&quot;&gt;y&lt;/b&gt;"
    client = client_as(world.officer)
    for item in items:
        text = page(client, "item", item.pk)
        assert text.count(f"<dd>{shown}</dd>") >= 1  # the source
        assert text.count(shown) == 2  # and the key
        assert page(client, "item-version", item.pk, 1).count(shown) == 2


def test_a_shared_question_shows_the_version_in_use(client_as):
    world = make_world()
    item = rewrite(make_question(world.shared, "Bản đang dùng?", author=world.provincial, state="approved"))
    officer, above = client_as(world.officer), client_as(world.provincial)
    exam = make_exam(world.centre, questions=1)
    addresses = [
        reverse("exams:item", args=[item.pk]),
        reverse("exams:bank", args=[world.shared.pk]),
        reverse("exams:items"),
        reverse("exams:exam-pick", args=[exam.pk]),
        reverse("api:bank-items", args=[world.shared.pk]),
    ]
    shown = [officer.get(address).content.decode() for address in addresses]
    assert [("Bản đang dùng?" in text, "Bản nháp?" in text) for text in shown] == [(True, False)] * 5
    for address in addresses[1:]:  # nor do words that stand in the draft alone find it
        found = officer.get(address, {"q": "bản nháp"}).content.decode()
        assert ("Bản đang dùng?" in found, item.code in found) == (False, False)
    assert "Bản nháp?" in above.get(addresses[1], {"q": "ban nhap"}).content.decode()


def test_what_exams_show_of_a_question_is_the_version_they_ask(client_as):
    world = make_world()
    exam = make_exam(world.centre, questions=1)
    version = exam.questions.get().version
    rewrite(version.item)
    text = page(client_as(world.officer), "exam-questions", exam.pk)
    assert (version.stem in text, "Bản nháp?" in text) == (True, False)


FORM = {
    "kind": "single_choice",
    "stem": "<p>Đảng Cộng sản Việt Nam ra đời <b>ngày</b> nào?</p>",
    "general": "Ngày 03/02/1930.",
    "options-count": "4",
    "options-0-id": "a",
    "options-0-html": "03/02/1930",
    "options-1-id": "b",
    "options-1-html": "19/5/1941",
    "options-1-feedback": "Ngày thành lập Việt Minh",
    "options-2-id": "c",
    "options-2-html": "",
    "options-3-id": "d",
    "options-3-html": "Cả hai đáp án trên",
    "options-right": "a",
    "level": "recall",
    "language": "vi",
    "tags": "lịch sử, thành lập Đảng",
    "source": "Văn kiện Đảng",
}


def write(client, world, **changes):
    data = {**FORM, "token": str(uuid.uuid4()), **changes}
    return client.post(reverse("exams:item-new", args=[world.bank.pk]), data)


def test_a_question_is_written_with_everything(client_as):
    world = make_world()
    topic = add_topic(bank=world.bank, name="Lịch sử")
    response = write(client_as(world.author), world, topic=topic.pk, outcome="Nêu được", act="save")
    item = Item.objects.get()
    assert response.headers["Location"] == reverse("exams:item", args=[item.pk])
    version = item.current
    assert version.content == {
        "options": [
            {"id": "a", "html": "03/02/1930", "fixed": False},
            {"id": "b", "html": "19/5/1941", "fixed": False},
            {"id": "d", "html": "Cả hai đáp án trên", "fixed": True},
        ]
    }
    assert (version.key, version.source) == ({"correct": "a"}, "Văn kiện Đảng")
    assert version.feedback == {"general": "Ngày 03/02/1930.", "options": {"b": "Ngày thành lập Việt Minh"}}
    assert (item.topic, item.outcome, item.author, item.state) == (topic, "Nêu được", world.author, "draft")
    assert [tag.name for tag in item.tags.all()] == ["lịch sử", "thành lập Đảng"]


def test_a_form_sent_twice_makes_one_question_and_one_submit(client_as):
    world, token = make_world(), str(uuid.uuid4())
    client = client_as(world.author)
    for _ in range(2):
        write(client, world, token=token, act="submit")
    assert [(item.state, item.changes.count()) for item in Item.objects.all()] == [("in_review", 1)]


def test_errors_stand_at_their_rows_and_nothing_is_lost(client_as):
    world = make_world()
    response = write(client_as(world.author), world, **{"options-right": "", "options-2-feedback": "lạc", "stem": " "})
    text = response.content.decode()
    assert (response.status_code, Item.objects.count()) == (422, 0)
    assert response.context["form"].stem.errors != []
    errors = {row.ident: row.errors for view in response.context["form"].sections for row in view.rows}
    assert [ident for ident, found in errors.items() if found] == ["c"]
    for kept in ("19/5/1941", "lạc", "lịch sử, thành lập Đảng", "Văn kiện Đảng"):
        assert kept in text


def test_rows_are_added_moved_and_dropped_without_scripts(client_as):
    world = make_world()
    client = client_as(world.author)

    def rows(**changes):
        response = write(client, world, **changes)
        assert response.status_code == 200
        return [row.ident for row in response.context["form"].sections[0].rows]

    assert rows(act="add:options") == ["a", "b", "c", "d", "e"]
    assert rows(act="drop:options:1") == ["a", "c", "d"]
    assert rows(act="down:options:0") == ["b", "a", "c", "d"]
    assert rows(act="up:options:3") == ["a", "b", "d", "c"]
    assert rows(act="up:options:0") == ["a", "b", "c", "d"]
    assert rows(act="drop:options:77") == ["a", "b", "c", "d"]
    assert Item.objects.count() == 0


def test_two_tabs_lose_nothing(client_as):
    world = make_world()
    client = client_as(world.author)
    write(client, world, act="save")
    item = Item.objects.get()
    save_version(
        item=item,
        kind="single_choice",
        stem="Của đồng chí khác?",
        content=OPTIONS,
        key={"correct": "a"},
        author=world.officer,
    )
    address = reverse("exams:item-edit", args=[item.pk])
    data = {**FORM, "base": "1", "code": item.code, "stem": "Của tôi?"}
    response = client.post(address, data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Của tôi?" in text
    assert "<del>" in text
    assert "khác" in text
    assert client.post(address, {**data, "act": "overwrite"}).status_code == 302
    assert list(item.versions.order_by("number").values_list("number", "stem")) == [
        (1, FORM["stem"]),
        (2, "Của đồng chí khác?"),
        (3, "Của tôi?"),
    ]


EDITED = {
    "single_choice": {},
    "multiple_response": {"options-0-right": "1", "options-1-right": "1", "scoring": "partial"},
    "true_false_group": {
        "statements-count": "4",
        **{f"statements-{n}-id": str(n + 1) for n in range(4)},
        **{f"statements-{n}-html": f"Nhận định {n + 1}" for n in range(4)},
        **{f"statements-{n}-truth": "true" if n % 2 else "false" for n in range(4)},
        "scale": "0; 0,1; 0,25; 0,5; 1",
    },
    "short_text": {"accepted-count": "2", "accepted-0-text": "Nguyễn Ái Quốc", "accepted-0-share": "1", "lines": "1"},
    "numeric": {
        "accepted-count": "1",
        "accepted-0-value": "3,5",
        "accepted-0-tolerance": "0,1",
        "accepted-0-share": "1",
        "unit": "tiết",
        "tolerance_kind": "absolute",
    },
    "matching": {
        "prompts-count": "2",
        "prompts-0-id": "1",
        "prompts-0-html": "Hàng một",
        "prompts-0-pair": "a",
        "prompts-1-id": "2",
        "prompts-1-html": "Hàng hai",
        "prompts-1-pair": "d",
        "scoring": "partial",
    },
    "ordering": {"scoring": "position", "options-2-html": "Ba"},
    "gap_text": {
        "text": "<p>Đảng ra đời năm [[1]] tại [[2]], có [[3]] đại biểu.</p>",
        "gaps-count": "3",
        "gaps-0-id": "1",
        "gaps-0-mode": "number",
        "gaps-0-answers": "1930",
        "gaps-0-weight": "2",
        "gaps-1-id": "2",
        "gaps-1-mode": "choice",
        "gaps-1-answers": "*Hồng Kông\nHà Nội",
        "gaps-1-weight": "1",
        "gaps-2-id": "3",
        "gaps-2-mode": "text",
        "gaps-2-answers": "năm\n5",
        "gaps-2-weight": "1",
        "scoring": "partial",
    },
    "hotspot": {
        "alt": "Bản đồ",
        "areas-count": "1",
        "areas-0-shape": "rect",
        "areas-0-coords": "10 20 30,5 40",
        "areas-0-share": "1",
    },
    "essay": {
        "min_words": "100",
        "max_words": "0",
        "rubric-count": "2",
        "rubric-0-id": "1",
        "rubric-0-title": "Nội dung",
        "rubric-0-share": "0,6",
        "rubric-1-id": "2",
        "rubric-1-title": "Liên hệ",
        "rubric-1-share": "0,4",
        "model_html": "<p>Mẫu</p>",
    },
}


def form_of(kind: str, user) -> dict:
    data = {**FORM, "kind": kind, **EDITED[kind]}
    if kind == "hotspot":
        data["image"] = str(make_picture(actor=user).pk)
    return data


@pytest.mark.parametrize("kind", sorted(EDITED))
def test_every_kind_is_written_opened_and_saved_unchanged(client_as, kind):
    """What the form of a stored question sends back, untouched, is the same version."""
    world = make_world()
    client = client_as(world.author)
    sent = client.post(
        reverse("exams:item-new", args=[world.bank.pk]),
        {**form_of(kind, world.author), "token": str(uuid.uuid4()), "act": "save"},
    )
    assert sent.status_code == 302, sent.context["draft"].errors
    item = Item.objects.get()
    response = client.get(reverse("exams:item-edit", args=[item.pk]))
    form = response.context["form"]
    data = {"kind": kind, "base": "1", "stem": form.stem.value, "general": form.general.value}
    data |= {name: value for name, value in response.context["describe"].initial.items() if value}
    data |= {control.name: control.value for control in form.settings if control.value}
    for view in form.sections:
        data[f"{view.section.name}-count"] = str(len(view.rows))
        for row in view.rows:
            data[f"{view.section.name}-{row.index}-id"] = row.ident
            for control in row.controls:
                if control.widget == "radio":
                    data |= {control.name: control.radio_value} if control.checked else {}
                elif control.value:
                    data[control.name] = control.value
    saved = client.post(reverse("exams:item-edit", args=[item.pk]), {**data, "act": "save"})
    assert saved.status_code == 302, saved.context["draft"].errors
    assert item.versions.count() == 1
    assert page(client, "item", item.pk)


def test_every_kind_has_a_form():
    assert {kind.name for kind in all_kinds()} == set(EDITED)


@pytest.mark.parametrize("kind", sorted(EDITED))
def test_every_kind_is_previewed_as_learners_see_it_and_on_paper(client_as, kind):
    world = make_world()
    response = client_as(world.author).post(
        reverse("exams:item-new", args=[world.bank.pk]), {**form_of(kind, world.author), "act": "preview"}
    )
    assert response.context["draft"].errors == {}
    text = response.content.decode()
    assert 'class="sheet"' in text
    assert Item.objects.count() == 0


def test_an_older_window_does_not_undo_what_somebody_said_about_a_question(client_as):
    world = make_world()
    write(client_as(world.author), world, act="save")
    item = Item.objects.get()
    address = reverse("exams:item-edit", args=[item.pk])
    windows = [client_as(world.author), client_as(world.officer)]
    marks = [window.get(address).context["draft"].described for window in windows]
    form = {**FORM, "base": "1", "act": "save"}
    first = windows[0].post(address, {**form, "described": marks[0], "outcome": "Phân tích được", "level": "apply"})
    assert first.status_code == 302
    older = windows[1].post(address, {**form, "described": marks[1], "level": "recall", "outcome": "Của tôi"})
    problem = older.context["draft"].problem
    assert (older.status_code, older.context["describe"]["outcome"].value()) == (422, "Của tôi")
    assert ("Phân tích được" in problem, "Vận dụng" in problem, "Mã" in problem) == (True, True, False)
    item.refresh_from_db()
    assert (item.level, item.outcome) == ("apply", "Phân tích được")
    again = {**form, "described": older.context["draft"].described, "level": "recall", "outcome": "Của tôi"}
    assert windows[1].post(address, again).status_code == 302
    item.refresh_from_db()
    assert (item.level, item.outcome, item.versions.count()) == ("recall", "Của tôi", 1)
