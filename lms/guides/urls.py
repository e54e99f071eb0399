"""Addresses of the guides."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.guides import views

urlpatterns: list[URLPattern] = [
    path("huong-dan/", views.guide_list, name="guides"),
    path("huong-dan/<slug:slug>/", views.guide_page, name="guide"),
]
