"""Addresses of the provider: its own, and one to be somebody there without a form."""

from __future__ import annotations

from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.urls import include, path


def sign_in_as(request, username):
    """Be somebody at the provider, with the address that the query says."""
    user, _created = get_user_model().objects.get_or_create(username=username)
    user.email = request.GET.get("email", "")
    user.save()
    login(request, user)
    return HttpResponse(str(user.pk))


urlpatterns = [path("be/<username>/", sign_in_as), path("", include("allauth.idp.urls"))]
