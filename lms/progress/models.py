"""The progress of a learner with one item: narrow rows keyed by their parents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemState(models.TextChoices):
    TODO = "todo", pgettext_lazy("item", "To do")
    DOING = "doing", pgettext_lazy("item", "Doing")
    DONE = "done", pgettext_lazy("item", "Done")


class ItemProgress(models.Model):
    """Written only through :mod:`lms.progress.services`. ``done`` is never taken back."""

    pk = models.CompositePrimaryKey("enrolment_id", "item_id")
    enrolment = models.ForeignKey("classes.Enrolment", models.CASCADE, related_name="item_progress")
    item = models.ForeignKey("programmes.EditionItem", models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=5, choices=ItemState, default=ItemState.DOING)
    position = models.FloatField(_("reading position, 0 to 1"), default=0)
    furthest = models.FloatField(_("furthest position, 0 to 1"), default=0)
    seconds = models.PositiveIntegerField(_("seconds spent with the page visible"), default=0)
    started_at = models.DateTimeField(_("started at"))
    updated_at = models.DateTimeField(_("updated at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=0, position__lte=1), name="progress_position"),
            models.CheckConstraint(condition=models.Q(furthest__gte=0, furthest__lte=1), name="progress_furthest"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="progress_done_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.item_id}: {self.state}"
