"""Pictures that nobody described: a note on the imported question, a warning in the bank, never a block."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.texts import undescribed_pictures
from quizzes.formats import ParsedQuestion
from quizzes.models import QuestionImport
from quizzes.queries.bank.flags import flag_notes, flagged
from quizzes.services.bank import approval
from quizzes.services.imports.reading import row_of
from tests.factories.banks import OPTIONS, make_question, make_world
from tests.quizzes.kinds import make_picture

NOTE = "1 hình chưa có mô tả cho người không nhìn thấy."


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ("<p>Không có hình</p>", 0), ('<img src="a.png" alt="Bản đồ">', 0), ('<img src="a.png" alt="">', 1),
        ('<img src="a.png">', 1), ('<img src="a.png" alt=" &nbsp; ">', 1), ({"image": 4, "alt": ""}, 1),
        ({"image": 4, "alt": "Bản đồ"}, 0), ({"image": "", "alt": ""}, 0),
        ({"options": [{"html": '<img src="a" alt="x"><img src="b" alt="">'}, {"html": "b"}]}, 1),
    ],
)  # fmt: skip
def test_pictures_are_counted_wherever_they_stand(parts, count):
    assert undescribed_pictures(parts) == count


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nothing_else_is_a_picture(parts):
    assert undescribed_pictures(parts) >= 0


@pytest.mark.django_db
@pytest.mark.parametrize(("alt", "notes"), [("", [("picture_undescribed", "note", {"count": 1})]), ("Bản đồ", [])])
def test_an_imported_question_says_so_and_stays_good(alt, notes):
    batch = QuestionImport(pk=1)
    question = ParsedQuestion(
        kind="single_choice",
        stem=f'<p>Câu? <img src="file:a.png" alt="{alt}"></p>',
        content=OPTIONS,
        key={"correct": "b"},
    )
    row = row_of(batch, 1, question)
    assert [(one["code"], one["severity"], one["params"]) for one in row.data["doubts"]] == notes
    assert (row.broken, row.doubtful) == (False, False)


@pytest.mark.django_db
def test_a_question_of_the_bank_warns_and_can_still_be_approved(client_as, django_assert_num_queries):
    banks = make_world()
    picture = make_picture(bank=banks.bank, actor=banks.author, alt="")
    plain = make_question(banks.bank, "Câu không có hình?")
    silent = make_question(banks.bank, f'<p>Hình gì? <img src="{picture.url}" alt=""></p>')
    told = make_question(banks.bank, f'<p>Hình gì nữa? <img src="{picture.url}" alt="Bản đồ Đông Dương"></p>')
    options = {"options": [*OPTIONS["options"][:3], {"id": "d", "html": f'<img src="{picture.url}" alt="">'}]}
    inside = make_question(banks.bank, "Chọn hình?", content=options)
    with django_assert_num_queries(1):
        notes = flag_notes([plain.pk, silent.pk, told.pk, inside.pk])
    assert notes == {silent.pk: [NOTE], inside.pk: [NOTE]}
    assert set(type(plain).objects.filter(flagged("alt")).values_list("pk", flat=True)) == {silent.pk, inside.pk}
    page = client_as(banks.officer).get(reverse("exams:item", args=[silent.pk])).content.decode()
    assert NOTE in page
    approval.submit_item(item=silent, actor=banks.author)
    approval.approve_item(item=silent, actor=banks.officer)
    silent.refresh_from_db()
    assert silent.state == "approved"
