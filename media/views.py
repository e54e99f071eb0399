"""The only ways to a file: MEDIA_ROOT itself has no address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from media.access import may_read, opens_guarded
from media.delivery import send
from media.models import RENDITIONS, SenDocument, SenRendition
from media.queries import library_image
from media.signing import is_signed

PUBLIC_SECONDS = 60


@login_not_required
@require_safe
def rendition(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """A picture in one size. Its address is signed, and shown only to those who may see the picture.

    The address alone opens what stands on a public page. Pictures of lessons and drafts also ask for a session, and
    those of questions for a policy: addresses do not expire, so that they may stand in frozen papers and caches.
    """
    name = f"{RENDITIONS}/{filename}"
    storage = SenRendition._meta.get_field("file").storage
    if not is_signed(name, token) or not _opens(request.user, name) or not storage.exists(name):
        raise Http404
    response = send(request, storage.open(name), filename)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _opens(user: Any, name: str) -> bool:
    guarded = opens_guarded(user, name)
    return guarded if guarded is not None else user.is_authenticated or _is_public(name)


def _is_public(name: str) -> bool:
    """Whether strangers may see the picture: asked once a minute, since a front page shows many to many."""
    key = f"media:public:{name}"
    known: bool | None = cache.get(key)
    if known is None:
        image = library_image(name)
        known = image is not None and may_read(AnonymousUser(), image)
        cache.set(key, known, timeout=PUBLIC_SECONDS)
    return known


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
