"""Addresses of the corrections of an exam's questions, under ``/khao-thi/coi-thi/de-thi/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.regrading import views

urlpatterns = [
    path("<int:exam_id>/cham-lai/", views.questions, name="regrade"),
    path("<int:exam_id>/cham-lai/<int:version_id>/", views.question, name="regrade-question"),
]
