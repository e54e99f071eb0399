"""Pictures: decoded once to their end, turned upright, without what they tell about the place and the camera."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
MAX_FRAMES = 500
_HIDDEN = ("exif", "xmp", "XML:com.adobe.xmp")


class _RefusedError(Exception):
    pass


def inspect(data: bytes, *, max_pixels: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return format, size and frames of a picture, and its bytes without hidden facts beside it if it had some.

    Returns:
        ``{"format", "width", "height", "frames"}`` and at most one byte string; or ``{"refused": code}`` with
        ``unreadable``, ``too_many_pixels`` or ``too_many_frames``.
    """
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                return _inspect(picture, max_pixels)
    except _RefusedError as refusal:
        return {"refused": str(refusal)}, []
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"refused": "too_many_pixels"}, []
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return {"refused": "unreadable"}, []


def _inspect(picture: Image.Image, max_pixels: int) -> tuple[dict[str, Any], list[bytes]]:
    name = picture.format or ""
    width, height = picture.size
    if width * height > max_pixels:
        raise _RefusedError("too_many_pixels")
    picture.load()
    hidden = bool(picture.getexif()) or any(key in picture.info for key in _HIDDEN)
    frames = _count_frames(picture, width * height, max_pixels)
    facts = {"format": name, "width": width, "height": height, "frames": frames}
    if not hidden or frames > 1:
        return facts, []
    picture.seek(0)
    clean = ImageOps.exif_transpose(picture)
    options: dict[str, Any] = {"quality": 92} if name in {"JPEG", "WEBP", "AVIF"} else {}
    if icc := picture.info.get("icc_profile"):
        options["icc_profile"] = icc
    for key in _HIDDEN:
        clean.info.pop(key, None)
    buffer = io.BytesIO()
    clean.save(buffer, format=name, exif=b"", **options)
    return facts | {"width": clean.width, "height": clean.height}, [buffer.getvalue()]


def _count_frames(picture: Image.Image, size: int, max_pixels: int) -> int:
    """Return how many frames there are; counting ends where there are too many."""
    frames = 1
    while getattr(picture, "is_animated", False):
        try:
            picture.seek(frames)
        except EOFError:
            break
        frames += 1
        if frames > MAX_FRAMES or frames * size > max_pixels:
            raise _RefusedError("too_many_frames")
        picture.load()
    return frames
