"""The "?" in the line at the top of every page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.guides.catalogue import entry_for


def help_entry(request: HttpRequest) -> Sequence[MenuItem]:
    """Return the way to the guide of this page, or to all guides; strangers and guests of a sitting have none."""
    user = request.user
    if not user.is_authenticated or user.is_guest:
        return ()
    entry = entry_for(request.path, user)
    url = reverse("guide", args=[entry.slug]) if entry else reverse("guides")
    return [MenuItem(_("Help"), url, "help", current=False)]
