"""The guides in the help menu of the administration."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_help_menu_item")
def author_guide() -> MenuItem:
    """Lead to the guide of authors and editors."""
    return MenuItem(_("Guide for authors"), reverse("guide", args=["tac-gia"]), name="guide", icon_name="help", order=1)


@hooks.register("register_help_menu_item")
def all_guides() -> MenuItem:
    """Lead to all guides."""
    return MenuItem(_("All guides"), reverse("guides"), name="guides", icon_name="help", order=2)
