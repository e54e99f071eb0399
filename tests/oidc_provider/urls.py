"""Addresses of the provider: its own, and one to be somebody there without a form."""

from __future__ import annotations

from allauth.idp.oidc.models import Client
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


def allow(request):
    """Send answers to another address of the client as well."""
    client = Client.objects.get()
    client.redirect_uris += f"\n{request.GET['uri']}"
    client.save()
    return HttpResponse()


urlpatterns = [path("allow/", allow), path("be/<username>/", sign_in_as), path("", include("allauth.idp.urls"))]
