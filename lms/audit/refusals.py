"""Recording that somebody was refused, without letting anybody fill the record by it (docs/adr/0031)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from lms.audit.events import note_bounded
from lms.common.outage import noted_if_possible
from lms.common.request_context import current_request

# What is forbidden answers 404 like what is absent, so that single ones say nothing; this many in a minute do.
MANY_ABSENT: Final = 30


class RefusalsMiddleware:
    """Records answers 403 (a permission, a token's scope, a forged form), what is refused in the administration, and
    many answers 404 to one person: once in a minute, then every tenfold. While nothing can be saved it only answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403:
            _note(request, "people.refused", status=403)
        elif response.status_code == 302 and _is_sent_away(request, response):
            _note(request, "people.refused", status=302)
        elif response.status_code == 404 and _user_id(request) is not None and _is_inside(request):
            _note(request, "people.refused", status=404)
        elif response.status_code == 404 and _user_id(request) is not None:
            _note(request, "people.refused_many", status=404, first=MANY_ABSENT)
        return response


def _note(request: HttpRequest, action: str, *, status: int, first: int = 1) -> None:
    facts, user_id = current_request(), _user_id(request)
    match = request.resolver_match
    with noted_if_possible(action):
        note_bounded(
            who=f"user:{user_id}" if user_id else facts.address if facts else "",
            action=action,
            actor=PersonRef(user_id) if user_id else None,
            target=f"user:{user_id}" if user_id else "",
            data={"method": request.method, "page": match.view_name if match else "", "status": status},
            first=first,
        )


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person by number: the row itself need not be read."""

    pk: int


def _user_id(request: HttpRequest) -> int | None:
    facts = current_request()
    return facts.user_id if facts is not None else None


def _is_sent_away(request: HttpRequest, response: Any) -> bool:
    """Whether Wagtail has sent a signed-in person back because a page of the administration is not for them."""
    if _user_id(request) is None or request.method != "GET" or not _is_inside(request):
        return False
    home = reverse("wagtailadmin_home")
    target = response.headers.get("Location", "").partition("?")[0]
    return bool(target == reverse("login") or (target == home and request.path != home))


def _is_inside(request: HttpRequest) -> bool:
    """Whether a page of the administration was asked for."""
    try:
        return request.path.startswith(reverse("wagtailadmin_home"))
    except NoReverseMatch:
        return False
