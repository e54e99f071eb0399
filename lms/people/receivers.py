"""Reactions of people to Django's signals of signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from lms.people.services.sessions import note_sign_in


@receiver(user_logged_in, dispatch_uid="people_note_sign_in")
def note_session(sender: object, request: Any, user: Any, **kwargs: Any) -> None:
    """List the new session and begin its lifetime, whatever door was used."""
    note_sign_in(request=request, user=user)
