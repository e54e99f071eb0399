"""Wagtail's acts on many users at once, as far as accounts allow them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from lms.people.models import User
from lms.people.services.accounts import set_active


class SetActive(SetActiveStateBulkAction):
    """Close or reopen through the service that ends sessions and tokens and records it."""

    def check_perm(self, obj: User) -> bool:
        handled = User.objects.administered_by(self.request.user).filter(erased_at__isnull=True)
        return bool(super().check_perm(obj)) and handled.filter(pk=obj.pk).exists()

    @classmethod
    def execute_action(cls, objects: list[User], mark_as_active: bool = False, **kwargs: Any) -> tuple[int, int]:
        """Return how many accounts were asked for."""
        actor = kwargs.get("user")
        people = [person for person in objects if actor is None or person.pk != actor.pk]
        for person in people:
            set_active(user=person, active=mark_as_active, actor=actor)
        return len(people), 0


class NoDelete(DeleteBulkAction):
    """Accounts are closed, never deleted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise Http404


class NoGroup(AssignRoleBulkAction):
    """Wagtail's groups follow our roles and are not given by hand."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise Http404
