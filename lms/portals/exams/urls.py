"""Addresses of the examination portal, under ``/khao-thi/``: one line an area, each with its own ``urls.py``."""

from __future__ import annotations

from django.urls import include, path

from lms.portals.exams.views import home

app_name = "exams"

urlpatterns = [
    path("", home, name="home"),
    path("bai-lam-giay/", include("lms.portals.exams.sheets.urls")),
    path("de/", include("lms.portals.exams.papers.urls")),
    path("ma-tran/", include("lms.portals.exams.blueprints.urls")),
    path("ngan-hang/", include("lms.portals.exams.bank.urls")),
    path("coi-thi/de-thi/", include("lms.portals.exams.regrading.urls")),
    path("coi-thi/", include("lms.portals.exams.invigilation.urls")),
    path("thong-ke/", include("lms.portals.exams.statistics.urls")),
    path("cham/", include("lms.portals.exams.marking.urls")),
    path("nhap/", include("lms.portals.exams.imports.urls")),
]
