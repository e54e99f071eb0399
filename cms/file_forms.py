"""The forms of uploads, which put new files where the unit's people find them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Collection

from cms.services.permissions import home_collection
from media.forms import DocumentForm, ImageForm


class _KeptByUnit:
    """A new file that nobody gave a place goes to the unit of whoever uploads it.

    Wagtail's own default is its topmost collection, which no unit's people may look into.
    """

    fields: dict[str, Any]
    initial: dict[str, Any]
    instance: Any

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)  # type: ignore[call-arg]  # a mixin of Wagtail's forms
        self._home = home_collection(user) if user is not None and self.instance._state.adding else None
        if self._home is not None and "collection" in self.fields:
            self.initial["collection"] = self._home.pk

    def save(self, commit: bool = True) -> Any:
        if self._home is not None and self.instance.collection_id in {None, Collection.get_first_root_node().pk}:
            self.instance.collection = self._home
        return super().save(commit=commit)  # type: ignore[misc]


class UnitImageForm(_KeptByUnit, ImageForm):
    """An image in the collection of a unit."""


class UnitDocumentForm(_KeptByUnit, DocumentForm):
    """A document or a recording in the collection of a unit."""
