"""Tasks that were queued before the task moved."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils.module_loading import import_string
from django_ox.models import OxTask

from lms.common.clock import now
from lms.completion.tasks import refresh_classes

pytestmark = pytest.mark.django_db

queued_tasks = importlib.import_module("lms.completion.migrations.0002_queued_tasks")


def test_queued_tasks_find_the_task_under_its_new_name_and_back():
    other = "lms.exams.tasks.hand_in_overdue"
    for path in (queued_tasks.FORMER, other):
        OxTask.objects.create(task_path=path, backend_name="default", enqueued_at=now())

    def paths():
        return sorted(OxTask.objects.values_list("task_path", flat=True))

    editor = SimpleNamespace(connection=connection)
    queued_tasks.readdress(apps, editor)
    after = paths()
    queued_tasks.address_back(apps, editor)
    assert (after, paths()) == (sorted([queued_tasks.NOW, other]), sorted([queued_tasks.FORMER, other]))
    assert import_string(queued_tasks.NOW) is refresh_classes
