"""What the curriculum does when something else changes."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate, post_save
from django.dispatch import receiver
from wagtail.models import Page, ReferenceIndex, TaskState, WorkflowState
from wagtail.search import index
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from cms.menu import forget
from cms.models import ProgrammePage
from cms.services.permissions import sync_programme, sync_user
from cms.services.review import ensure_review, tell_author, tell_reviewers
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


@receiver(page_published, dispatch_uid="cms_index_now")
def index_now(sender: object, instance: Page, **kwargs: Any) -> None:
    """Enter a published page into the search and the list of what uses which file, without waiting for the worker:
    who may read a file follows from that list.
    """
    ReferenceIndex.create_or_update_for_object(instance)
    index.insert_or_update_object(instance)


for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
    signal.connect(forget, dispatch_uid="cms_site_menu")


@receiver(post_migrate, dispatch_uid="cms_review")
def keep_review(sender: Any, **kwargs: Any) -> None:
    """Every database has the review, an empty one too, but for one that is migrated to a time before it."""
    state = kwargs.get("apps", apps)
    if sender.label == "wagtailcore" and "reviewtask" in state.all_models["cms"]:
        ensure_review()


# Wagtail connects its e-mails under these names and with these senders. A name that is taken is not connected again,
# and our apps start before Wagtail's: the notices in the product stand in their place.


@receiver(task_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
def review_wanted(sender: object, instance: TaskState, user: User | None, **kwargs: Any) -> None:
    tell_reviewers(instance, user)


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
def review_approved(sender: object, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    tell_author(instance, user, approved=True)


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
def review_changes(sender: object, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    tell_author(instance, user, approved=False)


@receiver(workflow_submitted, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
def review_begun(sender: object, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    """The editors are told when the step begins, above."""
