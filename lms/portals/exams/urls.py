"""Addresses of the examination portal, under ``/khao-thi/``: one line an area, each with its own ``urls.py``."""

from __future__ import annotations

from django.urls import include, path

from lms.portals.exams.views import home

app_name = "exams"

urlpatterns = [
    path("", home, name="home"),
    path("ngan-hang/", include("lms.portals.exams.bank.urls")),
    path("coi-thi/", include("lms.portals.exams.invigilation.urls")),
]
