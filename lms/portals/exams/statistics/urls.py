"""Addresses of the statistics, under ``/khao-thi/thong-ke/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.exams.statistics import views

urlpatterns = [
    path("", views.exams, name="statistics"),
    path("<int:exam_id>/", views.exam, name="statistics-exam"),
    path("<int:exam_id>/so-lieu.xlsx", views.export, name="statistics-export"),
    path("<int:exam_id>/cau/<int:version_id>/", views.item, name="statistics-item"),
]
