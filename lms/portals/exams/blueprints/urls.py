"""Addresses of the blueprints, under ``/khao-thi/ma-tran/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.blueprints import views

urlpatterns = [
    path("", views.blueprint_list, name="blueprints"),
    path("moi/", views.blueprint_new, name="blueprint-new"),
    path("<int:blueprint_id>/", views.blueprint, name="blueprint"),
    path("<int:blueprint_id>/sua/", views.blueprint_edit, name="blueprint-edit"),
    path("<int:blueprint_id>/kiem-tra/", views.blueprint_check, name="blueprint-check"),
    path("<int:blueprint_id>/chep/", views.blueprint_copy, name="blueprint-copy"),
    path("<int:blueprint_id>/ma-tran.xlsx", views.blueprint_xlsx, name="blueprint-xlsx"),
    path("<int:blueprint_id>/ma-tran.docx", views.blueprint_docx, name="blueprint-docx"),
    path("<int:blueprint_id>/dong/<int:row>/", views.blueprint_row, name="blueprint-row"),
]
