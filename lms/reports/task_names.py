"""Background tasks in the words of administrators."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASK_FAILED = "task_failed"
TASK_NAMES: dict[str, str | Promise] = {
    "cms.tasks.publish_scheduled_pages": _("publishing pages at their time"),
    "cms.tasks.sync_content_groups": _("bringing content permissions in line with roles"),
    "lms.audit.tasks.note_audit": _("noting where the audit trail stands"),
    "lms.completion.tasks.refresh_classes": _("working out completion and marks of classes"),
    "lms.operations.tasks.clear_away": _("clearing away what is over"),
    "lms.people.tasks.forget_what_is_over": _("forgetting sign-ins, codes and limits that are over"),
    "lms.reports.tasks.prove_audit": _("proving the audit trail"),
    "lms.reports.tasks.prove_tallies": _("proving the sums of the reports"),
    "lms.reports.tasks.settle_tallies": _("adding up the figures of the reports"),
    "lms.reports.tasks.tell_failed_tasks": _("telling about failed background work"),
    "lms.exams.tasks.forget_guests": _("forgetting the names of guests of sittings"),
    "quizzes.tasks.forget_question_files": _("discarding question files that nobody finished"),
    "lms.exams.tasks.hand_in_overdue": _("handing in tests whose time is up"),
    "quizzes.tasks.read_question_file": _("reading a question file"),
    "lms.exams.tasks.refresh_statistics": _("working out the statistics of exams"),
    "quizzes.tasks.settle_question_files": _("looking after question files that could not be read"),
}


def task_name(path: str) -> str | Promise:
    """Return what a task does, in words; its path when nobody named it."""
    return TASK_NAMES.get(path, path)
