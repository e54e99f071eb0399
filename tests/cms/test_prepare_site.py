"""A new installation gets its front page by a command."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site


@pytest.mark.django_db
def test_the_front_page_is_made_once(client: Client, settings: object) -> None:
    settings.SEN_BASE_URL = "https://hoc.example.vn"
    before = client.get("/").text  # the page that Wagtail's first migrations make
    said = io.StringIO()
    call_command("prepare_site", "--name", "Trung tâm Ba Vì", stdout=said)
    pages = Page.objects.count()
    call_command("prepare_site", stdout=io.StringIO())
    answer = client.get("/")
    assert "Trung tâm Ba Vì" not in before
    assert (answer.status_code, "Trung tâm Ba Vì" in answer.text) == (200, True)
    assert said.getvalue() == "https://hoc.example.vn/ shows “Trung tâm Ba Vì”.\n"
    assert (Page.objects.count(), Site.objects.get().site_name) == (pages, "Trung tâm Ba Vì")
