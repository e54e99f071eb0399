"""Addresses of the office, under ``/dieu-hanh/``: one line an area, each with its own ``urls.py``."""

from __future__ import annotations

from django.urls import include, path

app_name = "office"

urlpatterns = [
    path("", include("lms.portals.office.rollup.urls")),
    path("don-vi/", include("lms.portals.office.units.urls")),
    path("ke-hoach/", include("lms.portals.office.plans.urls")),
    path("de-nghi/", include("lms.portals.office.requests.urls")),
    path("du-lieu-ca-nhan/", include("lms.portals.office.erasure.urls")),
    path("nhat-ky/", include("lms.portals.office.audit.urls")),
    path("he-thong/", include("lms.portals.office.system.urls")),
    path("lop/", include("lms.portals.office.classes.urls")),
]
