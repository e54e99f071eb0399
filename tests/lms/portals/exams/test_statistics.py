"""The pages and the API of exam statistics."""

import io
import re
from itertools import pairwise

import openpyxl
import pytest

from lms.common.clock import now
from lms.exams.services.statistics import refresh
from lms.people.enums import Role
from lms.portals.exams.statistics import charts
from quizzes.models import ExamStatistics, ItemStatistics
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_exam
from tests.lms.exams.test_statistics import sit

pytestmark = pytest.mark.django_db


def figures(exam, flags=(), **fields):
    """Statistics of ``exam`` as the task leaves them; findings on its first question."""
    row = ExamStatistics.objects.create(
        exam=exam,
        computed_at=now(),
        last_graded_at=now(),
        attempts=120,
        people=100,
        **{
            "mean": 0.6, "median": 0.6, "deviation": 0.2, "lowest": 0.1, "highest": 1.0, "passed": 70,
            "histogram": [1, 4, 5, 10, 10, 20, 20, 15, 10, 5], "alpha": 0.84, "kr20": True, "sem": 0.08,
            "model": {"rasch": {"people": 100, "converged": True, "log_likelihood": -100.5}}, **fields,
        },
    )  # fmt: skip
    for number, question in enumerate(exam.questions.all()):
        ItemStatistics.objects.create(
            exam=exam, version=question.version, asked=100, omitted=3, difficulty=0.5 + number / 10,
            deviation=0.5, discrimination=0.31, upper_lower=0.4, seconds=42.5, curve=[0.1, 0.3, 0.5, 0.7, 0.9],
            options=[
                {"option": ident, "count": 25, "share": 0.25, "discrimination": -0.1, "curve": [0.4, 0.3, 0.2, 0.1, 0]}
                for ident in "abcd"
            ],
            irt={"rasch": {"a": 1.0, "b": 0.25, "b_error": 0.1, "infit": 1.0, "outfit": 1.01, "fit_p": 0.4}},
            flags=list(flags) if number == 0 else [],
        )  # fmt: skip
    return row


@pytest.fixture
def centre():
    return make_unit(name="Trung tâm A")


@pytest.fixture
def officer(centre):
    person = make_user("Đặng Thị Khảo", unit=centre)
    grant(person, Role.EXAM_OFFICER, centre)
    return person


@pytest.mark.parametrize("exams", [1, 3])
def test_the_list_takes_the_same_statements_however_long_it_is(
    client_as, centre, officer, exams, django_assert_num_queries
):
    for _number in range(exams):
        figures(make_exam(centre, questions=2))
    client = client_as(officer)
    client.get("/khao-thi/thong-ke/")
    with django_assert_num_queries(10):
        page = client.get("/khao-thi/thong-ke/")
    assert (
        page.content.decode().count("/thong-ke/") - page.content.decode().count('href="/khao-thi/thong-ke/"') >= exams
    )


def test_exams_are_found_without_accents_and_only_ones_own(client_as, centre, officer):
    mine, other = make_exam(centre, title="Kiểm tra Điều lệ Đảng"), make_exam(title="Kiểm tra Điều lệ nơi khác")
    figures(mine)
    figures(other)
    client = client_as(officer)
    assert "Kiểm tra Điều lệ Đảng" in client.get("/khao-thi/thong-ke/", {"q": "dieu le"}).content.decode()
    assert "nơi khác" not in client.get("/khao-thi/thong-ke/", {"q": "dieu le"}).content.decode()
    assert "Không tìm thấy bài thi" in client.get("/khao-thi/thong-ke/", {"q": "khong co"}).content.decode()
    assert client.get(f"/khao-thi/thong-ke/{other.pk}/").status_code == 404


def test_lecturers_have_no_statistics_since_they_show_keys(client_as, centre):
    lecturer = make_user(unit=centre)
    grant(lecturer, Role.LECTURER, centre)
    figures(exam := make_exam(centre))
    client = client_as(lecturer)
    assert client.get("/khao-thi/thong-ke/").status_code == 404
    assert client.get(f"/khao-thi/thong-ke/{exam.pk}/").status_code == 404


