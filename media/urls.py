"""Addresses of files. ``wagtaildocs_serve`` keeps the name under which Wagtail builds links to documents."""

from __future__ import annotations

from django.urls import path

from media import views

urlpatterns = [
    path("tai-lieu/<int:document_id>/<str:document_filename>", views.document, name="wagtaildocs_serve"),
    path("tep/anh/<str:token>/<str:filename>", views.rendition, name="rendition"),
]
