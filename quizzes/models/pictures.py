"""Pictures of questions. They are no part of the media library: nobody lists, searches or chooses them there."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import TimeStampedModel
from media.models import RENDITIONS, rendition_url
from quizzes.models.bank import Item, ItemBank


class QuestionPictureQuerySet(models.QuerySet["QuestionPicture"]):
    def visible_to(self, user: Any) -> QuestionPictureQuerySet:
        """Pictures of the questions, papers and attempts that ``user`` may see."""
        from quizzes.access import pictures_visible_to

        return pictures_visible_to(user, self)


class QuestionPicture(TimeStampedModel):
    """A picture in one size, at most as large as texts show it. ``width`` and ``height`` are those of what was sent.

    Its signed address stands in questions and frozen papers for good, so the file keeps its name.
    """

    bank = models.ForeignKey(ItemBank, models.SET_NULL, null=True, related_name="pictures", verbose_name=_("item bank"))
    items = models.ManyToManyField(
        Item, related_name="pictures", blank=True, verbose_name=pgettext_lazy("question", "items")
    )
    file = models.FileField(_("file"), upload_to=RENDITIONS, max_length=200, unique=True)
    original = models.CharField(max_length=200, blank=True, editable=False)  # of pictures that were in the library
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    shown_width = models.PositiveIntegerField(editable=False)
    shown_height = models.PositiveIntegerField(editable=False)
    alt_text = models.CharField(_("text for screen readers"), max_length=250, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )

    objects = QuestionPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a question")
        verbose_name_plural = _("pictures of questions")

    def __str__(self) -> str:
        return PurePosixPath(self.file.name or "").name

    @property
    def url(self) -> str:
        """The signed address, opened for those who may see the picture."""
        return rendition_url(self.file.name or "")
