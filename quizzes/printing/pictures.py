"""The pictures of a paper as bytes for print: read from our own store, without the metadata that cameras add."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from media.models import SenRendition, signed_name

#: Print needs no more pixels than 300 to the inch over the width of the text.
WIDEST = 2000


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """A picture ready to be set: PNG or JPEG without metadata."""

    name: str
    data: bytes
    width: int
    height: int


def load_picture(src: str, number: int) -> PrintedPicture | None:
    """Return the picture behind one of our own addresses, ``None`` when there is none any more."""
    data = _stored(src)
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as source:
            source.load()
            plain = source.convert("RGBA" if source.mode in ("RGBA", "LA", "P") else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    if plain.width > WIDEST:
        plain = plain.resize((WIDEST, max(1, plain.height * WIDEST // plain.width)))
    buffer = io.BytesIO()
    if plain.mode == "RGBA":
        plain.save(buffer, "PNG")
        return PrintedPicture(f"picture-{number}.png", buffer.getvalue(), plain.width, plain.height)
    plain.save(buffer, "JPEG", quality=88)
    return PrintedPicture(f"picture-{number}.jpeg", buffer.getvalue(), plain.width, plain.height)


def _stored(src: str) -> bytes | None:
    name = signed_name(src)
    storage = SenRendition._meta.get_field("file").storage
    if name is None or not storage.exists(name):
        return None
    with storage.open(name) as file:
        data: bytes = file.read()
    return data
