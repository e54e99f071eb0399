"""Deleting files of the library: what is in use stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as many_documents
from wagtail.images.views import images
from wagtail.images.views import multiple as many_images
from wagtail.permissions import policy_registry

from cms.queries import is_used

USAGE = {"senimage": "wagtailimages:image_usage", "sendocument": "wagtaildocs:document_usage"}


def in_use(files: Iterable[Any]) -> list[Any]:
    """Return those of ``files`` that something shows or links."""
    return [file for file in files if is_used(file)]


def refusal(files: list[Any]) -> str:
    """Say why ``files`` stay, and what to do."""
    titles = ", ".join(f"“{file.title}”" for file in files[:5])
    return _("%(titles)s is in use and cannot be deleted. Take it out of the pages that show it first.") % {
        "titles": titles
    }


def refuse(request: HttpRequest, files: list[Any]) -> HttpResponse:
    """Lead to where the first of ``files`` is used, with the reason."""
    messages.error(request, refusal(files))
    first = files[0]
    return HttpResponseRedirect(reverse(USAGE[first._meta.model_name], args=[first.pk]))


class _KeepUsed:
    """Wagtail's page to confirm, for files that nothing uses."""

    object: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._refused(request) or super().get(request, *args, **kwargs)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._refused(request) or super().post(request, *args, **kwargs)  # type: ignore[misc]

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        return refuse(request, [self.object]) if is_used(self.object) else None


class ImageDeleteView(_KeepUsed, images.DeleteView):
    pass


class DocumentDeleteView(_KeepUsed, documents.DeleteView):
    pass


class _KeepUsedUpload:
    """The button beside a file that was just sent; by its number it may also be an older one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        policy = policy_registry.get_by_type(self.get_model())  # type: ignore[attr-defined]
        own = policy.instances_user_has_permission_for(request.user, "delete")
        file = own.filter(pk=kwargs[self.pk_url_kwarg]).first()  # type: ignore[attr-defined]
        if file is not None and is_used(file):
            return JsonResponse({"success": False, "error_message": refusal([file])}, status=409)
        return super().post(request, *args, **kwargs)  # type: ignore[misc]


class UploadedImageDeleteView(_KeepUsedUpload, many_images.DeleteView):
    pass


class UploadedDocumentDeleteView(_KeepUsedUpload, many_documents.DeleteView):
    pass
