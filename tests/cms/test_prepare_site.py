"""A new installation gets its front page by a command."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Site

from cms.models import BasePage


@pytest.mark.django_db
def test_the_front_page_is_made_once(client: Client, settings: object) -> None:
    settings.SEN_BASE_URL = "https://hoc.example.vn"
    client.raise_request_exception = False
    before = client.get("/").status_code
    said = io.StringIO()
    call_command("prepare_site", "--name", "Trung tâm Ba Vì", stdout=said)
    pages = BasePage.objects.count()
    call_command("prepare_site", stdout=io.StringIO())
    answer = client.get("/")
    assert (before, answer.status_code, "Trung tâm Ba Vì" in answer.text) == (500, 200, True)
    assert said.getvalue() == "https://hoc.example.vn/ shows “Trung tâm Ba Vì”.\n"
    assert (BasePage.objects.count(), Site.objects.get().site_name) == (pages, "Trung tâm Ba Vì")
