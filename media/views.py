"""The only ways to a file: MEDIA_ROOT itself has no address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from media.access import may_read
from media.delivery import send
from media.models import RENDITIONS, SenDocument, SenRendition
from media.signing import is_signed


@login_not_required
@require_safe
def rendition(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """A picture in one size. The address is the key: it is signed, and shown only to those who may see the picture."""
    name = f"{RENDITIONS}/{filename}"
    storage = SenRendition._meta.get_field("file").storage
    if not is_signed(name, token) or not storage.exists(name):
        raise Http404
    response = send(request, storage.open(name), filename)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@login_not_required
@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A document or a recording, for those whom a registered policy lets read it; 404 for everybody else."""
    found = get_object_or_404(SenDocument, pk=document_id)
    if found.filename != document_filename or not may_read(request.user, found):
        raise Http404
    if not found.file.storage.exists(found.file.name):
        raise Http404
    response = send(request, found.file, found.filename, download="tai-ve" in request.GET)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
