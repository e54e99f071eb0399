"""Review before publication: who may approve follows from memberships (docs/adr/0018)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from treebeard.mp_tree import MP_Node
from wagtail.models import Page, Task, TaskState

from cms.access import PUBLISHING_ROLES
from cms.models.curriculum import ProgrammePage
from lms.people.access import role_paths
from lms.people.models import Unit


def owning_paths(paths: list[str]) -> dict[str, str]:
    """Return for each page path the path of the unit that answers for the page.

    Within a programme that is the programme's unit; all other pages belong to the top of the tree, here the empty path.
    """
    above = {path[:end] for path in paths for end in range(MP_Node.steplen, len(path) + 1, MP_Node.steplen)}
    units = dict(ProgrammePage.objects.filter(path__in=above).values_list("path", "unit__path"))
    return {path: next((unit for start, unit in units.items() if path.startswith(start)), "") for path in paths}


def top_path() -> str:
    """Return the path of the unit at the top of the tree; empty while there is none."""
    return Unit.objects.filter(depth=1).order_by("path").values_list("path", flat=True).first() or ""


class ReviewTask(Task):
    """The step of a review: whoever publishes for the unit, or above it, decides; nobody decides on own work."""

    def may_review(self, page: Any, user: Any) -> bool:
        """Whether ``user`` may approve ``page`` or ask for changes: by a role, and not who handed it in."""
        own = role_paths(user, PUBLISHING_ROLES)
        if not own:
            return False
        unit = owning_paths([page.path])[page.path] or top_path()
        if not any(unit.startswith(path) for path in own):
            return False
        state = page.current_workflow_state
        return state is None or state.requested_by_id != user.pk

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While it is read nobody but its readers changes it."""
        return not self.may_review(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not self.may_review(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with comment"), True),
        ]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Act on ``task_state`` after asking again for its own page.

        Wagtail 8.0 takes the page and the state from the address apart, so a page in one's scope would open the
        state of any other.
        """
        page = task_state.workflow_state.content_object
        if page is None or not self.may_review(page, user):
            raise Http404
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """The states that wait for ``user``; three queries however many wait."""
        waiting = TaskState.objects.filter(task=self.task_ptr, status=TaskState.STATUS_IN_PROGRESS)
        own = role_paths(user, PUBLISHING_ROLES)
        if not own:
            return waiting.none()
        rows = waiting.exclude(workflow_state__requested_by=user).values_list("pk", "workflow_state__object_id")
        pages = {pk: int(page) for pk, page in rows}
        paths = dict(Page.objects.filter(pk__in=pages.values()).values_list("pk", "path"))
        units = owning_paths(list(paths.values()))
        top = top_path()
        mine = {page for page, path in paths.items() if any((units[path] or top).startswith(prefix) for prefix in own)}
        return waiting.filter(pk__in=[pk for pk, page in pages.items() if page in mine])

    @classmethod
    def get_description(cls) -> str:
        return str(gettext_lazy("Editors of the unit that owns the page, and of the units above, can approve"))

    class Meta:
        verbose_name = gettext_lazy("review by the editors of the unit")
        verbose_name_plural = gettext_lazy("reviews by the editors of the unit")
