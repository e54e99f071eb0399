"""Two people at once: one release, one assignment, no draft lost between windows."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from lms.exams.errors import MarkingError, StaleDraftError
from lms.exams.models import Attempt, AttemptResult, Marking, Script
from lms.exams.services.marking.release import Release, release
from lms.exams.services.marking.sessions import gather
from lms.exams.services.marking.work import MarkingDraft, Saved, finish, save_draft, take_back
from tests.factories.marking import make_essay_exam, make_marking, make_written, mark
from tests.factories.people import make_user

ROUNDS = 4


def marked(number):
    exam, marker = make_essay_exam(), make_user()
    for context in range(1, number + 1):
        make_written(exam, context)
    session = make_marking(exam, [marker])
    for marking in [one for one in rows() if one.script.session_id == session.pk]:
        mark(marking, "5", "3", "2")
    return session, marker


def rows():
    return list(Marking.objects.select_related("script__version", "script__session").order_by("pk"))


def test_two_officers_release_once(shared_db, at_once):
    session, marker = marked(3)
    found = at_once(*[lambda: release(session=session, actor=marker)] * 3)
    assert all(isinstance(one, Release | MarkingError) for one in found), found
    assert sum(one.people for one in found if isinstance(one, Release)) == 3
    assert [AttemptResult.objects.filter(attempt=one).count() for one in Attempt.objects.all()] == [2, 2, 2]


def test_what_joins_is_dealt_out_once(shared_db, at_once):
    exam, markers = make_essay_exam(), [make_user(), make_user()]
    session = make_marking(exam, markers, rounds=2)
    for context in range(1, 5):
        make_written(exam, context)
    joined = at_once(*[lambda: gather(session)] * 3)
    assert sorted(joined) == [0, 0, 4]
    assert (Script.objects.count(), Marking.objects.count()) == (4, 8)


def test_of_two_windows_one_is_refused(shared_db, at_once):
    exam, marker = make_essay_exam(), make_user()
    make_written(exam, 1)
    make_marking(exam, [marker])
    for version in range(ROUNDS):
        copies = [rows()[0], rows()[0]]
        found = at_once(
            *[
                partial(
                    save_draft,
                    marking=one,
                    draft=MarkingDraft({"1": "1"}, comment=name),
                    version=version,
                    writer=f"{name}{version}",
                )
                for one, name in zip(copies, "ab", strict=True)
            ]
        )
        assert sorted(type(one).__name__ for one in found) == ["Saved", "StaleDraftError"], found
        winner = "ab"[next(n for n, one in enumerate(found) if isinstance(one, Saved))]
        assert (rows()[0].comment, rows()[0].version) == (winner, version + 1)
        assert next(one for one in found if isinstance(one, StaleDraftError)).current.comment == winner


def test_both_markers_finishing_at_once_settle_the_answer(shared_db, at_once):
    for _round in range(ROUNDS):
        exam = make_essay_exam()
        make_written(exam, 1)
        session = make_marking(exam, [make_user(), make_user()], rounds=2)
        both = [one for one in rows() if one.script.session_id == session.pk]
        for one in both:
            save_draft(marking=one, draft=MarkingDraft({"1": "5", "2": "3", "3": "2"}), version=0)
        at_once(*[lambda one=one: finish(marking=one) for one in both])
        script = Script.objects.get(session=session)
        assert (script.state, script.points) == ("ready", Decimal(10))


def test_taking_back_while_it_is_released_is_one_or_the_other(shared_db, at_once):
    for _round in range(ROUNDS):
        session, marker = marked(1)
        mine = next(one for one in rows() if one.script.session_id == session.pk)
        at_once(partial(release, session=session, actor=marker), partial(take_back, marking=mine))
        script = Script.objects.get(session=session)
        attempt = Attempt.objects.get(pk=script.attempt_id)
        marking = Marking.objects.get(pk=mine.pk)
        assert (script.state, marking.state, attempt.score) in {
            ("released", "done", Decimal(10)),
            ("waiting", "in_work", None),
        }
