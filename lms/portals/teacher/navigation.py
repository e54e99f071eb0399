"""The lecturer's part of the menu."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.people.access import has_role
from lms.people.enums import CONTENT_ROLES
from lms.portals.teacher.access import is_teacher


def teacher_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """The classes of people who teach, and the editor for those who write lessons."""
    if not request.user.is_authenticated or not is_teacher(request.user):
        return ()
    entries = [MenuItem(_("My classes"), reverse("teacher:home"), "class", order=20, section=_("Teaching"))]
    if has_role(request.user, CONTENT_ROLES):
        editor = reverse("wagtailadmin_home")
        entries.append(MenuItem(_("Write lessons"), editor, "edit", order=25, section=_("Teaching"), current=False))
    return entries
