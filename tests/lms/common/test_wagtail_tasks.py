"""Wagtail's own tasks, written against the django_tasks backport, run in our worker.

Both frameworks read the same TASKS setting and build their tasks with the backend's own task class, so no bridge is
needed; this test holds that together.
"""

from __future__ import annotations

import pytest
from django_ox.models import OxTask
from django_ox.testing import run_tasks
from wagtail.models import Page, ReferenceIndex


@pytest.mark.django_db
def test_a_reference_index_task_waits_in_our_queue_and_is_carried_out() -> None:
    OxTask.objects.all().delete()
    page = Page.objects.get(depth=2)
    page.title = "Trang đầu"
    page.save()
    waiting = OxTask.objects.values_list("task_path", "status").order_by("task_path")
    assert list(waiting) == [
        ("modelsearch.tasks.insert_or_update_object_task", OxTask.Status.READY),
        ("wagtail.tasks.update_reference_index_task", OxTask.Status.READY),
    ]
    ReferenceIndex.objects.all().delete()
    run_tasks()
    assert list(OxTask.objects.values_list("status", "errors")) == [(OxTask.Status.SUCCESSFUL, [])] * 2
