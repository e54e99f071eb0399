"""The beginning of every page of a class: find the class and say which tab is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.classes.models import TrainingClass
from lms.portals.teacher.access import may_act, visible_classes

PROGRESS, RESULTS, ATTENDANCE, OUTLINE, MESSAGES = "class", "results", "attendance", "outline", "messages"
_TABS = (
    (PROGRESS, _("Progress")),
    (RESULTS, _("Results")),
    (ATTENDANCE, _("Attendance")),
    (OUTLINE, _("Outline")),
    (MESSAGES, pgettext_lazy("to learners", "Messages")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str | Promise
    url: str
    current: bool


def find_class(request: HttpRequest, class_id: int) -> TrainingClass:
    """The class, if the person teaches it or oversees its unit; else 404."""
    return get_object_or_404(visible_classes(request.user), pk=class_id)


def find_class_to_act(request: HttpRequest, class_id: int) -> TrainingClass:
    """The class, if the person may act in it; else 404 (an auditor only reads)."""
    training_class = find_class(request, class_id)
    if not may_act(request.user, training_class):
        raise Http404
    return training_class


def page(request: HttpRequest, training_class: TrainingClass, tab: str, **context: Any) -> dict[str, Any]:
    """The context of a page of the class."""
    acts = may_act(request.user, training_class)
    tabs = [
        Tab(label, reverse(f"teacher:{name}", args=[training_class.pk]), name == tab)
        for name, label in _TABS
        if acts or name != MESSAGES
    ]
    return {"training_class": training_class, "may_act": acts, "tabs": tabs, **context}
