"""Question files whose reading broke off: their owners are told, and may let them be read again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from lms.common.clock import now
from lms.common.tasks import ended_badly
from lms.notifications.services import notify
from quizzes.enums import ImportState
from quizzes.errors import QuestionFileError
from quizzes.models import QuestionImport
from quizzes.policy import page_of
from quizzes.services.imports.reading import queue_reading

FAILED = "question_file_failed"
#: From before files knew their task.
_LONG_AGO = dt.timedelta(hours=1)


def settle_readings() -> int:
    """Say of files whose task failed, was given up or is gone that they were not read; returns how many.

    Their owners get a notice. The file stays where it is.
    """
    reading = QuestionImport.objects.filter(state=ImportState.READING)
    waiting = {pk: task for pk, task in reading.values_list("pk", "task") if task is not None}
    bad = ended_badly(set(waiting.values()))
    old = reading.filter(task=None, created_at__lt=now() - _LONG_AGO).values_list("pk", flat=True)
    lost = [*(pk for pk, task in waiting.items() if task in bad), *old]
    return sum(_fail(pk) for pk in lost)


@transaction.atomic
def _fail(batch_id: int) -> bool:
    changed = QuestionImport.objects.filter(pk=batch_id, state=ImportState.READING).update(
        state=ImportState.FAILED, problem={"code": "reading_failed", "params": {}}, updated_at=now()
    )
    if not changed:
        return False
    batch = QuestionImport.objects.get(pk=batch_id)
    notify(
        recipients=[batch.created_by_id], kind=FAILED, params={"file": batch.name}, url=page_of("question_file", batch)
    )
    return True


@transaction.atomic
def retry_import(*, batch: QuestionImport) -> None:
    """Let a file be read again whose reading broke off.

    Raises:
        QuestionFileError: it is not such a file, or is being read already.
    """
    changed = QuestionImport.objects.filter(pk=batch.pk, state=ImportState.FAILED).update(
        state=ImportState.READING, problem={}, updated_at=now()
    )
    if not changed:
        raise QuestionFileError(_("This file has been taken up already."), code="not_failed")
    queue_reading(batch)
