"""Permission policies of these lists, in Wagtail's terms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from wagtail.permission_policies import ModelPermissionPolicy

from lms.people.access import is_root_administrator
from lms.people.enums import Role
from lms.people.models import User


class RootAdministrators(ModelPermissionPolicy):
    """Superusers and administrators of a root unit may do what ``actions`` names; nobody else anything."""

    def __init__(self, model: Any, *, actions: Collection[str]) -> None:
        super().__init__(model)
        self.actions = frozenset(actions)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.actions and is_root_administrator(user)

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        if not self.actions & set(actions):
            return User.objects.none()
        root = Q(memberships__role=Role.ADMINISTRATOR, memberships__unit__depth=1)
        return User.objects.active().filter(Q(is_superuser=True) | root).distinct()


class Superusers(ModelPermissionPolicy):
    """Only superusers: groups follow the roles by themselves."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.is_superuser)

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        return self.user_has_permission(user, "")

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        return User.objects.active().filter(is_superuser=True)
