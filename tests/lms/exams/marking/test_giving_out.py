"""Who is given which answer to mark: passing on, rounds, what joins and what leaves the queue."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lms.exams.errors import MarkingError
from lms.exams.models import Attempt, Marking, MarkingSession, Script
from lms.exams.queries import review
from lms.exams.queries.marking import next_marking, queue_of, sealed_slots
from lms.exams.services.attempts import submit
from lms.exams.services.marking.release import release, what_waits
from lms.exams.services.marking.sessions import add_marker, gather, reassign, remove_marker
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft
from lms.exams.services.regrading import carry_out
from quizzes.enums import CorrectionRule, Review
from tests.factories.marking import make_essay_exam, make_marking, make_written, mark, write_essays
from tests.factories.people import make_user
from tests.factories.quizzes import make_attempt
from tests.lms.exams.marking.helpers import FULL, fresh, markings_of, written

pytestmark = pytest.mark.django_db


def test_work_is_passed_on():
    exam, _attempts = written(4)
    giver, taker, stranger = make_user(), make_user(), make_user()
    session = make_marking(exam, [giver])
    mark(markings_of(giver)[0], *FULL)
    begun = markings_of(giver)[1]
    save_draft(marking=begun, draft=MarkingDraft({"1": "1"}), version=0)
    with pytest.raises(MarkingError):
        reassign(session=session, giver=giver, taker=stranger, actor=giver)
    add_marker(session=session, user=taker, actor=giver)
    assert reassign(session=session, giver=giver, taker=taker, actor=giver) == (2, 0)
    assert (len(markings_of(giver)), len(markings_of(taker))) == (2, 2)
    with pytest.raises(MarkingError) as error:
        remove_marker(session=session, user=giver, actor=taker)
    assert error.value.code == "waiting"
    assert reassign(session=session, giver=giver, taker=taker, actor=giver, drafts=True) == (1, 0)
    assert (fresh(begun).state, fresh(begun).points, fresh(begun).marker) == ("waiting", {}, taker)
    with pytest.raises(MarkingError) as error:
        save_draft(marking=begun, draft=MarkingDraft({"1": "2"}), version=1)
    assert error.value.code == "passed_on"
    remove_marker(session=session, user=giver, actor=taker)
    assert markings_of(giver) == []
    with pytest.raises(MarkingError):
        remove_marker(session=session, user=taker, actor=taker)


def test_the_two_rounds_cannot_come_to_one_person():
    exam, _attempts = written(2)
    one, other = make_user(), make_user()
    session = make_marking(exam, [one, other], rounds=2)
    assert reassign(session=session, giver=one, taker=other, actor=one) == (0, 2)
    script = Script.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        script.markings.filter(marker=one).update(marker=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Script.objects.create(
            session=session, attempt=script.attempt, slot=script.slot, version=script.version, code=9999,
            worth=1, handed_in_at=script.handed_in_at,
        )  # fmt: skip


@pytest.mark.parametrize(("rounds", "people"), [(1, 0), (2, 1)])
def test_too_few_markers(rounds, people):
    exam, _attempts = written(1)
    with pytest.raises(MarkingError) as error:
        make_marking(exam, [make_user() for _ in range(people)], rounds=rounds)
    assert error.value.code == "markers"
    assert not MarkingSession.objects.exists()


def test_the_marking_of_an_exam_is_given_out_once():
    exam, _attempts = written(1)
    make_marking(exam, [make_user()])
    with pytest.raises(MarkingError) as error:
        make_marking(exam, [make_user()])
    assert (error.value.code, MarkingSession.objects.count()) == ("exists", 1)


def test_an_answer_that_only_its_writer_could_mark_waits_for_another_marker():
    exam = make_essay_exam()
    only = make_user()
    make_written(exam, 1, user=only)
    session = make_marking(exam, [only])
    assert (Marking.objects.count(), what_waits(session)) == (0, ["1 bài chưa có giám khảo."])
    other = make_user()
    add_marker(session=session, user=other, actor=only)
    assert Marking.objects.get().marker == other


def test_what_is_handed_in_again_is_marked_again():
    exam, (attempt,) = written(1)
    marker = make_user()
    session = make_marking(exam, [marker])
    mark(markings_of(marker)[0], *FULL)
    release(session=session, actor=marker)
    Attempt.objects.filter(pk=attempt.pk).update(
        state="open", submitted_at=None, score=None, marking=False, reopened=True
    )
    assert (markings_of(marker)[0].state, list(Script.objects.alive())) == ("done", [])
    write_essays(fresh(attempt))
    gather(session)
    script = Script.objects.get()
    assert (script.state, script.points, markings_of(marker)[0].state, sealed_slots(attempt.pk)) == (
        "waiting", None, "in_work", {1},
    )  # fmt: skip
    assert "marked" not in review(fresh(attempt), Review.KEY)["questions"][0]
    finish(marking=markings_of(marker)[0])
    assert release(session=session, actor=marker).people == 1
    assert (fresh(attempt).score, sealed_slots(attempt.pk)) == (Decimal(10), set())


def test_a_question_that_a_correction_took_out_needs_no_marker():
    exam, (attempt,) = written(1, essays=2)
    marker = make_user()
    session = make_marking(exam, [marker])
    first = Script.objects.order_by("slot").first()
    carry_out(
        exam=exam, version=first.version, rule=CorrectionRule.EVERYONE, corrected=None, reason="Đề sai", actor=marker
    )
    gather(session)
    assert [load.waiting for load in queue_of(marker)] == [1]
    mark(markings_of(marker)[1], "1", "1", "1")
    assert release(session=session, actor=marker).people == 1
    assert fresh(attempt).score == Decimal(13)


def test_annulled_attempts_leave_the_queue():
    exam, (attempt, _other) = written(2)
    marker = make_user()
    session = make_marking(exam, [marker])
    Attempt.objects.filter(pk=attempt.pk).update(state="annulled")
    assert [(load.waiting, load.whole) for load in queue_of(marker)] == [(1, 1)]
    mark(next_marking(marker, session_id=session.pk), *FULL)
    assert release(session=session, actor=marker).people == 1


def test_an_essay_left_empty_needs_no_marker():
    exam = make_essay_exam(essays=2)
    attempt = write_essays(make_attempt(exam=exam, context=1), slots=(2,))
    empty = submit(attempt=make_attempt(exam=exam, context=2))
    make_marking(exam, [make_user()])
    assert list(Script.objects.values_list("attempt_id", "slot")) == [(attempt.pk, 2)]
    assert empty.score == 0


def test_an_essay_is_sealed_from_the_hand_in_until_it_is_given_out_with_names_or_released():
    exam, (attempt,) = written(1, essays=2)
    other, (named,) = written(1)
    assert (sealed_slots(attempt.pk), sealed_slots(named.pk)) == ({1, 2}, {1})
    marker = make_user()
    session = make_marking(exam, [marker])
    make_marking(other, [marker], anonymous=False)
    assert (sealed_slots(attempt.pk), sealed_slots(named.pk)) == ({1, 2}, set())
    late = make_written(exam, 2)
    assert sealed_slots(late.pk) == {1, 2}  # nobody has looked at the session since
    gather(session)
    for marking in markings_of(marker):
        if marking.script.session_id == session.pk:
            mark(marking, *FULL)
    release(session=session, actor=marker)
    assert (sealed_slots(attempt.pk), sealed_slots(late.pk)) == (set(), set())
