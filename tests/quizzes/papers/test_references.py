"""Options that speak of other options keep their sense on every paper code, whatever their author ticked."""

from decimal import Decimal

import pytest

from quizzes.engine.references import held_places
from quizzes.models import Exam, Paper
from quizzes.queries.papers.sets import key_check
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_bank, make_exam_unit


@pytest.mark.parametrize(
    ("options", "held"),
    [
        (["Một", "Hai", "Ba", "Cả ba đáp án trên"], {3}),
        (["Một", "Hai", "Ba", "<p>Cả A, B và C đều đúng.</p>"], {0, 1, 2, 3}),
        (["Một", "Hai", "Ba", "A và C"], {0, 2, 3}),
        (["Một", "Hai", "Ba", "Chỉ A và B đúng"], {0, 1, 3}),
        (["Một", "Hai", "Ba", "Phương án A hoặc phương án B"], {0, 1, 3}),
        (["Một", "Hai", "Cả hai ý trên", "Bốn"], {2, 3}),
        (["Một", "Hai", "Ba", "Tất cả đều đúng"], {3}),
        (["Một", "Hai", "Ba", "Không phương án nào đúng"], {3}),
        (["Một", "Hai", "Ba", "None of the above"], {3}),
        (["Một", "Hai", "Both A and B"], {0, 1, 2}),
        (["A và B", "A và D"], {0, 1}),
        (["A", "B", "AB", "O"], set()),
        (["Cả nước", "Tất cả đảng viên đều phải chấp hành", "Chi bộ", "Chỉ ủy viên"], set()),
        (["Ba năm", "Hai năm", "Các tổ chức đảng", "Cấp trên"], set()),
    ],
)
def test_what_is_held(options, held):
    assert held_places(options) == held


@pytest.mark.django_db
@pytest.mark.parametrize("correct", ["d", "b"])
def test_letters_mean_the_same_options_on_every_code(correct):
    texts = ["Một", "Hai", "Ba", "A và C"]
    unit = make_exam_unit()
    item = create_item(
        bank=make_bank(unit),
        kind="single_choice",
        stem="Chọn?",
        content={"options": [{"id": "abcd"[n], "html": text, "fixed": False} for n, text in enumerate(texts)]},
        key={"correct": correct},
        state="approved",
    )
    exam = Exam.objects.create(unit=unit, title="Kiểm tra", variants=12)
    set_questions(exam=exam, questions=[(item.current, Decimal(1))])
    freeze_papers(exam=exam)
    papers = list(Paper.objects.filter(exam=exam))
    shown = {tuple(one["html"] for one in paper.content["questions"][0]["options"]) for paper in papers}
    assert shown == {tuple(texts)}
    assert key_check(papers, exam).sound
