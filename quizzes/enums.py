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


class AttemptState(models.TextChoices):
    OPEN = "open", pgettext_lazy("attempt", "In progress")
    SUBMITTED = "submitted", pgettext_lazy("attempt", "Handed in")
    ANNULLED = "annulled", pgettext_lazy("attempt", "Annulled")


class CountingRule(models.TextChoices):
    """Which of several attempts counts."""

    BEST = "best", _("The best attempt")
    LAST = "last", _("The last attempt")
    FIRST = "first", _("The first attempt")


class Review(models.TextChoices):
    """How much of a handed-in attempt its learner may see."""

    NOTHING = "nothing", _("Nothing")
    SCORE = "score", _("The score")
    ANSWERS = "answers", _("The score and own answers")
    KEY = "key", _("Everything, with the key and explanations")


class SittingMode(models.TextChoices):
    """What kind of occasion a sitting is. The engine is the same; pages and defaults differ."""

    EXAM = "exam", pgettext_lazy("sitting", "Exam in a room")
    HALL = "hall", _("Quiz in a hall")
    CONTEST = "contest", _("Open contest")


class SignUp(models.TextChoices):
    """Who may come in by the code of a sitting."""

    ENROLLED = "enrolled", _("Only learners of the class")
    ACCOUNT = "account", _("Anybody with an account")
    OPEN = "open", _("Anybody, by name")


class SittingEventKind(models.TextChoices):
    """Lines of a sitting's log."""

    OPENED = "opened", _("Start opened")
    CLOSED = "closed", _("Start closed")
    EXTENDED = "extended", _("Time extended")
    EXTENDED_ALL = "extended_all", _("Time extended for all")
    REOPENED = "reopened", pgettext_lazy("log", "Attempt reopened")
    ANNULLED = "annulled", pgettext_lazy("log", "Attempt annulled")
    FORCED = "forced", _("Handed in by the invigilator")
    CODE = "code", _("New access code")
    ALLOWANCE = "allowance", _("Personal terms")
    GUESTS_OPEN = "guests_open", _("New guests let in")
    GUESTS_CLOSED = "guests_closed", _("No new guests")
    GUEST_CODE = "guest_code", _("New personal code")
    FILE_RECEIVED = "file_received", _("Offline file received")
    FILE_ACCEPTED = "file_accepted", _("Offline file accepted")
    FILE_REFUSED = "file_refused", _("Offline file refused")
    NOTE = "note", _("Note")


class FileDecision(models.TextChoices):
    PENDING = "pending", pgettext_lazy("offline file", "To be decided")
    ACCEPTED = "accepted", pgettext_lazy("offline file", "Accepted")
    REFUSED = "refused", pgettext_lazy("offline file", "Refused")


class CorrectionRule(models.TextChoices):
    """What is done about a question that turned out to be wrong."""

    NEW_KEY = "new_key", _("Mark with the corrected version")
    EVERYONE = "everyone", _("Everybody gets the points")
    DROPPED = "dropped", _("The question does not count")


class QuestionSource(models.TextChoices):
    """Where the questions of an exam come from."""

    FIXED = "fixed", _("a list chosen by hand")
    RANDOM = "random", _("a random draw by filters")
    BLUEPRINT = "blueprint", _("a draw from a blueprint")


class Letterhead(models.TextChoices):
    """What stands at the top right of a printed paper: Hướng dẫn 36-HD/VPTW or Nghị định 30/2020/NĐ-CP."""

    PARTY = "party", _("Communist Party of Vietnam")
    STATE = "state", _("national name and motto")
    NONE = "none", pgettext_lazy("letterhead", "none")


class AttemptMode(models.TextChoices):
    ONLINE = "online", pgettext_lazy("attempt", "on the computer")
    PAPER = "paper", pgettext_lazy("attempt", "on paper")


class SheetState(models.TextChoices):
    """How far an answer sheet has come."""

    ONCE = "once", pgettext_lazy("answer sheet", "entered once")
    DIFFERS = "differs", pgettext_lazy("answer sheet", "the entries differ")
    AGREED = "agreed", pgettext_lazy("answer sheet", "both agree")
    POSTED = "posted", pgettext_lazy("answer sheet", "graded")


class ImportState(models.TextChoices):
    """How far a question file has come. ``failed``: reading it broke off, and it is still there to be read again."""

    READING = "reading", pgettext_lazy("file", "Being read")
    READY = "ready", pgettext_lazy("file", "Read")
    REFUSED = "refused", pgettext_lazy("file", "Refused")
    FAILED = "failed", pgettext_lazy("file", "Not read")


class ImportedState(models.TextChoices):
    """What has become of one question of a file."""

    WAITING = "waiting", pgettext_lazy("question", "Waiting")
    IMPORTED = "imported", pgettext_lazy("question", "Imported")
    SKIPPED = "skipped", pgettext_lazy("question", "Left out")


class ScriptState(models.TextChoices):
    """How far the marking of one written answer has come."""

    WAITING = "waiting", pgettext_lazy("marking", "Being marked")
    DIFFERS = "differs", pgettext_lazy("marking", "To be settled")
    READY = "ready", pgettext_lazy("marking", "Marked")
    RELEASED = "released", pgettext_lazy("marking", "Released")
    VOID = "void", pgettext_lazy("marking", "Not to be marked")


class MarkingState(models.TextChoices):
    """How far one marker is with one answer."""

    WAITING = "waiting", pgettext_lazy("marking", "Waiting")
    IN_WORK = "in_work", pgettext_lazy("marking", "In work")
    DONE = "done", pgettext_lazy("marking", "Done")
