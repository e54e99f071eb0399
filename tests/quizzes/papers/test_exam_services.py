"""Making and changing an exam: what is stored and recorded, whichever way it came in."""

import pytest

from lms.audit.models import AuditEntry
from quizzes.models import Exam
from quizzes.services.papers import exams
from quizzes.services.papers.exams import create_exam, edit_exam, record_file
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.people import make_user
from tests.factories.quizzes import make_exam, make_exam_unit

pytestmark = pytest.mark.django_db


def told(actor):
    return list(AuditEntry.objects.filter(actor=actor).order_by("pk").values_list("action", "target", "data"))


def test_an_exam_is_made_and_recorded_together(monkeypatch):
    unit, actor = make_exam_unit(), make_user()
    made = create_exam(exam=Exam(unit=unit, title="Cuối khóa"), actor=actor)
    assert told(actor) == [("exam.create", f"exam:{made.pk}", {"title": "Cuối khóa"})]

    def fail(**_facts):
        raise RuntimeError("the record is away")

    monkeypatch.setattr(exams, "record", fail)
    with pytest.raises(RuntimeError):
        create_exam(exam=Exam(unit=unit, title="Không ai ghi"), actor=actor)
    with pytest.raises(RuntimeError):
        edit_exam(exam=made, changes={"title": "Không ai ghi"}, actor=actor)
    assert list(Exam.objects.values_list("title", flat=True)) == ["Cuối khóa"]


def test_an_edit_writes_and_records_what_differs():
    exam, actor = make_exam(title="Cuối khóa", variants=4), make_user()
    stale = Exam.objects.get(pk=exam.pk)
    Exam.objects.filter(pk=exam.pk).update(time_limit=45)  # somebody else, meanwhile
    assert edit_exam(exam=stale, changes={"title": "Giữa khóa", "variants": 4}, actor=actor)
    assert not edit_exam(exam=stale, changes={"title": "Giữa khóa", "variants": 4}, actor=actor)  # pressed twice
    exam.refresh_from_db()
    assert (exam.title, exam.variants, exam.time_limit, stale.title) == ("Giữa khóa", 4, 45, "Giữa khóa")
    assert told(actor) == [("exam.edit", f"exam:{exam.pk}", {"fields": ["title"]})]


def test_a_new_set_of_papers_is_recorded_and_an_old_one_is_not():
    exam, actor = make_exam(), make_user()
    assert [freeze_papers(exam=exam, actor=actor) for _twice in range(2)] == [1, 1]
    assert freeze_papers(exam=exam, anew=True) == 2  # by the programme that is frozen, which has its own entry
    record_file(exam=exam, number=2, file="101.pdf", actor=actor)
    assert told(actor) == [
        ("exam.freeze", f"exam:{exam.pk}", {"set": 1}),
        ("exam.file", f"exam:{exam.pk}", {"set": 2, "file": "101.pdf"}),
    ]
