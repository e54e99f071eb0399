"""Fetching a class and authorising in one call: absent and forbidden answer the same 404."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lms.classes.models import TrainingClass


def find_class(request: HttpRequest, pk: int) -> TrainingClass:
    """Return a class that the person oversees or teaches, or raise 404."""
    return get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("unit", "edition", "created_by"), pk=pk
    )


def find_class_to_manage(request: HttpRequest, pk: int) -> TrainingClass:
    """Return a class that the person runs, or raise 404."""
    return get_object_or_404(TrainingClass.objects.manageable_by(request.user).select_related("unit", "edition"), pk=pk)


def may_manage(request: HttpRequest, training_class: TrainingClass) -> bool:
    """Whether the person runs the class; derived from the same queryset as :func:`find_class_to_manage`."""
    return TrainingClass.objects.manageable_by(request.user).filter(pk=training_class.pk).exists()
