"""Items in banks; every change of an item is a new immutable version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import ImmutableModel, TimeStampedModel
from quizzes.enums import ItemState, Level


class ItemBank(TimeStampedModel):
    """A bank belongs to a unit and is shared down the tree."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="item_banks", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("item bank")
        verbose_name_plural = _("item banks")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="quizzes_bank_unit_name")]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A node of a bank's topic tree."""

    bank = models.ForeignKey(ItemBank, models.CASCADE, related_name="topics", verbose_name=_("bank"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=250)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="quizzes_topic_once"),
            models.UniqueConstraint(
                fields=["bank", "name"],
                condition=models.Q(parent__isnull=True),
                name="quizzes_topic_root_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Item(TimeStampedModel):
    """A question through all its versions. Text changes only through :mod:`quizzes.services.items`."""

    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="items", verbose_name=_("bank"))
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("topic")
    )
    code = models.CharField(_("code"), max_length=60, blank=True)
    kind = models.SlugField(_("kind"), max_length=30)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.RECALL)
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    current = models.ForeignKey(
        "quizzes.ItemVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("current version")
    )

    class Meta:
        verbose_name = pgettext_lazy("question", "item")
        verbose_name_plural = pgettext_lazy("question", "items")
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], condition=~models.Q(code=""), name="quizzes_item_code"),
            models.CheckConstraint(condition=models.Q(state__in=ItemState.values), name="quizzes_item_state"),
        ]
        indexes = [models.Index(fields=["bank", "state", "kind"], name="quizzes_item_list")]

    def __str__(self) -> str:
        return self.code or f"#{self.pk}"


class ItemVersion(ImmutableModel):
    """What was asked, once and for all.

    ``content`` is what a learner may see (``{"options": [{"id", "html", "fixed"}]}``), ``key`` never leaves the
    server (shape by kind, see :mod:`quizzes.kinds`); keeping them apart lets no serializer leak the key.
    """

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="versions", verbose_name=pgettext_lazy("question", "item")
    )
    number = models.PositiveIntegerField(_("version"))
    kind = models.SlugField(_("kind"), max_length=30)
    stem = models.TextField(_("stem"))
    content = models.JSONField(_("content"), default=dict)
    key = models.JSONField(_("key"), default=dict)
    feedback = models.JSONField(_("feedback"), default=dict)
    source = models.CharField(_("source"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )

    class Meta:
        verbose_name = _("item version")
        verbose_name_plural = _("item versions")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="quizzes_version_number")]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"
