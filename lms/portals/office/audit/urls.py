"""Addresses of the audit trail, under ``/dieu-hanh/nhat-ky/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.audit import views

urlpatterns = [
    path("", views.entries, name="audit"),
]
