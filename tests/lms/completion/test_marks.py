"""Marks given by a person, and what is missing afterwards."""

import functools
from decimal import Decimal

import pytest
from django.utils import translation

from lms.audit.models import AuditEntry
from lms.classes.services.classes import close_class, recognise_class
from lms.common.clock import today
from lms.common.errors import DomainError
from lms.common.models import ImmutableRowError
from lms.completion.queries import missing
from lms.completion.services import record_progress
from lms.completion.services.marks import correct_mark, enter_mark
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.services.ledger import post
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from tests.factories.learning import make_study
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def essay_study(**fields):
    """Two lessons that need not be read, and an essay that counts."""
    study = make_study(exam=False, lesson_fields={"required": False}, **fields)
    module = study.edition.modules.get()
    essay = EditionItem.objects.create(
        edition=study.edition, module=module, position=9, kind=ItemKind.ESSAY, title="Bài thu hoạch", counts=True
    )
    return study, essay


def test_a_mark_by_hand_completes_and_is_recorded():
    study, essay = essay_study()
    actor = make_user()
    enter_mark(enrolment=study.fresh(), item=essay, points=Decimal("7.25"), actor=actor)
    enrolment = study.fresh()
    assert (enrolment.status, enrolment.score, enrolment.band) == ("completed", Decimal("7.25"), "good")
    recorded = AuditEntry.objects.get(action="gradebook.mark_entered")
    assert (recorded.actor, recorded.stream, recorded.data["points"], recorded.data["item"]) == (
        actor,
        f"class:{study.training_class.pk}",
        "7.25",
        essay.pk,
    )


def test_a_correction_replaces_a_row_and_says_why():
    study, essay = essay_study()
    actor = make_user()
    first = enter_mark(enrolment=study.fresh(), item=essay, points=Decimal(4), actor=actor)
    assert (study.fresh().status, study.fresh().score) == ("in_progress", Decimal(4))
    with pytest.raises(DomainError) as refused:
        correct_mark(entry=first, points=Decimal(6), reason=" ", actor=actor)
    assert refused.value.code == "reason_needed"
    second = correct_mark(entry=first, points=Decimal(6), reason="Cộng nhầm điểm phần II", actor=actor)
    assert (study.fresh().status, study.fresh().score, study.fresh().band) == ("completed", Decimal(6), "average")
    with pytest.raises(DomainError) as refused:
        correct_mark(entry=first, points=Decimal(9), reason="Lần nữa", actor=actor)
    assert refused.value.code == "already_replaced"
    rows = LedgerEntry.objects.order_by("pk").values_list("points", "source", "replaces_id", "reason", "actor_id")
    assert list(rows) == [
        (Decimal(4), "manual", None, "", actor.pk),
        (Decimal(6), "correction", first.pk, "Cộng nhầm điểm phần II", actor.pk),
    ]
    with pytest.raises(ImmutableRowError):
        second.save()


@pytest.mark.parametrize("points", [Decimal("-0.01"), Decimal("10.01")])
def test_a_mark_lies_within_its_scale(points):
    study, essay = essay_study()
    with pytest.raises(DomainError) as refused:
        enter_mark(enrolment=study.fresh(), item=essay, points=points, actor=make_user())
    assert (refused.value.code, LedgerEntry.objects.count()) == ("invalid_mark", 0)


def test_a_mark_for_an_item_of_another_programme_is_refused():
    study, _essay = essay_study()
    _other, foreign = essay_study()
    with pytest.raises(DomainError) as refused:
        enter_mark(enrolment=study.fresh(), item=foreign, points=Decimal(5), actor=make_user())
    assert refused.value.code == "foreign_item"


