"""One door before the whole of Wagtail's administration."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.functional import cached_property
from django.views.defaults import bad_request, page_not_found
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.entrances import BULK, ENTRANCES, Scope
from cms.queries import choosable_pages, explorable_pages, writable_pages
from lms.people.access import is_root_administrator
from lms.people.models import User
from media.models import SenDocument, SenImage

# The names under which Wagtail's addresses carry pages and files.
PAGE_ARGUMENTS = frozenset(
    {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "target_parent_page_id", "page_pk"}
)
FILE_ARGUMENTS: dict[type[Model], frozenset[str]] = {
    SenImage: frozenset({"image_id"}),
    SenDocument: frozenset({"document_id", "doc_id"}),
}
# Views that name them under a name that says nothing.
PAGE_BY_PK = frozenset({"wagtailadmin_pages:revisions_compare"})
FILE_BY_PK: dict[str, type[Model]] = {
    "wagtailimages_chooser:chosen": SenImage,
    "wagtaildocs_chooser:chosen": SenDocument,
}
CHOSEN_IN_QUERY: dict[str, type[Model]] = {
    "wagtailimages_chooser:chosen_multiple": SenImage,
    "wagtaildocs_chooser:chosen_multiple": SenDocument,
    "wagtailadmin_choose_page_chosen_multiple": Page,
}
ALL = "all"
MOST_DISMISSED = 10_000  # bytes
MISSING = "A field of the form is missing."
# Fields without which Wagtail's forms break instead of complaining (Wagtail 8.0).
NEEDED_FIELDS = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}


class PageGuard:
    """Answers 404 for every address that is not listed in :mod:`cms.entrances`, and for every page, picture or
    document outside the asker's units.

    Most Wagtail views check this themselves, but not all do: choosers and bulk actions show any row whose number is
    asked for. Absent and forbidden are the same answer, byte for byte, to everybody who is signed in.
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
    ) -> HttpResponse | None:
        user: Any = request.user
        if not request.path_info.startswith(self.prefix):
            return None
        name = (request.resolver_match and request.resolver_match.view_name) or ""
        scope = ENTRANCES.get(name, Scope.CLOSED)
        if scope is Scope.OPEN or not user.is_authenticated:
            return None  # strangers are sent to sign in by Wagtail itself
        try:
            _check_scope(user, scope)
            _check_rows(request, name, kwargs)
        except Http404 as error:
            return not_there(request, error)
        if request.method == "POST" and name in NEEDED_FIELDS and NEEDED_FIELDS[name] not in request.POST:
            return bad_request(request, BadRequest(MISSING))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what Wagtail's views leave open: no permission, and forms with fields missing."""
        if not request.path_info.startswith(self.prefix):
            return None
        if isinstance(exception, PermissionDenied | Http404):
            return not_there(request, exception)
        # a filter by a number that no database holds
        if isinstance(exception, MultiValueDictKeyError | OverflowError | DataError):
            return bad_request(request, BadRequest(MISSING))
        return None


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the administration's page for what is absent or forbidden."""
    return page_not_found(request, exception, template_name="wagtailadmin/404.html")


def _check_scope(user: Any, scope: Scope) -> None:
    """Let nobody in without the permission for the administration, nor anybody to what is closed.

    Raises:
        Http404: the address is not for ``user``.
    """
    if scope is Scope.CLOSED or not user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    if scope is Scope.TOP and not is_root_administrator(user):
        raise Http404


