"""Addresses of the interface itself. The service worker stands at the root: its scope is its folder."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from lms.common import views
from lms.common.styleguide import styleguide

urlpatterns: list[URLPattern] = [path("offline/", views.offline, name="offline")]

# Unhashed addresses (development) must never be answered from a cache; there the worker stays away.
if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide, name="styleguide")]
else:
    urlpatterns += [path("sw.js", views.service_worker, name="service-worker")]
