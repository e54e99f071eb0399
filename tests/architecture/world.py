"""The rows that stand for the arguments of addresses: the learner's own, and theirs alone."""

from __future__ import annotations

from lms.common.clock import now, today
from lms.exams.models import PaperSheet, SittingGuest
from lms.exams.services.starting import start_for_enrolment
from lms.gradebook.models import LedgerEntry
from lms.notifications.models import Notification
from lms.people.services.erasure import ask
from quizzes.models import Exam, ExamStatistics, ItemStatistics
from quizzes.services.bank.topics import add_topic
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.cast import Cast
from tests.factories.certificates import make_certificate
from tests.factories.marking import make_essay_exam, make_marking, make_written
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.quizzes import make_bank, make_exam, make_item
from tests.factories.sittings import make_sitting


def values_for(cast: Cast) -> dict[str, object]:
    """What stands for each argument of an address: the learner's own rows, and theirs alone."""
    exam_item = cast.study.items("exam")[0]
    sitting = make_sitting(cast.study)
    exam = exam_item.exam
    version = exam.questions.first().version
    moment = now()
    ExamStatistics.objects.create(exam=exam, computed_at=moment, last_graded_at=moment, attempts=1, people=1)
    ItemStatistics.objects.create(exam=exam, version=version, asked=1, omitted=0)
    drawn = make_drawn_exam(make_blueprint(cast.centre))
    set_number = freeze_papers(exam=drawn)
    sheet = PaperSheet.objects.create(
        exam=exam_item.exam,
        set_number=exam_item.set_number,
        user=cast.learner,
        enrolment_id=cast.enrolment.pk,
        item_id=exam_item.pk,
        first={"code": "101", "answers": {}},
        first_by=cast.centre_manager,
        first_at=now(),
    )
    essays = make_essay_exam(cast.centre)
    make_written(essays, cast.enrolment.pk, user=cast.learner)
    marking = make_marking(essays, [cast.lecturer], group=cast.training_class.pk)
    script = marking.scripts.get()
    notice = Notification.objects.create(recipient=cast.learner, kind="message", text="Xin chào")
    bank = make_bank(cast.centre)
    question = make_item(bank, topic=add_topic(bank=bank, name="Chuyên đề"), author=cast.centre_manager)
    return {
        "act": "extend",
        "bank_id": question.bank_id,
        "topic_id": question.topic_id,
        "bank_item_id": question.pk,
        "number": 1,
        "comment_id": 1,
        "attempt_id": start_for_enrolment(enrolment=cast.enrolment, item_id=exam_item.pk, user=cast.learner).pk,
        "class_id": cast.training_class.pk,
        "code": "KHONGCO2345",
        "certificate_code": make_certificate(cast.enrolment).code,
        "enrolment_id": cast.enrolment.pk,
        "entry_id": LedgerEntry.objects.create(
            enrolment=cast.enrolment, item=exam_item, source="manual", points=4, max_points=10, at=moment
        ).pk,
        "blueprint_id": drawn.blueprint_id,
        "exam_id": drawn.pk,
        "exam_item_id": exam_item.pk,
        "marking_session_id": marking.pk,
        "marking_id": script.markings.get().pk,
        "script_id": script.pk,
        "field": "homeroom",
        "file_format": "csv",
        "file_id": 1,
        "filename": "keys.xlsx",
        "fixed_exam_id": make_exam(cast.centre, questions=1).pk,
        "form": "csv",
        "guide_slug": "hoc-vien",
        "guest_id": SittingGuest.objects.create(sitting=sitting, user=cast.learner).pk,
        "import_id": 1,
        "incident_id": 1,
        "item_id": cast.study.items("lesson")[0].pk,
        "notification": notice.pk,
        "request_id": ask(user=cast.learner, actor=cast.learner).pk,
        "page_id": 1,
        "paper_id": drawn.papers.filter(set_number=set_number).first().pk,
        "random_exam_id": Exam.objects.create(unit=cast.centre, title="T", source="random").pk,
        "sat_exam_id": exam.pk,
        "row": 1,
        "sheet_id": sheet.pk,
        "page_view_restriction_id": 1,
        "person_id": cast.learner.pk,
        "receipt": "0" * 64,
        "restriction_id": 1,
        "sitting_id": sitting.pk,
        "session_id": cast.study.sessions[0].pk,
        "key": "set-password",
        "uidb36": "1",
        "unit_id": cast.centre.pk,
        "user_id": cast.learner.pk,
        "year": today().year,
        "version_id": version.pk,
    }