def _check_rows(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> None:
    """Let ``request`` name only rows that its user may see.

    Raises:
        Http404: one of them is absent or not the user's.
    """
    wanted = _named_rows(request, name, kwargs)
    user: Any = request.user
    if user.is_superuser:
        return
    for model, numbers in wanted.items():
        if numbers and _own_rows(user, model, name).filter(pk__in=numbers).count() != len(numbers):
            raise Http404


def _own_rows(user: Any, model: type[Model], name: str) -> Any:
    if model is Page:
        return choosable_pages(user) if name.startswith("wagtailadmin_choose_page") else explorable_pages(user)
    policy = policy_registry.get_by_type(model)
    return policy.instances_user_has_any_permission_for(user, ["change", "delete", "choose"])


def _named_rows(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> dict[type[Model], set[int]]:
    """Return the numbers of the pages, pictures and documents that ``request`` names.

    Raises:
        Http404: what it names is no number, or no such row can be.
    """
    _numbers(request.GET.getlist("p"))  # pages of lists
    if name == "wagtailadmin_dismissibles":
        _check_dismissibles(request)
    wanted: dict[type[Model], set[int]] = {Page: set(), SenImage: set(), SenDocument: set()}
    wanted[Page] |= _numbers(value for key, value in kwargs.items() if key in PAGE_ARGUMENTS)
    for model, arguments in FILE_ARGUMENTS.items():
        wanted[model] |= _numbers(value for key, value in kwargs.items() if key in arguments)
    if name in PAGE_BY_PK:
        wanted[Page] |= _numbers([kwargs["pk"]])
    if name in FILE_BY_PK:
        wanted[FILE_BY_PK[name]] |= _numbers([kwargs["pk"]])
    if name in CHOSEN_IN_QUERY:
        wanted[CHOSEN_IN_QUERY[name]] |= _numbers(request.GET.getlist("id"))
    if name == "wagtail_bulk_action":
        model = _bulk_model(kwargs)
        chosen = request.GET.getlist("id")
        if ALL in chosen and model is Page:
            _check_listing(request)
        if model is User:
            _check_people(request, chosen)
            return wanted
        wanted[model] |= _numbers(value for value in chosen if value != ALL)
    if name == "wagtailadmin_editing_sessions:ping":
        wanted[_named_model(kwargs)] |= _numbers([kwargs["object_id"]])
    return wanted


def _check_dismissibles(request: HttpRequest) -> None:
    """Hints that a person has put away are kept with the person: a few names, as Wagtail's own pages send them.

    Raises:
        Http404: anything else.
    """
    try:
        put_away = json.loads(request.body) if len(request.body) <= MOST_DISMISSED else None
    except ValueError:
        put_away = None
    if request.method == "PATCH" and not isinstance(put_away, dict):
        raise Http404


def _bulk_model(kwargs: Mapping[str, Any]) -> type[Model]:
    """Return the model of a bulk action, pages as one.

    Raises:
        Http404: the product has no such action.
    """
    people = (kwargs["app_label"], kwargs["model_name"]) == ("people", "user")
    model = User if people else _named_model(kwargs)
    label = "page" if model is Page else model._meta.label_lower
    if kwargs["action"] not in BULK.get(label, ()):
        raise Http404
    return model


def _check_listing(request: HttpRequest) -> None:
    """Wagtail takes "all" as every page of the database, or below ``childOf``, and names those that it refuses."""
    parent = _numbers(request.GET.getlist("childOf"))
    user: Any = request.user
    if not user.is_superuser and not (parent and writable_pages(user).filter(pk__in=parent).exists()):
        raise Http404


def _check_people(request: HttpRequest, chosen: list[str]) -> None:
    """People are chosen one by one, from those whose accounts the asker handles: a refusal would name the others."""
    user: Any = request.user
    if user.is_superuser and chosen == [ALL]:
        return
    handled = User.objects.administered_by(user).filter(pk__in=_numbers(chosen))
    if ALL in chosen or handled.count() != len(_numbers(chosen)):
        raise Http404


def _named_model(kwargs: Mapping[str, Any]) -> type[Model]:
    """Return which of pages, pictures and documents an address names by the label of a model.

    Raises:
        Http404: none of these.
    """
    try:
        model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError as error:
        raise Http404 from error
    if issubclass(model, Page):
        return Page
    if model in FILE_ARGUMENTS:
        return model
    raise Http404


def _numbers(values: Iterable[Any]) -> set[int]:
    """Return every number that Wagtail would read here, other scripts' figures too.

    Raises:
        Http404: something that is no number, or one that no row has.
    """
    found = set()
    for value in values:
        try:
            number = int(value)
        except (TypeError, ValueError) as error:
            raise Http404 from error
        if not 0 <= number < 2**63:
            raise Http404
        found.add(number)
    return found
