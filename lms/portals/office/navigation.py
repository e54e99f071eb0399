"""The manager's part of the menu."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.people.access import has_role, is_root_administrator
from lms.people.enums import AUDIT_ROLES, MANAGER_ROLES, OFFICE_ROLES, OVERSIGHT_ROLES, Role


def office_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """Overview, classes and learners for those who oversee or run units."""
    if not request.user.is_authenticated or not has_role(request.user, OVERSIGHT_ROLES):
        return ()
    section = _("Management")
    system = MenuItem(_("State of the system"), reverse("office:system"), "settings", order=38, section=section)
    audit = MenuItem(_("Audit trail"), reverse("office:audit"), "shield", order=36, section=section)
    erasures = MenuItem(_("Personal data"), reverse("office:erasures"), "lock", order=34, section=section)
    requests = MenuItem(_("Requests"), reverse("office:requests"), "user-plus", order=32, section=section)
    manages = has_role(request.user, MANAGER_ROLES | {Role.ADMINISTRATOR})
    return [
        MenuItem(_("Overview"), reverse("office:home"), "chart", order=10, section=section),
        MenuItem(_("Classes"), reverse("office:class-list"), "class", order=20, section=section),
        MenuItem(_("Learners"), reverse("office:learners"), "users", order=30, section=section),
        MenuItem(_("Annual plan"), reverse("office:plans"), "calendar", order=40, section=section),
        *([requests] if has_role(request.user, OFFICE_ROLES) else []),
        *([erasures] if manages else []),
        *([audit] if has_role(request.user, AUDIT_ROLES) else []),
        *([system] if is_root_administrator(request.user) else []),
    ]
