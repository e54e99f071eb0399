"""The content of the test page: plain values for its templates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lms.common.text import whole_number
from lms.exams.engine.admission import first_slot_of_page
from lms.exams.enums import AttemptMode, AttemptState
from lms.exams.models import Attempt
from lms.exams.queries import iso
from lms.exams.queries.attempts import kept_responses, offline_key
from quizzes import policy
from quizzes.engine.scoring import needs_marking, share
from quizzes.engine.texts import plain_text
from quizzes.enums import Review
from quizzes.kinds import get_kind
from quizzes.queries.papers.compiled import paper_content

# The step "all questions before handing in" in ?cau=
CHECK = "nop"
STEM_WORDS = 14


@dataclass(frozen=True, slots=True)
class AttemptQuestion:
    """One question as the page shows it; ``view`` is what the template of its kind needs."""

    slot: int
    kind: str
    template: str
    points: float
    stem_html: str
    view: dict[str, Any]
    short: str
    answered: bool
    flagged: bool
    current: bool
    shown: bool
    left: bool
    hidden_html: str


@dataclass(frozen=True, slots=True)
class ExamPage:
    """The values that page.html needs."""

    attempt: Attempt
    questions: list[AttemptQuestion]
    checking: bool
    current: int
    seq: int
    remaining: dt.timedelta | None
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.questions)

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def open_count(self) -> int:
        return self.count - self.answered

    @property
    def flagged(self) -> int:
        return sum(question.flagged for question in self.questions)


def flag_cookie(attempt: Attempt) -> str:
    """Return the name of the cookie that keeps this device's flags."""
    return f"sen_flags_{attempt.pk}"


@lru_cache(maxsize=20_000)
def _hidden_section(paper_id: int, seed: int, slot: int, language: str) -> str:
    """Return a question that is not shown now, without any answer: the same for everybody on this paper.

    The page's modules fill it in; without JavaScript only the current question matters. It is most of the page's
    cost, so each process renders it once.
    """
    content = paper_content(paper_id, seed)["questions"]
    question = next(question for question in content if question["slot"] == slot)
    view = _question(question, None, set())
    with translation.override(language):
        return render_to_string("attempts/question.html", {"question": view, "count": len(content)})


def exam_page(
    attempt: Attempt, *, kept: list[dict[str, Any]], flags: set[int], step: str, moment: dt.datetime
) -> ExamPage:
    """Work out the page of an open attempt.

    Args:
        attempt: with its paper and exam.
        kept: the kept answers.
        flags: slots flagged on this device.
        step: the number of a question, or :data:`CHECK`; anything else is the first question without an answer.
        moment: now.
    """
    content = paper_content(attempt.paper_id, attempt.paper.seed)["questions"]
    answers = {row["slot"]: row["answer"] for row in kept}
    seqs = {row["slot"]: row["seq"] for row in kept}
    slots = [question["slot"] for question in content]
    front = page_front(attempt)
    wanted = whole_number(step)
    if wanted is not None and wanted in slots:
        current = wanted
    else:
        current = next((slot for slot in slots if slot >= front and answers.get(slot) is None), max(front, slots[0]))
    if attempt.one_way and first_slot_of_page(current, attempt.page_size) != front:
        current = front  # the pages before are closed, those after are entered by leaving this one
    page = first_slot_of_page(current, attempt.page_size)
    on_page = range(page, page + attempt.page_size)
    language = translation.get_language() or settings.LANGUAGE_CODE
    questions = [
        _question(
            question,
            answers.get(question["slot"]),
            flags,
            current=question["slot"] == current,
            shown=question["slot"] in on_page,
            left=question["slot"] < front,
            hidden_html=""
            if question["slot"] in on_page
            else _hidden_section(attempt.paper_id, attempt.paper.seed, question["slot"], language),
        )
        for question in content
    ]
    return ExamPage(
        attempt=attempt,
        questions=questions,
        checking=step == CHECK,
        current=current,
        seq=max((seqs.get(slot, 0) for slot in on_page), default=0),
        remaining=None if attempt.deadline is None else max(attempt.deadline - moment, dt.timedelta(0)),
        config={
            "attempt": attempt.pk,
            "token": attempt.token,
            "user": attempt.user_id,
            "serverTime": iso(moment),
            "deadline": iso(attempt.deadline),
            "responses": kept,
            "flagCookie": flag_cookie(attempt),
            "device": attempt.device,
            "oneWay": attempt.one_way,
            "pageSize": attempt.page_size,
            "fromSlot": attempt.from_slot,
            "offlineKey": offline_key(attempt.pk, attempt.token),
            "paperCode": attempt.paper.code,
            "fileName": file_name(attempt),
            "urls": {
                "attempt": reverse("api:attempt", args=[attempt.pk]),
                "responses": reverse("api:attempt-responses", args=[attempt.pk]),
                "submit": reverse("api:attempt-submit", args=[attempt.pk]),
                "heartbeat": reverse("api:attempt-heartbeat", args=[attempt.pk]),
                "device": reverse("api:attempt-device", args=[attempt.pk]),
                "page": reverse("api:attempt-page", args=[attempt.pk]),
                "login": policy.page_of("guest_return", attempt) if attempt.is_guests else reverse("login"),
                "result": reverse("attempts:result", args=[attempt.pk]),
            },
        },
    )


