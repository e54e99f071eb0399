"""Wagtail's app of users, with our list and forms of people in place of its own."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class SenUsersAppConfig(WagtailUsersAppConfig):
    default = False
    user_viewset = "lms.people.backoffice.people.PersonViewSet"
