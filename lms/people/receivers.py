"""Reactions of people to Django's signals of signing in."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.signals import social_account_added
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

from lms.people.services.identities import note_linked
from lms.people.services.sessions import keep_session, note_sign_in


@receiver(user_logged_in, dispatch_uid="people_note_sign_in")
def note_session(sender: object, request: Any, user: Any, **kwargs: Any) -> None:
    """List the new session and begin its lifetime, whatever door was used."""
    note_sign_in(request=request, user=user)


@receiver(social_account_added, dispatch_uid="people_note_identity")
def note_identity(sender: object, request: Any, sociallogin: Any, **kwargs: Any) -> None:
    """Record a linked identity, and end other sessions: it is another way in, like a new factor."""
    user = sociallogin.user
    note_linked(user=user)
    keep_session(request=request, user=user)
    messages.success(request, _("The identity is linked. You can sign in with it from now on."))
