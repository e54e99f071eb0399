"""Every address of ``/api/v1/``: one module an area, each with its ``urlpatterns``."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from lms.api import certificates, enrolments, gradebook

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *certificates.urlpatterns,
    *enrolments.urlpatterns,
    *gradebook.urlpatterns,
]
