"""The lecturer's part of the menu."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.portals.teacher.access import is_teacher


def teacher_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """One entry for people who teach or write lessons."""
    if not request.user.is_authenticated or not is_teacher(request.user):
        return ()
    return (MenuItem(_("My classes"), reverse("teacher:home"), "class", order=20, section=_("Teaching")),)
