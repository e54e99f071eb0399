"""The bell in the person's menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.notifications.queries import unread_count


def account_menu(request: HttpRequest) -> list[MenuItem]:
    """The entry with the number of unread notices; one query."""
    if not request.user.is_authenticated or request.user.is_guest:
        return []
    return [MenuItem(_("Notifications"), reverse("notifications"), "bell", order=30, count=unread_count(request.user))]
