"""A class with lessons, a test that counts and sessions, and a learner in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.classes.models import Enrolment, TrainingClass
from lms.people.models import Unit, User
from lms.programmes.models import Edition, EditionItem
from quizzes.models import Exam
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.classes import make_class, make_enrolment, make_session
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_edition, make_programme_page
from tests.factories.quizzes import make_exam


@dataclass
class Study:
    """One learner's way through one class."""

    unit: Unit
    edition: Edition
    training_class: TrainingClass
    enrolment: Enrolment
    exam: Exam | None
    sessions: list = field(default_factory=list)

    @property
    def learner(self) -> User:
        return self.enrolment.learner

    def items(self, kind: str) -> list[EditionItem]:
        return list(self.edition.items.filter(kind=kind).order_by("position"))

    def fresh(self) -> Enrolment:
        return Enrolment.objects.select_related("training_class__edition", "learner").get(pk=self.enrolment.pk)

    def another(self, full_name: str = "") -> Enrolment:
        return make_enrolment(self.training_class, make_user(full_name))


def make_study(
    *, exam=True, exam_fields=None, sessions=0, unit=None, full_name="", class_fields=None, **edition_fields
):
    """Two lessons, by default one test (pass at half, as many attempts as wanted), ``sessions`` sessions of 4."""
    unit = unit or make_unit(name="Trung tâm chính trị")
    programme = make_programme_page(unit)
    test = make_exam(unit, **(exam_fields or {})) if exam else None
    exams = [(test, freeze_papers(exam=test))] if test else []
    edition = make_edition(
        programme, exams=exams, sessions=[f"Buổi {n + 1}" for n in range(sessions)], **edition_fields
    )
    training_class = make_class(unit, edition, **(class_fields or {}))
    made = [make_session(training_class, item) for item in edition.items.filter(kind="session").order_by("position")]
    enrolment = make_enrolment(training_class, make_user(full_name))
    return Study(unit, edition, training_class, enrolment, test, made)
