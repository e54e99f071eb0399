"""Addresses of question files, under ``/khao-thi/nhap/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.imports.views import exports, files, questions

urlpatterns = [
    path("", files.import_list, name="imports"),
    path("mau/<str:form>/", files.template_file, name="import-template"),
    path("ngan-hang/<int:bank_id>/", files.upload, name="import-upload"),
    path("ngan-hang/<int:bank_id>/xuat/", exports.export_page, name="export"),
    path("ngan-hang/<int:bank_id>/xuat/<str:form>/", exports.export_file, name="export-file"),
    path("<int:import_id>/", questions.preview, name="import"),
    path("<int:import_id>/bo/", files.discard, name="import-discard"),
    path("<int:import_id>/doc-lai/", files.retry, name="import-retry"),
    path("<int:import_id>/cau/<int:row_id>/", questions.edit, name="import-question"),
    path("<int:import_id>/cau/<int:row_id>/dap-an/", questions.answer, name="import-answer"),
    path("<int:import_id>/hinh/<str:name>", files.picture, name="import-picture"),
]
