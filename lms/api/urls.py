"""Addresses of ``/api/v1``: one module an area, each with its own ``urlpatterns``."""

from __future__ import annotations

from django.urls import URLPattern, path
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView

from lms.api import accounts, certificates, enrolments, gradebook

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("schema/", SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer]), name="schema"),
    *accounts.urlpatterns,
    *certificates.urlpatterns,
    *enrolments.urlpatterns,
    *gradebook.urlpatterns,
"""Every address of ``/api/v1/``: one module an area, each with its ``urlpatterns``."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from lms.api import attempts

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *attempts.urlpatterns,
]
