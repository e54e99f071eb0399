"""Question files on their way into a bank: what was read, what the author decides, what has become a question."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.clock import now
from lms.common.models import TimeStampedModel
from quizzes.enums import ImportedState, ImportState, Level
from quizzes.models.bank import Item, ItemBank, Topic
from quizzes.models.pictures import QuestionPicture

#: How long a file waits for its author after it was last worked on.
KEPT_FOR = dt.timedelta(days=30)


class QuestionImportQuerySet(models.QuerySet["QuestionImport"]):
    def visible_to(self, user: Any) -> QuestionImportQuerySet:
        """Own files for banks that ``user`` may write for, and everybody's for banks that ``user`` keeps."""
        from quizzes.access import imports_visible_to

        return imports_visible_to(user, self)

    def unfinished(self) -> QuestionImportQuerySet:
        """Files that are not read, were refused or empty, or hold questions that nobody has decided on."""
        questions = ImportedQuestion.objects.filter(batch=models.OuterRef("pk"))
        waiting = questions.filter(state=ImportedState.WAITING)
        return self.filter(~models.Q(state=ImportState.READY) | models.Exists(waiting) | ~models.Exists(questions))

    def stale(self, moment: dt.datetime) -> QuestionImportQuerySet:
        """Unfinished files that nobody has worked on for :data:`KEPT_FOR` before ``moment``."""
        return self.unfinished().filter(updated_at__lt=moment - KEPT_FOR)

    def touch(self, batch_id: int) -> None:
        """Note that somebody works on a file now, and lock it for the rest of the transaction."""
        self.filter(pk=batch_id).update(updated_at=now())


class QuestionImport(TimeStampedModel):
    """One file that was uploaded for a bank. Changes only through :mod:`quizzes.services.imports`.

    Nothing is lost before it is decided: questions stay here until they are imported or the file is discarded.
    """

    bank = models.ForeignKey(ItemBank, models.CASCADE, related_name="imports", verbose_name=_("bank"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # a form sent twice makes one import
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("size"), default=0)
    format = models.SlugField(_("format"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.READING)
    stored = models.CharField(max_length=200, blank=True, editable=False)  # where the file waits to be read
    task = models.UUIDField(null=True, editable=False)  # that reads it; an older one says nothing about it any more
    problem = models.JSONField(_("why it was refused"), default=dict, blank=True)
    doubts = models.JSONField(_("doubts about the file"), default=list, blank=True)

    objects = QuestionImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("question file")
        verbose_name_plural = _("question files")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="quizzes_import_state")
        ]
        # for the list of a bank's files, newest first
        indexes = [models.Index(fields=["bank", "-created_at"], name="quizzes_import_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_until(self) -> dt.datetime:
        """Return the time at which an unfinished file is forgotten, unless somebody works on it."""
        return self.updated_at + KEPT_FOR


class ImportedQuestion(models.Model):
    """One question of a file. ``data`` is a :class:`quizzes.formats.ParsedQuestion`."""

    batch = models.ForeignKey(QuestionImport, models.CASCADE, related_name="questions", verbose_name=_("question file"))
    position = models.PositiveIntegerField(_("position"))
    data = models.JSONField(_("question"))
    state = models.CharField(_("state"), max_length=10, choices=ImportedState, default=ImportedState.WAITING)
    broken = models.BooleanField(_("has an error"), default=False)
    doubtful = models.BooleanField(_("has a doubt"), default=False)
    level = models.CharField(_("level"), max_length=12, choices=Level, blank=True)
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    item = models.ForeignKey(
        Item,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("question", "item"),
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("question of a file")
        verbose_name_plural = _("questions of a file")
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="quizzes_imported_once"),
            models.CheckConstraint(condition=models.Q(state__in=ImportedState.values), name="quizzes_imported_state"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"


class ImportPicture(models.Model):
    """A picture of a file; it becomes a picture of the bank when a question that shows it is imported."""

    batch = models.ForeignKey(QuestionImport, models.CASCADE, related_name="pictures", verbose_name=_("question file"))
    name = models.CharField(_("name"), max_length=100)
    stored = models.CharField(max_length=200, editable=False)
    picture = models.ForeignKey(QuestionPicture, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("picture of a file")
        verbose_name_plural = _("pictures of a file")
        constraints = [models.UniqueConstraint(fields=["batch", "name"], name="quizzes_import_picture_once")]

    def __str__(self) -> str:
        return self.name
