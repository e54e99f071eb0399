"""Fixed vocabularies of item banks and exams."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Cognitive levels of the national blueprint (*ma trận đề*)."""

    RECALL = "recall", _("Recall")  # nhận biết
    UNDERSTAND = "understand", _("Understanding")  # thông hiểu
    APPLY = "apply", pgettext_lazy("level", "Application")  # vận dụng
    APPLY_HIGH = "apply_high", _("Higher application")  # vận dụng cao


class ItemState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("item", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("item", "In review")
    APPROVED = "approved", pgettext_lazy("item", "Approved")
    RETIRED = "retired", pgettext_lazy("item", "Retired")


class ExamPurpose(models.TextChoices):
    SELF_CHECK = "self_check", _("Self-check")
    FINAL = "final", _("Final test")


class CountingRule(models.TextChoices):
    """The attempt that counts among several."""

    BEST = "best", _("The best attempt")
    LAST = "last", _("The last attempt")
    FIRST = "first", _("The first attempt")


class Review(models.TextChoices):
    """The part of a handed-in attempt that its learner may see."""

    NOTHING = "nothing", _("Nothing")
    SCORE = "score", _("The score")
    ANSWERS = "answers", _("The score and own answers")
    KEY = "key", _("Everything, with the key and explanations")


class CorrectionRule(models.TextChoices):
    """The correction of a question that turned out to be wrong."""

    NEW_KEY = "new_key", _("Mark with the corrected version")
    EVERYONE = "everyone", _("Everybody gets the points")
    DROPPED = "dropped", _("The question does not count")


class QuestionSource(models.TextChoices):
    """The source of an exam's questions."""

    FIXED = "fixed", _("a list chosen by hand")
    RANDOM = "random", _("a random draw by filters")
    BLUEPRINT = "blueprint", _("a draw from a blueprint")


class Letterhead(models.TextChoices):
    """The heading at the top right of a printed paper: Hướng dẫn 36-HD/VPTW or Nghị định 30/2020/NĐ-CP."""

    PARTY = "party", _("Communist Party of Vietnam")
    STATE = "state", _("national name and motto")
    NONE = "none", pgettext_lazy("letterhead", "none")


class ImportState(models.TextChoices):
    """The state of a question file. ``failed``: reading it broke off, and it is still there to be read again."""

    READING = "reading", pgettext_lazy("file", "Being read")
    READY = "ready", pgettext_lazy("file", "Read")
    REFUSED = "refused", pgettext_lazy("file", "Refused")
    FAILED = "failed", pgettext_lazy("file", "Not read")


class ImportedState(models.TextChoices):
    """The state of one question of a file."""

    WAITING = "waiting", pgettext_lazy("question", "Waiting")
    IMPORTED = "imported", pgettext_lazy("question", "Imported")
    SKIPPED = "skipped", pgettext_lazy("question", "Left out")
