"""Answers from paper: entered twice by two people, compared, settled, then graded like any other attempt."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.exams.engine.handwritten import UnreadableError, read_written, tidy
from lms.exams.enums import AttemptMode, AttemptState, SheetState
from lms.exams.errors import SheetError
from lms.exams.models import Attempt, PaperSheet, Response
from lms.exams.services.attempts import submit
from lms.programmes.models import EditionItem
from quizzes.errors import InvalidAnswerError
from quizzes.kinds import get_kind
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import answer_sheet

MOST_LETTERS = 4000


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One entry of a sheet: the paper's code, and what stands at each question number."""

    code: str
    answers: Mapping[int, str] = field(default_factory=dict)


def clean_entry(entry: SheetReading, papers: Mapping[str, Paper]) -> dict[str, Any]:
    """Return the entry as it is stored and compared.

    Args:
        entry: what was typed.
        papers: the papers of the set by code.

    Raises:
        SheetError: the code is unknown or an answer unreadable; ``fields`` names ``code`` or question numbers.
    """
    code = entry.code.strip()
    paper = papers.get(code)
    if paper is None:
        text = _("There is no paper code “%(code)s”; there are %(codes)s.") if code else _("Enter the paper code.")
        raise SheetError(
            _("The sheet cannot be taken."),
            fields={"code": [text % {"code": code[:20], "codes": ", ".join(papers)} if code else text]},
        )
    questions = {question["slot"]: question for question in paper.content["questions"]}
    answers: dict[str, str] = {}
    problems: dict[str, list[str]] = {}
    for slot, text in sorted(entry.answers.items()):
        question = questions.get(slot)
        if question is None:
            if text.strip():
                problems[str(slot)] = [_("The paper has no question of this number.")]
            continue
        try:
            _answer_of(paper, question, text)
        except (UnreadableError, InvalidAnswerError) as error:
            problems[str(slot)] = [_reason(error, question)]
            continue
        if tidied := tidy(question, text[:MOST_LETTERS]):
            answers[str(slot)] = tidied
    if problems:
        raise SheetError(_("The sheet cannot be taken."), fields=problems)
    return {"code": code, "answers": answers}


