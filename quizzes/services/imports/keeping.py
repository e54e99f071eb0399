"""The end of question files that nobody has worked on for a month."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lms.audit.services import record
from lms.common.clock import now
from quizzes.enums import ImportedState
from quizzes.models import QuestionImport
from quizzes.services.imports.deciding import discard_import


def forget_stale(moment: dt.datetime | None = None) -> int:
    """Discard the files that nobody finished in time, with what is stored of them; returns how many.

    Questions that were imported stay in their banks. Each file is locked and looked at again before it goes, so a
    file that its author takes up at this very moment stays.
    """
    moment = moment or now()
    forgotten = 0
    for batch_id in list(QuestionImport.objects.stale(moment).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            locked = QuestionImport.objects.select_for_update().filter(pk=batch_id).first()
            if locked is None or not QuestionImport.objects.stale(moment).filter(pk=batch_id).exists():
                continue
            record(
                actor=None,
                action="quizzes.questions_forgotten",
                target=f"bank:{locked.bank_id}",
                data={"file": locked.name, "count": locked.questions.filter(state=ImportedState.WAITING).count()},
                stream=f"bank:{locked.bank_id}",
            )
            discard_import(batch=locked)
            forgotten += 1
    return forgotten
