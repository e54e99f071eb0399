"""Reads of the library that other apps need."""

from __future__ import annotations

from media.models import SenImage, SenRendition


def library_image(name: str) -> SenImage | None:
    """Return the image of the library of which ``name`` is one size, as it is stored; ``None`` for other files."""
    found = SenRendition.objects.filter(file=name).select_related("image").first()
    return found.image if found is not None else None
