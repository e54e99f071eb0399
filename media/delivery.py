"""Sending files, whole or in ranges, so that a recording can be wound forward."""

from __future__ import annotations

import io
import re
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

# What a browser may show itself; everything else is saved to disk.
INLINE = ("application/pdf", "audio/", "image/", "text/vtt", "video/")
CONTENT_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "webm": "video/webm",
    "webp": "image/webp",
}
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_MOST_DIGITS = 18  # no file is longer; Python refuses to read numbers of thousands of digits

# A file is never a page: nothing in it may run, even if somebody gets a browser to show it, and no page may frame it.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def send(request: HttpRequest, file: Any, filename: str, *, download: bool = False) -> HttpResponseBase:
    """Answer with ``file`` (a storage file), honouring one byte range.

    The type follows from the extension, which the upload has checked against the content; the browser is told not
    to guess another.
    """
    extension = filename.rpartition(".")[2].lower()
    content_type = CONTENT_TYPES.get(extension, "application/octet-stream")
    size = file.size
    wanted = parse_range(request.headers.get("Range", ""), size)
    response: HttpResponseBase
    if wanted is None:
        response = FileResponse(file.open("rb"), content_type=content_type)
        response.headers["Content-Length"] = str(size)
    elif not wanted:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        first, last = wanted
        response = FileResponse(_Part(file.open("rb"), first, last - first + 1), status=206, content_type=content_type)
        response.headers["Content-Length"] = str(last - first + 1)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    attachment = download or not content_type.startswith(INLINE)
    response.headers["Content-Disposition"] = content_disposition_header(attachment, filename) or "inline"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def parse_range(header: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """Return (first, last) of a single range, ``()`` for one that lies outside, ``None`` for no or several ranges."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = _position(last)
        return (max(0, size - length), size - 1) if length and size else ()
    start, end = _position(first), min(_position(last), size - 1) if last else size - 1
    return (start, end) if start <= end else ()


def _position(digits: str) -> int:
    """Read a number of bytes; one that is longer than any file is as good as the largest."""
    digits = digits.lstrip("0")
    return 10**_MOST_DIGITS if len(digits) > _MOST_DIGITS else int(digits or "0")


class _Part(io.RawIOBase):
    """Reads ``length`` bytes of a file from ``start``; closing it closes the file."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        super().__init__()
        self._file = file
        self._left = length
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._file.close()
        super().close()
