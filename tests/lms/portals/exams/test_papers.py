"""Pages of blueprints, exams and answers from paper, as exam officers and registrars use them."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from lms.exams.enums import SheetState
from lms.exams.errors import SheetError
from lms.exams.models import Attempt, PaperSheet, SheetImport
from lms.exams.queries.sheets import find_class_exam
from lms.exams.services.scans import read_scans, take_scans
from lms.people.enums import Role
from quizzes.enums import QuestionSource
from quizzes.models import Blueprint, Exam, ExamDraw, Item, Paper
from quizzes.queries.papers.compiled import paper_key
from quizzes.queries.papers.stock import specs_of
from tests.factories.cast import make_cast
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.people import grant, make_user
from tests.factories.quizzes import make_exam

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def officer(cast):
    user = make_user("khaothi")
    grant(user, Role.EXAM_OFFICER, cast.centre)
    return user


@pytest.fixture
def page(client_as, officer):
    return client_as(officer)


def grid_data(blueprint, **changes):
    """What the form of the grid sends for the blueprint's rows."""
    data = {"name": blueprint.name, "note": "", "kinds": ["single_choice"]}
    for spec in specs_of(blueprint.current):
        place = f"{spec.topic}-{spec.level}-{spec.kind}"
        data |= {f"n-{place}": spec.count, f"p-{spec.level}-{spec.kind}": "0,5", f"s-{place}": spec.specification}
    return data | changes


def test_a_blueprint_is_made_edited_copied_and_printed(page, cast):
    made = make_blueprint(cast.centre)
    answer = page.post(
        reverse("exams:blueprint-new"), {"name": "Mới", "unit": cast.centre.pk, "bank": made.bank_id, "note": ""}
    )
    new = Blueprint.objects.get(name="Mới")
    assert answer.headers["Location"] == reverse("exams:blueprint-edit", args=[new.pk])
    topic = made.bank.topics.first().pk
    data = {
        "name": "Mới",
        "note": "",
        f"n-{topic}-recall-single_choice": "3",
        "p-recall-single_choice": "0,25",
        f"s-{topic}-recall-single_choice": "Nhớ được",
    }
    assert page.post(reverse("exams:blueprint-edit", args=[new.pk]), data).status_code == 302
    new.refresh_from_db()
    (row,) = specs_of(new.current)
    assert (row.topic, row.level, row.kind, row.count, row.points, row.specification) == (
        topic,
        "recall",
        "single_choice",
        3,
        Decimal("0.25"),
        "Nhớ được",
    )
    shown = page.get(reverse("exams:blueprint", args=[new.pk])).content.decode()
    assert "cần 3, ngân hàng có 6" in shown
    page.post(reverse("exams:blueprint-copy", args=[new.pk]))
    assert specs_of(Blueprint.objects.get(name="Mới (bản chép)").current) == [row]
    sheet = openpyxl.load_workbook(io.BytesIO(page.get(reverse("exams:blueprint-xlsx", args=[new.pk])).content))
    assert sheet.sheetnames == ["Ma trận đề", "Bảng đặc tả"]
    assert [cell.value for cell in sheet.worksheets[1][4]][1:4] == [
        "Lịch sử Đảng – Nhận biết – Chọn một phương án",
        "Nhớ được",
        "3",
    ]
    assert page.get(reverse("exams:blueprint-docx", args=[new.pk])).content.startswith(b"PK")


def test_what_is_wrong_in_the_grid_is_said_and_nothing_typed_is_lost(page, cast):
    made = make_blueprint(cast.centre)
    topic = made.bank.topics.first().pk
    data = grid_data(made, **{f"n-{topic}-recall-single_choice": "x", f"n-{topic}-apply-single_choice": "7"})
    answer = page.post(reverse("exams:blueprint-edit", args=[made.pk]), data)
    assert answer.status_code == 422
    assert f'name="n-{topic}-apply-single_choice" value="7"' in answer.content.decode()
    assert [spec.count for spec in specs_of(made.current)] == [2, 2, 2, 2]