def test_what_is_missing_is_said_in_sentences():
    study = make_study(sessions=1, full_name="Lò Văn Pản")
    with translation.override("en"):
        assert missing(study.fresh()) == [
            "Study “Bài 1”.",
            "Study “Bài 2”.",
            "Pass “Bài kiểm tra cuối khóa”.",
            "Attend at least 4 periods (so far: 0).",
        ]
        record_progress(
            enrolment=study.fresh(), item_id=study.items("lesson")[0].pk, position=1, seconds=1, completed=True
        )
        assert missing(study.fresh())[0] == "Study “Bài 2”."


# --- Two people at once ---


def test_of_two_corrections_at_once_one_is_told(shared_db, at_once):
    study, essay = essay_study()
    first = enter_mark(enrolment=study.fresh(), item=essay, points=Decimal(4), actor=make_user())
    acts = [
        functools.partial(correct_mark, entry=first, points=Decimal(mark), reason="Phúc khảo", actor=make_user())
        for mark in (6, 8)
    ]
    found = sorted(getattr(result, "code", "corrected") for result in at_once(*acts))
    newest = LedgerEntry.objects.get(replaces=first)
    assert found == ["already_replaced", "corrected"]
    assert (LedgerEntry.objects.count(), study.fresh().score) == (2, newest.points)


def test_of_two_marks_entered_at_once_one_is_told(shared_db, at_once):
    study, essay = essay_study()
    enrolment = study.fresh()
    acts = [
        functools.partial(enter_mark, enrolment=enrolment, item=essay, points=Decimal(mark), actor=make_user())
        for mark in (6, 8)
    ]
    found = sorted(getattr(result, "code", "entered") for result in at_once(*acts))
    assert (found, LedgerEntry.objects.count()) == (["changed_meanwhile", "entered"], 1)


def test_the_same_mark_sent_twice_at_once_is_entered_once(shared_db, at_once):
    study, essay = essay_study()
    act = functools.partial(enter_mark, enrolment=study.fresh(), item=essay, points=Decimal(7), actor=make_user())
    assert at_once(act, act) == [LedgerEntry.objects.get()] * 2
    assert AuditEntry.objects.filter(action="gradebook.mark_entered").count() == 1


def test_a_mark_comes_before_the_recognition_or_is_refused(shared_db, at_once):
    study, essay = essay_study()
    close_class(training_class=study.training_class, actor=make_user())
    enrolment = study.fresh()
    results = at_once(
        functools.partial(enter_mark, enrolment=enrolment, item=essay, points=Decimal(7), actor=make_user()),
        functools.partial(
            recognise_class, training_class=study.training_class, decision="45-QĐ", on=today(), actor=make_user()
        ),
    )
    entered = [result for result in results if isinstance(result, LedgerEntry)]
    refused = [result.code for result in results if isinstance(result, DomainError)]
    assert (len(entered), refused) in [(1, []), (0, ["class_recognised"])]
    assert LedgerEntry.objects.count() == len(entered)


def test_no_mark_where_there_is_none_to_give():
    study, essay = essay_study()
    lesson = study.items("lesson")[0]
    codes = []
    for item, state in ((lesson, "open"), (essay, "cancelled"), (essay, "recognised")):
        type(study.training_class).objects.filter(pk=study.training_class.pk).update(state=state)
        with pytest.raises(DomainError) as refused:
            enter_mark(enrolment=study.fresh(), item=item, points=Decimal(5), actor=make_user())
        codes.append(refused.value.code)
    assert (codes, LedgerEntry.objects.count()) == (["no_mark", "not_active", "class_recognised"], 0)


def test_an_annulled_attempt_has_no_mark_to_correct():
    study, essay = essay_study()
    actor = make_user()
    void = post(
        enrolment_id=study.enrolment.pk,
        item_id=essay.pk,
        points=Decimal(0),
        max_points=Decimal(10),
        source=LedgerSource.VOID,
        replaces=enter_mark(enrolment=study.fresh(), item=essay, points=Decimal(4), actor=actor),
    )
    with pytest.raises(DomainError) as refused:
        correct_mark(entry=void, points=Decimal(9), reason="Phúc khảo", actor=actor)
    assert refused.value.code == "annulled"
