"""Views of the curriculum inside Wagtail."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.access import may_start_programmes
from cms.file_lists import OFFERED, own_tags
from cms.forms import NewProgrammeForm
from cms.services.programmes import start_programme
from media.models import SenDocument, SenImage


class NewProgrammeView(WagtailAdminTemplateMixin, FormView):
    """Starts a draft programme and goes on to Wagtail's page editor."""

    form_class = NewProgrammeForm
    template_name = "cms/wagtail/new_programme.html"
    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_start_programmes(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("New programme")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        programmes = {"url": reverse("cms_programmes:index"), "label": _("Programmes")}
        return [*self.breadcrumbs_items, programmes, {"url": "", "label": _("New programme")}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: NewProgrammeForm) -> HttpResponse:
        programme = start_programme(**form.cleaned_data, actor=self.request.user)
        messages.success(self.request, _("“%(title)s” has been started as a draft.") % {"title": programme.title})
        return redirect("wagtailadmin_pages:edit", programme.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            action_url=reverse("cms-new-programme"), submit_button_label=_("Start"), **kwargs
        )
        return {**context, "media": context["form"].media}


@require_GET
def tags(request: HttpRequest) -> JsonResponse:
    """Complete a tag from those of the files that the asker may use; Wagtail's own view knows those of all units."""
    term = request.GET.get("term", "").strip()
    if not term:
        return JsonResponse([], safe=False)
    names = own_tags(request.user, SenImage, SenDocument).filter(name__istartswith=term).values_list("name", flat=True)
    return JsonResponse(list(names[:OFFERED]), safe=False)
