"""Checks of what people upload: a file must be what its name says. It is looked into in the limited process."""

from __future__ import annotations

import io
import secrets
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from lms.common.limited import JobLimits, LimitedError, run

MEGABYTE = 1024 * 1024
# Recordings are large by nature and captions are small; everything else that is large is a mistake.
LIMITS = {"mp4": 500, "webm": 500, "mp3": 100, "m4a": 100, "ogg": 100, "vtt": 2}
DEFAULT_LIMIT = 30
# Only their first bytes are looked at: nothing here plays them.
RECORDINGS = {"mp3", "m4a", "mp4", "ogg", "webm"}
_FORMATS = frozenset({"AVIF", "GIF", "JPEG", "PNG", "WEBP"})
_IMAGE_LIMITS = JobLimits(seconds=10, wall=25, output=40 * MEGABYTE)
_DOCUMENT_LIMITS = JobLimits(seconds=25, wall=50, output=MEGABYTE)


def inspect_image(data: bytes) -> bytes | None:
    """Decode a picture to its end; return it without its hidden facts, ``None`` when it has none.

    :raises ValidationError: it cannot be read, or decoding asks for more than any picture needs.
    """
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    try:
        answer = run("media.inspection.images.inspect", data, limits=_IMAGE_LIMITS, max_pixels=most)
    except LimitedError as error:
        raise ValidationError(str(error), code=error.code) from error
    refused = str(answer.value.get("refused", ""))
    if not refused and answer.value.get("format") not in _FORMATS:
        refused = "unreadable"
    if not refused:
        return answer.blobs[0] if answer.blobs else None
    match refused:
        case "too_many_pixels":
            text = _("This picture has more than %(count)s million pixels. Make it smaller and upload it again.")
        case "too_many_frames":
            text = _("This moving picture is too long. Cut it, or upload a recording (.mp4) instead.")
        case _:
            text, refused = _("This picture cannot be read. It may be damaged."), "unreadable"
    raise ValidationError(text % {"count": most // 1_000_000} if "%(" in text else text, code=refused)


def check_image(file: Any) -> Any:
    """Return ``file`` without its hidden facts (where it was taken, with what), upright; or refuse it.

    The type against the extension and the size were checked by the field.

    :raises ValidationError: it cannot be read to its end within the limits.
    """
    file.seek(0)
    clean = file.inspected if hasattr(file, "inspected") else inspect_image(file.read())
    file.seek(0)
    if clean is None:
        return file
    kind = getattr(file, "content_type", None)
    cleaned = InMemoryUploadedFile(io.BytesIO(clean), "file", file.name, kind, len(clean), None)
    cleaned.image = getattr(file, "image", None)  # type: ignore[attr-defined]
    return cleaned


def silent_name(name: str) -> str:
    """Return a name that says nothing, with the ending of ``name``.

    A picture's name stands in its address: "cau-5-dap-an-b.png" would tell whoever sits the test.
    """
    return f"cau-hoi-{secrets.token_hex(6)}{PurePosixPath(name).suffix.lower()}"


def check_document(file: UploadedFile) -> UploadedFile:
    """Return ``file`` if it is not too large, is what its extension says, and holds no programs.

    :raises ValidationError: one sentence that says which of these it is and what to do.
    """
    extension = (file.name or "").rpartition(".")[2].lower()
    limit = LIMITS.get(extension, DEFAULT_LIMIT) * MEGABYTE
    if (file.size or 0) > limit:
        text = _("This file is too large (%(size)s). The limit for .%(extension)s is %(limit)s.")
        values = {"size": filesizeformat(file.size or 0), "extension": extension, "limit": filesizeformat(limit)}
        raise ValidationError(text % values, code="too_large")
    file.seek(0)
    if extension in RECORDINGS:
        refused = "" if _is_recording(extension, file.read(4096)) else "wrong_content"
    else:
        refused = _inspect_document(file.read(limit + 1), extension)
    if refused:
        raise ValidationError(_refusal(refused) % {"extension": extension}, code=refused)
    file.seek(0)
    return file


def _inspect_document(data: bytes, extension: str) -> str:
    try:
        return str(run("media.inspection.documents.inspect", data, limits=_DOCUMENT_LIMITS, extension=extension).value)
    except LimitedError as error:
        raise ValidationError(str(error), code=error.code) from error


def _refusal(code: str) -> str:
    match code:
        case "macros":
            return _("This file contains macros, programs that run on the reader's computer. Save it without macros.")
        case "outside":
            return _(
                "When this file is opened, it fetches something from elsewhere (a linked picture, table, template or "
                "program), or one of its links leads neither to a web page nor to an e-mail address. Break or remove "
                "these links (in Word and Excel: File, Info, Edit Links to Files), save it anew and upload that one."
            )
        case "damaged":
            return _("This file is damaged, so it cannot be checked. Open it, save it anew and upload that one.")
        case "locked":
            return _("This file is protected by a password, so it cannot be checked. Save it without one.")
        case "active_pdf":
            return _(
                "This PDF contains programs or other files inside. Print it to a new PDF, which leaves them out, and "
                "upload that one."
            )
        case "unclear_pdf":
            return _(
                "This PDF is protected or damaged, so it cannot be checked. Save it without protection, or print it to "
                "a new PDF, and upload that one."
            )
        case "two_kinds":
            return _("This file is two kinds of file at once. Save it anew as .%(extension)s and upload that one.")
        case "too_much":
            return _("There is far more in this file than any .%(extension)s needs. Divide it into smaller files.")
    return _("This is not a .%(extension)s file: its content is something else.")


def _is_recording(extension: str, head: bytes) -> bool:
    match extension:
        case "mp4" | "m4a":
            return head[4:8] == b"ftyp"
        case "webm":
            return head.startswith(b"\x1a\x45\xdf\xa3")
        case "ogg":
            return head.startswith(b"OggS")
        case "mp3":
            return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
    return False