def test_findings_stand_in_words_beside_their_question(client_as, centre, officer):
    exam = make_exam(centre, questions=2)
    figures(exam, flags=[{"code": "distractor_beats_key", "option": "c"}])
    client = client_as(officer)
    page = client.get(f"/khao-thi/thong-ke/{exam.pk}/").content.decode()
    assert page.count("Phương án C được nhóm giỏi chọn nhiều hơn đáp án.") == 1
    assert "2 câu hỏi, 1 câu cần xem lại" in page
    version = exam.questions.first().version
    page = client.get(f"/khao-thi/thong-ke/{exam.pk}/cau/{version.pk}/").content.decode()
    assert "Phương án C được nhóm giỏi chọn nhiều hơn đáp án." in page
    assert page.count("<polyline") == 4
    assert client.get(f"/khao-thi/thong-ke/{exam.pk}/cau/999999/").status_code == 404


def test_the_workbook_has_a_row_a_question(client_as, centre, officer):
    exam = make_exam(centre, questions=3)
    figures(exam, flags=[{"code": "too_hard", "option": ""}])
    response = client_as(officer).get(f"/khao-thi/thong-ke/{exam.pk}/so-lieu.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == exam.title
    first = exam.questions.first().version
    assert rows[2] == (
        1, first.stem, "Chọn một phương án", 100, 3, 0.5, 0.31, 0.4, 42, 0.25, "Rất ít người làm đúng.",
    )  # fmt: skip
    assert len(rows) == 5


def test_the_api_gives_the_same_figures(client_as, centre, officer):
    exam = make_exam(centre, questions=1)
    row = figures(exam)
    body = client_as(officer).get(f"/api/v1/exams/{exam.pk}/statistics/").json()
    version = exam.questions.first().version
    assert (body["exam"], body["title"], body["alpha"], body["people"], body["kr20"]) == (
        exam.pk, exam.title, 0.84, 100, True,
    )  # fmt: skip
    assert body["histogram"] == row.histogram
    (item,) = body["items"]
    assert (item["version"], item["item"], item["kind"], item["difficulty"], item["irt"]["rasch"]["b"]) == (
        version.pk, version.item_id, "single_choice", 0.5, 0.25,
    )  # fmt: skip
    assert client_as(make_user()).get(f"/api/v1/exams/{exam.pk}/statistics/").status_code == 404


def test_labels_of_curves_do_not_lie_on_one_another():
    lines = [
        charts.curve(name, [0.5, end], key=False) for name, end in (("A", 0.0), ("B", 0.02), ("C", 0.95), ("D", 0.0))
    ]
    places = [line.end_y for line in charts.apart(lines)]
    assert [line.label for line in charts.apart(lines)] == ["A", "B", "C", "D"]
    gaps = sorted(places)
    assert all(later - earlier >= charts.LABEL_HEIGHT for earlier, later in pairwise(gaps))
    assert places[2] == lines[2].end_y


@pytest.mark.parametrize(
    ("questions", "people"),
    [
        (1, []),  # nobody
        (1, [{0}]),  # one person, one question, all right
        (1, [set()]),
        (2, [None]),  # one person who answered nothing
        (2, [{0}, {0, 1}]),
        (3, [{0, 1, 2}] * 4),  # everybody alike
        (3, [None] * 3),
    ],
)
def test_pages_of_tiny_and_uniform_exams_say_what_can_be_said(client_as, centre, officer, questions, people):
    exam = make_exam(centre, questions=questions)
    for context, right in enumerate(people, start=1):
        sit(exam, context, right or set(), answered=set() if right is None else None)
    row = refresh(exam.pk)
    client = client_as(officer)
    assert client.get("/khao-thi/thong-ke/").status_code == 200
    if not people:
        assert row is None
        assert client.get(f"/khao-thi/thong-ke/{exam.pk}/").status_code == 404
        return
    pages = [f"/khao-thi/thong-ke/{exam.pk}/"]
    pages += [f"{pages[0]}cau/{one.version_id}/" for one in exam.questions.all()]
    for address in pages:
        text = client.get(address).content.decode()
        assert not re.search(r"\b(nan|None|inf)\b", text, re.IGNORECASE), address
    assert row.alpha is None
    assert [one.flags for one in ItemStatistics.objects.filter(exam=exam)] == [[]] * questions
