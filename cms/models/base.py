"""The one page model under all others (``WAGTAIL_PAGE_MODEL``)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import AbstractPage
from wagtail.models.pages import AbstractPageMeta


class BasePage(AbstractPage):
    """Every page of Sen. Holds what a search engine and a shared link show."""

    seo_title = models.CharField(_("title for search engines"), max_length=255, blank=True)
    search_description = models.TextField(_("description for search engines"), blank=True)
    show_in_menus = models.BooleanField(_("show in menus"), default=False)

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            _("For search engines and menus"),
        )
    ]

    class Meta(AbstractPageMeta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
