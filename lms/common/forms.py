"""How Django forms look: labels, help and errors that belong together, and a summary of errors."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class SenRenderer(DjangoTemplates):
    """The project's ``FORM_RENDERER``.

    ``{{ form }}`` renders the error summary and every field; ``{{ form.name.as_field_group }}`` (or ``{% field %}``)
    one field. Widgets stay Django's own: they are styled by element, so that forms of other packages fit in too.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"
