"""Addresses of ours that stand before Wagtail's own of the same path."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.auth import require_admin_access

from cms import file_views, wagtail_views

_own = require_admin_access

urlpatterns = [
    path("tag-autocomplete/", _own(wagtail_views.tags), name="cms-tags"),
    path("images/<int:image_id>/delete/", _own(file_views.ImageDeleteView.as_view()), name="cms-image-delete"),
    path(
        "images/multiple/<int:image_id>/delete/",
        _own(file_views.UploadedImageDeleteView.as_view()),
        name="cms-image-delete-uploaded",
    ),
    path(
        "documents/delete/<int:document_id>/", _own(file_views.DocumentDeleteView.as_view()), name="cms-document-delete"
    ),
    path(
        "documents/multiple/<int:doc_id>/delete/",
        _own(file_views.UploadedDocumentDeleteView.as_view()),
        name="cms-document-delete-uploaded",
    ),
]
