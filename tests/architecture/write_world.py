"""What the world of :mod:`tests.architecture.world` has besides, for the ways in that write."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from lms.classes.models import AnnualPlan, EnrolmentRequest, RosterImport
from lms.classes.services.requests import ask
from lms.common.clock import today
from lms.exams.models import Sitting
from lms.people.models import User
from quizzes.models import Item
from quizzes.services import imports
from quizzes.services.bank import approval
from tests.architecture.world import values_for
from tests.factories.cast import Cast
from tests.factories.people import make_user

AIKEN = "Thủ đô của Việt Nam?\nA. Huế\nB. Hà Nội\nANSWER: B\n"


def rows_for(cast: Cast, people: dict[str, User | None]) -> dict[str, object]:
    """Return what stands for each argument of an address, and for the names used in bodies."""
    known = values_for(cast)
    Sitting.objects.get(pk=known["sitting_id"]).invigilators.add(make_user("Hà Văn Giám", unit=cast.centre))
    item = Item.objects.get(pk=known["bank_item_id"])
    comment = approval.comment_item(item=item, actor=cast.national_manager, text="Xem lại")
    batch = imports.start_import(
        bank=item.bank, file=SimpleUploadedFile("cau.txt", AIKEN.encode()), actor=cast.centre_manager
    )
    roster = RosterImport.objects.create(training_class=cast.training_class, created_by=people["centre_manager"])
    AnnualPlan.objects.create(unit=cast.centre, year=today().year)
    ask(training_class=cast.training_class, learner_ids=[cast.other_learner.pk], actor=people["centre_manager"])
    asked = make_user("Bùi Thị Nhà", unit=cast.centre)
    ask(training_class=cast.other_class, learner_ids=[asked.pk], actor=cast.other_lecturer)
    return known | {
        "sent_request_id": EnrolmentRequest.objects.get(training_class=cast.training_class).pk,
        "asked_request_id": EnrolmentRequest.objects.get(training_class=cast.other_class).pk,
        "real_comment_id": comment.pk,
        "question_import_id": batch.pk,
        "import_row_id": batch.questions.get().pk,
        "roster_import_id": roster.pk,
        "row_id": batch.questions.get().pk,
    }
