"""Files that the portal hands out."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def attach(content: bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """Return ``content`` as a file that no cache keeps; a PDF may be shown in the browser."""
    disposition = content_disposition_header(as_attachment=not inline, filename=filename) or "attachment"
    headers = {
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=_TYPES[filename.rpartition(".")[2]], headers=headers)
