"""The forms that Wagtail builds its page editor from, where they know more than Wagtail does."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.admin.forms import WagtailAdminPageForm

from cms.access import ownable


class ProgrammePageForm(WagtailAdminPageForm):
    """Offers as owning unit only those within the editor's scope, and the one that owns the programme already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            field = self.fields["unit"]
            allowed = Q(pk=self.instance.unit_id) | ownable(self.for_user) if self.instance.unit_id else None
            field.queryset = field.queryset.filter(ownable(self.for_user) if allowed is None else allowed)
