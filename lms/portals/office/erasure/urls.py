"""Addresses of requests to erase personal data, under ``/dieu-hanh/du-lieu-ca-nhan/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.erasure import views

urlpatterns = [
    path("", views.requests, name="erasures"),
    path("them/", views.enter, name="erasure-new"),
    path("<int:request_id>/", views.request_page, name="erasure"),
]
