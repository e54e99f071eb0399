"""Addresses of the notifications."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.notifications import views

urlpatterns: list[URLPattern] = [
    path("thong-bao/", views.notices, name="notifications"),
    path("thong-bao/da-doc/", views.read_all, name="notifications-read-all"),
    path("thong-bao/<int:pk>/", views.open_notice, name="notification-open"),
    path("thong-bao/<int:pk>/da-doc/", views.read, name="notification-read"),
]
