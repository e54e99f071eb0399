"""Addresses of the pages on which units are kept, under ``/dieu-hanh/don-vi/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.units import views

urlpatterns = [
    path("<int:unit_id>/ho-so/", views.profile, name="unit-profile"),
    path("<int:unit_id>/doi-ten/", views.rename, name="unit-rename"),
    path("<int:unit_id>/phuc-vu/", views.serves, name="unit-serves"),
    path("<int:unit_id>/giai-the/", views.dissolve, name="unit-dissolve"),
    path("<int:unit_id>/khoi-phuc/", views.restore, name="unit-restore"),
    path("<int:unit_id>/tim/<slug:field>/", views.pick, name="unit-pick"),
]
