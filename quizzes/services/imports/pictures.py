"""Pictures of questions: from a file into their bank, and back into a file."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from cms.queries import serves_unit
from media.models import SenRendition, signed_name
from media.queries import library_image
from media.services.uploads import check_image
from quizzes.errors import InvalidItemError
from quizzes.formats.model import PICTURE_PREFIX, PICTURE_SRC, ParsedQuestion, Picture
from quizzes.models import ImportPicture, Item, ItemBank, QuestionImport, QuestionPicture
from quizzes.services.bank.pictures import add_picture, sources_in


class Pictures:
    """Takes the pictures of one file into the bank, each when the first question that shows it is imported."""

    def __init__(self, batch: QuestionImport, bank: ItemBank) -> None:
        self.bank, self.actor = bank, batch.created_by
        self.rows = {row.name: row for row in ImportPicture.objects.filter(batch=batch).select_related("picture")}
        self._addresses: dict[str, str] = {}

    def place(self, question: ParsedQuestion) -> None:
        """Replace the file's names of pictures by addresses of our own, in place.

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
            self._addresses[name] = self._image(name).url
        return self._addresses[name]

    def _image(self, name: str) -> QuestionPicture:
        row = self.rows.get(name)
        if row is None:
            raise InvalidItemError(_("A picture is missing."), fields={"image": [_("A picture is missing.")]})
        if row.picture is None:
            with default_storage.open(row.stored) as stored:
                data = stored.read()
            try:
                clean = check_image(SimpleUploadedFile(name, data))
            except ValidationError as error:
                raise InvalidItemError(str(error), fields={"image": list(error.messages)}) from error
            row.picture = add_picture(bank=self.bank, file=clean, actor=self.actor)
            row.save(update_fields=["picture"])
        return row.picture


def outgoing(question: ParsedQuestion, pictures: dict[str, Picture], item: Item) -> list[str]:
    """Replace addresses of ``item``'s pictures by names in a file, in place, and collect the pictures' bytes.

    Return the names of those that are gone or not the question's own: they are no part of the file.
    """
    parts = {"stem": question.stem, "content": question.content, "key": question.key, "feedback": question.feedback}
    own = {picture.file.name or "": picture for picture in item.pictures.all()}
    left: list[str] = []

    def collect(name: str | None, src: str) -> str:
        short = PurePosixPath(name or src).name or "?"
        if short not in pictures:
            data = _read(name, own, item.bank)
            if data is None:
                left.append(short)
            else:
                pictures[short] = Picture(short, data)
        return PICTURE_PREFIX + short

    changed = {src: collect(signed_name(src), src) for src in sorted(set(sources_in(parts)))}

    def html(text: str) -> str:
        for src, name in changed.items():
            text = text.replace(f'"{escape(src)}"', f'"{name}"').replace(f'"{src}"', f'"{name}"')
        return text

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return html(value) if "<img" in value else value
        if isinstance(value, dict):
            return {name: walk(one) for name, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    question.stem, question.feedback, question.key = walk(question.stem), walk(question.feedback), walk(question.key)
    if question.kind == "hotspot":
        picture = next((one for one in own.values() if one.pk == question.content.get("image")), None)
        if picture is None:
            name = str(question.content.get("image") or "?")
            left.append(name)
            question.content = {**question.content, "image": PICTURE_PREFIX + name}
        else:
            question.content = {**question.content, "image": collect(picture.file.name, "")}
    else:
        question.content = walk(question.content)
    return list(dict.fromkeys(left))


def _read(name: str | None, own: Mapping[str, QuestionPicture], bank: ItemBank) -> bytes | None:
    """Return the bytes of a picture of the question, or of one that the library keeps for the bank's unit or above."""
    if name is None:
        return None
    if name not in own:
        image = library_image(name)
        if image is None or not serves_unit(image, bank.unit):
            return None
    storage = SenRendition._meta.get_field("file").storage
    if not storage.exists(name):
        return None
    with storage.open(name) as file:
        data: bytes = file.read()
    return data
