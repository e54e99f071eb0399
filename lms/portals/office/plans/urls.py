"""Addresses of annual plans, under ``/dieu-hanh/ke-hoach/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.plans import views

urlpatterns = [
    path("", views.plan_list, name="plans"),
    path("<int:unit_id>/<int:year>/", views.plan_page, name="plan"),
    path("<int:unit_id>/<int:year>/xu-ly/", views.plan_act, name="plan-act"),
]
