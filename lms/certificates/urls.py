"""Certificates: the public look-up, and the holder's PDF."""

from __future__ import annotations

from django.urls import path

from lms.certificates import views

app_name = "certificates"
urlpatterns = [
    path("hoc/chung-nhan/<str:code>.pdf", views.pdf, name="pdf"),
    path("xac-minh/", views.lookup, name="lookup"),
    path("xac-minh/<str:code>/", views.verify, name="verify"),
]
