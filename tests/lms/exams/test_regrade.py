"""Grading again after a question turned out to be wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms.exams.errors import CorrectionError
from lms.exams.models import Attempt, AttemptResult
from lms.exams.queries.corrections import asked_questions
from lms.exams.services.attempts import submit
from lms.exams.services.regrading import carry_out, preview, regrade
from lms.exams.services.responses import IncomingResponse, save
from lms.notifications.models import Notification
from quizzes.enums import CorrectionRule
from quizzes.models import ItemVersion, KeyCorrection
from quizzes.services.bank.items import save_version
from tests.factories.quizzes import make_attempt, make_exam, make_item, make_learner, right_answer, wrong_answer


def sit(exam, right, *, hand_in=True):
    """An attempt that answers ``right`` questions as the key says and the others wrongly."""
    attempt = make_attempt(exam=exam)
    rows = [
        IncomingResponse(slot, (right_answer if slot <= right else wrong_answer)(attempt, slot), 1)
        for slot in range(1, exam.questions.count() + 1)
    ]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)
    return submit(attempt=attempt) if hand_in else attempt


def corrected_version(version, key):
    return save_version(
        item=version.item, kind=version.kind, stem=version.stem, content=version.content, key=key, author=None
    )


def first_question(exam) -> ItemVersion:
    return exam.questions.order_by("position").first().version


@pytest.fixture
def officer(db):
    return make_learner()


@pytest.fixture
def exam(db):
    return make_exam(questions=4, shuffle_questions=False, shuffle_options=False, variants=1)


def do(exam, officer, rule=CorrectionRule.EVERYONE, corrected=None, version=None):
    return carry_out(
        exam=exam,
        version=version or first_question(exam),
        rule=rule,
        corrected=corrected,
        reason="Đáp án sai",
        actor=officer,
    )


def scores():
    return [
        (attempt.score, attempt.max_score, list(attempt.results.order_by("number").values_list("score", "max_score")))
        for attempt in Attempt.objects.order_by("pk")
    ]


def test_everybody_gets_the_points(exam, officer):
    sit(exam, 0), sit(exam, 4)
    found = preview(exam=exam, version=first_question(exam), rule=CorrectionRule.EVERYONE, corrected=None)
    assert [(c.old_score, c.new_score) for c in found.changes] == [(0, 1)]
    assert (found.looked_at, found.now_pass, found.now_fail) == (2, 0, 0)
    assert not KeyCorrection.objects.exists()
    done = do(exam, officer)
    assert (done.looked_at, done.changed) == (2, 1)
    assert scores() == [(1, 4, [(0, 4), (1, 4)]), (4, 4, [(4, 4)])]


def test_a_question_that_does_not_count(exam, officer):
    sit(exam, 2)
    found = preview(exam=exam, version=first_question(exam), rule=CorrectionRule.DROPPED, corrected=None)
    assert (found.now_pass, found.now_fail) == (0, 1)
    do(exam, officer, CorrectionRule.DROPPED)
    assert scores() == [(1, 3, [(2, 4), (1, 3)])]


def test_the_key_of_a_corrected_version(exam, officer):
    sit(exam, 4), sit(exam, 0)
    version = first_question(exam)
    other = corrected_version(version, {"correct": "a"})
    do(exam, officer, CorrectionRule.NEW_KEY, other)
    assert scores() == [(3, 4, [(4, 4), (3, 4)]), (1, 4, [(0, 4), (1, 4)])]
    later = sit(exam, 4, hand_in=False)  # hands in after the correction: right is what the corrected key says
    assert submit(attempt=later).score == 3
    assert submit(attempt=later).results.count() == 1


def test_who_is_told_and_what_is_on_record(exam, officer):
    changed, same = sit(exam, 0), sit(exam, 4)
    do(exam, officer)
    assert list(Notification.objects.values_list("recipient_id", "kind")) == [
        (changed.user_id, "quizzes.result_changed")
    ]
    assert same.results.count() == 1
    row = AttemptResult.objects.get(attempt=changed, number=2)
    assert (row.reason, row.receipt) == ("Đáp án sai", changed.receipt)
    [asked, *_others] = asked_questions(exam)
    assert (asked.correction.rule, asked.correction.reason) == ("everyone", "Đáp án sai")


def test_the_last_correction_of_a_question_is_in_force(exam, officer):
    sit(exam, 0)
    do(exam, officer)
    do(exam, officer, CorrectionRule.DROPPED)
    assert scores() == [(0, 3, [(0, 4), (1, 4), (0, 3)])]


def test_annulled_and_running_attempts_are_left_alone(exam, officer):
    running = sit(exam, 0, hand_in=False)
    annulled = sit(exam, 0)
    Attempt.objects.filter(pk=annulled.pk).update(state="annulled")
    assert do(exam, officer).looked_at == 0
    assert submit(attempt=running).score == 1


def test_corrections_that_cannot_be(exam, officer):
    version = first_question(exam)
    foreign = make_item().current
    cases = [
        (CorrectionRule.EVERYONE, None, foreign),
        (CorrectionRule.NEW_KEY, None, version),
        (CorrectionRule.NEW_KEY, foreign, version),
        (CorrectionRule.NEW_KEY, exam.questions.order_by("position").last().version, version),
    ]
    other = save_version(
        item=version.item,
        kind=version.kind,
        stem=version.stem,
        content={"options": version.content["options"][:3]},
        key=version.key,
    )
    cases.append((CorrectionRule.NEW_KEY, other, version))
    for rule, corrected, asked in cases:
        with pytest.raises(CorrectionError):
            do(exam, officer, rule, corrected, asked)
    assert not KeyCorrection.objects.exists()
    with pytest.raises(CorrectionError):
        carry_out(exam=exam, version=version, rule=CorrectionRule.EVERYONE, corrected=None, reason=" ", actor=officer)


def test_some_question_has_to_count(db, officer):
    exam = make_exam(questions=1)
    with pytest.raises(CorrectionError):
        do(exam, officer, CorrectionRule.DROPPED) if make_attempt(exam=exam) else None


@pytest.mark.slow
class SameKey(TestCase):
    """Grading again by the key in force changes nothing, however often."""

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(st.integers(0, 4), min_size=1, max_size=3),
        st.lists(st.sampled_from([CorrectionRule.EVERYONE, CorrectionRule.DROPPED]), max_size=2),
    )
    def test_it_is_repeatable(self, people, rules):
        exam = make_exam(questions=4, multiple=1)
        officer = make_learner()
        for right in people:
            sit(exam, right)
        for index, rule in enumerate(rules):
            version = exam.questions.order_by("position")[index].version
            carry_out(exam=exam, version=version, rule=rule, corrected=None, reason="x", actor=officer)
        before = list(AttemptResult.objects.order_by("pk").values_list("pk", "score", "points"))
        assert regrade(exam=exam, reason="again").changed == 0
        assert list(AttemptResult.objects.order_by("pk").values_list("pk", "score", "points")) == before
        assert all(Decimal(row.score) == sum(map(Decimal, row.points.values())) for row in AttemptResult.objects.all())
