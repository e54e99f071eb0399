"""A forgotten password: a link by e-mail for who gave an address, else a new code from the centre."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.forms import PasswordResetForm
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.common.request_context import client_address
from lms.people.forms import ResetForm
from lms.people.models import User
from lms.people.reset_links import reset_links
from lms.people.services.recovery import ask_for_reset
from lms.people.tasks import answer_reset


class ForgottenView(auth.PasswordResetView):
    """Ask for the link. Work and answer are the same whether or not the address is known.

    Without a mail server the page says only that the centre helps.
    """

    template_name = "people/forgotten.html"
    success_url = reverse_lazy("password-reset-done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"by_mail": settings.SEN_MAIL}

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if not settings.SEN_MAIL:  # a page from before mail was turned off
            return redirect("password-reset")
        ask_for_reset(
            typed=form.cleaned_data["email"],
            address=client_address(self.request),
            enqueue=answer_reset.enqueue,
        )
        return redirect(self.get_success_url())


class ForgottenDoneView(auth.PasswordResetDoneView):
    template_name = "people/forgotten_done.html"


@method_decorator(
    [require_http_methods(["GET", "HEAD", "POST"]), sensitive_post_parameters(), never_cache], name="dispatch"
)
class ResetView(PasswordResetFromKeyView):
    """Choose a new password after the link."""

    template_name = "people/reset.html"
    form_class = ResetForm
    success_url = reverse_lazy("login")

    def form_valid(self, form: ResetForm) -> HttpResponse:
        """Set the password once: of several windows that opened the same link, the first."""
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=form.user.pk)
            if not reset_links.check_token(locked, form.temp_key):
                return self.render_to_response(self.get_context_data(form=form, token_fail=True))
            response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: ResetForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
