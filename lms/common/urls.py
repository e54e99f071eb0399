"""Addresses of the interface itself. The service worker stands at the root: its scope is its folder."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.i18n import set_language

from lms.common import views
from lms.common.styleguide import styleguide

urlpatterns: list[URLPattern] = [
    path("offline/", views.offline, name="offline"),
    path("ngon-ngu/", login_not_required(set_language), name="set-language"),
]

# Unhashed addresses (development) must never be answered from a cache; there the worker stays away.
if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide, name="styleguide")]
else:
    urlpatterns += [path("sw.js", views.service_worker, name="service-worker")]
