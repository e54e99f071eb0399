"""Fixed vocabularies of attempts, sittings, answer sheets and marking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttemptState(models.TextChoices):
    OPEN = "open", pgettext_lazy("attempt", "In progress")
    SUBMITTED = "submitted", pgettext_lazy("attempt", "Handed in")
    ANNULLED = "annulled", pgettext_lazy("attempt", "Annulled")


class SittingMode(models.TextChoices):
    """The kind of a sitting. The engine is the same; pages and defaults differ."""

    EXAM = "exam", pgettext_lazy("sitting", "Exam in a room")
    HALL = "hall", _("Quiz in a hall")
    CONTEST = "contest", _("Open contest")


class SignUp(models.TextChoices):
    """The people who may come in by the code of a sitting."""

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


class AttemptMode(models.TextChoices):
    ONLINE = "online", pgettext_lazy("attempt", "on the computer")
    PAPER = "paper", pgettext_lazy("attempt", "on paper")


class SheetState(models.TextChoices):
    """The state of an answer sheet."""

    ONCE = "once", pgettext_lazy("answer sheet", "entered once")
    DIFFERS = "differs", pgettext_lazy("answer sheet", "the entries differ")
    AGREED = "agreed", pgettext_lazy("answer sheet", "both agree")
    POSTED = "posted", pgettext_lazy("answer sheet", "graded")


class ScriptState(models.TextChoices):
    """The state of marking one written answer."""

    WAITING = "waiting", pgettext_lazy("marking", "Being marked")
    DIFFERS = "differs", pgettext_lazy("marking", "To be settled")
    READY = "ready", pgettext_lazy("marking", "Marked")
    RELEASED = "released", pgettext_lazy("marking", "Released")
    VOID = "void", pgettext_lazy("marking", "Not to be marked")


class MarkingState(models.TextChoices):
    """The state of one marker's work on one answer."""

    WAITING = "waiting", pgettext_lazy("marking", "Waiting")
    IN_WORK = "in_work", pgettext_lazy("marking", "In work")
    DONE = "done", pgettext_lazy("marking", "Done")
