"""The look of Django forms: labels, help and errors that belong together, and a summary of errors."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BaseForm
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
