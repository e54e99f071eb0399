"""Confirming the own e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ConfirmEmailView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lms.people.models import User
from lms.people.services.emails import EmailError, ask_to_confirm
from lms.people.tasks import send_email_confirmation


@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have a link sent to the own e-mail."""
    if not settings.SEN_MAIL:
        raise Http404
    assert isinstance(request.user, User)
    try:
        ask_to_confirm(user=request.user, enqueue=send_email_confirmation.enqueue)
    except EmailError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("A link is on its way to %(email)s. Open it within a day.") % {"email": request.user.email}
        )
    return redirect("profile-contact")


@method_decorator(never_cache, name="dispatch")
class ConfirmView(ConfirmEmailView):
    """The link: one press confirms the address. It signs nobody in, and nobody out."""

    template_name = "people/email_confirm.html"
    http_method_names = ["get", "head", "post", "options"]

    def logout_other_user(self, confirmation: Any) -> None:
        """Leave whoever is signed in here alone: a link in a message must not end a session."""

    def respond(self, success: bool) -> HttpResponse:
        if success:
            messages.success(self.request, _("Your e-mail is confirmed."))
            return redirect("profile-contact" if self.request.user.is_authenticated else "login")
        self.object = None
        return self.render_to_response(self.get_context_data(), status=422)
