"""An enrolment, a class, or a guest goes with an item of its own edition: the database says so."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from lms.common.clock import now
from lms.exams.models import Allowance, Attempt, MarkingSession, PaperSheet, SheetImport, Sitting, SittingGuest
from tests.factories.learning import make_study
from tests.factories.marking import make_essay_exam, make_marking
from tests.factories.quizzes import make_attempt, make_learner
from tests.factories.sittings import make_sitting

pytestmark = pytest.mark.django_db
GUARDED = (Allowance, Attempt, MarkingSession, PaperSheet, SheetImport, Sitting)


def rows(model: type[Model]) -> list[dict]:
    return list(model._default_manager.order_by("pk").values())


@pytest.fixture
def made(study):
    """One row of each table that names an item beside whose it is."""
    item, person = study.items("exam")[0], study.learner
    mine = {"enrolment": study.enrolment, "item": item, "user": person}
    sheet = {"exam": study.exam, "set_number": 1, "item": item}
    entry = {"first": {"code": "101", "answers": {}}, "first_by": person, "first_at": now()}
    return {
        Allowance: Allowance.objects.create(**mine, reason="Ốm", granted_by=person),
        Attempt: make_attempt(person, study.exam, context=study.enrolment.pk),
        MarkingSession: make_marking(make_essay_exam(study.unit), [make_learner()]),
        PaperSheet: PaperSheet.objects.create(**sheet, enrolment=study.enrolment, user=person, **entry),
        SheetImport: SheetImport.objects.create(**sheet, training_class=study.training_class, created_by=person),
        Sitting: make_sitting(study),
    }


@pytest.fixture
def study():
    return make_study()


@pytest.mark.parametrize("model", GUARDED)
def test_an_item_of_another_edition_is_refused(made, model):
    stranger = make_study().items("exam")[0]
    before = rows(model)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(pk=made[model].pk).update(item=stranger)
    assert rows(model) == before
    copy = model._default_manager.get(pk=made[model].pk)
    copy.pk, copy.item, copy._state.adding = None, stranger, True
    with pytest.raises(IntegrityError, match="item"), transaction.atomic():
        copy.save(force_insert=True)
    assert rows(model) == before


def test_a_guest_sits_the_item_of_the_sitting(study, made):
    item, sitting = study.items("exam")[0], made[Sitting]
    guest = SittingGuest.objects.create(sitting=sitting, user=make_learner())
    elsewhere = make_study()
    facts = Attempt.objects.filter(pk=made[Attempt].pk).values("exam_id", "paper_id", "started_at", "max_score").get()

    def sit(**fields):
        with transaction.atomic():
            return Attempt.objects.create(**{**facts, "user": guest.user, "number": 1, "item": item, **fields})

    for number, fields in enumerate(
        [
            {"guest": guest, "sitting": sitting, "item": elsewhere.items("exam")[0]},
            {"guest": guest, "sitting": make_sitting(elsewhere), "item": elsewhere.items("exam")[0]},
            {"guest": guest},
            {"guest": guest, "sitting": sitting, "enrolment": elsewhere.enrolment},
            {"sitting": sitting},
        ]
    ):
        with pytest.raises(IntegrityError):
            sit(token=f"{number}", **fields)
    assert sit(token="x", guest=guest, sitting=sitting).is_guests


def test_every_table_with_an_item_and_its_owner_is_guarded():
    """Rebuilding a table on SQLite drops its triggers; a new table may have been forgotten."""
    from django.apps import apps

    owned = {
        model._meta.db_table
        for model in apps.get_app_config("exams").get_models()
        if {"enrolment", "training_class"} & {one.name for one in model._meta.fields}
        and "item" in {one.name for one in model._meta.fields}
    }
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_item_%'")
        else:
            cursor.execute(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%_item'"
            )
        guarded = [table for (table,) in cursor.fetchall()]
    assert {table: guarded.count(table) for table in guarded} == dict.fromkeys(
        owned, 2 if connection.vendor == "sqlite" else 1
    )
    assert owned == {model._meta.db_table for model in GUARDED}
