"""Abstract models that any app may build on. No concrete table lives here."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImmutableRowError(RuntimeError):
    """A row that others rely on was about to be changed or deleted; write a new row that refers to it."""


class ImmutableQuerySet[T: models.Model](models.QuerySet[T]):
    """A queryset that adds and reads, never changes."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are never changed")


class ImmutableModel(models.Model):
    """A row written once. ``save`` of an existing row and ``delete`` raise :class:`ImmutableRowError`."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableRowError(f"{type(self).__name__} {self.pk} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{type(self).__name__} {self.pk} is never deleted")


class TimeStampedModel(models.Model):
    """Adds when a row was made and last saved."""

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True
