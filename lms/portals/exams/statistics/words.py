"""Findings and figures in words that a lecturer understands."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lms.exams.engine.flags import SERIOUS
from quizzes.engine.layout import shown_by_original
from quizzes.models import ItemVersion


def letters_of(version: ItemVersion) -> dict[str, str]:
    """Map the options' own ids to capital letters in the order of the version."""
    options = [option["id"] for option in version.content.get("options", ())]
    return {ident: letter.upper() for ident, letter in shown_by_original(options).items()}


def flag_text(flag: Mapping[str, str], letters: Mapping[str, str]) -> str:
    """Return the sentence for one finding."""
    option = letters.get(flag["option"], flag["option"])
    sentences = {
        "distractor_beats_key": _("Strong learners chose option %(option)s more often than the key."),
        "negative": _("Weak learners did better here than strong ones: check the key."),
        "weak": _("The question hardly tells strong learners from weak ones."),
        "too_easy": _("Almost everybody knows it."),
        "too_hard": _("Hardly anybody knows it."),
        "many_omit": _("Many left it without an answer."),
        "dead_option": _("Almost nobody chose option %(option)s."),
        "misfit": _("The answers do not follow the response model."),
        "given": _("A correction gave everybody the points, so nothing can be said of its difficulty."),
        "dropped": _("A correction took this question out: it does not count."),
    }
    return sentences[flag["code"]] % {"option": option}


def is_serious(flag: Mapping[str, str]) -> bool:
    """Whether the finding speaks for a fault in the question."""
    return flag["code"] in SERIOUS


def difficulty_word(value: float | None) -> str:
    """Return easy, medium or hard for a mean share of points."""
    if value is None:
        return ""
    if value >= 0.8:
        return _("easy")
    return _("medium") if value >= 0.4 else _("hard")


def reliability_word(value: float | None) -> str:
    """Return what a reliability allows (J. C. Nunnally, *Psychometric Theory*, 1978)."""
    if value is None:
        return _("too few answers to tell")
    if value >= 0.9:
        return _("good enough to judge each person by")
    if value >= 0.7:
        return _("good enough for a classroom test")
    if value >= 0.5:
        return _("weak: other evidence is needed beside this test")
    return _("too low to judge anybody by this test alone")
