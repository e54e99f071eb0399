"""Whatever is done in whatever order: the standing is the one that the facts give."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.attendance.services import mark_attendance
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.classes.services import timetable
from lms.classes.services.classes import close_class, reopen_class
from lms.classes.services.enrolments import enrol, withdraw
from lms.classes.services.tallies import recount
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.completion.facts import outcome_of
from lms.completion.services import open_item, record_progress
from lms.completion.services.marks import correct_mark, enter_mark
from lms.completion.services.standings import refresh_standing
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, Response
from lms.exams.services import invigilation
from lms.exams.services.attempts import submit
from lms.exams.services.starting import start_for_enrolment
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.queries import read_deeds_and_plan
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.quizzes import right_answer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WHICH = st.integers(0, 1)
ACTS = st.one_of(
    st.tuples(st.just("open"), WHICH),
    st.tuples(st.just("read"), WHICH),
    st.tuples(st.just("start")),
    st.tuples(st.just("hand_in"), st.integers(0, 5)),
    st.tuples(st.just("annul")),
    st.tuples(st.just("reopen_attempt")),
    st.tuples(st.just("mark"), st.integers(0, 10)),
    st.tuples(st.just("correct"), st.integers(0, 10)),
    st.tuples(st.just("attend"), WHICH, st.sampled_from(["present", "late", "absent", None])),
    st.tuples(st.just("close")),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("come_back")),
    st.tuples(st.just("add_session")),
    st.tuples(st.just("edit_session"), WHICH, st.integers(1, 8)),
    st.tuples(st.just("remove_session"), WHICH),
)


ATTENDED = st.one_of(
    st.tuples(st.just("attend"), WHICH, st.sampled_from(["present", "absent", None])),
    st.tuples(st.just("add_session")),
    st.tuples(st.just("edit_session"), WHICH, st.integers(1, 8)),
    st.tuples(st.just("remove_session"), WHICH),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("come_back")),
)


class Desk:
    """Does acts on one learner of one class, as the learner, the lecturer and the office would."""

    def __init__(self, *, alone: bool) -> None:
        """Open a class; ``alone``: attendance alone completes it."""
        if alone:
            self.study = make_study(sessions=2, exam=False, lesson_fields={"required": False})
        else:
            self.study = make_study(sessions=2, exam_fields={"max_attempts": 3})
            self.test = self.study.items("exam")[0]
            self.essay = EditionItem.objects.create(
                edition=self.study.edition,
                module=self.study.edition.modules.get(),
                position=9,
                kind=ItemKind.ESSAY,
                title="Bài thu hoạch",
                counts=True,
            )
        self.actor = make_user()
        self.lessons = self.study.items("lesson")
        self.training_class = self.study.training_class
        refresh_standing(enrolment_id=self.study.enrolment.pk)  # the factory says nothing of the next item

    def do(self, name, *details) -> None:
        """Do one act; one that is refused changes nothing."""
        try:
            with transaction.atomic():
                getattr(self, name)(*details)
        except DomainError:
            pass  # refused in words, as on the screen: nothing may have changed

    def attempts(self, *states):
        return Attempt.objects.filter(enrolment=self.study.enrolment, state__in=states).order_by("-number").first()

    def open(self, which) -> None:
        open_item(enrolment=self.study.fresh(), item_id=self.lessons[which].pk)

    def read(self, which) -> None:
        lesson = self.lessons[which]
        record_progress(enrolment=self.study.fresh(), item_id=lesson.pk, position=1, seconds=60, completed=True)

    def start(self) -> None:
        start_for_enrolment(enrolment=self.study.fresh(), item_id=self.test.pk, user=self.study.learner)

    def hand_in(self, right) -> None:
        if attempt := self.attempts(AttemptState.OPEN):
            Response.objects.filter(attempt=attempt).delete()
            Response.objects.bulk_create(
                Response(attempt=attempt, slot=slot, answer=right_answer(attempt, slot), seq=1, saved_at=now())
                for slot in range(1, right + 1)
            )
            submit(attempt=attempt)

    def annul(self) -> None:
        if attempt := self.attempts(AttemptState.OPEN, AttemptState.SUBMITTED):
            invigilation.annul(attempt=attempt, reason="Dùng tài liệu", actor=self.actor)

    def reopen_attempt(self) -> None:
        if attempt := self.attempts(AttemptState.SUBMITTED):
            until = now() + dt.timedelta(hours=1)
            invigilation.reopen(attempt=attempt, until=until, reason="Mất điện", actor=self.actor)

    def mark(self, points) -> None:
        enter_mark(enrolment=self.study.fresh(), item=self.essay, points=Decimal(points), actor=self.actor)

    def correct(self, points) -> None:
        last = LedgerEntry.objects.exclude(source=LedgerSource.VOID).filter(replaced_by=None, item=self.essay).last()
        if last:
            correct_mark(entry=last, points=Decimal(points), reason="Cộng nhầm", actor=self.actor)

    def attend(self, which, presence) -> None:
        if session := self.session(which):
            mark_attendance(session=session, marks={self.study.enrolment.pk: presence}, actor=self.actor)

    def close(self) -> None:
        close_class(training_class=self.training_class, actor=self.actor)

    def reopen(self) -> None:
        reopen_class(training_class=self.training_class, actor=self.actor, key_known=True)

    def withdraw(self) -> None:
        withdraw(enrolment=self.study.fresh(), actor=self.actor, reason="Đi công tác")

    def come_back(self) -> None:
        enrol(training_class=self.training_class, learner=self.study.learner, actor=self.study.learner)

    def session(self, which):
        found = list(self.training_class.sessions.select_related("training_class").order_by("pk"))
        return found[which] if which < len(found) else None

    def plan(self, periods, item=None):
        start = now()
        return timetable.PlannedSession(
            start, start + dt.timedelta(hours=3), item_id=item, title="Buổi thêm", periods=periods
        )

    def add_session(self) -> None:
        timetable.add_session(training_class=self.training_class, plan=self.plan(2), actor=self.actor)

    def edit_session(self, which, periods) -> None:
        if session := self.session(which):
            plan = self.plan(periods, session.item_id if periods % 2 else None)
            timetable.edit_session(session=session, plan=plan, actor=self.actor)

    def remove_session(self, which) -> None:
        if session := self.session(which):
            timetable.remove_session(session=session, actor=self.actor)


def kept(enrolment: Enrolment) -> tuple:
    kinds = {kind for kind in ("theory", "professional") if getattr(enrolment, f"{kind}_done")}
    return (enrolment.status, enrolment.percent, enrolment.score, enrolment.band, enrolment.next_item_id, kinds)


def computed(enrolment: Enrolment, kinds_before: set[str]) -> tuple:
    """Return what the facts give; parts of a programme that were done once stay done."""
    outcome = outcome_of(enrolment, *read_deeds_and_plan(enrolment))
    kinds = kinds_before | outcome.kinds_done
    return (outcome.status, outcome.percent, outcome.score, outcome.band, outcome.next_item_id, kinds)


@pytest.mark.parametrize("acts_of", [ACTS, ATTENDED], ids=["all", "attendance and timetable"])
def test_after_every_act_the_standing_is_the_one_that_the_facts_give(acts_of):
    desk = Desk(alone=acts_of is ATTENDED)

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(acts_of, min_size=1, max_size=12))
    def act(acts):
        with transaction.atomic():
            kinds: set[str] = set()
            for name, *details in acts:
                desk.do(name, *details)
                desk.training_class.refresh_from_db()
                enrolment = desk.study.fresh()
                assert desk.training_class.state in (ClassState.OPEN, ClassState.CLOSED)
                if enrolment.status != EnrolmentStatus.WITHDRAWN:
                    expected = computed(enrolment, kinds)
                    assert kept(enrolment) == expected, (name, details)
                    kinds = expected[-1]
            assert recount() == []
            transaction.set_rollback(True)
        desk.training_class.refresh_from_db()

    act()
