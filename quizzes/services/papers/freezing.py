"""Freezing an exam into paper codes (*mã đề*)."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record
from lms.common.clock import now
from quizzes.engine.keys import agreement_bound
from quizzes.engine.receipt import digest
from quizzes.enums import QuestionSource
from quizzes.errors import ExamEmptyError, PaperCodesError
from quizzes.models import Exam, ExamDraw, ItemUse, ItemVersion, Paper
from quizzes.services.papers.building import DrawnQuestion, Question, build_paper, key_targets, order_of
from quizzes.services.papers.draws import draw_forms, latest_draw

__all__ = ["build_paper", "codes_of", "freeze_papers"]

FIRST_CODE = 101
SEED_BITS = 62  # fits a signed 64-bit column
#: How many seeds are tried so that a code's key does not resemble that of another code.
SEED_TRIES = 60
_CODE_LENGTH = 12


def codes_of(exam: Exam) -> list[str]:
    """Return the codes of the papers: the exam's own, else 101, 102 …

    Raises:
        PaperCodesError: the own codes are not as many as the papers, too long, or not different.
    """
    own = [code.strip() for code in exam.codes.replace(";", ",").split(",") if code.strip()]
    if not own:
        return [str(FIRST_CODE + index) for index in range(exam.variants)]
    if len(own) != exam.variants or len(set(own)) != len(own) or any(len(code) > _CODE_LENGTH for code in own):
        raise PaperCodesError(
            _("Give %(number)d different paper codes of at most 12 letters.") % {"number": exam.variants},
            fields={
                "codes": [
                    str(_("Give %(number)d different paper codes of at most 12 letters.") % {"number": exam.variants})
                ]
            },
        )
    return own


@transaction.atomic
def freeze_papers(*, exam: Exam, actor: Any = None, anew: bool = False) -> int:
    """Freeze ``exam.variants`` paper codes and return the number of the set.

    When the last set still is what its seeds give today, that set is used again. Seeds are random, so nobody can
    work out a paper's order beforehand; the seed is stored, so that the order can be shown to be right afterwards.
    Seeds whose keys resemble those of another code are passed over. An exam that is drawn uses its latest draw, or is
    drawn now. A new set that a person asked for is recorded.

    ``anew`` makes a further set in any case: other questions where they are drawn, else another order.

    Raises:
        ExamEmptyError: the exam has no questions.
        DrawImpossibleError: it must be drawn, and the bank cannot give its forms.
        PaperCodesError: its own codes do not fit.
    """
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    codes = codes_of(locked)
    forms = forms_of(locked, actor=actor, anew=anew)
    last_number = (
        Paper.objects.filter(exam=locked).order_by("-set_number").values_list("set_number", flat=True).first() or 0
    )
    last = list(Paper.objects.filter(exam=locked, set_number=last_number).order_by("pk"))
    if (
        not anew
        and [paper.code for paper in last] == codes
        and all(_unchanged(locked, forms, index, paper) for index, paper in enumerate(last))
    ):
        return last_number
    number = last_number + 1
    papers: list[Paper] = []
    keys: list[list[int]] = []
    for index, code in enumerate(codes):
        questions = forms[index % len(forms)]
        seed = _unlike_seed(locked, questions, keys)
        draft = build_paper(exam=locked, questions=questions, seed=seed)
        papers.append(
            Paper(
                exam=locked,
                set_number=number,
                code=code,
                form=index % len(forms) + 1,
                seed=seed,
                content=draft.content,
                layout=draft.layout,
                max_score=draft.max_score,
                digest=digest(draft.content),
            )
        )
    Paper.objects.bulk_create(papers)
    _note_uses(locked, number, forms[: len(codes)])
    if actor is not None:
        record(actor=actor, action="exam.freeze", target=f"exam:{exam.pk}", data={"set": number})
    return number


def forms_of(exam: Exam, *, actor: Any = None, anew: bool = False) -> list[list[Question]]:
    """Return the questions of each form; a fixed list is the one form of all codes. ``anew`` draws in any case.

    Raises:
        ExamEmptyError: there are none.
        DrawImpossibleError: it must be drawn, and the bank cannot give its forms.
    """
    if exam.source == QuestionSource.FIXED:
        questions: list[Question] = list(exam.questions.select_related("version").order_by("position"))
        if not questions:
            raise ExamEmptyError(_("The exam “%(title)s” has no questions yet.") % {"title": exam.title})
        return [questions]
    made = (None if anew else latest_draw(exam)) or draw_forms(exam=exam, actor=actor)
    return questions_of_draw(made)


def questions_of_draw(made: ExamDraw) -> list[list[Question]]:
    """Return the questions of each form of a draw."""
    versions = ItemVersion.objects.in_bulk({entry["version"] for form in made.forms for entry in form})
    return [
        [
            DrawnQuestion(position, versions[entry["version"]], Decimal(entry["points"]))
            for position, entry in enumerate(form, start=1)
        ]
        for form in made.forms
    ]


def _unlike_seed(exam: Exam, questions: Sequence[Question], keys: list[list[int]]) -> int:
    """Return a random seed whose key agrees with no earlier code's at more places than chance; add it to ``keys``."""
    best: tuple[int, int, list[int]] | None = None
    for _try in range(SEED_TRIES):
        seed = secrets.randbits(SEED_BITS)
        targets = key_targets(exam, order_of(exam, questions, seed), seed)
        key = list(targets.values())
        excess = max((_excess(key, other) for other in keys), default=0)
        if best is None or excess < best[0]:
            best = (excess, seed, key)
        if excess <= 0:
            break
    assert best is not None
    keys.append(best[2])
    return best[1]


def _excess(key: Sequence[int], other: Sequence[int]) -> int:
    """Return by how many places two keys agree beyond chance."""
    places = min(len(key), len(other))
    same = sum(one == two for one, two in zip(key, other, strict=False))
    return same - agreement_bound(places, max(2, len(set(key))))


def _unchanged(exam: Exam, forms: Sequence[Sequence[Question]], index: int, paper: Paper) -> bool:
    draft = build_paper(exam=exam, questions=forms[index % len(forms)], seed=paper.seed)
    return draft.layout == paper.layout and digest(draft.content) == paper.digest


def _note_uses(exam: Exam, number: int, forms: Sequence[Sequence[Question]]) -> None:
    """Write down which items the set asks, so that later draws can spare them."""
    times = Counter(question.version.item_id for form in forms for question in form)
    ItemUse.objects.bulk_create(
        ItemUse(item_id=item, exam=exam, set_number=number, forms=count, used_on=exam.held_on or now().date())
        for item, count in times.items()
    )