def unsent_config(attempt: Attempt, moment: dt.datetime, *, device: str = "") -> dict[str, Any] | None:
    """Return what the result page needs to hand over answers that came too late; ``None`` where there can be none."""
    if attempt.state != AttemptState.SUBMITTED or attempt.mode == AttemptMode.PAPER:
        return None
    return {
        "attempt": attempt.pk,
        "token": attempt.token,
        "serverTime": iso(moment),
        "device": device,
        "offlineKey": offline_key(attempt.pk, attempt.token),
        "paperCode": attempt.paper.code,
        "fileName": file_name(attempt),
        "kept": [[row["slot"], row["seq"]] for row in kept_responses(attempt)],
        "text": _("Answers that came after the hand-in and do not count so far: {count}."),
    }


def file_name(attempt: Attempt) -> str:
    """Return the name of the file that answers leave a machine in."""
    return f"bai-lam-{attempt.pk}.json"


def page_front(attempt: Attempt) -> int:
    """Return the first question that may still be answered: 1 where one may go back."""
    return first_slot_of_page(max(1, attempt.from_slot), attempt.page_size) if attempt.one_way else 1


def _question(
    question: dict[str, Any],
    answer: Any,
    flags: set[int],
    *,
    current: bool = False,
    shown: bool = False,
    left: bool = False,
    hidden_html: str = "",
) -> AttemptQuestion:
    kind = get_kind(question["kind"])
    return AttemptQuestion(
        slot=question["slot"],
        kind=question["kind"],
        template=kind.template,
        points=question["points"],
        stem_html=question["stem_html"],
        # what is not shown now stands in hidden_html already
        view={} if hidden_html else kind.answer_view(question, answer),
        short=Truncator(plain_text(question["stem_html"])).words(STEM_WORDS),
        answered=answer is not None,
        flagged=question["slot"] in flags,
        current=current,
        shown=shown,
        left=left,
        hidden_html=hidden_html,
    )


def review_questions(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the questions of a review with what the templates of their kinds need (the key only where it is there)."""
    questions = []
    for question in body["questions"]:
        kind = get_kind(question["kind"])
        notes = question.get("feedback", {})
        view = kind.review_view(question, question["answer"], question.get("key"), notes.get("options", {}))
        questions.append(
            {
                **question,
                "template": kind.review_template,
                "view": view,
                "outcome": _outcome(question),
                "notes": notes,
            }
        )
    return questions


def _outcome(question: dict[str, Any]) -> str:
    """Return how the question went: "right", "partly", "wrong", "empty", "marking"; "" while the key is hidden."""
    answer, key = question["answer"], question.get("key")
    if question.get("marking"):
        return "marking"
    if key is None:
        return ""
    if answer is None:
        return "empty"
    if needs_marking(question["kind"]):
        earned = Decimal(str(question["earned"])) / Decimal(str(question["points"]))
    else:
        earned = share(question["kind"], key, answer)
    return "right" if earned == 1 else "partly" if earned > 0 else "wrong"


def later_level(attempt: Attempt, level: Review) -> Review | None:
    """Return what may be seen after the last day, when that is more than now."""
    order = list(Review)
    later = Review(attempt.exam.review_after_close)
    more = attempt.state == AttemptState.SUBMITTED and order.index(later) > order.index(level)
    return later if more else None


def texts(*, guest: bool = False) -> dict[str, Any]:
    """Return the words of the page's modules; ``{name}`` is filled in by them. A ``guest`` has a code, no password."""
    return {
        "states": {
            "saved": _("Saved: {saved} of {count}"),
            "waiting": _("Waiting: {waiting}"),
            "offline": _("No network, waiting: {waiting}"),
            "signed-out": _("Signed out, waiting: {waiting}"),
            "stranger": _("Signed in as another person, waiting: {waiting}"),
            "failed": _("The server does not answer, waiting: {waiting}"),
            "taken-over": _("Open at another device, waiting: {waiting}"),
            "closed": _("The test has been handed in"),
        },
        "answered": _("answered"),
        "unsent": _("not sent yet"),
        "later": _("later"),
        "open": _("Questions without an answer: {count}."),
        "complete": _("Every question has an answer."),
        "sure": _("Hand in the test?"),
        "handIn": _("Hand in"),
        "leave": _("Some answers have not been sent yet."),
        "minutes": _("Minutes left: {count}"),
        "leavePage": _("Go to the next page?"),
        "leavePageBody": _("There is no way back: the answers on this page can no longer be changed."),
        "nextPage": _("Next page"),
        "signIn": {
            "wrong": _("This personal code is wrong.") if guest else _("The name or the password is wrong."),
            "paused": _("Too many tries. Please wait a few minutes."),
            "offline": _("There is no network."),
        },
        "timeUp": _("The time is up. The test is being handed in."),
    }