def _answer_of(paper: Paper, question: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    answer = read_written(question, text)
    if answer is None:
        return None
    slot = answer_sheet(paper.pk, paper.seed)[question["slot"]]
    return get_kind(question["kind"]).clean_answer(answer, slot.lookup)


def _reason(error: Exception, question: Mapping[str, Any]) -> str:
    reason = error.reason if isinstance(error, UnreadableError) else ""
    letters = ", ".join(one["id"].upper() for one in question.get("options", ()))
    match reason:
        case "one":
            return _("One letter is wanted (%(letters)s).") % {"letters": letters}
        case "letters" if letters:
            return _("The letters are %(letters)s.") % {"letters": letters}
        case "letters" | "length":
            return _("One mark for each part is wanted; - for none.")
        case "place":
            return _("Give the place in per cent of width and height: 31;77.")
        case _:
            return str(error)


@transaction.atomic
def enter_sheet(
    *, enrolment: Enrolment, item: EditionItem, entry: SheetReading, actor: Any, source: str = ""
) -> PaperSheet:
    """Take an entry for an exam of a class: the first, the same person's correction of it, or the second by another.

    Raises:
        SheetError: the person is no candidate, the entry is wrong, the sheet is graded already, or both entries are
            there and neither is this person's.
    """
    exam, set_number = _exam_of(item)
    papers = papers_of(exam, set_number)
    _check_candidate(enrolment, item)
    cleaned = clean_entry(entry, papers)
    moment = now()
    sheet = _locked(enrolment, item)
    if sheet is None:
        try:
            with transaction.atomic():
                return PaperSheet.objects.create(
                    exam=exam,
                    set_number=set_number,
                    user_id=enrolment.learner_id,
                    enrolment=enrolment,
                    item=item,
                    source=source,
                    first=cleaned,
                    first_by=actor,
                    first_at=moment,
                )
        except IntegrityError:  # somebody was quicker: theirs is the first entry
            sheet = _locked(enrolment, item)
            assert sheet is not None
    if sheet.state == SheetState.POSTED:
        raise SheetError(_("This sheet is graded already."))
    if sheet.first_by_id == actor.pk:
        if sheet.second is not None:
            raise SheetError(_("A second entry is there already; differences are settled together."))
        sheet.first, sheet.first_at = cleaned, moment
    elif sheet.second is None or sheet.second_by_id == actor.pk:
        sheet.second, sheet.second_by, sheet.second_at = cleaned, actor, moment
        agreed = sheet.first == cleaned
        sheet.state = SheetState.AGREED if agreed else SheetState.DIFFERS
        sheet.settled = cleaned if agreed else None
        sheet.settled_by = None
    else:
        raise SheetError(_("This sheet was entered twice already."))
    sheet.save()
    return sheet


def _exam_of(item: EditionItem) -> tuple[Exam, int]:
    if item.exam is None or item.set_number is None:
        raise SheetError(_("This person is no candidate of this exam."))
    return item.exam, item.set_number


def _locked(enrolment: Enrolment, item: EditionItem) -> PaperSheet | None:
    sheets = PaperSheet.objects.select_for_update(of=("self",)).filter(enrolment=enrolment, item=item)
    return sheets.filter(exam_id=item.exam_id or 0, set_number=item.set_number or 0).first()


def _check_candidate(enrolment: Enrolment, item: EditionItem) -> None:
    """Check that the learner is in a class that sits the item. Dates do not matter: sheets come after the day."""
    active = Enrolment.objects.active().filter(pk=enrolment.pk, training_class__edition_id=item.edition_id)
    if not active.exists():
        raise SheetError(_("This person is no candidate of this exam."))


def papers_of(exam: Exam, set_number: int) -> dict[str, Paper]:
    """Return the papers of a set by code, in the order they were made."""
    papers = Paper.objects.filter(exam=exam, set_number=set_number).order_by("pk")
    return {paper.code: paper for paper in papers}


def differences(sheet: PaperSheet) -> list[tuple[str, str, str]]:
    """Return what the two entries say differently: (``code`` or question number, first, second)."""
    first, second = sheet.first, sheet.second or {"code": "", "answers": {}}
    found = [("code", first["code"], second["code"])] if first["code"] != second["code"] else []
    slots = sorted({*first["answers"], *second["answers"]}, key=int)
    found += [
        (slot, one, other)
        for slot in slots
        if (one := first["answers"].get(slot, "")) != (other := second["answers"].get(slot, ""))
    ]
    return found


@transaction.atomic
def settle_sheet(*, sheet: PaperSheet, choices: Mapping[str, str], actor: Any) -> PaperSheet:
    """Decide every difference: ``choices`` gives the right text for ``code`` and each differing question number.

    Raises:
        SheetError: a difference is left open, a text is unreadable, or there is nothing to settle.
    """
    locked = PaperSheet.objects.select_for_update(of=("self",)).select_related("exam").get(pk=sheet.pk)
    if locked.state != SheetState.DIFFERS:
        raise SheetError(_("There is nothing to settle here."))
    answers = {int(slot): text for slot, text in locked.first["answers"].items()}
    code = locked.first["code"]
    for where, _first, _second in differences(locked):
        if where not in choices:
            raise SheetError(_("Decide every difference."), fields={where: [_("Decide this one.")]})
        if where == "code":
            code = choices[where]
        else:
            answers[int(where)] = choices[where]
    locked.settled = clean_entry(SheetReading(code, answers), papers_of(locked.exam, locked.set_number))
    locked.settled_by, locked.state = actor, SheetState.AGREED
    locked.save(update_fields=["settled", "settled_by", "state", "updated_at"])
    record(actor=actor, action="sheet.settle", target=f"sheet:{locked.pk}", data={"choices": dict(choices)})
    return locked


@transaction.atomic
def post_sheet(*, sheet: PaperSheet, actor: Any) -> Attempt:
    """Make the attempt of a settled sheet and grade it; a second call gives the same attempt.

    Raises:
        SheetError: the entries do not agree yet, or the person has an attempt open or none left.
    """
    # The attempt is not joined: after waiting for the lock PostgreSQL sees the new pointer, but old joined rows.
    locked = PaperSheet.objects.select_for_update(of=("self",)).select_related("exam").get(pk=sheet.pk)
    if locked.attempt is not None:
        return locked.attempt
    if locked.state != SheetState.AGREED or locked.settled is None:
        raise SheetError(_("Both entries must agree before the sheet is graded."))
    paper = papers_of(locked.exam, locked.set_number)[locked.settled["code"]]
    past = list(Attempt.objects.filter(enrolment_id=locked.enrolment_id, item_id=locked.item_id).order_by("number"))
    if any(attempt.state == AttemptState.OPEN for attempt in past):
        raise SheetError(_("This person has this exam open on the computer."))
    counted = sum(attempt.state != AttemptState.ANNULLED for attempt in past)
    if locked.exam.max_attempts is not None and counted >= locked.exam.max_attempts:
        raise SheetError(_("All attempts allowed for this exam have been used."))
    moment = now()
    attempt = Attempt.objects.create(
        user_id=locked.user_id,
        exam=locked.exam,
        paper=paper,
        enrolment_id=locked.enrolment_id,
        item_id=locked.item_id,
        number=past[-1].number + 1 if past else 1,
        token=secrets.token_urlsafe(32),
        mode=AttemptMode.PAPER,
        started_at=moment,
        max_score=paper.max_score,
    )
    questions = {question["slot"]: question for question in paper.content["questions"]}
    Response.objects.bulk_create(
        Response(attempt=attempt, slot=int(slot), answer=answer, seq=1, saved_at=moment)
        for slot, text in locked.settled["answers"].items()
        if (answer := _answer_of(paper, questions[int(slot)], text)) is not None
    )
    done = submit(attempt=attempt)
    locked.attempt, locked.state = done, SheetState.POSTED
    locked.save(update_fields=["attempt", "state", "updated_at"])
    record(
        actor=actor,
        action="sheet.grade",
        target=f"attempt:{done.pk}",
        data={"sheet": locked.pk, "code": paper.code, "source": locked.source},
    )
    return done


def post_sheets(*, sheets: Iterable[PaperSheet], actor: Any) -> tuple[int, list[tuple[PaperSheet, str]]]:
    """Grade every sheet that is ready, each by itself; return how many, and those that could not with the reason."""
    done = 0
    refused = []
    for sheet in sheets:
        try:
            post_sheet(sheet=sheet, actor=actor)
        except SheetError as error:
            refused.append((sheet, str(error)))
        else:
            done += 1
    return done, refused


@transaction.atomic
def take_sheets(*, item: EditionItem, rows: Sequence[tuple[Enrolment, SheetReading]], source: str, actor: Any) -> int:
    """Take and grade sheets of an exam that a machine read: all of them or none. A machine needs no second entry.

    Raises:
        SheetError: any of them cannot be taken.
    """
    exam, set_number = _exam_of(item)
    papers = papers_of(exam, set_number)
    moment = now()
    for enrolment, entry in rows:
        _check_candidate(enrolment, item)
        cleaned = clean_entry(entry, papers)
        sheet = _locked(enrolment, item)
        if sheet is not None and sheet.state == SheetState.POSTED:
            raise SheetError(_("One of the sheets is graded already."))
        if sheet is None:
            sheet = PaperSheet(
                exam=exam,
                set_number=set_number,
                user_id=enrolment.learner_id,
                enrolment=enrolment,
                item=item,
            )
        sheet.first, sheet.first_by, sheet.first_at = cleaned, actor, moment
        sheet.second = sheet.second_by = sheet.second_at = None
        sheet.source, sheet.settled, sheet.settled_by, sheet.state = source, cleaned, actor, SheetState.AGREED
        sheet.save()
        post_sheet(sheet=sheet, actor=actor)
    return len(rows)
