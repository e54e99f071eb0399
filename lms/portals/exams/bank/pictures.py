"""The pictures of questions, as forms name them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from lms.common.text import whole_number
from quizzes.models import QuestionPicture


def own_picture(raw: str, *, user: Any, kept: int | None = None) -> QuestionPicture | None:
    """Return the picture that a form names by its id, if ``user`` sent it or the question holds it already (``kept``).

    Numbers can be guessed: no other picture is shown or taken for a question in this way.
    """
    if (number := whole_number(raw)) is None:
        return None
    return QuestionPicture.objects.filter(Q(uploaded_by=user) | Q(pk=kept or 0), pk=number).first()
