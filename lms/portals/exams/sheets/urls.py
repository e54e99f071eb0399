"""Addresses of answers from paper, under ``/khao-thi/bai-lam-giay/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.sheets import imports, views

urlpatterns = [
    path("", views.class_exams, name="sheets"),
    path("<int:class_id>/<int:item_id>/", views.key_grid, name="sheet-grid"),
    path("<int:class_id>/<int:item_id>/cham/", views.post_all, name="sheet-post"),
    path("<int:class_id>/<int:item_id>/doi-chieu/<int:sheet_id>/", views.settle, name="sheet-settle"),
    path("<int:class_id>/<int:item_id>/tep/", imports.upload, name="sheet-import"),
    path("<int:class_id>/<int:item_id>/tep/<int:import_id>/", imports.preview, name="sheet-import-preview"),
]
