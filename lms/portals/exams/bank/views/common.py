"""What the pages of the banks share: fetching with the check, and 404 for everybody else."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lms.people.access import has_role
from quizzes.access import BANK_ROLES


def check_works_here(request: HttpRequest) -> None:
    """Raises ``Http404`` for whoever has nothing to do with questions."""
    if not has_role(request.user, BANK_ROLES):
        raise Http404
