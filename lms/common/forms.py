"""The look of Django forms: labels, help and errors that belong together, and a summary of errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BaseForm, DecimalField
from django.forms.renderers import DjangoTemplates


class SenRenderer(DjangoTemplates):
    """The project's ``FORM_RENDERER``.

    ``{{ form }}`` renders the error summary and every field; ``{{ form.name.as_field_group }}`` (or ``{% field %}``)
    one field. Widgets stay Django's own: they are styled by element, so that forms of other packages fit in too.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"


def bound(form: BaseForm, bounds: Mapping[str, tuple[int, int]]) -> None:
    """Let the numbers of ``form`` lie between ``bounds``, by field; fields that it does not have are passed over."""
    for name in form.fields.keys() & bounds.keys():
        low, high = bounds[name]
        field = form.fields[name]
        field.validators = [*field.validators, MinValueValidator(low), MaxValueValidator(high)]
        field.widget.attrs |= {"min": low, "max": high}


class PointsField(DecimalField):
    """A number of points as people type it: figures, and decimals behind a comma or a point.

    Django's reading of local numbers takes a point with three figures behind it for a mark of thousands: in Vietnamese
    0.005 would be 5.
    """

    _TYPED = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number, ``None`` for an empty field; raise ``ValidationError`` for anything else."""
        text = str(value or "").strip()
        if text and not self._TYPED.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text.replace(",", "."))
