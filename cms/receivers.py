"""What the curriculum does when something else changes."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.menu import forget
from cms.models import ProgrammePage
from cms.services.permissions import sync_programme, sync_user
from lms.people.models import User
from lms.people.signals import membership_changed


@receiver(membership_changed, dispatch_uid="cms_membership_changed")
def keep_groups(sender: object, user: User, **kwargs: Any) -> None:
    """A role was granted, changed or ended."""
    sync_user(user)


@receiver(post_save, sender=ProgrammePage, dispatch_uid="cms_programme_saved")
def keep_programme(sender: object, instance: ProgrammePage, raw: bool = False, **kwargs: Any) -> None:
    """A programme was made, copied or given to another unit. Wagtail saves pages in many places, so no service of
    ours stands in the way of all of them: this is the one use of ``post_save``.
    """
    if not raw:
        sync_programme(instance)


for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
    signal.connect(forget, dispatch_uid="cms_site_menu")
