"""Keeping pictures of questions: taking them in, and knowing which question shows which."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from PIL import Image

from media.access import may_read
from media.models import signed_name
from media.queries import library_image
from media.services.uploads import silent_name
from quizzes.errors import InvalidItemError
from quizzes.models import Item, ItemBank, QuestionPicture

#: Texts and papers show pictures at most this wide and high.
MOST = 1200
_SRC = re.compile(r"""<img\b[^<>]*?\ssrc\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
FOREIGN = _("The text shows a picture that is not one of this bank. Take it out and put your own in as a file.")


def add_picture(*, bank: ItemBank, file: Any, alt: str = "", actor: Any = None) -> QuestionPicture:
    """Store a checked picture for questions of ``bank``, no larger than it is shown."""
    file.seek(0)
    data = file.read()
    with Image.open(io.BytesIO(data)) as picture:
        size, kind = picture.size, picture.format
        if max(size) > MOST:
            picture.thumbnail((MOST, MOST), Image.Resampling.LANCZOS)
            buffer = io.BytesIO()
            picture.save(buffer, format=kind)
            data = buffer.getvalue()
        shown = picture.size
    return QuestionPicture.objects.create(
        bank=bank,
        file=ContentFile(data, name=silent_name(file.name or "")),
        width=size[0],
        height=size[1],
        shown_width=shown[0],
        shown_height=shown[1],
        alt_text=alt[:250],
        uploaded_by=actor,
    )


def sources_in(value: Any) -> Iterator[str]:
    """Yield the addresses of all pictures in the texts of ``value``, which may be nested."""
    if isinstance(value, str):
        for match in _SRC.finditer(value):
            yield unescape(match[1] if match[1] is not None else match[2])
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from sources_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from sources_in(one)


def pictures_of(fields: Mapping[str, Any]) -> list[QuestionPicture]:
    """Return the question pictures that the parts of a version show."""
    names = {name for src in sources_in(fields) if (name := signed_name(src)) is not None}
    numbers = _numbers(fields)
    found = QuestionPicture.objects.filter(Q(file__in=names) | Q(pk__in=numbers))
    return list(found.order_by("pk"))


def check_pictures(
    *, bank: ItemBank, fields: Mapping[str, Any], author: Any, item: Item | None = None
) -> list[QuestionPicture]:
    """Return the question pictures that a text shows, after seeing that its author may show each of them.

    What the question ``item`` showed before may stay.

    Raises:
        InvalidItemError: a picture belongs to another bank, or to nobody.
    """
    current = item.current if item is not None else None
    before = {name: getattr(current, name) for name in fields} if current is not None else {}
    sources, numbers = set(sources_in(fields)), _numbers(fields)
    if not sources and not numbers:
        return []
    found = {picture.file.name: picture for picture in pictures_of(fields)}
    for src in sources - set(sources_in(before)):
        name = signed_name(src)
        known = found.get(name or "")
        if name is None or not (_may_show(bank, known, author) if known else _in_library(name, author)):
            raise InvalidItemError(FOREIGN, fields={"stem": [str(FOREIGN)]})
    for number in numbers - _numbers(before):
        picture = next((one for one in found.values() if one.pk == number), None)
        if picture is None or not _may_show(bank, picture, author):
            raise InvalidItemError(FOREIGN, fields={"image": [str(FOREIGN)]})
    return list(found.values())


def link_pictures(written: Sequence[tuple[Item, Mapping[str, Any]]]) -> None:
    """Note which pictures many new questions show, in a fixed number of queries."""
    names: dict[str, set[int]] = {}
    numbers: dict[int, set[int]] = {}
    for item, fields in written:
        for src in sources_in(fields):
            if (name := signed_name(src)) is not None:
                names.setdefault(name, set()).add(item.pk)
        for number in _numbers(fields):
            numbers.setdefault(number, set()).add(item.pk)
    if not names and not numbers:
        return
    through = QuestionPicture.items.through
    found = QuestionPicture.objects.filter(Q(file__in=names) | Q(pk__in=numbers))
    through._default_manager.bulk_create(
        [
            through(questionpicture_id=picture.pk, item_id=item)
            for picture in found
            for item in sorted(names.get(picture.file.name or "", set()) | numbers.get(picture.pk, set()))
        ],
        ignore_conflicts=True,
    )


def _numbers(fields: Mapping[str, Any]) -> set[int]:
    image = (fields.get("content") or {}).get("image")
    return {image} if isinstance(image, int) else set()


def _may_show(bank: ItemBank, picture: QuestionPicture, author: Any) -> bool:
    if author is None or picture.bank_id == bank.pk:
        return True
    return QuestionPicture.objects.visible_to(author).filter(pk=picture.pk).exists()


def _in_library(name: str, author: Any) -> bool:
    image = library_image(name)
    return image is not None and (author is None or may_read(author, image))
