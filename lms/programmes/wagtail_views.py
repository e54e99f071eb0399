"""Views inside Wagtail: freezing, the editions of a programme, and its exams and sessions."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.models import LessonPage, ModulePage, ProgrammePage
from cms.queries import explorable_pages
from lms.common.errors import DomainError
from lms.programmes.forms import FreezeForm, PlannedItemForm
from lms.programmes.models import Edition, ProgrammeItem
from lms.programmes.queries import outline
from lms.programmes.services.freeze import FreezePreview, NotReadyError, freeze_edition, preview_freeze
from quizzes.policy import worn_sets


class ProgrammeMixin(WagtailAdminTemplateMixin):
    """Finds the programme that the address names, among those the person may open; else 404."""

    action = "can_edit"
    header_icon = "folder-open-inverse"
    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        own = explorable_pages(request.user).order_by().values("pk")
        self.programme: ProgrammePage = get_object_or_404(
            ProgrammePage.objects.filter(pk__in=own), pk=kwargs["page_id"]
        )
        if not getattr(self.programme.permissions_for_user(request.user), self.action)():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cms_programmes:index"), "label": _("Programmes")},
            {
                "url": reverse("wagtailadmin_explore", args=[self.programme.pk]),
                "label": self.programme.get_admin_display_title(),
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(programme=self.programme, **kwargs)


def fingerprint(preview: FreezePreview) -> str:
    """Return a short mark of what a preview showed, so that nobody freezes what was not seen."""
    return hashlib.sha256(repr((preview.number, preview.modules)).encode()).hexdigest()[:16]


class FreezeView(ProgrammeMixin, FormView):
    """Shows what would be frozen and how it differs from the last edition; POST freezes."""

    action = "can_publish"
    form_class = FreezeForm
    template_name = "programmes/wagtail/freeze.html"
    header_icon = "lock"

    @cached_property
    def preview(self) -> FreezePreview:
        return preview_freeze(self.programme)

    def get_page_title(self) -> str:
        return _("Freeze edition")

    def get_page_subtitle(self) -> str:
        return str(self.programme.get_admin_display_title())

    def get_initial(self) -> dict[str, Any]:
        return {**FreezeForm.initial_of(self.preview.rules), "seen": fingerprint(self.preview)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exams = {item.exam_id for module in self.preview.modules for item in module.items if item.exam_id}
        return super().get_context_data(
            preview=self.preview, exposures=worn_sets(exams), submit_button_label=_("Freeze edition"), **kwargs
        )

    def form_valid(self, form: FreezeForm) -> HttpResponse:
        if form.cleaned_data["seen"] != fingerprint(self.preview):
            form.data = {**{name: form.data[name] for name in form.data}, "seen": fingerprint(self.preview)}
            form.add_error(None, _("The programme has changed since this page was opened. Look again, then freeze."))
            return self.form_invalid(form)
        try:
            edition = freeze_edition(
                programme=self.programme,
                actor=self.request.user,
                rules=form.cleaned_data["rules"],
                note=form.cleaned_data["note"],
            )
        except NotReadyError:
            form.add_error(None, _("Mend the problems below first."))
            return self.form_invalid(form)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Edition %(number)d of “%(title)s” has been frozen.")
            % {"number": edition.number, "title": edition.title},
        )
        return redirect("programmes-edition", self.programme.pk, edition.number)


class EditionsView(ProgrammeMixin, TemplateView):
    """All editions of a programme, newest first."""

    template_name = "programmes/wagtail/editions.html"
    header_icon = "lock"

    def get_page_title(self) -> str:
        return _("Editions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editions = Edition.objects.filter(programme=self.programme).select_related("frozen_by").order_by("-number")
        return super().get_context_data(
            editions=editions,
            may_freeze=self.programme.permissions_for_user(self.request.user).can_publish(),
            **kwargs,
        )


class EditionView(ProgrammeMixin, TemplateView):
    """One edition with its items, to read."""

    template_name = "programmes/wagtail/edition.html"
    header_icon = "lock"

    @cached_property
    def edition(self) -> Edition:
        editions = Edition.objects.filter(programme=self.programme).select_related("frozen_by")
        return get_object_or_404(editions, number=self.kwargs["number"])

    def get_page_title(self) -> str:
        return _("Edition %(number)d") % {"number": self.edition.number}

    def get_page_subtitle(self) -> str:
        return self.edition.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(edition=self.edition, modules=outline(self.edition.pk), **kwargs)


class ItemsView(ProgrammeMixin, TemplateView):
    """The exams and sessions that the next edition will hold, by module."""

    template_name = "programmes/wagtail/items.html"
    header_icon = "list-ul"

    def get_page_title(self) -> str:
        return _("Exams and sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ProgrammeItem.objects.filter(programme=self.programme).select_related("exam", "module", "after_lesson")
        modules = ModulePage.objects.child_of(self.programme).order_by("path")
        lessons = LessonPage.objects.descendant_of(self.programme).count()
        by_module = [(module, [row for row in rows if row.module_id == module.pk]) for module in modules]
        return super().get_context_data(by_module=by_module, lessons=lessons, **kwargs)


class ItemFormView(ProgrammeMixin, FormView):
    """Adds or changes one exam or session."""

    form_class = PlannedItemForm
    template_name = "programmes/wagtail/item_form.html"
    header_icon = "list-ul"

    @cached_property
    def item(self) -> ProgrammeItem | None:
        if "item_id" not in self.kwargs:
            return None
        return get_object_or_404(ProgrammeItem.objects.filter(programme=self.programme), pk=self.kwargs["item_id"])

    def get_page_title(self) -> str:
        return _("Change") if self.item else _("Add an exam or a session")

    def get_page_subtitle(self) -> str:
        return str(self.programme.get_admin_display_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "instance": self.item,
            "programme": self.programme,
            "user": self.request.user,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.item, submit_button_label=_("Save"), **kwargs)

    def form_valid(self, form: PlannedItemForm) -> HttpResponse:
        item = form.save()
        messages.success(self.request, _("“%(title)s” has been saved.") % {"title": item.title})
        return redirect("programmes-items", self.programme.pk)


class ItemDeleteView(ProgrammeMixin, View):
    """Takes an exam or a session out of the next edition; editions that hold it are untouched."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        item = get_object_or_404(ProgrammeItem.objects.filter(programme=self.programme), pk=kwargs["item_id"])
        item.delete()
        messages.success(request, _("“%(title)s” has been removed.") % {"title": item.title})
        return redirect("programmes-items", self.programme.pk)
