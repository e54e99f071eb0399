"""The person's own menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.people.access import memberships_of


def account_menu(request: HttpRequest) -> list[MenuItem]:
    """Entries for whoever is signed in."""
    user = request.user
    if not user.is_authenticated:
        return []
    if user.is_guest:  # nothing but the one test
        return [MenuItem(_("Sign out"), reverse("logout"), "sign-out", order=200, post=True)]
    entries = [
        MenuItem(_("To my work"), reverse("start"), "home", order=10, current=False),
        MenuItem(_("My profile"), reverse("profile"), "user", order=20),
        MenuItem(_("Change password"), reverse("password-change"), "key", order=40),
        MenuItem(_("Sign out"), reverse("logout"), "sign-out", order=200, post=True),
    ]
    # Content groups follow roles, so whoever has none is not asked about groups (two queries on every page).
    if memberships_of(user) and user.has_perm("wagtailadmin.access_admin"):
        entries.append(MenuItem(_("Administration"), reverse("wagtailadmin_home"), "settings", order=50))
    return entries
