"""The curriculum as lecturers author it: programme → module → lesson.

Learners never read these pages at their own address: lessons reach them through the portal's reader, which
knows the class (docs/architecture.md). The public site shows programmes only.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.core.validators import MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.blocks import LessonBody
from cms.enums import ModuleKind, ProgrammeCategory
from cms.models.base import BasePage
from cms.page_forms import ProgrammePageForm


class ProgrammeIndexPage(BasePage):
    """The list of programmes on the public site; every programme hangs under it."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    template = "cms/programme_index_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = ["cms.ProgrammePage"]
    max_count = 1
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the published programmes, of one category when the address names it."""
        programmes = ProgrammePage.objects.child_of(self).live().order_by("path")
        held = set(programmes.values_list("category", flat=True))
        category = request.GET.get("loai", "")
        if category in held:
            programmes = programmes.filter(category=category)
        return {
            **super().get_context(request, *args, **kwargs),
            "programmes": Paginator(programmes.prefetch_related("cover__renditions"), 12).get_page(
                request.GET.get("page")
            ),
            "categories": [(value, label) for value, label in ProgrammeCategory.choices if value in held],
            "category": category if category in held else "",
        }

    class Meta:
        verbose_name = _("programme list")
        verbose_name_plural = _("programme lists")


class ProgrammePage(BasePage):
    """A programme, owned by the unit that writes it."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="programmes", verbose_name=_("owning unit"))
    code = models.CharField(_("code"), max_length=30, blank=True)
    category = models.CharField(
        _("category in reports"), max_length=20, choices=ProgrammeCategory, default=ProgrammeCategory.OTHER
    )
    summary = models.TextField(_("summary"), blank=True)
    audience = models.TextField(_("for whom"), blank=True)
    outcomes = RichTextField(_("outcomes"), blank=True, features=["ul", "bold", "italic"])
    authority = models.CharField(
        _("issued under"),
        max_length=250,
        blank=True,
        help_text=_("The document that prescribes this programme."),
    )
    cover = models.ForeignKey(
        "sen_media.SenImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover image"),
    )

    base_form_class = ProgrammePageForm
    template = "cms/programme_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.ProgrammeIndexPage"]
    subpage_types: ClassVar[list[str]] = ["cms.ModulePage"]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("unit"), FieldPanel("code"), FieldPanel("category"), FieldPanel("authority")],
            _("Programme"),
        ),
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("outcomes"),
        FieldPanel("cover"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.FilterField("unit")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the published modules with the titles of their lessons; never the lessons themselves."""
        from cms.outline import programme_outline

        outline = programme_outline(self)
        return {
            **super().get_context(request, *args, **kwargs),
            "outline": outline,
            "lesson_count": sum(len(lessons) for _module, lessons in outline),
            "period_count": sum(lesson.periods for _module, lessons in outline for lesson in lessons),
        }

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")


class PrivatePage(BasePage):
    """A page without a public address: Wagtail previews it, nobody else can open it."""

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        raise Http404

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page to its writers; Wagtail has checked that they are."""
        return TemplateResponse(request, self.template, self.get_context(request))

    def get_url_parts(self, *args: Any, **kwargs: Any) -> None:
        """No address, so that no link and no sitemap shows one."""
        return


class ModulePage(PrivatePage):
    """Theory (lý luận) or professional (chuyên môn, nghiệp vụ) part of a programme."""

    kind = models.CharField(_("kind"), max_length=12, choices=ModuleKind, default=ModuleKind.THEORY)
    summary = models.TextField(_("summary"), blank=True)

    template = "cms/module_preview.html"
    parent_page_types: ClassVar[list[str]] = ["cms.ProgrammePage"]
    subpage_types: ClassVar[list[str]] = ["cms.LessonPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("kind"), FieldPanel("summary")]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(PrivatePage):
    """A lesson (bài, chuyên đề): content only; what counts for completion stands in the edition."""

    periods = models.PositiveSmallIntegerField(
        _("periods (tiết, 45 minutes)"), default=4, validators=[MinValueValidator(1)]
    )
    summary = models.TextField(_("summary"), blank=True, max_length=400)
    objectives = RichTextField(_("objectives"), blank=True, features=["ul", "bold", "italic"])
    body = StreamField(LessonBody(), verbose_name=_("body"), blank=True)
    word_count = models.PositiveIntegerField(_("words"), default=0, editable=False)

    template = "cms/lesson_preview.html"
    parent_page_types: ClassVar[list[str]] = ["cms.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("periods"),
        FieldPanel("summary"),
        FieldPanel("objectives"),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.rendering import render_lesson

        return {**super().get_context(request, *args, **kwargs), "lesson": render_lesson(self)}

    @property
    def reading_minutes(self) -> int:
        """Minutes to read at 180 words a minute, the pace of an adult reading dense Vietnamese prose."""
        return max(1, round(self.word_count / 180))

    def save(self, *args: Any, **kwargs: Any) -> None:
        from cms.rendering import count_words

        self.word_count = count_words(self.body)
        super().save(*args, **kwargs)
