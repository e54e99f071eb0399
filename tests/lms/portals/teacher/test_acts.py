"""Taking attendance and writing to learners: by those who may, and nothing by those who may not."""

import uuid

import pytest
from django.urls import reverse

from lms.attendance.models import AttendanceRecord
from lms.audit.models import AuditEntry
from lms.classes.models import TrainingClass
from lms.notifications.models import Notification
from tests.factories.classes import make_class, make_enrolment, make_session
from tests.factories.people import make_user


def sheet(room):
    return reverse("teacher:attendance-sheet", args=[room.training_class.pk, room.session.pk])


def undo(room):
    return reverse("teacher:attendance-undo", args=[room.training_class.pk, room.session.pk])


def letters(room):
    return reverse("teacher:messages", args=[room.training_class.pk])


def records():
    return dict(AttendanceRecord.objects.values_list("enrolment_id", "presence"))


def letter(*enrolments, **more):
    return {"text": "Mời học tiếp.", "token": str(uuid.uuid4()), "learner": [one.pk for one in enrolments], **more}


def test_marks_are_saved_and_taken_back(room, lecturer):
    other = room.study.another()
    lecturer.post(sheet(room), {f"m-{room.enrolment.pk}": "present"})
    lecturer.post(sheet(room), {f"m-{room.enrolment.pk}": "absent", f"m-{other.pk}": "late"})
    assert records() == {room.enrolment.pk: "absent", other.pk: "late"}
    assert lecturer.get(sheet(room)).context["undo"] == 2
    lecturer.post(undo(room))
    assert records() == {room.enrolment.pk: "present"}
    lecturer.post(undo(room))  # once only
    assert records() == {room.enrolment.pk: "present"}


def test_undo_leaves_what_somebody_else_changed(room, lecturer, client_as):
    other = room.study.another()
    lecturer.post(sheet(room), {"act": "mark:present"})
    client_as(room.registrar).post(sheet(room), {f"m-{other.pk}": "excused"})
    lecturer.post(undo(room))
    assert records() == {other.pk: "excused"}


def test_one_button_marks_everybody(room, lecturer):
    other = room.study.another()
    make_enrolment(room.training_class, status="withdrawn")
    response = lecturer.post(sheet(room), {"act": "mark:present"}, follow=True)
    assert records() == {room.enrolment.pk: "present", other.pk: "present"}
    assert "Đã lưu điểm danh 2 học viên." in response.text


def test_nonsense_is_no_mark(room, lecturer):
    foreign = make_enrolment()
    lecturer.post(sheet(room), {f"m-{room.enrolment.pk}": "asleep", f"m-{foreign.pk}": "present", "m-x": "present"})
    assert records() == {}


def test_a_recognised_class_is_fixed(room, lecturer):
    TrainingClass.objects.filter(pk=room.training_class.pk).update(state="recognised")
    response = lecturer.post(sheet(room), {"act": "mark:present"}, follow=True)
    assert records() == {}
    assert 'type="radio"' in response.text
    assert 'name="act"' not in response.text


def test_a_session_belongs_to_its_class(room, lecturer):
    foreign = make_session(make_class())
    path = reverse("teacher:attendance-sheet", args=[room.training_class.pk, foreign.pk])
    assert (lecturer.get(path).status_code, lecturer.post(path, {"act": "mark:present"}).status_code) == (404, 404)


def test_a_message_goes_out_once(room, lecturer):
    other = room.study.another()
    data = letter(room.enrolment, other)
    first = lecturer.post(letters(room), data, follow=True)
    lecturer.post(letters(room), data)
    assert "Đã gửi lời nhắn đến 2 học viên." in first.text
    assert sorted(Notification.objects.values_list("recipient_id", flat=True)) == sorted(
        [room.enrolment.learner_id, other.learner_id]
    )


@pytest.mark.parametrize("broken", [{"text": ""}, {"learner": []}, {"token": "x"}])
def test_a_message_that_cannot_go_keeps_its_text(room, lecturer, broken):
    response = lecturer.post(letters(room), letter(room.enrolment, **broken))
    assert (response.status_code, Notification.objects.count()) == (422, 0)
    assert ("Mời học tiếp." in response.text) == ("text" not in broken)


def test_the_form_begins_with_those_behind(room, lecturer):
    response = lecturer.get(letters(room) + "?to=behind")
    assert response.context["found"].enrolments == []
    response = lecturer.get(letters(room) + f"?learner={room.enrolment.pk}&learner=x")
    assert response.context["found"].enrolments == [room.enrolment]
    assert "Kính gửi đồng chí" in response.text


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
    client = client_as(people[who])
    before = AuditEntry.objects.count()
    answers = [
        client.post(sheet(room), {"act": "mark:present"}).status_code,
        client.post(undo(room)).status_code,
        client.post(letters(room), letter(room.enrolment)).status_code,
    ]
    assert answers == [302 if who == "anonymous" else 404] * 3
    assert (records(), Notification.objects.count(), AuditEntry.objects.count()) == ({}, 0, before)


def test_an_auditor_reads_and_is_offered_no_act(room, client_as):
    client = client_as(room.auditor)
    page = client.get(reverse("teacher:class", args=[room.training_class.pk])).text
    assert "Trần Thị Học" in page
    assert letters(room) not in page
    assert 'name="act"' not in client.get(sheet(room)).text


def test_the_office_of_the_unit_may_act(room, client_as):
    client = client_as(room.registrar)
    assert client.post(sheet(room), {"act": "mark:late"}).status_code == 302
    assert client.post(letters(room), letter(room.enrolment)).status_code == 302
    assert (records(), Notification.objects.count()) == ({room.enrolment.pk: "late"}, 1)