def test_wrong_numbers_of_the_grid_stay_where_they_were_typed(page, cast):
    made = make_blueprint(cast.centre)
    name = next(one for one in grid_data(made) if one.startswith("n-"))
    place = name.removeprefix("n-")
    points = f"p-{place.split('-', 1)[1]}"
    changes = {name: "abc", points: "-1", f"s-{place}": "Yêu cầu vừa viết"}
    answer = page.post(reverse("exams:blueprint-edit", args=[made.pk]), grid_data(made, **changes))
    grid = answer.context["grid"]
    slots = {slot.name: slot for row in grid.rows for cell in row.cells for slot in cell.slots}
    fields = {field.name: field for _label, some in grid.points for field in some}
    assert answer.status_code == 422
    assert (slots[place].value, bool(slots[place].problem)) == ("abc", True)
    assert (fields[points].value, bool(fields[points].problem)) == ("-1", True)
    assert "Yêu cầu vừa viết</textarea>" in answer.content.decode()


@pytest.mark.parametrize("name", ["blueprints", "exams"])
def test_lists_are_searched_without_accents(page, cast, name):
    made = make_blueprint(cast.centre)
    made.name = "Đề cuối khóa"
    made.save()
    exam = make_drawn_exam(made)
    exam.title = "Đề cuối khóa"
    exam.save()
    assert [len(page.get(reverse(f"exams:{name}"), {"q": q}).context["page"]) for q in ("DE CUOI khoa", "đầu")] == [
        1,
        0,
    ]


def test_the_grid_says_at_once_what_the_bank_lacks(page, cast):
    made = make_blueprint(cast.centre)
    topic = made.bank.topics.first().pk
    data = grid_data(made, **{f"n-{topic}-recall-single_choice": "9"})
    answer = page.post(reverse("exams:blueprint-check", args=[made.pk]), data).json()
    assert answer["slots"][f"{topic}-recall-single_choice"] == {
        "text": "cần 9, ngân hàng có 6",
        "short": True,
        "free": 6,
    }
    assert answer["conflicts"] == ["Lịch sử Đảng – Nhận biết – Chọn một phương án: cần 9, ngân hàng có 6"]
    assert [spec.count for spec in specs_of(made.current)] == [2, 2, 2, 2]


def test_an_exam_is_made_drawn_frozen_and_printed(page, cast):
    made = make_blueprint(cast.centre)
    data = {
        "title": "Cuối khóa",
        "unit": cast.centre.pk,
        "purpose": "final",
        "source": "blueprint",
        "blueprint": made.pk,
        "counting": "best",
        "page_size": "1",
        "review_from_level": "key",
        "pass_share": "0.5",
        "variants": "4",
        "codes": "",
        "review": "score",
        "review_after_close": "key",
        "letterhead": "party",
        "shuffle_questions": "on",
        "shuffle_options": "on",
        "sections": "on",
    }
    answer = page.post(reverse("exams:exam-new"), data)
    exam = Exam.objects.get(title="Cuối khóa")
    assert answer.headers["Location"] == reverse("exams:exam-draw", args=[exam.pk])
    limits = {
        "forms": "2",
        "overlap": "0",
        "rest_days": "0",
        "max_uses": "",
        "tolerance": "0.05",
        "act": "draw",
        "after": "0",
    }
    for _twice in range(2):
        answer = page.post(reverse("exams:exam-draw", args=[exam.pk]), limits)
        assert answer.headers["Location"] == reverse("exams:exam-proof", args=[exam.pk, 1])
    assert ExamDraw.objects.filter(exam=exam).count() == 1
    assert "nhiều nhất 0 câu" in page.get(reverse("exams:exam-proof", args=[exam.pk, 1])).content.decode()
    page.post(reverse("exams:exam-freeze", args=[exam.pk]))
    shown = page.get(reverse("exams:paper-set", args=[exam.pk, 1])).content.decode()
    assert "Đáp án rải đều" in shown
    bundle = page.get(reverse("exams:paper-bundle", args=[exam.pk, 1])).content
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        names = archive.namelist()
    assert len(names) == 13
    assert {"101.pdf", "104.docx", "dap-an.xlsx", "phieu-tra-loi-102.pdf"} <= set(names)
    paper = Paper.objects.filter(exam=exam).first()
    for name in ("exams:paper-pdf", "exams:paper-docx"):
        answer = page.get(reverse(name, args=[exam.pk, 1, paper.pk]))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


