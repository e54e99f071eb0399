"""The pictures of questions in the library."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from lms.common.text import whole_number
from media.models import SenImage
from media.services.uploads import silent_name

SIZE = "max-1200x1200"


def own_picture(raw: str, *, user: Any, kept: int | None = None) -> SenImage | None:
    """Return the picture that a form names by its id, if ``user`` sent it or the question holds it already (``kept``).

    Numbers can be guessed: no other picture of the library is shown or taken for a question in this way.
    """
    if (number := whole_number(raw)) is None:
        return None
    return SenImage.objects.filter(Q(uploaded_by_user=user) | Q(pk=kept or 0), pk=number).first()


def save_picture(file: Any, *, alt: str, user: Any) -> SenImage:
    """Store a checked picture in the library."""
    title = (alt or file.name or "")[:255]
    file.name = silent_name(file.name or "")
    image = SenImage(title=title, alt_text=alt, file=file, uploaded_by_user=user)
    image.save()
    return image
