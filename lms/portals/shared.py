"""Helpers of the views of every portal: the actor, the roles let in, the words of a refused act."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from django.forms import BaseForm
from django.http import Http404, HttpRequest

from lms.common.errors import DomainError
from lms.people.access import has_role
from lms.people.models import User


def actor_of(request: HttpRequest) -> User:
    """Return the signed-in person (LoginRequiredMiddleware lets nobody else in)."""
    return cast("User", request.user)


def require_role(request: HttpRequest, roles: Collection[str]) -> None:
    """Raise ``Http404`` unless the person holds one of ``roles`` somewhere."""
    if not has_role(request.user, roles):
        raise Http404


def take_errors(form: BaseForm, error: DomainError) -> None:
    """Show a refused act in its form, at the fields that it names, otherwise above the form."""
    named = {name: texts for name, texts in error.fields.items() if name in form.fields}
    for name, texts in named.items():
        for text in texts:
            form.add_error(name, text)
    if not named:
        form.add_error(None, str(error))


def sentences_of(form: BaseForm) -> str:
    """Return every error of a form in one line, for a message."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
