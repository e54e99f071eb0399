"""The office's entries of the menu that lead to classes."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.people.access import has_role
from lms.people.enums import OVERSIGHT_ROLES


def classes_menu(request: HttpRequest) -> list[MenuItem]:
    """Return the entry “Classes” for whoever oversees a unit."""
    if not has_role(request.user, OVERSIGHT_ROLES):
        return []
    return [MenuItem(_("Training classes"), reverse("office:class_list"), "class", order=30)]
