"""Pages that belong to no app: the service worker and the page it keeps for when there is no network."""

from __future__ import annotations

import hashlib
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.common.icons import SPRITE
from lms.common.scripts import SCRIPT_MODULES

KEPT: Final = ("sen/css/sen.css", "sen/fonts/be-vietnam-pro-600.woff2", SPRITE, "sen/js/sen.js", *SCRIPT_MODULES)


@require_safe
@login_not_required
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker; its text changes with every static file that it keeps."""
    assets = [static(name) for name in KEPT]
    version = hashlib.sha256("\n".join(assets).encode()).hexdigest()[:12]
    context = {"assets": assets, "version": version, "offline_url": reverse("offline")}
    return render(request, "sw.js", context, content_type="text/javascript")


@require_safe
@login_not_required
@cache_control(public=True, max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """Serve the page shown without a network; the same for everybody."""
    return render(request, "offline.html")
