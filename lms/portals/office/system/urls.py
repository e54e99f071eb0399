"""Addresses of the state of the installation, under ``/dieu-hanh/he-thong/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.system import views

urlpatterns = [
    path("", views.system, name="system"),
    path("<int:incident_id>/xac-nhan/", views.confirm, name="system-confirm"),
]
