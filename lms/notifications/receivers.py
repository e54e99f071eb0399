"""Notices about what happens in the apps below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from lms.notifications.services import notify
from lms.people.queries import nearest_managers, office_of
from lms.people.signals import erasure_asked, erasure_refused, home_moved, sign_in_guessed


@receiver(erasure_asked, dispatch_uid="notifications_erasure_asked")
def tell_managers(sender: object, request: Any, **kwargs: Any) -> None:
    """The managers of the person's unit find a request to erase; who entered it knows."""
    managers = set(nearest_managers(request.user)) - {request.asked_by_id}
    notify(recipients=managers, kind="erasure_asked", url=reverse("office:erasure", args=[request.pk]))


@receiver(erasure_refused, dispatch_uid="notifications_erasure_refused")
def tell_person(sender: object, request: Any, **kwargs: Any) -> None:
    notify(recipients=[request.user_id], kind="erasure_refused", url=reverse("profile-data"))


@receiver(sign_in_guessed, dispatch_uid="notifications_sign_in_guessed")
def tell_of_guessing(sender: object, user_id: int, **kwargs: Any) -> None:
    """The person whose account somebody guesses at; at most once a day, which the sender sees to."""
    notify(recipients=[user_id], kind="sign_in_guessed", url=reverse("password-change"))


@receiver(home_moved, dispatch_uid="notifications_home_moved")
def tell_both_offices(sender: object, user: Any, before: int | None, unit: Any, actor: Any, **kwargs: Any) -> None:
    """The offices of the former and of the new home, and the person; whoever moved it knows."""
    former = office_of(before) if before else []
    told = {*former, *office_of(unit.pk), user.pk} - {actor.pk if actor else None}
    notify(recipients=told, kind="home_moved", params={"name": str(user), "unit": unit.name})
