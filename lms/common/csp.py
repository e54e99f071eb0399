"""The Content-Security-Policy by part of the site."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.urls import reverse


class CspMiddleware(ContentSecurityPolicyMiddleware):
    """Django's middleware with a policy of its own for the Wagtail administration.

    Wagtail starts its widgets and panels by inline scripts without a nonce and styles some of them inline, also in
    markup that it inserts later, so a nonce cannot be added from outside. Only people who may edit content get there.
    """

    @cached_property
    def admin_prefix(self) -> str:
        return reverse("wagtailadmin_home")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(self.admin_prefix) and not hasattr(response, "_csp_config"):
            response._csp_config = settings.SEN_ADMIN_CSP  # type: ignore[attr-defined]
        return super().process_response(request, response)
