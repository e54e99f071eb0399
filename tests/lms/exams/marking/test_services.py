"""From handing in to releasing: who gets what, drafts, two markers, settling, releasing, correcting."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.audit.models import AuditEntry
from lms.exams.errors import MarkingError, StaleDraftError
from lms.exams.models import Attempt, AttemptResult, Marking, MarkingSession, Script
from lms.exams.queries import review
from lms.exams.queries.marking import marker_loads, next_marking, other_markings
from lms.exams.services.marking.release import give_back, release, settle_script, what_waits
from lms.exams.services.marking.sessions import gather
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft, take_back
from lms.exams.signals import attempt_graded
from lms.notifications.models import Notification
from quizzes.enums import Review
from tests.factories.marking import make_essay_exam, make_marking, make_written, mark
from tests.factories.people import make_user
from tests.factories.quizzes import make_attempt
from tests.lms.exams.marking.helpers import FULL, fresh, markings_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def graded():
    told = []

    def hear(sender, *, attempt, result, **kwargs):
        told.append((attempt.pk, attempt.score))

    attempt_graded.connect(hear)
    yield told
    attempt_graded.disconnect(hear)


def test_one_marker_from_handing_in_to_the_learners_page(graded):
    exam, (attempt,) = written(1)
    marker, officer = make_user(), make_user()
    session = make_marking(exam, [marker], actor=officer)
    (marking,) = markings_of(marker)
    assert (marking.state, marking.script.state, marking.script.worth) == ("waiting", "waiting", Decimal(10))
    save_draft(
        marking=marking,
        draft=MarkingDraft({"1": "4,25", "2": "2.5", "3": ""}, {"1": "Tốt"}, "Bài khá.", "BÍ-MẬT của giám khảo"),
        version=0,
    )
    with pytest.raises(MarkingError) as error:
        finish(marking=marking)
    assert (error.value.code, list(error.value.fields)) == ("incomplete", ["3"])
    with pytest.raises(MarkingError) as error:
        release(session=session, actor=officer)
    assert (error.value.code, error.value.fields["waiting"]) == (
        "waiting", [f"{marker.get_full_name()} còn 1 bài."],
    )  # fmt: skip
    mark(fresh(marking), "4,25", "2.5", "1", comment="Bài khá.", note="BÍ-MẬT của giám khảo", comments={"1": "Tốt"})
    script = Script.objects.get()
    assert (script.state, script.points, script.criteria) == (
        "ready", Decimal("7.75"), {"1": "4.25", "2": "2.50", "3": "1.00"},
    )  # fmt: skip
    shown = review(Attempt.objects.select_related("exam", "paper").get(pk=attempt.pk), Review.KEY)["questions"][0]
    assert ("marked" in shown, shown["earned"], graded) == (False, None, [])

    done = release(session=session, actor=officer)
    assert (done.people, done.left) == (1, 0)
    attempt = fresh(attempt)
    assert (attempt.score, attempt.marking, graded) == (
        Decimal("7.75"), False, [(attempt.pk, Decimal("7.75"))],
    )  # fmt: skip
    shown = review(attempt, Review.KEY)["questions"][0]
    assert (shown["earned"], shown["marked"]) == (
        7.75,
        {
            "points": "7.75",
            "criteria": [
                {"id": "1", "title": "Nội dung", "points": "4.25", "most": "5.00", "comments": ["Tốt"]},
                {"id": "2", "title": "Liên hệ", "points": "2.50", "most": "3.00", "comments": []},
                {"id": "3", "title": "Trình bày", "points": "1.00", "most": "2.00", "comments": []},
            ],
            "comments": ["Bài khá."],
        },
    )
    for level in (Review.NOTHING, Review.SCORE, Review.ANSWERS):
        assert "marked" not in str(review(attempt, level))
    notice = Notification.objects.get(recipient=attempt.user)
    assert (notice.kind, notice.url) == ("quizzes.marks_released", f"/lam-bai/{attempt.pk}/ket-qua/")


def test_releasing_again_finds_nothing_and_changes_nothing(graded):
    exam, _attempts = written(2)
    marker = make_user()
    session = make_marking(exam, [marker])
    for marking in markings_of(marker):
        mark(marking, *FULL)
    assert release(session=session, actor=marker).people == 2
    with pytest.raises(MarkingError) as error:
        release(session=session, actor=marker)
    assert error.value.code == "nothing"
    notices = Notification.objects.filter(kind__endswith="released")
    assert (len(graded), AttemptResult.objects.count(), notices.count()) == (2, 4, 2)


def test_work_is_shared_out_and_nobody_marks_twice_or_their_own():
    exam = make_essay_exam()
    markers = [make_user() for _ in range(3)]
    for context in range(1, 8):
        make_written(exam, context, user=markers[0] if context == 1 else None)
    make_marking(exam, markers, rounds=2)
    assert Marking.objects.count() == 14
    assert sorted(Marking.objects.filter(marker=one).count() for one in markers) == [4, 5, 5]
    for script in Script.objects.all():
        people = set(script.markings.values_list("marker_id", flat=True))
        assert len(people) == 2
        assert script.attempt.user_id not in people


def test_whoever_hands_in_later_joins_when_somebody_looks():
    exam, _attempts = written(2)
    marker = make_user()
    session = make_marking(exam, [marker])
    assert gather(session) == 0
    late = make_written(exam, 9)
    make_attempt(exam=exam, context=10)  # still at work
    assert gather(session) == 1
    assert gather(session) == 0
    assert Script.objects.get(attempt=late).markings.get().marker == marker


def test_codes_hide_the_order_of_handing_in():
    exam, attempts = written(12)
    make_marking(exam, [make_user()])
    codes = [Script.objects.get(attempt=one).code for one in attempts]
    assert len(set(codes)) == 12
    assert codes not in (sorted(codes), sorted(codes, reverse=True))
    assert next_marking(make_user(), session_id=MarkingSession.objects.get().pk) is None


def test_two_markers_within_the_tolerance_give_the_mean():
    exam, _attempts = written(1)
    markers = [make_user(), make_user()]
    session = make_marking(exam, markers, rounds=2)
    one, other = Marking.objects.order_by("round").select_related("script__version", "script__session")
    mark(one, "5", "3", "1", note="Thầy xem câu cuối")
    script = Script.objects.get()
    assert (script.state, script.points, other_markings(fresh(other)), other_markings(fresh(one))) == (
        "waiting", None, [], [],
    )  # fmt: skip
    mark(other, "4.75", "2.5", "1")
    script = Script.objects.get()
    assert (script.state, script.points, script.criteria) == (
        "ready", Decimal("8.63"), {"1": "4.88", "2": "2.75", "3": "1.00"},
    )  # fmt: skip
    assert [row.note for row in other_markings(fresh(other))] == ["Thầy xem câu cuối"]
    assert release(session=session, actor=markers[0]).people == 1
    assert "Thầy xem" not in str(Script.objects.get().released)


def test_two_markers_too_far_apart_are_settled_by_a_third_person():
    exam, attempts = written(1)
    markers, officer = [make_user(), make_user()], make_user()
    session = make_marking(exam, markers, rounds=2)
    for marking, points in zip(
        Marking.objects.order_by("round").select_related("script__version", "script__session"),
        (FULL, ("3", "2", "1")),
        strict=True,
    ):
        mark(marking, *points)
    script = Script.objects.get()
    assert (script.state, script.points, what_waits(session)) == ("differs", None, ["1 bài cần thống nhất điểm."])
    with pytest.raises(MarkingError) as error:
        settle_script(script=script, points=dict(zip("123", FULL, strict=True)), reason="Tôi", actor=markers[0])
    assert error.value.code == "own_marking"
    with pytest.raises(MarkingError) as error:
        settle_script(script=script, points={"1": "9"}, reason=" ", actor=officer)
    assert list(error.value.fields) == ["1", "2", "3", "reason"]
    settle_script(script=script, points={"1": "4", "2": "2,5", "3": "1"}, reason="Đủ ý", actor=officer)
    with pytest.raises(MarkingError):
        settle_script(script=script, points={"1": "5", "2": "3", "3": "2"}, reason="Lại", actor=officer)
    with pytest.raises(MarkingError) as error:
        take_back(marking=markings_of(markers[0])[0])
    assert error.value.code == "settled"
    release(session=session, actor=officer)
    assert fresh(attempts[0]).score == Decimal("7.50")


def test_the_two_may_agree_by_changing_their_own_marks():
    exam, _attempts = written(1)
    make_marking(exam, [make_user(), make_user()], rounds=2)
    one, other = Marking.objects.order_by("round").select_related("script__version", "script__session")
    mark(one, *FULL)
    mark(other, "1", "1", "1")
    take_back(marking=fresh(other))
    assert (Script.objects.get().state, fresh(other).state) == ("waiting", "in_work")
    again = Marking.objects.select_related("script__version", "script__session").get(pk=other.pk)
    mark(again, "5", "3", "1")
    assert (Script.objects.get().state, Script.objects.get().points) == ("ready", Decimal("9.50"))


def test_an_older_window_is_refused_and_nothing_is_lost():
    exam, _attempts = written(1)
    marker = make_user()
    make_marking(exam, [marker])
    (marking,) = markings_of(marker)
    first = save_draft(marking=marking, draft=MarkingDraft({"1": "1"}), version=0, writer="a", turn=1)
    with pytest.raises(StaleDraftError) as error:
        save_draft(marking=fresh(marking), draft=MarkingDraft({"1": "2"}), version=0, writer="b", turn=1)
    assert (error.value.current.points, error.value.current.version) == ({"1": "1"}, first.version)
    # the answer to a save was lost: the same page sends again, then more
    again = save_draft(marking=fresh(marking), draft=MarkingDraft({"1": "1"}), version=0, writer="a", turn=1)
    more = save_draft(marking=fresh(marking), draft=MarkingDraft({"1": "1,5"}), version=0, writer="a", turn=2)
    assert (again.version, more.version, fresh(marking).points) == (1, 2, {"1": "1.5"})
    with pytest.raises(StaleDraftError):
        finish(marking=fresh(marking), version=1)


@pytest.mark.parametrize("typed", ["5,01", "-1", "x", "1.234", "1e1", "NaN", "٣"])
def test_points_that_cannot_be_are_named_and_the_rest_is_kept(typed):
    exam, _attempts = written(1)
    marker = make_user()
    make_marking(exam, [marker])
    (marking,) = markings_of(marker)
    saved = save_draft(marking=marking, draft=MarkingDraft({"1": typed, "2": "3"}, comment="Nhận xét"), version=0)
    assert (list(saved.problems), saved.total, saved.complete) == (["1"], Decimal(3), False)
    assert (fresh(marking).points, fresh(marking).comment) == ({"2": "3"}, "Nhận xét")


def test_a_finished_marking_takes_no_draft():
    exam, _attempts = written(1)
    marker = make_user()
    make_marking(exam, [marker])
    (marking,) = markings_of(marker)
    mark(marking, *FULL)
    with pytest.raises(MarkingError) as error:
        save_draft(marking=fresh(marking), draft=MarkingDraft({"1": "0"}), version=2)
    assert (error.value.code, fresh(marking).points["1"]) == ("finished", "5")


def test_a_correction_gives_a_new_result_and_keeps_the_old_one():
    exam, (attempt,) = written(1)
    marker, officer = make_user(), make_user()
    session = make_marking(exam, [marker])
    mark(markings_of(marker)[0], *FULL, comment="Rất tốt")
    release(session=session, actor=officer)
    script = Script.objects.get()
    with pytest.raises(MarkingError):
        give_back(script=script, reason="", actor=officer)
    give_back(script=script, reason="Cộng nhầm điểm", actor=officer)
    assert (fresh(attempt).score, Script.objects.get().state) == (Decimal(10), "differs")
    shown = review(fresh(attempt), Review.KEY)["questions"][0]
    assert (shown["earned"], shown["marked"]["points"]) == (10.0, "10.00")  # stands until it is released anew
    settle_script(script=script, points={"1": "4", "2": "3", "3": "2"}, reason="Cộng nhầm điểm", actor=officer)
    assert release(session=session, actor=officer).people == 1
    assert fresh(attempt).score == Decimal(9)
    assert list(AttemptResult.objects.order_by("number").values_list("score", "reason")) == [
        (Decimal(0), ""), (Decimal(10), ""), (Decimal(9), "Cộng nhầm điểm"),
    ]  # fmt: skip
    assert [entry.action for entry in AuditEntry.objects.filter(stream=f"marking:{session.pk}").order_by("number")] == [
        "quizzes.marking_opened", "quizzes.marking_finished", "quizzes.marks_released", "quizzes.marks_taken_up",
        "quizzes.marks_settled", "quizzes.marks_released",
    ]  # fmt: skip


def test_all_answers_of_a_person_are_released_together():
    exam, _attempts = written(2, essays=2)
    markers = [make_user(), make_user()]
    session = make_marking(exam, markers)
    everything = Marking.objects.select_related("script__version", "script__session").order_by("script__version_id")
    assert sorted((load.version_id, load.user.pk, load.waiting) for load in marker_loads(session)) == sorted(
        (version, marker.pk, 1)
        for version in set(Script.objects.values_list("version_id", flat=True))
        for marker in markers
    )
    for marking in list(everything)[:3]:
        mark(marking, *FULL)
    with pytest.raises(MarkingError):
        release(session=session, actor=markers[0])
    mark(everything.get(state="waiting"), *FULL)
    assert release(session=session, actor=markers[0]).people == 2
    assert set(Attempt.objects.values_list("score", flat=True)) == {Decimal(20)}
