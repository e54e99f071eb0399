"""One door before all Wagtail views that name a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.functional import cached_property
from wagtail.permissions import policy_registry

from cms.models import BasePage
from cms.queries import choosable_pages, explorable_pages
from media.models import SenDocument, SenImage

# The names under which Wagtail's addresses carry pages.
PAGE_ARGUMENTS = frozenset({"page_id", "parent_page_id", "page_to_move_id", "destination_id", "target_parent_page_id"})

FILES = ((SenImage, "image_id", "wagtailimages"), (SenDocument, "document_id", "wagtaildocs"))


class PageGuard:
    """Answers 404 for every Wagtail address that names a page outside the asker's programmes.

    Most Wagtail views check this themselves, but not all do: choosers show any page whose number is asked for.
    Absent and forbidden are the same answer (style.md 9).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(self.prefix) and request.resolver_match:
            name = request.resolver_match.view_name or ""
            shows_page = any(part in name for part in ("preview", "view_draft", "revisions_view"))
            # A preview has been through all middlewares once, as a request of its own.
            response.headers.pop("Content-Security-Policy", None)
            response._csp_config = self.preview_policy if shows_page else self.editor_policy  # type: ignore[attr-defined]
        return response

    @cached_property
    def preview_policy(self) -> dict[str, Any]:
        """A previewed page is under the policy of every page, but Wagtail's editor may frame it."""
        return {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}

    @cached_property
    def editor_policy(self) -> dict[str, Any]:
        """Wagtail's own forms start their date pickers from inline scripts, without a nonce (Wagtail 8.0)."""
        inline = [CSP.SELF, CSP.UNSAFE_INLINE]
        return {**settings.SECURE_CSP, "script-src": inline, "style-src": inline, "frame-src": [CSP.SELF]}

    @cached_property
    def prefix(self) -> str:
        return reverse("wagtailadmin_home")

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        user: Any = request.user
        if not request.path_info.startswith(self.prefix) or not user.is_authenticated or user.is_superuser:
            return
        name = (request.resolver_match and request.resolver_match.view_name) or ""
        wanted = _numbers(value for key, value in kwargs.items() if key in PAGE_ARGUMENTS)
        chosen = _numbers(request.GET.getlist("id"))
        pages = explorable_pages
        if name.startswith("wagtailadmin_choose_page"):
            wanted |= chosen
            pages = choosable_pages
        elif name == "wagtail_bulk_action" and _is_page_model(kwargs):
            wanted |= chosen
        if wanted and pages(user).filter(pk__in=wanted).count() != len(wanted):
            raise Http404
        self._check_files(user, name, kwargs, chosen)

    def _check_files(self, user: Any, name: str, kwargs: dict[str, Any], chosen: set[int]) -> None:
        """The same for images and documents: those of other units' collections are not there."""
        for model, argument, namespace in FILES:
            wanted = _numbers([kwargs.get(argument, "")])
            if name.startswith(f"{namespace}_chooser:"):
                wanted |= chosen | _numbers([kwargs.get("pk", "")])
            elif name == "wagtail_bulk_action" and kwargs.get("model_name") == model._meta.model_name:
                wanted |= chosen
            if wanted:
                policy = policy_registry.get_by_type(model)
                own = policy.instances_user_has_any_permission_for(user, ["change", "delete", "choose"])
                if own.filter(pk__in=wanted).count() != len(wanted):
                    raise Http404


def _numbers(values: Iterable[Any]) -> set[int]:
    """Return every number that Wagtail would read here, other scripts' figures too; what is none finds nothing there.

    Raises:
        Http404: a number that no row has.
    """
    found = set()
    for value in values:
        try:
            number = int(value)
        except (TypeError, ValueError):
            continue
        if number >= 2**63:
            raise Http404
        found.add(number)
    return found


def _is_page_model(kwargs: dict[str, Any]) -> bool:
    try:
        return issubclass(apps.get_model(kwargs["app_label"], kwargs["model_name"]), BasePage)
    except LookupError:
        return False
