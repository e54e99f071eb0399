"""Recurring work of the task worker: seconds between runs (``every``) or a time of the day (``cron``)."""

from __future__ import annotations

from typing import Any

SCHEDULES: dict[str, dict[str, Any]] = {
    "clear-away": {"task": "lms.operations.tasks.clear_away", "cron": "50 1 * * *"},
    "forget-guests": {"task": "lms.exams.tasks.forget_guests", "cron": "55 1 * * *"},
    "forget-question-files": {"task": "quizzes.tasks.forget_question_files", "cron": "40 1 * * *"},
    "forget-what-is-over": {"task": "lms.people.tasks.forget_what_is_over", "cron": "50 1 * * *"},
    "hand-in-overdue": {"task": "lms.exams.tasks.hand_in_overdue", "every": 60},
    "note-audit": {"task": "lms.audit.tasks.note_audit", "every": 60},
    "prove-audit": {"task": "lms.reports.tasks.prove_audit", "cron": "30 1 * * *"},
    "prove-tallies": {"task": "lms.reports.tasks.prove_tallies", "cron": "20 1 * * *"},
    "publish-scheduled-pages": {"task": "cms.tasks.publish_scheduled_pages", "every": 60},
    "refresh-classes": {"task": "lms.completion.tasks.refresh_classes", "every": 60},
    "refresh-exam-statistics": {"task": "lms.exams.tasks.refresh_statistics", "every": 120},
    "settle-question-files": {"task": "quizzes.tasks.settle_question_files", "every": 60},
    "settle-tallies": {"task": "lms.reports.tasks.settle_tallies", "every": 60},
    "sync-content-groups": {"task": "cms.tasks.sync_content_groups", "cron": "10 0 * * *"},
    "tell-failed-tasks": {"task": "lms.reports.tasks.tell_failed_tasks", "every": 300},
}
