"""What the lecturer sees: classes, the matrix, results, the outline, one learner."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lms.classes.models import Enrolment
from lms.common.clock import now, today
from lms.completion.services import record_progress
from lms.exams.models import Attempt
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.starting import start_for_enrolment
from lms.portals.teacher.queries.home import home
from lms.portals.teacher.queries.matrix import MatrixCell, matrix
from quizzes.models import Exam
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_user
from tests.factories.quizzes import right_answer


def url(name, room, *args):
    return reverse(f"teacher:{name}", args=[room.training_class.pk, *args])


def read(room, enrolment):
    lesson = room.study.items("lesson")[0]
    record_progress(enrolment=fresh(enrolment), item_id=lesson.pk, position=1, seconds=60, completed=True)


def sit(room, enrolment, right=4):
    attempt = start_for_enrolment(enrolment=fresh(enrolment), item_id=room.exam_item.pk, user=enrolment.learner)
    rows = [IncomingResponse(slot=slot, answer=right_answer(attempt, slot), seq=1) for slot in range(1, right + 1)]
    save(attempt_id=attempt.pk, user_id=enrolment.learner_id, responses=rows)
    return submit(attempt=attempt)


def fresh(enrolment):
    return Enrolment.objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)


def long_ago(training_class, **enrolment_fields):
    """The class began ten days ago."""
    type(training_class).objects.filter(pk=training_class.pk).update(starts_on=today() - dt.timedelta(days=10))
    training_class.enrolments.update(**enrolment_fields)


def test_home_says_how_each_class_stands(room):
    long_ago(room.training_class)
    read(room, room.enrolment)
    room.study.another("Phan Văn Chậm")
    make_class(room.study.unit, room.study.edition)  # somebody else's
    ended = make_class(room.study.unit, room.study.edition, lecturers=[room.lecturer], state="closed")
    board = home(room.lecturer, page=None)
    (card,) = board.running
    assert (card.training_class, card.figures.active, card.behind, card.average) == (room.training_class, 2, 1, 10)
    assert card.session.title == room.session.title
    assert list(board.ended.object_list) == [ended]


def test_home_without_classes_is_friendly(client_as, db):
    response = client_as(make_user()).get("/giang-day/")
    assert response.status_code == 200
    assert "Chưa có lớp nào đang mở" in response.text


def test_the_matrix_has_states_and_marks(room):
    read(room, room.enrolment)
    sit(room, room.enrolment)
    other = room.study.another("Bùi Thị An")
    table = matrix(room.training_class, room.lecturer)
    assert [(row.name, row.enrolment.pk, row.done, row.cells) for row in table.rows] == [
        ("Bùi Thị An", other.pk, 0, (MatrixCell("todo", None),) * 5),
        (
            "Trần Thị Học",
            room.enrolment.pk,
            2,
            (
                MatrixCell("done", None),
                MatrixCell("todo", None),
                MatrixCell("done", Decimal("8.00")),
                MatrixCell("todo", None),
                MatrixCell("todo", None),
            ),
        ),
    ]
    assert (table.learners, table.done) == (2, {table.items[0].id: 1, table.items[2].id: 1})


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("percent", ["C", "A", "B"]),
        ("-percent", ["B", "A", "C"]),
        ("activity", ["C", "B", "A"]),
        ("-activity", ["A", "B", "C"]),
        ("nonsense", ["A", "B", "C"]),
    ],
)
def test_the_matrix_sorts(room, sort, names):
    room.training_class.enrolments.all().delete()
    for name, percent, days in (("A", 50, 1), ("B", 80, 2), ("C", 10, None)):
        enrolment = room.study.another(f"Lê Văn {name}")
        when = None if days is None else now() - dt.timedelta(days=days)
        Enrolment.objects.filter(pk=enrolment.pk).update(percent=percent, last_activity_at=when)
    table = matrix(room.training_class, room.lecturer, sort=sort)
    assert [row.name[-1] for row in table.rows] == names


def test_the_matrix_finds_those_behind_and_by_name(room):
    late = room.study.another("Đặng Văn Đức")
    long_ago(room.training_class, last_activity_at=now())
    Enrolment.objects.filter(pk=late.pk).update(last_activity_at=now() - dt.timedelta(days=9))
    table = matrix(room.training_class, room.lecturer, only_behind=True)
    assert ([row.enrolment.pk for row in table.rows], table.learners, table.behind) == ([late.pk], 2, 1)
    found = matrix(room.training_class, room.lecturer, text="dang van duc")
    assert [row.enrolment.pk for row in found.rows] == [late.pk]


@pytest.mark.parametrize(
    ("name", "most"), [("class", 12), ("results", 16), ("attendance", 10), ("messages", 10), ("outline", 10)]
)
def test_no_page_costs_more_with_more_learners(room, lecturer, name, most):
    costs = []
    for more in (0, 2):
        for _ in range(more):
            room.study.another()
        for enrolment in room.training_class.enrolments.filter(started_at=None):
            read(room, enrolment)
            sit(room, enrolment)
        lecturer.get(url(name, room))  # the outline is cached for ever
        with CaptureQueriesContext(connection) as counted:
            response = lecturer.get(url(name, room))
        assert response.status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1] <= most


def test_home_costs_the_same_with_more_classes(room, lecturer):
    costs = []
    for more in (0, 2):
        for _ in range(more):
            make_enrolment(make_class(room.study.unit, room.study.edition, lecturers=[room.lecturer]))
        lecturer.get("/giang-day/")  # content types and sites are kept by the process
        with CaptureQueriesContext(connection) as counted:
            lecturer.get("/giang-day/")
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_the_page_names_each_state_for_a_screen_reader(room, lecturer):
    read(room, room.enrolment)
    page = lecturer.get(url("class", room)).text
    assert page.count('class="dot dot-done" role="img" aria-label="Đã xong"') == 1
    assert page.count('class="dot dot-todo" role="img" aria-label="Chưa học"') == 4


def test_a_name_is_never_markup(room, lecturer):
    room.study.another("<b>Lê</b> Văn Lạ")
    page = lecturer.get(url("class", room)).text
    assert "<b>Lê</b>" not in page
    assert "&lt;b&gt;Lê&lt;/b&gt; Văn Lạ" in page


def test_results_by_learner_and_by_question(room, lecturer):
    sit(room, room.enrolment, right=4)
    room.study.another("Bùi Thị An")
    page = lecturer.get(url("results", room))
    found = page.context["results"]
    assert [(str(row.enrolment.learner), len(row.handed_in), row.mark, row.passed) for row in found.rows] == [
        ("Bùi Thị An", 0, None, None),
        ("Trần Thị Học", 1, Decimal(8), True),
    ]
    assert (found.taken, found.passed, found.middle) == (1, 1, Decimal(8))
    assert [(one.correct, one.omitted) for one in found.questions] == [(0, 1), (1, 0), (1, 0), (1, 0), (1, 0)]
    assert lecturer.get(url("results", room) + "?xem=cau-hoi").text.count('class="tally-question"') == 5


def test_a_test_without_a_pass_mark_names_nobody_who_passed(room, lecturer):
    sit(room, room.enrolment, right=4)
    Exam.objects.update(pass_share=0)
    page = lecturer.get(url("results", room))
    chips = re.findall(r'data-label="Kết quả"><span class="chip[^"]*">(?:<svg.*?</svg>)?([^<]*)', page.text)
    assert chips == ["Đã nộp"]
    assert '<span class="tile-label">Đạt</span>' not in page.text
    rows = lecturer.get(url("export-results", room, room.exam_item.pk, "csv")).content.decode().splitlines()
    assert rows[1].endswith(",")
    attempt = Attempt.objects.get(exam=room.study.exam)
    review = lecturer.get(url("attempt", room, room.enrolment.pk, attempt.pk))
    assert [words for words in (">Đạt<", "Chưa đạt") if words in review.text] == []
    assert Exam.objects.get(pk=attempt.exam_id).passed_with(attempt.score, attempt.max_score) is None


def test_only_the_tests_of_the_class_have_results(room, lecturer):
    lesson = room.study.items("lesson")[0]
    assert lecturer.get(url("exam-results", room, lesson.pk)).status_code == 404
    assert lecturer.get(url("exam-results", room, room.exam_item.pk)).status_code == 200


def test_the_learners_page_and_the_review(room, lecturer):
    read(room, room.enrolment)
    attempt = sit(room, room.enrolment, right=2)
    page = lecturer.get(url("learner", room, room.enrolment.pk))
    found = page.context["found"]
    assert [line.state for module in found.modules for line in module.lines] == [
        "done",
        "todo",
        "doing",
        "todo",
        "todo",
    ]
    assert found.marks == {room.exam_item.pk: Decimal("4.00")}
    assert len(found.missing) == 4
    review = lecturer.get(url("attempt", room, room.enrolment.pk, attempt.pk))
    assert [one["outcome"] for one in review.context["questions"]] == ["right", "right", "empty", "empty", "empty"]


def test_an_attempt_belongs_to_its_learner_and_is_handed_in(room, lecturer):
    other = room.study.another()
    attempt = sit(room, room.enrolment)
    still_open = start_for_enrolment(enrolment=fresh(other), item_id=room.exam_item.pk, user=other.learner)
    assert lecturer.get(url("attempt", room, other.pk, attempt.pk)).status_code == 404
    assert lecturer.get(url("attempt", room, other.pk, still_open.pk)).status_code == 404


def test_the_outline_leads_to_the_lesson_and_only_writers_to_the_editor(room, lecturer, client_as):
    lesson = room.study.items("lesson")[0]
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.lesson_id])
    assert edit not in client_as(room.auditor).get(url("outline", room)).text
    page = lecturer.get(url("lesson", room, lesson.pk))
    assert "Nội dung bài học." in page.text
    assert room.enrolment.item_progress.count() == 0
    assert lecturer.get(url("lesson", room, room.exam_item.pk)).status_code == 404


def test_the_matrix_as_a_file(room, lecturer):
    read(room, room.enrolment)
    sit(room, room.enrolment)
    room.study.another("=Bùi Thị An")
    text = lecturer.get(url("export-progress", room, "csv")).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in text] == [
        ["STT", "Họ và tên"],
        ["1", "'=Bùi Thị An"],
        ["2", "Trần Thị Học"],
    ]
    assert text[2].endswith(",Đã xong,Chưa học,8.00,Chưa học,Chưa học")
    book = lecturer.get(url("export-progress", room, "xlsx")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[3:]] == ["Họ và tên", "=Bùi Thị An", "Trần Thị Học"]


def test_the_results_as_files(room, lecturer):
    sit(room, room.enrolment)
    lines = lecturer.get(url("export-results", room, room.exam_item.pk, "csv")).content.decode("utf-8-sig").splitlines()
    assert lines[1].split(",")[:6] == ["1", "Trần Thị Học", "1", "4.00", "5.00", "8.00"]
    lines = lecturer.get(url("export-questions", room, room.exam_item.pk, "csv")).content.decode("utf-8-sig")
    assert [line.split(",")[2:7] for line in lines.splitlines()[1:]] == [
        ["1", "0", "0.0", "1", "B"],
        *[["1", "1", "100.0", "0", "B"]] * 4,
    ]
