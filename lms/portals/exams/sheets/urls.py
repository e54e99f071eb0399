"""Addresses of answers from paper, under ``/khao-thi/bai-lam-giay/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.sheets.views import grid, scans

urlpatterns = [
    path("", grid.class_exams, name="sheets"),
    path("<int:class_id>/<int:item_id>/", grid.key_grid, name="sheet-grid"),
    path("<int:class_id>/<int:item_id>/cham/", grid.post_all, name="sheet-post"),
    path("<int:class_id>/<int:item_id>/doi-chieu/<int:sheet_id>/", grid.settle, name="sheet-settle"),
    path("<int:class_id>/<int:item_id>/tep/", scans.upload, name="sheet-import"),
    path("<int:class_id>/<int:item_id>/tep/<int:import_id>/", scans.preview, name="sheet-import-preview"),
]
