"""Additions of people to Wagtail."""

from __future__ import annotations

from django.contrib.auth.models import Group
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from lms.people.backoffice.bulk import NoDelete, NoGroup, SetActive
from lms.people.backoffice.policies import RootAdministrators, Superusers
from lms.people.backoffice.unit_chooser import UnitChooserViewSet, unit_chooser
from lms.people.backoffice.units import OrganisationGroup
from lms.people.models import Membership, Unit, User

register_permission_policy(User, RootAdministrators(User, actions={"view", "add", "change"}))
register_permission_policy(Unit, RootAdministrators(Unit, actions={"view", "add", "change"}))
register_permission_policy(Membership, RootAdministrators(Membership, actions={"view", "add", "change", "delete"}))
register_permission_policy(Group, Superusers(Group))

for action in (SetActive, NoDelete, NoGroup):
    hooks.register("register_bulk_action", action, order=100)  # after Wagtail's own, whose place they take


@hooks.register("register_admin_viewset")
def register_unit_chooser() -> UnitChooserViewSet:
    return unit_chooser


@hooks.register("register_admin_viewset")
def register_organisation() -> OrganisationGroup:
    return OrganisationGroup()
