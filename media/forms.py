"""Checks of uploaded pictures and documents, in Wagtail's forms and in ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.services.uploads import check_document, check_image, inspect_image


class PictureField(WagtailImageField):
    """Decodes a picture in the limited process before anything here looks into it."""

    def to_python(self, data: Any) -> Any:
        file = forms.FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        if PurePosixPath(file.name or "").suffix.lower()[1:] not in self.allowed_image_extensions:
            raise ValidationError(self.error_messages["invalid_image_extension"], code="invalid_image_extension")
        data.seek(0)
        inspected = inspect_image(data.read())
        data.seek(0)
        checked = super().to_python(data)
        checked.inspected = inspected
        return checked


class ImageForm(BaseImageForm):
    """Refuses pictures that cannot be read and removes what they tell about the place and the camera."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # Wagtail makes the field itself
            made = self.fields["file"]
            self.fields["file"] = PictureField(
                label=made.label, required=made.required, widget=made.widget, max_length=made.max_length
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        return check_image(file) if file and "file" in self.changed_data else file


class DocumentForm(BaseDocumentForm):
    """Refuses files that are not what their names say."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        return check_document(file) if file and "file" in self.changed_data else file

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out what the model says about the file that is missing because it was refused before."""
        if self.has_error("file") and hasattr(errors, "error_dict"):
            errors.error_dict.pop("file", None)
        super()._update_errors(errors)
