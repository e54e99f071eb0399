"""How forms are rendered."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class SenRenderer(DjangoTemplates):
    """Renders forms with the design system's templates."""
