"""Pictures of questions: from a file into the library of the bank's unit, and back into a file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from cms.services.permissions import collection_of
from media.models import RENDITIONS, SenImage, SenRendition
from media.services.uploads import check_image, silent_name
from quizzes.errors import InvalidItemError
from quizzes.formats.model import PICTURE_PREFIX, PICTURE_SRC, ParsedQuestion, Picture
from quizzes.models import ImportPicture, ItemBank, QuestionImport

#: The size in which texts show pictures; never enlarged.
SHOWN = "max-1200x1200"
_SIGNED = re.compile(r"""(["'])(/tep/anh/[^/"']+/([^/"']+))\1""")


class Pictures:
    """Puts the pictures of one file into the library, each when the first question that shows it is imported."""

    def __init__(self, batch: QuestionImport, bank: ItemBank) -> None:
        self.bank = bank
        self.rows = {row.name: row for row in ImportPicture.objects.filter(batch=batch).select_related("image")}
        self._addresses: dict[str, str] = {}

    def place(self, question: ParsedQuestion) -> None:
        """Replace the file's names of pictures by addresses of the library, in place.

        Raises:
            InvalidItemError: a picture is missing or cannot be read.
        """
        question.stem = self._html(question.stem)
        question.feedback = self._walk(question.feedback)
        question.key = self._walk(question.key)
        if question.kind == "hotspot":
            name = str(question.content.get("image", "")).removeprefix(PICTURE_PREFIX)
            image = self._image(name)
            alt = question.content.get("alt") or _("Picture of the question")
            question.content = {**question.content, "image": image.pk, "alt": alt}
        else:
            question.content = self._walk(question.content)

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._html(value)
        if isinstance(value, dict):
            return {name: self._walk(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._walk(one) for one in value]
        return value

    def _html(self, html: str) -> str:
        if PICTURE_PREFIX not in html:
            return html
        return PICTURE_SRC.sub(lambda match: f"{match[1]}{self._address(match[2])}{match[1]}", html)

    def _address(self, name: str) -> str:
        if name not in self._addresses:
            self._addresses[name] = self._image(name).get_rendition(SHOWN).url
        return self._addresses[name]

    def _image(self, name: str) -> SenImage:
        row = self.rows.get(name)
        if row is None:
            raise InvalidItemError(_("A picture is missing."), fields={"image": [_("A picture is missing.")]})
        if row.image is None:
            with default_storage.open(row.stored) as stored:
                data = stored.read()
            try:
                clean = check_image(SimpleUploadedFile(silent_name(name), data))
            except ValidationError as error:
                raise InvalidItemError(str(error), fields={"image": list(error.messages)}) from error
            row.image = SenImage.objects.create(
                title=PurePosixPath(name).stem[:255], file=clean, collection=collection_of(self.bank.unit)
            )
            row.save(update_fields=["image"])
        return row.image


def outgoing(question: ParsedQuestion, pictures: dict[str, Picture]) -> None:
    """Replace addresses of the library by names in a file, in place, and collect the pictures' bytes."""

    def html(text: str) -> str:
        return _SIGNED.sub(lambda match: f"{match[1]}{PICTURE_PREFIX}{_collect(match[3], pictures)}{match[1]}", text)

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return html(value) if "/tep/anh/" in value else value
        if isinstance(value, dict):
            return {name: walk(one) for name, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    question.stem = html(question.stem)
    question.feedback, question.key = walk(question.feedback), walk(question.key)
    if question.kind == "hotspot":
        image = SenImage.objects.filter(pk=question.content.get("image")).first()
        if image is not None:
            name = PurePosixPath(image.file.name).name
            with image.file.storage.open(image.file.name) as file:
                pictures.setdefault(name, Picture(name, file.read()))
            question.content = {**question.content, "image": PICTURE_PREFIX + name}
    else:
        question.content = walk(question.content)


def _collect(name: str, pictures: dict[str, Picture]) -> str:
    if name not in pictures:
        storage = SenRendition._meta.get_field("file").storage
        path = f"{RENDITIONS}/{name}"
        if storage.exists(path):
            with storage.open(path) as file:
                pictures[name] = Picture(name, file.read())
    return name
