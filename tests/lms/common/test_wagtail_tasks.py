"""Wagtail's own tasks, written against the django_tasks backport, run in our worker."""

from __future__ import annotations

import pytest
from django_ox.models import OxTask
from django_ox.testing import run_tasks
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex
from wagtail.tasks import update_reference_index_task

from cms.models import BasePage


@pytest.mark.django_db
def test_a_reference_index_task_waits_in_our_queue_and_is_carried_out() -> None:
    page = BasePage.objects.get(depth=2)
    redirect = Redirect.objects.create(old_path="/cu", redirect_page=page)
    ReferenceIndex.objects.all().delete()
    OxTask.objects.all().delete()
    update_reference_index_task.enqueue("wagtailredirects", "redirect", redirect.pk)
    assert list(OxTask.objects.values_list("task_path", "status")) == [
        ("wagtail.tasks.update_reference_index_task", OxTask.Status.READY)
    ]
    run_tasks()
    assert list(OxTask.objects.values_list("status", "errors")) == [(OxTask.Status.SUCCESSFUL, [])]
    assert [row.to_object_id for row in ReferenceIndex.get_references_for_object(redirect)] == [str(page.pk)]
