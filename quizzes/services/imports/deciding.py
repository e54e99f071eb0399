"""Decisions of an author about the questions of a file before they are imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.enums import ImportedState, Level
from quizzes.errors import QuestionFileError
from quizzes.formats import ParsedQuestion
from quizzes.formats.excel import from_cells
from quizzes.formats.model import WARNING
from quizzes.models import ImportedQuestion, ImportPicture, QuestionImport, Topic
from quizzes.services.imports.checking import check_duplicates, check_rules
from quizzes.services.imports.reading import fill_row


@transaction.atomic
def fix_question(*, row: ImportedQuestion, cells: Mapping[str, str]) -> ParsedQuestion:
    """Replace a waiting question by what its form says (the columns of the Excel template), checked anew.

    Raises:
        QuestionFileError: the question has been imported or skipped meanwhile.
    """
    locked = _waiting(row)
    before = ParsedQuestion.from_json(locked.data)
    question = from_cells(dict(cells), before.place)
    if before.kind == "hotspot":
        question = _same_picture(before, question)
    check_rules(question)
    check_duplicates([question], locked.batch.bank)
    fill_row(locked, question)
    locked.level = question.level or locked.level
    locked.save(update_fields=["data", "broken", "doubtful", "level"])
    return question


def _same_picture(before: ParsedQuestion, said: ParsedQuestion) -> ParsedQuestion:
    """A form of words cannot hold areas of a picture: they stay, the words around them change."""
    before.stem, before.feedback = said.stem, said.feedback
    before.source, before.code, before.tags, before.topic, before.level = (
        said.source,
        said.code,
        said.tags,
        said.topic,
        said.level,
    )
    before.doubts = [doubt for doubt in before.doubts if doubt.code != "no_stem" or not said.stem]
    return before


@transaction.atomic
def choose_answer(*, row: ImportedQuestion, letters: Collection[str]) -> ParsedQuestion:
    """Mark the right options of a question with options: the one thing that is most often missing.

    Raises:
        QuestionFileError: the question is of another kind, or has been imported meanwhile.
    """
    locked = _waiting(row)
    question = ParsedQuestion.from_json(locked.data)
    known = [option["id"] for option in question.content.get("options", [])]
    right = [ident for ident in known if ident in letters]
    if question.kind not in ("single_choice", "multiple_response") or not right:
        raise QuestionFileError(_("Mark one option as the right one."))
    if len(right) > 1:
        question.kind = "multiple_response"
        question.key = {"scoring": "all_or_nothing", **question.key, "correct": right}
    else:
        question.kind, question.key = "single_choice", {"correct": right[0]}
    answered = (
        "no_key",
        "key_conflict",
        "unknown_answer",
        "italic_unsure",
        "all_marked",
        "several_marked",
        "other_mark",
    )
    question.doubts = [doubt for doubt in question.doubts if not doubt.code.startswith(answered)]
    check_rules(question)
    fill_row(locked, question)
    locked.save(update_fields=["data", "broken", "doubtful"])
    return question


def _waiting(row: ImportedQuestion) -> ImportedQuestion:
    QuestionImport.objects.touch(row.batch_id)
    locked = ImportedQuestion.objects.select_for_update(of=("self",)).select_related("batch__bank").get(pk=row.pk)
    if locked.state != ImportedState.WAITING:
        raise QuestionFileError(_("This question has been decided on already."), code="decided")
    return locked


@transaction.atomic
def describe_questions(
    *, batch: QuestionImport, ids: Collection[int], topic: Topic | None = None, level: str = "", looked_at: bool = False
) -> int:
    """Give many waiting questions a topic or a level, or note that their doubts were looked at; returns how many.

    Raises:
        QuestionFileError: the topic is of another bank, or there is no such level.
    """
    if topic is not None and topic.bank_id != batch.bank_id:
        raise QuestionFileError(_("Choose a topic of this bank."))
    if level and level not in Level.values:
        raise QuestionFileError(_("There is no such level."))
    QuestionImport.objects.touch(batch.pk)
    rows = batch.questions.filter(pk__in=ids, state=ImportedState.WAITING)
    count = rows.count()
    if topic is not None:
        rows.update(topic=topic)
    if level:
        rows.update(level=level)
    if looked_at:
        for row in rows.filter(doubtful=True, broken=False):
            question = ParsedQuestion.from_json(row.data)
            question.doubts = [doubt for doubt in question.doubts if doubt.severity != WARNING]
            fill_row(row, question)
            row.save(update_fields=["data", "broken", "doubtful"])
    return count


@transaction.atomic
def skip_questions(*, batch: QuestionImport, ids: Collection[int]) -> int:
    """Leave waiting questions out; they can be taken back. Returns how many."""
    QuestionImport.objects.touch(batch.pk)
    return batch.questions.filter(pk__in=ids, state=ImportedState.WAITING).update(state=ImportedState.SKIPPED)


@transaction.atomic
def take_back(*, batch: QuestionImport, ids: Collection[int]) -> int:
    """Let skipped questions wait again. Returns how many."""
    QuestionImport.objects.touch(batch.pk)
    return batch.questions.filter(pk__in=ids, state=ImportedState.SKIPPED).update(state=ImportedState.WAITING)


def discard_import(*, batch: QuestionImport) -> None:
    """Forget a file with everything that was not imported from it."""
    with transaction.atomic():
        stored = [batch.stored, *ImportPicture.objects.filter(batch=batch).values_list("stored", flat=True)]
        QuestionImport.objects.filter(pk=batch.pk).delete()
        transaction.on_commit(lambda: _delete(stored))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        if name:
            default_storage.delete(name)
