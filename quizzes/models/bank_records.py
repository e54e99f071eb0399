"""Records beside a question: search, comments, decisions, questions that it must not meet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import ImmutableModel
from quizzes.enums import ItemState


class ItemText(models.Model):
    """The words of the current version, for search, lists and duplicates. Written by ``services.text_index``.

    ``folded`` (no accents) finds, ``exact`` (accents, one spelling of tones) ranks; ``digest`` is the same for
    questions whose stem and options are the same words in any order of options.
    """

    item = models.OneToOneField(
        "quizzes.Item",
        models.CASCADE,
        primary_key=True,
        related_name="text",
        verbose_name=pgettext_lazy("question", "item"),
    )
    snippet = models.CharField(max_length=240)
    folded = models.TextField()
    exact = models.TextField()
    stem = models.TextField()
    options = models.JSONField(default=list)
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("text of an item")
        verbose_name_plural = _("texts of items")

    def __str__(self) -> str:
        return self.snippet


class ItemBand(models.Model):
    """One band of the stem's MinHash: stems that share a band are worth comparing (ADR 0020)."""

    pk = models.CompositePrimaryKey("value", "item_id")
    value = models.BigIntegerField()
    item = models.ForeignKey("quizzes.Item", models.CASCADE, related_name="bands")

    class Meta:
        verbose_name = _("fingerprint of an item")
        verbose_name_plural = _("fingerprints of items")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.value}"


class ItemStateChange(ImmutableModel):
    """A change of a question's state: by whom, when and why."""

    item = models.ForeignKey(
        "quizzes.Item", models.PROTECT, related_name="changes", verbose_name=pgettext_lazy("question", "item")
    )
    version = models.ForeignKey("quizzes.ItemVersion", models.PROTECT, related_name="+", verbose_name=_("version"))
    from_state = models.CharField(_("from state"), max_length=12, choices=ItemState)
    to_state = models.CharField(_("to state"), max_length=12, choices=ItemState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.from_state} → {self.to_state}"


class ItemComment(models.Model):
    """A comment of an author or a reviewer on one version. ``resolved_at`` says that it was dealt with."""

    item = models.ForeignKey(
        "quizzes.Item", models.CASCADE, related_name="comments", verbose_name=pgettext_lazy("question", "item")
    )
    version = models.ForeignKey("quizzes.ItemVersion", models.PROTECT, related_name="+", verbose_name=_("version"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("comment"), max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(_("dealt with at"), null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:60]


class ItemEnemy(models.Model):
    """Two questions that must not meet in one paper, because one gives the other away. Symmetric: low before high."""

    item_low = models.ForeignKey("quizzes.Item", models.CASCADE, related_name="enemies_above")
    item_high = models.ForeignKey("quizzes.Item", models.CASCADE, related_name="enemies_below")
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pair kept apart")
        verbose_name_plural = _("pairs kept apart")
        constraints = [
            models.UniqueConstraint(fields=["item_low", "item_high"], name="quizzes_enemy_once"),
            models.CheckConstraint(condition=models.Q(item_low__lt=models.F("item_high")), name="quizzes_enemy_order"),
        ]

    def __str__(self) -> str:
        return f"{self.item_low_id} × {self.item_high_id}"
