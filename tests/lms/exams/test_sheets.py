"""Answers from paper: read as people write them, entered twice, settled, graded like any other attempt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment
from lms.exams.engine.handwritten import UnreadableError, read_written, tidy
from lms.exams.engine.scanned import find_columns, read_sheets
from lms.exams.enums import AttemptMode, SheetState
from lms.exams.errors import SheetError
from lms.exams.models import Attempt, AttemptResult, PaperSheet, Response
from lms.exams.services.sheets import (
    SheetReading,
    clean_entry,
    differences,
    enter_sheet,
    papers_of,
    post_sheet,
    post_sheets,
    settle_sheet,
    take_sheets,
)
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import paper_key
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_exam, make_learner, seat

CHOICE = {"kind": "single_choice", "options": [{"id": letter} for letter in "abcd"]}
SEVERAL = {**CHOICE, "kind": "multiple_response"}
GROUP = {"kind": "true_false_group", "statements": [{"id": str(number)} for number in range(1, 5)]}
MATCH = {"kind": "matching", "prompts": [{"id": "1"}, {"id": "2"}], "options": [{"id": letter} for letter in "abc"]}
ORDER = {"kind": "ordering", "options": [{"id": letter} for letter in "abc"]}
GAPS = {"kind": "gap_text", "gaps": [{"id": "1", "choices": [{"id": "a"}, {"id": "b"}]}, {"id": "2"}]}


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (CHOICE, "b", {"choice": "b"}),
        (CHOICE, " B ", {"choice": "b"}),
        (CHOICE, "", None),
        (CHOICE, "-", None),
        (CHOICE, "*", None),
        (SEVERAL, "CA", {"choices": ["a", "c"]}),
        (SEVERAL, "a, c", {"choices": ["a", "c"]}),
        (GROUP, "ĐSĐS", {"statements": {"1": True, "2": False, "3": True, "4": False}}),
        (GROUP, "d-1 0", {"statements": {"1": True, "3": True, "4": False}}),
        (GROUP, "----", None),
        (MATCH, "1-B 2-a", {"pairs": {"1": "b", "2": "a"}}),
        (MATCH, "c-", {"pairs": {"1": "c"}}),
        (ORDER, "C-A-B", {"order": ["c", "a", "b"]}),
        (GAPS, "a; 1930", {"gaps": {"1": "a", "2": "1930"}}),
        ({"kind": "numeric"}, "3,5", {"number": "3,5"}),
        ({"kind": "short_text"}, " Trần Phú ", {"text": "Trần Phú"}),
        ({"kind": "hotspot"}, "31;77,5", {"x": 0.31, "y": 0.775}),
    ],
)
def test_what_people_write_is_read(question, text, answer):
    assert read_written(question, text) == answer


@pytest.mark.parametrize(
    ("question", "text", "reason"),
    [
        (CHOICE, "E", "letters"),
        (CHOICE, "AB", "one"),
        (GROUP, "ĐS", "length"),
        (GROUP, "ĐSĐQ", "letters"),
        (MATCH, "1-D", "letters"),
        (ORDER, "AAB", "length"),
        (GAPS, "a", "length"),
        ({"kind": "hotspot"}, "200;10", "place"),
    ],
)
def test_what_is_no_answer_is_refused(question, text, reason):
    with pytest.raises(UnreadableError) as caught:
        read_written(question, text)
    assert caught.value.reason == reason


def test_spellings_of_one_answer_compare_as_the_same():
    assert tidy(SEVERAL, "c,A") == tidy(SEVERAL, "ac") == "AC"
    assert tidy(GROUP, "dsds") == tidy(GROUP, "ĐSĐS") == "ĐSĐS"
    assert tidy(CHOICE, "-") == tidy(CHOICE, "") == ""


def test_a_scanners_file_is_read_in_both_forms():
    string = [
        ["Kết quả quét"],
        ["SBD", "Họ tên", "Mã đề", "Bài làm"],
        [1, "An", 101.0, "AB-D"],
        [],
        ["002", "", "102", "A;BD;ĐS"],
    ]
    columns = find_columns(string)
    assert [(one.line, one.number, one.code, one.answers) for one in read_sheets(string, columns)] == [
        (3, "1", "101", {1: "A", 2: "B", 3: "-", 4: "D"}),
        (5, "002", "102", {1: "A", 2: "BD", 3: "ĐS"}),
    ]
    table = [["Mã đề", "SBD", "Câu 1", "2", "Câu 3"], ["101", "7", "A", "B"]]
    columns = find_columns(table)
    assert [(one.number, one.answers) for one in read_sheets(table, columns)] == [("7", {1: "A", 2: "B", 3: ""})]
    assert find_columns([["Họ tên", "Điểm"]]) is None


@pytest.mark.parametrize(
    ("text", "count", "marks"),
    [
        (" BCDA", 5, " BCDA"),
        ("AB DA", 5, "AB DA"),
        ("ABCD ", 5, "ABCD "),
        ("ABCDA BCDAB", 10, "ABCDABCDAB"),
        ("A B C D", 4, "ABCD"),
        ("BCDA", 5, "BCDA"),
        ("ABCDA", None, "ABCDA"),
    ],
)
def test_spaces_of_a_string_are_blanks_or_groups_by_the_number_of_questions(text, count, marks):
    rows = [["SBD", "Mã đề", "Bài làm"], ["1", "101", text]]
    sheet = read_sheets(rows, find_columns(rows), questions={"101": count} if count else None)[0]
    assert (sheet.answers, sheet.marks) == (
        {number: mark.strip() for number, mark in enumerate(marks, start=1)},
        len(marks),
    )


@pytest.fixture
def exam(db: None) -> Exam:
    made = make_exam(questions=4, multiple=1, variants=2)
    freeze_papers(exam=made)
    return made


def right_entry(exam: Exam, code: str = "101", **changes: str) -> SheetReading:
    paper = Paper.objects.get(exam=exam, code=code)
    answers = {}
    for slot in paper_key(paper.pk, paper.seed).slots:
        correct = slot.key["correct"]
        answers[slot.slot] = (correct if isinstance(correct, str) else "".join(correct)).upper()
    return SheetReading(code, {**answers, **{int(slot.removeprefix("q")): text for slot, text in changes.items()}})


def enter(exam: Exam, entry: SheetReading, actor, *, context: int = 1, learner=None) -> PaperSheet:
    enrolment, item = seat(exam, learner, context)
    return enter_sheet(enrolment=enrolment, item=item, entry=entry, actor=actor)


def test_two_equal_entries_become_a_graded_attempt(exam):
    one, two, learner = make_learner(), make_learner(), make_learner()
    sheet = enter(exam, right_entry(exam), one, learner=learner)
    assert sheet.state == SheetState.ONCE
    with pytest.raises(SheetError):
        post_sheet(sheet=sheet, actor=one)
    sheet = enter(exam, right_entry(exam), two, learner=learner)
    assert sheet.state == SheetState.AGREED
    attempt = post_sheet(sheet=sheet, actor=two)
    assert (attempt.mode, attempt.paper.code, attempt.user, attempt.score, attempt.state) == (
        AttemptMode.PAPER,
        "101",
        learner,
        Decimal(4),
        "submitted",
    )
    assert (attempt.enrolment_id, attempt.item_id, len(attempt.receipt)) == (1, sheet.item_id, 64)
    assert post_sheet(sheet=sheet, actor=one) == attempt
    assert AttemptResult.objects.count() == 1
    with pytest.raises(SheetError):
        enter(exam, right_entry(exam), one, learner=learner)


def test_one_person_alone_corrects_but_never_agrees_with_themselves(exam):
    one, learner = make_learner(), make_learner()
    enter(exam, right_entry(exam, q1="A"), one, learner=learner)
    sheet = enter(exam, right_entry(exam, q1="B"), one, learner=learner)
    assert (sheet.state, sheet.second, sheet.first["answers"]["1"]) == (SheetState.ONCE, None, "B")


def test_differences_are_named_settled_and_kept(exam):
    one, two, three, learner = (make_learner() for _ in range(4))
    enter(exam, right_entry(exam), one, learner=learner)
    wrong = "B" if right_entry(exam).answers[2] != "B" else "C"
    sheet = enter(exam, right_entry(exam, q2=wrong, q3=""), two, learner=learner)
    right = right_entry(exam).answers
    assert sheet.state == SheetState.DIFFERS
    assert differences(sheet) == [("2", right[2], wrong), ("3", right[3], "")]
    with pytest.raises(SheetError) as caught:
        settle_sheet(sheet=sheet, choices={"2": right[2]}, actor=three)
    assert set(caught.value.fields) == {"3"}
    settled = settle_sheet(sheet=sheet, choices={"2": right[2], "3": ""}, actor=three)
    assert (settled.state, settled.first["answers"], settled.second["answers"]["2"]) == (
        SheetState.AGREED,
        {str(slot): text for slot, text in right.items()},
        wrong,
    )
    assert post_sheet(sheet=settled, actor=three).score == Decimal(3)
    with pytest.raises(SheetError):
        settle_sheet(sheet=sheet, choices={}, actor=three)


def test_wrong_codes_letters_and_people_are_refused_and_nothing_is_kept(exam):
    actor = make_learner()
    for entry, fields in (
        (SheetReading("999", {}), {"code"}),
        (SheetReading("", {1: "A"}), {"code"}),
        (SheetReading("101", {1: "Z", 2: "A", 9: "A"}), {"1", "9"}),
    ):
        with pytest.raises(SheetError) as caught:
            enter(exam, entry, actor)
        assert set(caught.value.fields) == fields
    withdrawn, _item = seat(exam, None, 1000)
    Enrolment.objects.filter(pk=withdrawn.pk).update(status=EnrolmentStatus.WITHDRAWN)
    with pytest.raises(SheetError):
        enter(exam, right_entry(exam), actor, context=1000)
    assert not PaperSheet.objects.exists()


def test_a_learner_of_a_class_that_does_not_sit_the_exam_is_no_candidate(exam):
    stranger, _item = seat(make_exam(questions=1))
    _learner, item = seat(exam)
    with pytest.raises(SheetError):
        enter_sheet(enrolment=stranger, item=item, entry=right_entry(exam), actor=make_learner())


def test_a_file_is_taken_as_a_whole_or_not_at_all(exam):
    actor = make_learner()
    good = [(seat(exam, None, number)[0], right_entry(exam, "102")) for number in (1, 2)]
    enrolment, item = seat(exam, None, 3)
    bad = (enrolment, SheetReading("102", {1: "Z"}))
    with pytest.raises(SheetError):
        take_sheets(item=item, rows=[*good, bad], source="quet.xlsx", actor=actor)
    assert (PaperSheet.objects.count(), Attempt.objects.count(), Response.objects.count()) == (0, 0, 0)
    assert take_sheets(item=item, rows=good, source="quet.xlsx", actor=actor) == 2
    assert list(Attempt.objects.values_list("score", "paper__code")) == [(Decimal(4), "102")] * 2


def test_no_attempts_left_is_said_for_that_sheet_alone(exam):
    Exam.objects.filter(pk=exam.pk).update(max_attempts=1)
    one, two = make_learner(), make_learner()
    sheets = []
    for number in (1, 2):
        learner = make_learner()
        enter(exam, right_entry(exam), one, context=number, learner=learner)
        sheets.append(enter(exam, right_entry(exam), two, context=number, learner=learner))
    post_sheet(sheet=sheets[0], actor=one)
    PaperSheet.objects.filter(pk=sheets[0].pk).update(state=SheetState.AGREED, attempt=None)
    done, refused = post_sheets(sheets=[PaperSheet.objects.get(pk=sheet.pk) for sheet in sheets], actor=one)
    assert (done, [sheet.pk for sheet, _reason in refused]) == (1, [sheets[0].pk])


def test_grading_twice_at_once_makes_one_attempt(shared_db, at_once):
    exam = make_exam(questions=3, variants=1)
    freeze_papers(exam=exam)
    one, two, learner = make_learner(), make_learner(), make_learner()
    enter(exam, right_entry(exam), one, learner=learner)
    sheet = enter(exam, right_entry(exam), two, learner=learner)
    attempts = at_once(*[lambda: post_sheet(sheet=sheet, actor=one)] * 3)
    assert {attempt.pk for attempt in attempts} == {Attempt.objects.get().pk}


def test_two_first_entries_at_once_are_a_first_and_a_second(shared_db, at_once):
    exam = make_exam(questions=3, variants=1)
    freeze_papers(exam=exam)
    people, learner = [make_learner(), make_learner()], make_learner()
    entry = right_entry(exam)
    seat(exam, learner, 1)
    at_once(*[lambda actor=actor: enter(exam, entry, actor, learner=learner) for actor in people])
    sheet = PaperSheet.objects.get()
    assert (sheet.state, {sheet.first_by_id, sheet.second_by_id}) == (SheetState.AGREED, {one.pk for one in people})


def test_clean_entry_drops_what_says_nothing(exam):
    assert clean_entry(SheetReading(" 101 ", {1: "-", 2: "", 3: "b"}), papers_of(exam, 1)) == {
        "code": "101",
        "answers": {"3": "B"},
    }
