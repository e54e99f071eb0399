"""Recording every file that somebody takes along: lists, marks, questions, papers, keys, one's own data.

This stands around all views, so that a new export cannot forget it. Where a service records an export as well, that
entry tells the history of the class or the bank; this one tells who took what along, in which request and from where.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from lms.audit.events import EXPORTS, note_bounded
from lms.audit.refusals import PersonRef
from lms.common.request_context import current_request

# Views that hand out files without personal or exam data: lessons' own files and pictures, empty forms to fill in, the
# API's document.
_OPEN: Final = frozenset(
    {
        "api:schema",
        "wagtaildocs_serve",
        "rendition",
        "exams:import-template",
        "exams:import-picture",
        "office:class-import-template",
    }
)


class DownloadsMiddleware:
    """Records answers that are files (``Content-Disposition``) to somebody who is signed in; at most sixty a minute one
    by one, then every tenfold.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        facts = current_request()
        if response.status_code != 200 or "Content-Disposition" not in response.headers or facts is None:
            return response
        match, user_id = request.resolver_match, facts.user_id
        if user_id is None or match is None or match.view_name in _OPEN or request.method == "HEAD":
            return response
        note_bounded(
            who=f"user:{user_id}",
            action="exports.downloaded",
            actor=PersonRef(user_id),
            target=f"page:{match.view_name}"[:120],
            data={"arguments": {name: str(value) for name, value in match.kwargs.items()}},
            kind=EXPORTS,
            each=60,
        )
        return response
