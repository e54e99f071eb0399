from decimal import Decimal

import pytest
from django.utils import translation

from lms.audit.models import AuditEntry
from lms.common.errors import DomainError
from lms.common.models import ImmutableRowError
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.queries import conditions, missing
from lms.gradebook.services.ledger import correct_mark, enter_mark, post
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from lms.progress.services import record_progress
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
        assert [(one.state, one.label, one.value) for one in conditions(study.fresh())] == [
            ("todo", "Required items", "0/4"),
            ("todo", "Attendance", "0/4 periods"),
            ("todo", "Final mark of at least 5", ""),
        ]
        record_progress(
            enrolment=study.fresh(), item_id=study.items("lesson")[0].pk, position=1, seconds=1, completed=True
        )
        assert missing(study.fresh())[0] == "Study “Bài 2”."
        first = conditions(study.fresh())[0]
        assert (first.state, first.value) == ("doing", "1/4")


def test_post_joins_the_exam_and_its_attempt_once():
    study = make_study()
    entry = post(
        enrolment_id=study.enrolment.pk,
        item_id=study.items("exam")[0].pk,
        points=Decimal(3),
        max_points=Decimal(5),
        source=LedgerSource.EXAM,
    )
    assert (entry.points, entry.max_points, entry.replaces) == (Decimal(3), Decimal(5), None)