def test_an_impossible_draw_explains_itself(page, cast):
    exam = make_drawn_exam(make_blueprint(cast.centre, counts=4), variants=4)
    data = {"forms": "2", "overlap": "0", "rest_days": "0", "max_uses": "", "tolerance": "", "act": "draw"}
    answer = page.post(reverse("exams:exam-draw", args=[exam.pk]), data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "2 đề gốc cần 8 câu khác nhau, chỉ có 6" in text
    assert "Cho hai đề gốc trùng đến 8 câu." in text


def test_questions_are_picked_ordered_and_removed_by_hand(page, cast):
    bank = make_blueprint(cast.centre).bank
    exam = Exam.objects.create(unit=cast.centre, title="Tay")
    empty = page.get(reverse("exams:exam-questions", args=[exam.pk]))
    assert (empty.status_code, "Chưa có câu hỏi" in empty.content.decode()) == (200, True)
    items = list(Item.objects.filter(bank=bank).order_by("pk")[:3])
    page.post(reverse("exams:exam-pick", args=[exam.pk]), {"item": [item.pk for item in items]})
    rows = list(exam.questions.order_by("position"))
    assert [row.version.item_id for row in rows] == [item.pk for item in items]
    url = reverse("exams:exam-questions", args=[exam.pk])
    data = {f"points-{row.pk}": "0,5" for row in rows} | {f"place-{row.pk}": row.position for row in rows}
    page.post(url, {**data, "act": f"up:{rows[2].pk}", f"remove-{rows[0].pk}": "1"})
    assert list(exam.questions.order_by("position").values_list("version__item_id", "points")) == [
        (items[2].pk, Decimal("0.50")),
        (items[1].pk, Decimal("0.50")),
    ]
    assert page.post(url, {**data, "points-0": "1"}).status_code == 422  # rows changed meanwhile: no points for them


def test_two_people_editing_a_blueprint_are_told_once(page, cast):
    made = make_blueprint(cast.centre)
    url = reverse("exams:blueprint-edit", args=[made.pk])
    (base,) = re.findall(r'name="base" value="(\w+)"', page.get(url).content.decode())
    assert page.post(url, grid_data(made, base=base, note="Bản của người thứ nhất")).status_code == 302
    late = grid_data(made, base=base, note="Bản của người thứ hai")
    refused = page.post(url, late)
    text = refused.content.decode()
    assert (refused.status_code, "Bản của người thứ hai" in text) == (422, True)
    assert Blueprint.objects.get(pk=made.pk).note == "Bản của người thứ nhất"
    (fresh,) = re.findall(r'name="base" value="(\w+)"', text)
    assert fresh != base
    assert page.post(url, {**late, "base": fresh}).status_code == 302
    assert Blueprint.objects.get(pk=made.pk).note == "Bản của người thứ hai"


def test_a_random_draw_by_filters(page, cast):
    bank = make_blueprint(cast.centre).bank
    exam = Exam.objects.create(unit=cast.centre, title="Ngẫu nhiên", source=QuestionSource.RANDOM, tolerance=None)
    data = {"bank": bank.pk, "topic-1": "", "level-1": "recall", "kind-1": "", "count-1": "5", "points-1": "1"}
    page.post(reverse("exams:exam-rules", args=[exam.pk]), data)
    limits = {"forms": "1", "overlap": "", "rest_days": "0", "max_uses": "", "tolerance": "", "act": "draw"}
    page.post(reverse("exams:exam-draw", args=[exam.pk]), limits)
    (form,) = ExamDraw.objects.get(exam=exam).forms
    assert set(Item.objects.filter(pk__in=[entry["item"] for entry in form]).values_list("level", flat=True)) == {
        "recall"
    }
    assert len(form) == 5
    assert not Blueprint.objects.visible_to(cast.centre_manager).shared().filter(exam=exam).exists()


def sitting(cast):
    item = cast.study.items("exam")[0]
    return item, [cast.training_class.pk, item.pk]


def letters(exam, code):
    paper = Paper.objects.filter(exam=exam, code=code).first()
    found = {}
    for slot in paper_key(paper.pk, paper.seed).slots:
        correct = slot.key["correct"]
        found[slot.slot] = (correct if isinstance(correct, str) else "".join(correct)).upper()
    return found


def test_two_people_enter_settle_and_grade_and_the_second_sees_nothing_of_the_first(client_as, cast, officer):
    item, where = sitting(cast)
    code = item.exam.papers.filter(set_number=item.set_number).first().code
    right = letters(item.exam, code)
    registrar = make_user("giaovu")
    grant(registrar, Role.REGISTRAR, cast.centre)
    one, two = client_as(officer), client_as(registrar)
    url = reverse("exams:sheet-grid", args=where)
    pk = cast.enrolment.pk
    data = {f"code-{pk}": code} | {f"a-{pk}-{slot}": text for slot, text in right.items()}
    assert one.post(url, data).status_code == 302
    shown = two.get(url).content.decode()
    assert f'name="code-{pk}" value=""' in shown
    assert not [slot for slot, text in right.items() if f'name="a-{pk}-{slot}" value="{text}"' in shown]
    assert f'name="code-{pk}" value="{code}"' in one.get(url).content.decode()
    first = min(right)
    wrong = "B" if right[first] != "B" else "A"
    two.post(url, {**data, f"a-{pk}-{first}": wrong})
    sheet = PaperSheet.objects.get()
    assert sheet.state == SheetState.DIFFERS
    settle = reverse("exams:sheet-settle", args=[*where, sheet.pk])
    assert one.post(settle, {}).status_code == 422
    one.post(settle, {f"choice-{first}": right[first]})
    one.post(reverse("exams:sheet-post", args=where))
    attempt = Attempt.objects.get(enrolment_id=pk, item_id=item.pk)
    assert (attempt.mode, attempt.score, attempt.user) == ("paper", attempt.max_score, cast.learner)
    cast.enrolment.refresh_from_db()
    assert cast.enrolment.percent > 0  # completion was folded by the same signal as after any attempt


def test_wrong_rows_stay_in_the_grid_and_right_ones_are_taken(page, cast):
    _item, where = sitting(cast)
    pk = cast.enrolment.pk
    answer = page.post(reverse("exams:sheet-grid", args=where), {f"code-{pk}": "999", f"a-{pk}-1": "A"})
    assert answer.status_code == 422
    assert f'name="code-{pk}" value="999"' in answer.content.decode()
    assert not PaperSheet.objects.exists()


def scan(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    buffer.name = "quet.xlsx"
    return buffer


def test_a_scanners_file_is_looked_at_then_taken_whole(page, cast):
    item, where = sitting(cast)
    code = item.exam.papers.filter(set_number=item.set_number).first().code
    right = letters(item.exam, code)
    string = ";".join(right[slot] for slot in sorted(right))
    url = reverse("exams:sheet-import", args=where)
    page.post(url, {"file": scan(["SBD", "Mã đề", "Bài làm"], ["001", code, string], ["077", "9", "Z"])})
    bad = SheetImport.objects.get()
    assert {(one["line"], one["column"]) for one in bad.problems} == {(3, "Số báo danh"), (3, "Mã đề")}
    page.post(reverse("exams:sheet-import-preview", args=[*where, bad.pk]))
    assert not Attempt.objects.exists()
    page.post(url, {"file": scan(["SBD", "Mã đề", "Bài làm"], ["1", code, string])})
    good = SheetImport.objects.order_by("-pk").first()
    assert good.problems == []
    page.post(reverse("exams:sheet-import-preview", args=[*where, good.pk]))
    attempt = Attempt.objects.get()
    assert (attempt.mode, attempt.score) == ("paper", attempt.max_score)


def test_a_scanners_file_is_taken_once_and_never_with_problems(page, cast, officer):
    item, where = sitting(cast)
    code = item.exam.papers.filter(set_number=item.set_number).first().code
    right = letters(item.exam, code)
    rows = [["SBD", "Mã đề", "Bài làm"], ["1", code, ";".join(right[slot] for slot in sorted(right))]]
    class_exam = find_class_exam(officer, *where)
    read = {"class_exam": class_exam, "source": "quet.xlsx", "actor": officer}
    good = read_scans(rows=rows, **read)
    bad = read_scans(rows=[*rows, ["077", "9", "Z"]], **read)
    assert take_scans(class_exam=class_exam, sheet_import=good, actor=officer) == 1
    refused = []
    for file in (good, bad):  # ``good`` as another window still has it: not taken
        with pytest.raises(SheetError) as error:
            take_scans(class_exam=class_exam, sheet_import=file, actor=officer)
        refused.append(str(error.value))
    assert refused == ["Các phiếu trong tệp này đã được nhận trước đó.", "Tệp có lỗi: hãy sửa rồi đọc lại tệp."]
    assert (Attempt.objects.count(), SheetImport.objects.filter(done_at=None).get()) == (1, bad)


def test_a_row_with_a_mark_too_few_is_not_graded_one_place_off(page, cast):
    item, where = sitting(cast)
    code = item.exam.papers.filter(set_number=item.set_number).first().code
    right = letters(item.exam, code)
    string = ";".join(right[slot] for slot in sorted(right)[1:])
    page.post(reverse("exams:sheet-import", args=where), {"file": scan(["SBD", "Mã đề", "Bài làm"], [1, code, string])})
    found = SheetImport.objects.get()
    text = f"Có {len(right) - 1} câu trả lời cho {len(right)} câu hỏi. Hãy ghi “-” ở câu bỏ trống."
    assert found.problems == [{"line": 2, "column": "Bài làm", "text": text}]
    page.post(reverse("exams:sheet-import-preview", args=[*where, found.pk]))
    assert not Attempt.objects.exists()


def test_nobody_else_sees_papers_or_sheets(client_as, cast, officer):
    exam = make_drawn_exam(make_blueprint(cast.centre))
    elsewhere = make_exam(cast.other_centre, questions=1)
    pages = [reverse("exams:exam", args=[exam.pk]), reverse("exams:sheet-grid", args=sitting(cast)[1])]
    for person in (cast.learner, cast.lecturer, cast.other_lecturer, cast.other_manager):
        assert [client_as(person).get(url).status_code for url in pages] == [404, 404]
    assert client_as(officer).get(reverse("exams:exam", args=[elsewhere.pk])).status_code == 404
    assert client_as(officer).post(reverse("exams:exam-freeze", args=[elsewhere.pk])).status_code == 404
    assert not Paper.objects.filter(exam=elsewhere).exists()


@pytest.mark.parametrize("name", ["exams:blueprints", "exams:exams"])
def test_lists_ask_as_much_for_three_rows_as_for_one(page, cast, name, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_drawn_exam(make_blueprint(cast.centre))
    page.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        page.get(reverse(name))
    for number in (2, 3):
        blueprint = make_blueprint(cast.centre)
        make_drawn_exam(Blueprint.objects.get(pk=blueprint.pk), title=f"Đề {number}")
    with CaptureQueriesContext(connection) as three:
        page.get(reverse(name))
    assert len(three) == len(one)
