"""The skeleton of the public site, which the demo and a production both start from."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from cms.models import HomePage, NewsIndexPage, ProgrammeIndexPage
from cms.services.review import ensure_review


@dataclass(frozen=True, slots=True)
class SitePages:
    """The pages that :func:`ensure_site` guarantees."""

    site: Site
    home: HomePage
    programmes: ProgrammeIndexPage
    news: NewsIndexPage


@transaction.atomic
def ensure_site(
    *, name: str, hero_title: str = "", hero_lead: str = "", hostname: str = "localhost", port: int = 80
) -> SitePages:
    """Make the front page, the lists of programmes and of news, and the default site, where they are missing.

    Idempotent: what exists is returned untouched, except that Wagtail's own welcome page gives way to the front
    page. ``name`` becomes the site's name and the front page's title when they are made.
    """
    # A database that was emptied by hand has lost what Wagtail's first migrations put there.
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root = Page.get_first_root_node()
    if root is None:  # a database whose Wagtail pages were all removed
        root = Page.add_root(title="Root", slug="root")
    ensure_review()
    home = HomePage.objects.first()
    if home is None:
        home = HomePage(title=name, slug="trang-chu", hero_title=hero_title or name, hero_lead=hero_lead)
        root.add_child(instance=home)
        home.save_revision().publish()
        home.refresh_from_db()
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(hostname=hostname, port=port, is_default_site=True)
    if site.root_page_id != home.pk:
        replaced = site.root_page_id
        site.root_page, site.site_name = Page.objects.get(pk=home.pk), name
        site.save()
        _remove_welcome_page(replaced)
    programmes = ProgrammeIndexPage.objects.child_of(home).first()
    if programmes is None:
        programmes = ProgrammeIndexPage(title="Chương trình", slug="chuong-trinh", show_in_menus=True)
        home.add_child(instance=programmes)
        programmes.save_revision().publish()
        programmes.refresh_from_db()
    news = NewsIndexPage.objects.child_of(home).first()
    if news is None:
        news = NewsIndexPage(title="Tin tức", slug="tin-tuc", show_in_menus=True)
        home.add_child(instance=news)
        news.save_revision().publish()
        news.refresh_from_db()
    return SitePages(site=site, home=home, programmes=programmes, news=news)


def _remove_welcome_page(page_id: int | None) -> None:
    """Delete the page that Wagtail's first migration made, and nothing that a person has written."""
    page = Page.objects.filter(pk=page_id, depth=2, numchild=0).first()
    if page is not None and page.specific_class is Page:
        page.delete()
