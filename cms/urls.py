"""Addresses of the public site. Whatever no other part has taken is looked up in the page tree."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from cms import views

page = login_not_required(serve)

urlpatterns = [
    path("", page, {"path": ""}, name="home"),
    path("tim-kiem/", views.search, name="search"),
    re_path(serve_pattern, page, name="wagtail_serve"),
]
