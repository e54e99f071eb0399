import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.attendance.models import AttendanceRecord
from lms.attendance.queries import attended_periods, class_periods
from lms.attendance.services import mark_attendance
from lms.audit.models import AuditEntry
from lms.classes.models import TrainingClass
from lms.common.errors import DomainError
from lms.exams.services.starting import start_for_enrolment
from lms.progress.models import ItemProgress
from tests.factories.classes import make_enrolment, tally_of
from tests.factories.learning import make_study
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_attendance_alone_completes_at_the_share():
    """Five sessions of four periods: 80 % are sixteen."""
    study = make_study(exam=False, sessions=5, lesson_fields={"required": False})
    actor = make_user()
    seen = []
    for session in study.sessions[:4]:
        mark_attendance(session=session, marks={study.enrolment.pk: "present"}, actor=actor)
        enrolment = study.fresh()
        seen.append((enrolment.status, enrolment.percent, enrolment.score, enrolment.band))
    assert seen == [("in_progress", percent, None, "") for percent in (20, 40, 60)] + [("completed", 100, None, "")]
    assert (attended_periods([study.enrolment.pk]), class_periods(study.training_class.pk)) == (
        {study.enrolment.pk: 16},
        (16, 20),
    )
    assert tally_of(study.training_class) == {"completed": 1, "theory_done": 1}


def test_marks_are_credited_changed_and_taken_back():
    study = make_study(exam=False, sessions=2)
    session, item = study.sessions[0], study.items("session")[0]
    second, third = study.another(), study.another()
    actor = make_user()
    marks = {study.enrolment.pk: "present", second.pk: "late", third.pk: "excused"}
    assert mark_attendance(session=session, marks=marks, actor=actor) == 3
    assert mark_attendance(session=session, marks=marks, actor=actor) == 0
    rows = AttendanceRecord.objects.order_by("enrolment_id").values_list("enrolment_id", "presence", "periods")
    assert list(rows.all()) == [(study.enrolment.pk, "present", 4), (second.pk, "late", 4), (third.pk, "excused", 0)]
    done = ItemProgress.objects.filter(item=item).order_by("enrolment_id").values_list("enrolment_id", "state")
    assert list(done.all()) == [(study.enrolment.pk, "done"), (second.pk, "done")]
    assert mark_attendance(session=session, marks={study.enrolment.pk: None, second.pk: "absent"}, actor=actor) == 2
    assert list(rows.all()) == [(second.pk, "absent", 0), (third.pk, "excused", 0)]
    assert list(done.all()) == []
    assert tally_of(study.training_class) == {"enrolled": 3}
    entries = AuditEntry.objects.filter(action="attendance.marked").order_by("number").values_list("data", flat=True)
    assert list(entries) == [
        {"marks": {str(pk): [None, presence] for pk, presence in marks.items()}},
        {"marks": {str(study.enrolment.pk): ["present", None], str(second.pk): ["late", "absent"]}},
    ]


@pytest.mark.parametrize(
    ("prepare", "marks", "code"),
    [
        (lambda study: None, lambda study: {make_enrolment().pk: "present"}, "foreign_enrolment"),
        (lambda study: None, lambda study: {study.enrolment.pk: "maybe"}, "invalid_presence"),
        (
            lambda study: TrainingClass.objects.update(state="recognised"),
            lambda study: {study.enrolment.pk: "present"},
            "class_recognised",
        ),
        (
            lambda study: TrainingClass.objects.update(state="cancelled"),
            lambda study: {study.enrolment.pk: "present"},
            "class_cancelled",
        ),
    ],
)
def test_what_cannot_be_marked(prepare, marks, code):
    study = make_study(exam=False, sessions=1)
    prepare(study)
    session = study.sessions[0]
    session.training_class.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        mark_attendance(session=session, marks=marks(study), actor=make_user())
    assert (refused.value.code, AttendanceRecord.objects.count()) == (code, 0)


def test_who_attended_too_little_may_not_sit_the_final():
    study = make_study(sessions=2)
    test = study.items("exam")[0]
    other = study.another()
    mark_attendance(
        session=study.sessions[0], marks={study.enrolment.pk: "absent", other.pk: "present"}, actor=make_user()
    )
    with pytest.raises(DomainError) as refused:
        start_for_enrolment(enrolment=study.fresh(), item_id=test.pk, user=study.learner)
    assert refused.value.code == "attendance_short"
    assert start_for_enrolment(enrolment=other, item_id=test.pk, user=other.learner).number == 1


def test_a_hall_is_marked_in_a_number_of_reads_that_does_not_grow():
    counts = []
    for size in (1, 3):
        study = make_study(exam=False, sessions=4)
        marks = {study.enrolment.pk: "present"} | {study.another().pk: "present" for _more in range(size - 1)}
        with CaptureQueriesContext(connection) as captured:
            mark_attendance(session=study.sessions[0], marks=marks, actor=study.learner)
        counts.append(sum(query["sql"].startswith(("SELECT", "(SELECT")) for query in captured))
    assert counts[0] == counts[1]
