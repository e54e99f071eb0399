"""Addresses of requests for learners of other units, under ``/dieu-hanh/de-nghi/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.requests import views

urlpatterns = [
    path("", views.requests, name="requests"),
    path("<int:request_id>/tra-loi/", views.request_answer, name="request-answer"),
    path("<int:request_id>/rut/", views.request_take_back, name="request-take-back"),
]
