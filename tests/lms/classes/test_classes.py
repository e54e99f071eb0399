import datetime as dt

import pytest

from lms.audit.models import AuditEntry
from lms.audit.services import verify
from lms.classes.enums import ClassState, StaffRole
from lms.classes.errors import ClassInvalidError, ClassNameTakenError, ClassStateError
from lms.classes.models import TrainingClass
from lms.classes.services import classes, staff, timetable
from lms.classes.signals import class_recognised
from lms.common.clock import now
from tests.factories.classes import make_class, make_enrolment, make_session
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_edition

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": dt.date(2026, 12, 1), "ends_on": dt.date(2026, 12, 5)}


@pytest.fixture
def unit():
    return make_unit(name="Trung tâm chính trị Tân Lập")


@pytest.fixture
def edition(unit):
    return make_edition(unit=unit, sessions=["Buổi 1", "Buổi 2", "Buổi 3"])


def at(day, hour):
    return dt.datetime(2026, 12, day, hour, tzinfo=dt.UTC)


def test_a_class_is_opened_with_staff_sessions_and_dates(unit, edition, settings):
    settings.SEN_CLASS_MIN_LEARNERS = 25
    actor, homeroom, lecturer = make_user(), make_user(), make_user()
    session, lesson = edition.items.get(title="Buổi 1"), edition.items.get(title="Bài 1")
    opened = classes.open_class(
        edition=edition,
        unit=unit,
        name="  Lớp   đảng viên mới ",
        actor=actor,
        opening_decision="45-QĐ/TTCT",
        opening_decided_on=dt.date(2026, 11, 20),
        capacity=60,
        homeroom=homeroom,
        lecturers=[lecturer],
        schedule=timetable.Schedule(
            sessions=[timetable.PlannedSession(at(1, 1), at(1, 4), item_id=session.pk)],
            items=[timetable.ItemDates(lesson.pk, due_at=at(4, 10))],
        ),
        **DAYS,
    )
    made = opened.training_class
    assert (made.name, made.state, made.year) == ("Lớp đảng viên mới", "open", 2026)
    assert sorted(made.staff.values_list("user_id", "role")) == sorted(
        [(homeroom.pk, "homeroom"), (lecturer.pk, "lecturer")]
    )
    assert list(made.sessions.values_list("title", "periods", "item_id")) == [("Buổi 1", 4, session.pk)]
    assert list(made.items.values_list("item_id", "opens_at", "due_at")) == [(lesson.pk, None, at(4, 10))]
    assert len(opened.warnings) == 1
    assert "25" in opened.warnings[0]
    entries = AuditEntry.objects.filter(stream=f"class:{made.pk}")
    assert [(entry.action, entry.actor) for entry in entries] == [("classes.class_opened", actor)]
    assert verify(f"class:{made.pk}") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"capacity": 0}, "capacity"), ({"ends_on": dt.date(2026, 11, 30)}, "ends_on")],
)
def test_what_cannot_be_opened(unit, edition, wrong, field):
    with pytest.raises(ClassInvalidError) as refused:
        classes.open_class(**({"edition": edition, "unit": unit, "name": "A", "actor": None} | DAYS | wrong))
    assert list(refused.value.fields) == [field]
    assert not TrainingClass.objects.exists()


def test_a_name_is_given_once_in_a_unit_and_year(unit, edition):
    facts = {"edition": edition, "unit": unit, "name": "Lớp 1", "actor": None}
    first = classes.open_class(**facts, **DAYS).training_class
    with pytest.raises(ClassNameTakenError):
        classes.open_class(**facts, **DAYS)
    with pytest.raises(ClassInvalidError):
        classes.open_class(
            **facts | {"name": "Lớp 2"},
            **DAYS,
            schedule=timetable.Schedule(items=[timetable.ItemDates(999999, due_at=at(2, 2))]),
        )
    assert list(TrainingClass.objects.all()) == [first]


ACTS = {
    "start": (classes.start_class, {}),
    "close": (classes.close_class, {}),
    "reopen": (classes.reopen_class, {}),
    "cancel": (classes.cancel_class, {}),
    "recognise": (classes.recognise_class, {"decision": "9-QĐ", "on": dt.date(2026, 12, 6)}),
}
MOVES = {
    ("planned", "start"): "open",
    ("planned", "cancel"): "cancelled",
    ("open", "close"): "closed",
    ("open", "cancel"): "cancelled",
    ("closed", "reopen"): "open",
    ("closed", "recognise"): "recognised",
}


@pytest.mark.parametrize("state", ClassState.values)
@pytest.mark.parametrize("act", ACTS)
def test_every_move_between_states(unit, edition, state, act):
    training_class = make_class(unit, edition, state=state, **DAYS)
    service, arguments = ACTS[act]
    target = MOVES.get((state, act))
    if target is None:
        with pytest.raises(ClassStateError):
            service(training_class=training_class, actor=None, **arguments)
    else:
        service(training_class=training_class, actor=None, **arguments)
    assert TrainingClass.objects.get().state == (target or state)
    assert AuditEntry.objects.filter(stream=f"class:{training_class.pk}").count() == (1 if target else 0)


def test_of_two_who_act_on_old_copies_only_the_first_succeeds(unit, edition):
    training_class = make_class(unit, edition)
    stale = TrainingClass.objects.get(pk=training_class.pk)
    classes.close_class(training_class=training_class, actor=None)
    with pytest.raises(ClassStateError):
        classes.close_class(training_class=stale, actor=None)


