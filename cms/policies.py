"""The policy of the curriculum about files: see :mod:`media.access`."""

from __future__ import annotations

from typing import Any

from wagtail.permissions import policy_registry

from cms.queries import on_public_page


def public_file(user: Any, file: Any) -> bool:
    """Anybody may read what stands on a published page of the public site."""
    return on_public_page(file)


def keepers_file(user: Any, file: Any) -> bool:
    """Writers may read the files they may choose or change in Wagtail."""
    if not user.is_authenticated:
        return False
    policy = policy_registry.get_by_type(type(file))
    return bool(policy.user_has_any_permission_for_instance(user, ["choose", "change"], file))
