"""Items in banks; every change of an item is a new immutable version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import ImmutableModel, TimeStampedModel
from quizzes.enums import ItemState, Level

if TYPE_CHECKING:
    from quizzes.models.bank_records import ItemText


class ItemBankQuerySet(models.QuerySet["ItemBank"]):
    def visible_to(self, user: Any) -> ItemBankQuerySet:
        """Banks of the units of ``user`` and, for use, of the units above them."""
        from quizzes.access import banks_visible_to

        return banks_visible_to(user, self)

    def editable_by(self, user: Any) -> ItemBankQuerySet:
        """Banks that ``user`` may write questions for."""
        from quizzes.access import banks_editable_by

        return banks_editable_by(user, self)

    def manageable_by(self, user: Any) -> ItemBankQuerySet:
        """Banks that ``user`` keeps: topics, the questions of others, reviewing."""
        from quizzes.access import banks_manageable_by

        return banks_manageable_by(user, self)


class ItemBank(TimeStampedModel):
    """A bank belongs to a unit and is shared down the tree."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="item_banks", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)
    code_prefix = models.CharField(_("codes begin with"), max_length=12, blank=True, default="C")
    last_number = models.PositiveIntegerField(default=0, editable=False)

    objects = ItemBankQuerySet.as_manager()

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


class ItemTag(models.Model):
    """A word by which a bank's questions are found; ``folded`` keeps spellings from doubling it."""

    bank = models.ForeignKey(ItemBank, models.CASCADE, related_name="tags", verbose_name=_("bank"))
    name = models.CharField(_("tag"), max_length=60)
    folded = models.CharField(max_length=60, editable=False)

    class Meta:
        ordering = ["folded"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["bank", "folded"], name="quizzes_tag_once")]

    def __str__(self) -> str:
        return self.name


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: Any) -> ItemQuerySet:
        """Questions of the banks of ``user``'s units, and the approved ones of the banks above."""
        from quizzes.access import items_visible_to

        return items_visible_to(user, self)

    def readable_by(self, user: Any) -> ItemQuerySet:
        """Of what ``user`` sees, the questions whose newest version is no draft of another unit."""
        from quizzes.access import items_readable_by

        return items_readable_by(user, self)

    def editable_by(self, user: Any) -> ItemQuerySet:
        """Questions whose text and key ``user`` may see and change."""
        from quizzes.access import items_editable_by

        return items_editable_by(user, self)

    def reviewable_by(self, user: Any) -> ItemQuerySet:
        """Questions waiting for a review that ``user`` may give: never of one's own text."""
        from quizzes.access import items_reviewable_by

        return items_reviewable_by(user, self)

    def usable(self) -> ItemQuerySet:
        """Questions that new papers may take: ``approved_version`` is what they take, whatever is being drafted."""
        return self.filter(approved_version__isnull=False).exclude(state=ItemState.RETIRED)


class Item(TimeStampedModel):
    """A question through all its versions.

    Text changes only through :mod:`quizzes.services.bank.items`, ``state`` only through
    :mod:`quizzes.services.bank.approval`.
    ``state`` speaks of ``current``, the newest version; ``approved_version`` stays in use while a newer one is drafted
    and reviewed (docs/adr/0020-item-bank.md).
    """

    if TYPE_CHECKING:
        text: ItemText

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
    approved_version = models.ForeignKey(
        "quizzes.ItemVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved version"),
    )
    outcome = models.CharField(_("outcome required"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=8, default="vi")
    tags = models.ManyToManyField(ItemTag, blank=True, related_name="items", verbose_name=_("tags"))
    form_token = models.UUIDField(null=True, unique=True, editable=False)  # a form sent twice makes one question

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("question", "item")
        verbose_name_plural = pgettext_lazy("question", "items")
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], condition=~models.Q(code=""), name="quizzes_item_code"),
            models.CheckConstraint(condition=models.Q(state__in=ItemState.values), name="quizzes_item_state"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(author__isnull=True)
                | ~models.Q(approved_by=models.F("author")),
                name="quizzes_item_two_people",
                violation_error_message=_("Nobody approves a question of their own."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(approved_version__isnull=False, approved_version=models.F("current")),
                name="quizzes_item_approved_is_current",
            ),
        ]
        indexes = [
            models.Index(fields=["bank", "state", "kind"], name="quizzes_item_list"),
            models.Index(fields=["bank", "-updated_at"], name="quizzes_item_newest"),
        ]

    def __str__(self) -> str:
        return self.code or f"#{self.pk}"


class ItemVersion(ImmutableModel):
    """A text of a question, fixed once and for all.

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
