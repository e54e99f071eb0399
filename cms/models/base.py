"""What all pages of Sen have beside the fields of Wagtail's own page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page


class BasePage(Page):
    """The base of every page of Sen. It has no table: queries over all pages go to ``wagtail.models.Page``."""

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title", heading=_("Title for search engines")),
                FieldPanel("search_description", heading=_("Description for search engines")),
                FieldPanel("show_in_menus", heading=_("Show in menus")),
            ],
            _("For search engines and menus"),
        )
    ]

    class Meta:
        abstract = True
