"""Taking a file in and reading it, at once when it is small, by a task when it is not."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now
from lms.common.limited import JobLimits, LimitedError, Trouble
from quizzes.engine.texts import undescribed_pictures
from quizzes.enums import ImportState
from quizzes.errors import QuestionFileError
from quizzes.formats import ParsedQuestion, Picture, Reading, UnreadableFileError, apart
from quizzes.formats.messages import sentence
from quizzes.formats.model import NOTE
from quizzes.formats.safe import MAX_FILE, MEGABYTE
from quizzes.models import ImportedQuestion, ImportPicture, ItemBank, QuestionImport
from quizzes.services.imports.checking import check_duplicates, check_rules

#: Larger files are read in the background; a page that waits longer than a few seconds is one that people reload.
AT_ONCE = MEGABYTE
#: Characters of texts with markup that are cleaned within a request: about two seconds of work.
MARKED_AT_ONCE = 300_000
#: Files of one person that wait to be read; more would keep everybody's tasks waiting.
MAX_UNREAD = 5
WITHIN_THE_REQUEST = dt.timedelta(seconds=60)
FOLDER = "imports"

_UNDESCRIBED = "picture_undescribed"


def start_import(*, bank: ItemBank, file: Any, actor: Any, token: uuid.UUID | None = None) -> QuestionImport:
    """Keep an uploaded file and read it; the result may be a refusal (``state`` is ``refused``).

    The same ``token`` again gives the import that was made with it: a double click, or two requests at once, make one.

    Args:
        file: an uploaded file, with ``name`` and ``size``.

    Raises:
        QuestionFileError: the file is too large to be taken in at all, the token belongs to another import, or too
            many files of the person still wait.
    """
    if token is not None and (made := QuestionImport.objects.filter(token=token, bank=bank, created_by=actor).first()):
        return made
    unread = QuestionImport.objects.filter(created_by=actor, state=ImportState.READING).count()
    if unread >= MAX_UNREAD:
        raise QuestionFileError(sentence("many_unread", {"count": unread}), code="many_unread")
    if (file.size or 0) > MAX_FILE:
        raise QuestionFileError(sentence("too_large", {"limit": MAX_FILE // MEGABYTE}), code="too_large")
    name = (file.name or "").rpartition("/")[2].rpartition("\\")[2][-200:] or _("file")
    stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", file)
    try:
        with transaction.atomic():
            batch = QuestionImport.objects.create(
                bank=bank, created_by=actor, token=token or uuid.uuid4(), name=name, size=file.size or 0, stored=stored
            )
            record(
                actor=actor,
                action="quizzes.questions_uploaded",
                target=f"bank:{bank.pk}",
                data={"file": name, "size": batch.size},
                stream=f"bank:{bank.pk}",
            )
            # A small file is read within the request. Its task comes later and finds nothing to do, unless the
            # request broke off.
            queue_reading(batch, later=WITHIN_THE_REQUEST if batch.size <= AT_ONCE else None)
    except IntegrityError as error:
        default_storage.delete(stored)
        made = (
            None if token is None else QuestionImport.objects.filter(token=token, bank=bank, created_by=actor).first()
        )
        if made is None:
            raise QuestionFileError(_("Open the page again, then send the file."), code="token") from error
        return made
    except BaseException:
        default_storage.delete(stored)
        raise
    if batch.size <= AT_ONCE:
        _read_at_once(batch)
    batch.refresh_from_db()
    return batch


def queue_reading(batch: QuestionImport, *, later: dt.timedelta | None = None) -> None:
    """Let a task read the file, in the caller's transaction; an earlier task of the file counts no more."""
    from quizzes.tasks import read_question_file

    result = read_question_file.using(run_after=now() + later if later else None).enqueue(batch.pk)
    QuestionImport.objects.filter(pk=batch.pk).update(task=uuid.UUID(result.id))


def _read_at_once(batch: QuestionImport) -> None:
    """Read a small file now; what is long work, or comes while others are read, is left to its task."""
    try:
        _read(batch, apart.AT_ONCE, marked=MARKED_AT_ONCE)
    except LimitedError as error:
        if error.trouble in (Trouble.MEMORY, Trouble.CRASH):
            _refuse(batch, error.trouble, {})
            return
        with transaction.atomic():
            queue_reading(batch)


def read_import(batch_id: int) -> None:
    """Read the kept file of an import. Safe to run twice: a file that has been read is not read again."""
    batch = QuestionImport.objects.select_related("bank").filter(pk=batch_id, state=ImportState.READING).first()
    if batch is None:
        return
    try:
        _read(batch, apart.IN_THE_BACKGROUND)
    except LimitedError as error:
        _refuse(batch, error.trouble, {})


def _read(batch: QuestionImport, limits: JobLimits, *, marked: int | None = None) -> None:
    """Read a file in the limited process and keep what it holds.

    Raises:
        LimitedError: the limits were reached, or there is more marked text than ``marked`` characters to clean.
    """
    with default_storage.open(batch.stored) as file:
        data = file.read()
    try:
        reading = apart.read_apart(data, batch.name, limits)
    except UnreadableFileError as error:
        _refuse(batch, error.code, error.params)
        return
    if marked is not None and sum(map(apart.marked_length, reading.questions)) > marked:
        raise LimitedError(Trouble.TIME)
    for question in reading.questions:
        check_rules(question)
    check_duplicates(reading.questions, batch.bank)
    _keep(batch, reading)


def _refuse(batch: QuestionImport, code: str, params: dict[str, Any]) -> None:
    _finish(batch, ImportState.REFUSED, problem={"code": code, "params": params})


def _keep(batch: QuestionImport, reading: Reading) -> None:
    pictures = [(picture, _store(picture)) for picture in reading.pictures.values()]
    with transaction.atomic():
        locked = QuestionImport.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportState.READING:
            for _picture, stored in pictures:
                default_storage.delete(stored)
            return
        ImportPicture.objects.bulk_create(
            [ImportPicture(batch=batch, name=picture.name, stored=stored) for picture, stored in pictures]
        )
        ImportedQuestion.objects.bulk_create(
            [row_of(batch, position, question) for position, question in enumerate(reading.questions, start=1)],
            batch_size=500,
        )
        QuestionImport.objects.filter(pk=batch.pk).update(format=reading.format)
        doubts = [doubt.as_json() for doubt in reading.doubts]
        _finish(batch, ImportState.READY, doubts=doubts)


def _store(picture: Picture) -> str:
    return str(default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(picture.data)))


def _finish(batch: QuestionImport, state: ImportState, **fields: Any) -> None:
    stored = batch.stored
    reading = QuestionImport.objects.filter(pk=batch.pk, state=ImportState.READING)
    if reading.update(state=state, stored="", updated_at=now(), **fields):
        transaction.on_commit(lambda: default_storage.delete(stored))


def row_of(batch: QuestionImport, position: int, question: ParsedQuestion) -> ImportedQuestion:
    """Return the row of a parsed question."""
    row = ImportedQuestion(batch=batch, position=position, level=question.level)
    fill_row(row, question)
    return row


def fill_row(row: ImportedQuestion, question: ParsedQuestion) -> None:
    """Put a question into its row, with what can be filtered by; a picture that nobody described is noted."""
    question.doubts = [doubt for doubt in question.doubts if doubt.code != _UNDESCRIBED]
    if count := undescribed_pictures([question.stem, question.content, question.key, question.feedback]):
        question.doubt(_UNDESCRIBED, NOTE, count=count)
    row.data = question.as_json()
    row.broken = question.broken
    row.doubtful = any(doubt.severity != NOTE for doubt in question.doubts)
