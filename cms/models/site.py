"""The public site: front page and news."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.blocks import LessonBody
from cms.models.base import BasePage


class HomePage(BasePage):
    """The public front page."""

    hero_title = models.CharField(_("headline"), max_length=160, blank=True)
    hero_lead = models.TextField(_("lead"), blank=True)
    hero_image = models.ForeignKey(
        "sen_media.SenImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("headline image"),
    )
    body = StreamField(LessonBody(required=False), verbose_name=_("body"), blank=True)
    contact = RichTextField(_("contact"), blank=True, features=["bold", "link"])

    template = "cms/home_page.html"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["cms.ProgrammeIndexPage", "cms.NewsIndexPage"]
    max_count = 1
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("hero_title"),
        FieldPanel("hero_lead"),
        FieldPanel("hero_image"),
        FieldPanel("body"),
        FieldPanel("contact"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the newest programmes and news, with the pictures' renditions, in a fixed number of queries."""
        from cms.models.curriculum import ProgrammeIndexPage, ProgrammePage

        programmes = ProgrammePage.objects.live().order_by("path").prefetch_related("cover__renditions")
        news = NewsPage.objects.live().order_by("-date", "-pk").prefetch_related("image__renditions")
        return {
            **super().get_context(request, *args, **kwargs),
            "programmes": list(programmes[:6]),
            "programme_index": ProgrammeIndexPage.objects.live().child_of(self).first(),
            "news": list(news[:3]),
            "news_index": NewsIndexPage.objects.live().child_of(self).first(),
        }

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class NewsIndexPage(BasePage):
    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    template = "cms/news_index_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = ["cms.NewsPage"]
    max_count = 1
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the news, newest first."""
        news = NewsPage.objects.child_of(self).live().order_by("-date", "-pk").prefetch_related("image__renditions")
        page_of_news = Paginator(news, 10).get_page(request.GET.get("page"))
        return {**super().get_context(request, *args, **kwargs), "page_of_news": page_of_news}

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")


class NewsPage(BasePage):
    date = models.DateField(_("date"))
    summary = models.TextField(_("summary"), max_length=400)
    image = models.ForeignKey(
        "sen_media.SenImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
    )
    body = StreamField(LessonBody(), verbose_name=_("body"))

    template = "cms/news_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("date"),
        FieldPanel("summary"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
