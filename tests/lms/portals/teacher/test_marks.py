"""Entering and correcting marks by hand, on the page and through the API."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.classes.models import ClassStaff, TrainingClass
from lms.common.errors import DomainError
from lms.completion.services.marks import correct_mark, enter_mark
from lms.gradebook.models import LedgerEntry
from lms.notifications.kinds import sentence
from lms.notifications.models import Notification
from lms.programmes.models import EditionItem
from quizzes.enums import ExamPurpose
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_user
from tests.factories.quizzes import make_exam


def marks_page(room, enrolment=None, item=None):
    item = item or room.exam_item
    return reverse("teacher:marks", args=[room.training_class.pk, (enrolment or room.enrolment).pk, item.pk])


def correction(room, entry):
    args = [room.training_class.pk, entry.enrolment_id, entry.item_id, entry.pk]
    return reverse("teacher:mark-correct", args=args)


def rows():
    fields = ("points", "max_points", "source", "reason", "actor_id", "replaces_id")
    return list(LedgerEntry.objects.order_by("pk").values_list(*fields))


def enter(room, points="4", **more):
    data = {"enrolment": room.study.fresh(), "item": room.exam_item, "actor": room.lecturer}
    return enter_mark(**{**data, "points": Decimal(points), **more})


def send(client, path, body):
    answer = client.post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def api_marks(room):
    return reverse("api:item-marks", args=[room.enrolment.pk, room.exam_item.pk])


def test_a_lecturer_enters_a_mark_and_the_standing_follows(room, lecturer):
    learner_page = lecturer.get(reverse("teacher:learner", args=[room.training_class.pk, room.enrolment.pk])).text
    assert f'href="{marks_page(room)}"' in learner_page
    empty = lecturer.get(marks_page(room))
    assert (empty.status_code, "Chưa có điểm nào." in empty.text) == (200, True)
    typed = {"points": "7,25", "reason": "Phần thực hành", "seen": "0"}
    done = lecturer.post(marks_page(room), typed, follow=True)
    again = lecturer.post(marks_page(room), typed, follow=True)  # pressed twice
    assert [done.redirect_chain, again.redirect_chain] == [[(marks_page(room), 302)]] * 2
    assert "Đã nhập điểm. Học viên đã được báo." in done.text
    assert rows() == [(Decimal("7.25"), Decimal(10), "manual", "Phần thực hành", room.lecturer.pk, None)]
    assert room.study.fresh().score == Decimal("7.25")
    (entry,) = AuditEntry.objects.filter(action="gradebook.mark_entered")
    assert (entry.actor, entry.target, entry.data["points"], entry.data["reason"]) == (
        room.lecturer,
        f"enrolment:{room.enrolment.pk}",
        "7.25",
        "Phần thực hành",
    )
    (told,) = Notification.objects.all()
    assert (told.recipient, told.url, sentence(told.kind, told.params)) == (
        room.enrolment.learner,
        reverse("learner:class", args=[room.enrolment.pk]),
        f"Đồng chí có điểm của “{room.exam_item.title}”.",
    )


def test_the_office_finds_the_marks_from_its_own_page(room, client_as):
    page = reverse("office:learner", args=[room.enrolment.pk])
    offered = {
        name: marks_page(room) in client_as(getattr(room, name)).get(page).text for name in ("registrar", "auditor")
    }
    assert offered == {"registrar": True, "auditor": False}


def test_a_mark_that_somebody_else_gave_meanwhile_is_shown_first(room, lecturer, client_as):
    client_as(room.registrar).post(marks_page(room), {"points": "6", "seen": "0"})
    refused = lecturer.post(marks_page(room), {"points": "8,5", "reason": "Bài thi giấy", "seen": "0"})
    first = LedgerEntry.objects.get()
    assert (refused.status_code, refused.context["newest"], len(rows())) == (422, first.pk, 1)
    assert "Vừa có một điểm khác được nhập cho mục này." in refused.text
    assert ('value="8,5"' in refused.text, 'value="Bài thi giấy"' in refused.text) == (True, True)
    lecturer.post(marks_page(room), {"points": "8,5", "reason": "Bài thi giấy", "seen": str(first.pk)})
    assert [row[0] for row in rows()] == [Decimal(6), Decimal("8.5")]
    assert room.study.fresh().score == Decimal("8.5")  # the best counts


@pytest.mark.parametrize(("points", "said"), [("", "Hãy nhập điểm."), ("10,1", "10"), ("7,255", "2"), ("bảy", "số")])
def test_a_mark_that_cannot_be_is_refused_and_stays_typed(room, lecturer, points, said):
    refused = lecturer.post(marks_page(room), {"points": points, "reason": "Vấn đáp", "seen": "0"})
    assert (refused.status_code, LedgerEntry.objects.count()) == (422, 0)
    assert said in " ".join(refused.context["form"].errors["points"])
    assert ('value="Vấn đáp"' in refused.text, f'value="{points}"' in refused.text) == (True, True)


def test_a_correction_replaces_the_mark_and_says_why(room, lecturer):
    first = enter(room)
    assert f'href="{correction(room, first)}"' in lecturer.get(marks_page(room)).text
    assert lecturer.get(correction(room, first)).status_code == 200
    refused = lecturer.post(correction(room, first), {"points": "6,5", "reason": " "})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"reason": ["Hãy ghi lý do sửa điểm."]},
    )
    same = lecturer.post(correction(room, first), {"points": "4", "reason": "Nhầm"})
    assert (same.status_code, same.context["form"].errors) == (422, {"points": ["Điểm đang là điểm này."]})
    right = {"points": "6,5", "reason": "Cộng nhầm phần II"}
    answers = [lecturer.post(correction(room, first), right) for _twice in range(2)]
    assert [(one.status_code, one.url) for one in answers] == [(302, marks_page(room))] * 2
    assert rows() == [
        (Decimal(4), Decimal(10), "manual", "", room.lecturer.pk, None),
        (Decimal("6.5"), Decimal(10), "correction", "Cộng nhầm phần II", room.lecturer.pk, first.pk),
    ]
    assert room.study.fresh().score == Decimal("6.5")
    assert AuditEntry.objects.filter(action="gradebook.mark_corrected").count() == 1
    told = Notification.objects.get(kind="mark_corrected")
    assert sentence(told.kind, told.params) == (
        f"Điểm “{room.exam_item.title}” của đồng chí đã được sửa: Cộng nhầm phần II"
    )
    page = lecturer.get(marks_page(room)).text
    assert (f'href="{correction(room, first)}"' in page, "Đã thay" in page) == (False, True)
    assert lecturer.get(correction(room, first)).url == marks_page(room)


def test_of_two_corrections_the_second_is_told_and_keeps_its_words(room, lecturer, client_as):
    first = enter(room)
    client_as(room.registrar).post(correction(room, first), {"points": "5", "reason": "Theo biên bản"})
    late = lecturer.post(correction(room, first), {"points": "9", "reason": "Phúc khảo"}, follow=True)
    assert late.redirect_chain == [(marks_page(room), 302)]
    said = "Điểm này đã được sửa trước đó. Mời xem điểm mới hơn. Phần đồng chí nhập chưa lưu: 9, “Phúc khảo”."
    assert said in late.text
    assert [row[0] for row in rows()] == [Decimal(4), Decimal(5)]


def test_a_recognised_class_is_fixed(room, lecturer):
    first = enter(room)
    typed = {"points": "9", "reason": "Phúc khảo", "seen": str(first.pk)}
    TrainingClass.objects.filter(pk=room.training_class.pk).update(state="recognised")
    page = lecturer.get(marks_page(room)).text
    assert ('name="points"' in page, correction(room, first) in page) == (False, False)
    assert "Điểm của lớp này không thay đổi nữa." in page
    assert lecturer.get(correction(room, first)).url == marks_page(room)
    for path in (marks_page(room), correction(room, first)):
        refused = lecturer.post(path, typed, follow=True)
        assert "Lớp đã được công nhận: điểm không thay đổi nữa." in refused.text
    api = reverse("api:mark-correct", args=[room.enrolment.pk, room.exam_item.pk, first.pk])
    codes = [send(lecturer, path, {"points": "9", "reason": "x"})[1]["code"] for path in (api_marks(room), api)]
    assert (codes, len(rows())) == (["class_recognised"] * 2, 1)


def test_nobody_gives_the_own_mark(room, client_as):
    both = make_user("Ngô Văn Hai")
    ClassStaff.objects.create(training_class=room.training_class, user=both)
    own = make_enrolment(room.training_class, both)
    client = client_as(both)
    assert client.post(marks_page(room, own), {"points": "10", "seen": "0"}).status_code == 404
    path = reverse("api:item-marks", args=[own.pk, room.exam_item.pk])
    assert send(client, path, {"points": "10"})[0] == 404
    with pytest.raises(DomainError) as refused:
        enter(room, enrolment=own, actor=both)
    assert (refused.value.code, rows()) == ("own_mark", [])


@pytest.mark.parametrize("who", ["anonymous", "learner", "stranger", "other_lecturer", "auditor"])
def test_a_denied_act_changes_nothing(room, client_as, who):
    people = {
        "anonymous": None,
        "learner": room.enrolment.learner,
        "stranger": make_user(),
        "other_lecturer": make_user(),
        "auditor": room.auditor,
    }
    make_class(lecturers=[people["other_lecturer"]])
    first = enter(room)
    client = client_as(people[who])
    before = AuditEntry.objects.count()
    api = reverse("api:mark-correct", args=[room.enrolment.pk, room.exam_item.pk, first.pk])
    typed = {"points": "9", "reason": "Phúc khảo", "seen": str(first.pk)}
    answers = [
        client.post(marks_page(room), typed).status_code,
        client.post(correction(room, first), typed).status_code,
        send(client, api_marks(room), {"points": "9", "seen": first.pk})[0],
        send(client, api, {"points": "9", "reason": "x"})[0],
    ]
    assert answers == ([302, 302, 401, 401] if who == "anonymous" else [404] * 4)
    assert (len(rows()), AuditEntry.objects.count()) == (1, before)


def test_an_auditor_reads_the_marks_without_a_form(room, client_as):
    first = enter(room)
    page = client_as(room.auditor).get(marks_page(room))
    assert (page.status_code, 'name="points"' in page.text, correction(room, first) in page.text) == (200, False, False)


def test_marks_are_of_tests_and_essays_of_the_class_alone(room, lecturer):
    lesson = room.study.items("lesson")[0]
    foreign = make_enrolment()
    other_item = EditionItem.objects.exclude(edition=room.study.edition).first()
    paths = [marks_page(room, item=lesson), marks_page(room, foreign)]
    paths += [marks_page(room, item=other_item)] if other_item else []
    assert {lecturer.get(path).status_code for path in paths} == {404}
    first = enter(room)
    wrong = reverse("teacher:mark-correct", args=[room.training_class.pk, room.enrolment.pk, room.exam_item.pk, 0])
    other = make_enrolment(room.training_class)
    elsewhere = reverse("teacher:mark-correct", args=[room.training_class.pk, other.pk, room.exam_item.pk, first.pk])
    assert {lecturer.get(path).status_code for path in (wrong, elsewhere)} == {404}


def test_a_self_check_has_no_mark_by_hand(room, lecturer):
    check = make_exam(room.study.unit, purpose=ExamPurpose.SELF_CHECK)
    item = EditionItem.objects.create(
        edition=room.study.edition,
        module=room.study.edition.modules.first(),
        position=99,
        kind="exam",
        title="Tự kiểm tra",
        exam=check,
        set_number=freeze_papers(exam=check),
    )
    learner = lecturer.get(reverse("teacher:learner", args=[room.training_class.pk, room.enrolment.pk])).text
    assert ("Tự kiểm tra" in learner, marks_page(room) in learner, marks_page(room, item=item) in learner) == (
        True,
        True,
        False,
    )
    assert lecturer.get(marks_page(room, item=item)).status_code == 404
    with pytest.raises(DomainError) as refused:
        enter(room, item=item)
    assert refused.value.code == "no_mark"


def test_the_list_costs_the_same_for_one_and_three(room, lecturer):
    entry, counts = enter(room), []
    for further in (0, 2):
        for number in range(further):
            entry = correct_mark(entry=entry, points=Decimal(5 + number), reason="Lần nữa", actor=room.registrar)
        for path in (marks_page(room), api_marks(room)):
            lecturer.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert lecturer.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_programs_enter_correct_and_read(room, lecturer):
    status, made = send(lecturer, api_marks(room), {"points": "4.5", "reason": "Bài thi giấy"})
    again = send(lecturer, api_marks(room), {"points": "4.5", "reason": "Bài thi giấy"})
    mark = {
        "id": LedgerEntry.objects.get().pk,
        "points": 4.5,
        "out_of": 10.0,
        "mark": 4.5,
        "source": "manual",
        "reason": "Bài thi giấy",
        "by": "Lê Văn Giảng",
        "at": made["at"],
        "replaces": None,
        "in_force": True,
    }
    assert (status, made, again) == (201, mark, (201, mark))
    assert send(lecturer, api_marks(room), {"points": "5"})[1]["code"] == "changed_meanwhile"
    assert send(lecturer, api_marks(room), {"points": "11"})[0] == 400
    path = reverse("api:mark-correct", args=[room.enrolment.pk, room.exam_item.pk, mark["id"]])
    assert send(lecturer, path, {"points": "6", "reason": ""})[0] == 400
    assert send(lecturer, path, {"points": "11", "reason": "x"})[1]["code"] == "invalid_mark"
    corrected = send(lecturer, path, {"points": "6", "reason": "Cộng nhầm"})
    assert (corrected[0], corrected[1]["replaces"], corrected[1]["mark"]) == (201, mark["id"], 6.0)
    assert send(lecturer, path, {"points": "7", "reason": "Lần nữa"})[1]["code"] == "already_replaced"
    assert lecturer.get(api_marks(room)).json() == {"marks": [mark | {"in_force": False}, corrected[1]]}
    assert room.study.fresh().score == Decimal(6)