def test_recognition_is_told_and_needs_a_decision(unit, edition):
    training_class = make_class(unit, edition, state="closed", **DAYS)
    told = []

    def listen(sender, training_class, actor, **kwargs):
        told.append((training_class.pk, training_class.state, training_class.recognition_decision))

    class_recognised.connect(listen)
    try:
        for wrong in ({"decision": "  ", "on": dt.date(2026, 12, 6)}, {"decision": "9-QĐ", "on": dt.date(2026, 1, 1)}):
            with pytest.raises(ClassInvalidError):
                classes.recognise_class(training_class=training_class, actor=None, **wrong)
        classes.recognise_class(training_class=training_class, actor=None, decision=" 9-QĐ ", on=dt.date(2026, 12, 6))
    finally:
        class_recognised.disconnect(listen)
    assert told == [(training_class.pk, "recognised", "9-QĐ")]


def test_editing_records_what_changed_and_keeps_the_capacity_above_the_learners(unit, edition):
    training_class = make_class(unit, edition, name="Cũ", capacity=50, **DAYS)
    make_enrolment(training_class)
    make_enrolment(training_class)
    edited = classes.edit_class(training_class=training_class, actor=None, name="Mới", capacity=2)
    assert (edited.name, edited.capacity) == ("Mới", 2)
    assert AuditEntry.objects.get(action="classes.class_edited").data == {"name": ["Cũ", "Mới"], "capacity": [50, 2]}
    with pytest.raises(ClassInvalidError):
        classes.edit_class(training_class=training_class, actor=None, capacity=1)
    classes.edit_class(training_class=training_class, actor=None, name="Mới")
    assert AuditEntry.objects.filter(action="classes.class_edited").count() == 1
    assert list(TrainingClass.objects.named_like("MOI")) == [training_class]
    TrainingClass.objects.update(state="recognised")
    with pytest.raises(ClassStateError):
        classes.edit_class(training_class=training_class, actor=None, name="Khác")


def test_staff_are_exactly_those_named(unit, edition):
    training_class = make_class(unit, edition)
    one, two, closed = make_user(), make_user(), make_user(is_active=False)
    training_class.staff.create(user=one, role=StaffRole.REGISTRAR)  # whoever set the class up; staff are named without
    staff.set_staff(training_class=training_class, actor=None, homeroom=one, lecturers=[one, two])
    staff.set_staff(training_class=training_class, actor=None, homeroom=two, lecturers=[one, two])
    assert sorted(training_class.staff.values_list("role", "user_id")) == sorted(
        [("homeroom", two.pk), ("lecturer", one.pk), ("lecturer", two.pk), ("registrar", one.pk)]
    )
    staff.set_staff(training_class=training_class, actor=one, lecturers=[two])
    assert sorted(training_class.staff.values_list("role", "user_id")) == [("lecturer", two.pk), ("registrar", one.pk)]
    staff.set_staff(training_class=training_class, actor=one, lecturers=[two])
    assert AuditEntry.objects.filter(action="classes.staff_changed", actor=one).count() == 1
    with pytest.raises(ClassInvalidError):
        staff.set_staff(training_class=training_class, actor=one, lecturers=[closed])
    assert training_class.staff.count() == 2


def test_proposed_sessions_fill_half_days_and_rest_on_sunday(unit, edition):
    saturday = dt.date(2026, 12, 5)
    training_class = make_class(unit, edition, starts_on=saturday, ends_on=dt.date(2026, 12, 12))
    plans = timetable.propose_sessions(training_class)
    starts = [plan.starts_at.strftime("%d %H:%M") for plan in plans]
    assert starts == ["05 07:30", "05 13:30", "07 07:30"]
    assert timetable.add_sessions(training_class=training_class, plans=plans, actor=None) == 3
    assert timetable.add_sessions(training_class=training_class, plans=plans, actor=None) == 0


def test_sessions_and_dates_are_checked(unit, edition):
    training_class = make_class(unit, edition)
    foreign = make_edition(unit=unit).items.first()
    bad_plans = [
        timetable.PlannedSession(at(1, 4), at(1, 4), title="A"),
        timetable.PlannedSession(at(1, 1), at(1, 4)),
        timetable.PlannedSession(at(1, 1), at(1, 4), item_id=foreign.pk),
    ]
    for plan in bad_plans:
        with pytest.raises(ClassInvalidError):
            timetable.add_session(training_class=training_class, plan=plan, actor=None)
    item = edition.items.first()
    for dates in (timetable.ItemDates(foreign.pk, at(1, 1)), timetable.ItemDates(item.pk, at(2, 1), at(1, 1))):
        with pytest.raises(ClassInvalidError):
            timetable.set_item_dates(training_class=training_class, dates=dates, actor=None)
    timetable.set_item_dates(training_class=training_class, dates=timetable.ItemDates(item.pk, at(1, 1)), actor=None)
    assert training_class.items.get().opens_at == at(1, 1)
    timetable.set_item_dates(training_class=training_class, dates=timetable.ItemDates(item.pk), actor=None)
    assert (training_class.items.count(), training_class.sessions.count()) == (0, 0)


def test_a_session_keeps_its_row_when_edited(unit, edition):
    session = make_session(make_class(unit, edition), starts_at=now())
    plan = timetable.PlannedSession(at(1, 1), at(1, 4), title="Khai giảng", periods=2)
    edited = timetable.edit_session(session=session, plan=plan, actor=None)
    assert (edited.pk, edited.title, edited.periods) == (session.pk, "Khai giảng", 2)
    timetable.remove_session(session=edited, actor=None)
    assert session.training_class.sessions.count() == 0
