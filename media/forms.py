"""What Wagtail's upload forms are built on."""

from __future__ import annotations

from typing import Any

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from media.services.uploads import check_document, check_image


class ImageForm(BaseImageForm):
    """Refuses pictures that cannot be read and removes what they tell about the place and the camera."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        return check_image(file) if file and "file" in self.changed_data else file


class DocumentForm(BaseDocumentForm):
    """Refuses files that are not what their names say."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        return check_document(file) if file and "file" in self.changed_data else file
