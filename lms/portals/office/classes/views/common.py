"""Fetching a class and authorising in one call: absent and forbidden answer the same 404."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from lms.classes.models import TrainingClass
from lms.people.models import User


def actor_of(request: HttpRequest) -> User:
    """Return the signed-in person (LoginRequiredMiddleware lets nobody else in)."""
    return cast("User", request.user)


def seen_class(request: HttpRequest, pk: int) -> TrainingClass:
    """Return a class that the person oversees or teaches, or raise 404."""
    return get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("unit", "edition", "created_by"), pk=pk
    )


def managed_class(request: HttpRequest, pk: int) -> TrainingClass:
    """Return a class that the person runs, or raise 404."""
    return get_object_or_404(TrainingClass.objects.manageable_by(request.user).select_related("unit", "edition"), pk=pk)


def may_manage(request: HttpRequest, training_class: TrainingClass) -> bool:
    """Whether the person runs the class; derived from the same queryset as :func:`managed_class`."""
    return TrainingClass.objects.manageable_by(request.user).filter(pk=training_class.pk).exists()


def require_office(request: HttpRequest) -> None:
    """Raise 404 for whoever runs no unit."""
    from lms.people.access import has_role
    from lms.people.enums import OFFICE_ROLES

    if not has_role(request.user, OFFICE_ROLES):
        raise Http404
