"""A forgotten password: a link by e-mail for who gave an address, else a new code from the centre."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from lms.common.request_context import client_address
from lms.people.forms import NewPasswordForm
from lms.people.models import User
from lms.people.services.accounts import PeopleError, change_password
from lms.people.services.recovery import ask_for_reset, reset_links
from lms.people.tasks import answer_reset


class ForgottenView(auth.PasswordResetView):
    """Ask for the link. Work and answer are the same whether or not the address is known.

    Without a mail server the page says only that the centre helps.
    """

    template_name = "people/forgotten.html"
    success_url = reverse_lazy("password_reset_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"by_mail": settings.SEN_MAIL}

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if not settings.SEN_MAIL:  # a page from before mail was turned off
            return redirect("password_reset")
        ask_for_reset(
            typed=form.cleaned_data["email"],
            address=client_address(self.request),
            enqueue=answer_reset.enqueue,
        )
        return redirect(self.get_success_url())


class ForgottenDoneView(auth.PasswordResetDoneView):
    template_name = "people/forgotten_done.html"


class ResetView(auth.PasswordResetConfirmView):
    """Choose a new password after the link."""

    template_name = "people/reset.html"
    form_class = NewPasswordForm  # type: ignore[assignment]
    token_generator = reset_links
    success_url = reverse_lazy("login")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("user")
        return kwargs

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:  # type: ignore[override]
        assert isinstance(self.user, User)
        try:
            change_password(user=self.user, password=form.cleaned_data["password"], actor=self.user)
        except PeopleError as error:
            for message in error.fields["password"]:
                form.add_error("password", message)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        self.request.session.pop(auth.INTERNAL_RESET_SESSION_TOKEN, None)
        return redirect(self.get_success_url())
