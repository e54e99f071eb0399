"""The review of pages: its set-up, and telling people about it (docs/adr/0018)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from treebeard.mp_tree import MP_Node
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow, WorkflowPage, WorkflowTask

from cms.access import PUBLISHING_ROLES, ancestor_paths
from cms.models import ReviewTask, owning_paths, top_path
from lms.audit.services import record
from lms.notifications.services import notify
from lms.people.models import Membership, User

# What Wagtail's first migrations put in: a workflow whose groups nobody here is a member of.
WAGTAILS_OWN = "Moderators approval"


@transaction.atomic
def ensure_review() -> Workflow | None:
    """Have one review stand over the whole page tree; return it. Runs after every migration; idempotent.

    A workflow that an administrator put on the root page stays. ``None`` while there is no root page.
    """
    root = Page.get_first_root_node()
    if root is None:
        return None
    task = ReviewTask.objects.order_by("pk").first()
    workflow = Workflow.objects.filter(workflow_tasks__task=task).order_by("pk").first() if task else None
    if task is None or workflow is None:
        # Names are data, as the titles of the public site are.
        task = task or ReviewTask.objects.create(name="Biên tập viên duyệt")
        workflow = Workflow.objects.create(name="Duyệt nội dung")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    held = WorkflowPage.objects.filter(page=root.pk).select_related("workflow").first()
    if held is not None and held.workflow_id != workflow.pk and held.workflow.name == WAGTAILS_OWN:
        old = held.workflow
        old.deactivate()
        for step in GroupApprovalTask.objects.filter(workflow_tasks__workflow=old, name=WAGTAILS_OWN):
            step.deactivate()
        held = None
    if held is None:
        WorkflowPage.objects.create(page_id=root.pk, workflow=workflow)
    return workflow


def nearest_reviewers(page: Any, *, without: int | None = None) -> list[int]:
    """Return the ids of those who are asked to read ``page``: the publishers of its unit, else of the next above.

    All publishers above may decide; to tell each of them of each lesson in the country would help nobody.
    """
    unit = owning_paths([page.path])[page.path] or top_path()
    rows = Membership.objects.current().filter(
        role__in=PUBLISHING_ROLES, unit__path__in=ancestor_paths(unit), user__is_active=True
    )
    levels: dict[int, list[int]] = {}
    for user, path in rows.exclude(user=without).values_list("user_id", "unit__path"):
        levels.setdefault(len(path) // MP_Node.steplen, []).append(user)
    if levels:
        return sorted(set(levels[max(levels)]))
    return sorted(User.objects.active().filter(is_superuser=True).exclude(pk=without).values_list("pk", flat=True))


def tell_reviewers(state: TaskState, actor: Any) -> int:
    """Tell the editors that a page waits for them; return how many."""
    page = _page(state.workflow_state)
    requester = state.workflow_state.requested_by_id
    return notify(
        recipients=nearest_reviewers(page, without=requester),
        kind="cms_review_wanted",
        params={"page": _title(page), "person": str(actor) if actor else ""},
        url=_address(page),
        sender=actor,
    )


def tell_author(state: Any, actor: Any, *, approved: bool) -> None:
    """Tell who handed the page in what the editor decided, with the editor's words; keep it in the record."""
    page = _page(state)
    last = state.current_task_state
    comment = last.comment if last else ""
    recipients = {state.requested_by_id, page.owner_id} - {None, getattr(actor, "pk", None)}
    notify(
        recipients=recipients,
        kind="cms_review_approved" if approved else "cms_review_changes",
        params={"page": _title(page), "person": str(actor) if actor else ""},
        text=comment,
        url=_address(page),
        sender=actor,
    )
    record(
        actor=actor,
        action="cms.review_approved" if approved else "cms.review_changes",
        target=f"page:{page.pk}",
        data={"revision": last.revision_id if last else None, "asked_by": state.requested_by_id},
    )


def _page(state: Any) -> Any:
    page = state.content_object
    assert isinstance(page, Page)
    return page


def _title(page: Any) -> str:
    return str(page.get_admin_display_title())


def _address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
