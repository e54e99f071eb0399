"""Signing in through a provider of identities, and the identities that one has linked."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from lms.people.models import User
from lms.people.oidc import SenOidcAdapter, SenOidcProvider, is_configured, provider_id
from lms.people.queries import identities_of
from lms.people.services import identities
from lms.people.services.sessions import keep_session
from lms.people.views.proofs import needs_factor_proof, needs_proof


def _provider(request: HttpRequest) -> SenOidcProvider:
    """Return the provider of this installation.

    Raises:
        Http404: there is none.
    """
    if not is_configured():
        raise Http404
    provider: SenOidcProvider = get_adapter().get_provider(request, provider_id())
    return provider


def _ask(request: HttpRequest, process: str, *, back: str, target: str = "") -> HttpResponse:
    provider = _provider(request)
    try:
        return provider.redirect(request, process, next_url=target or None)
    except (OAuth2Error, RequestException) as error:
        get_adapter().on_authentication_error(request, provider, exception=error, extra_context={"quiet": True})
        messages.error(
            request, _("%(name)s does not answer at the moment. Use your password.") % {"name": provider.name}
        )
        return redirect(back)


@login_not_required
@csrf_protect
@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider. Only a press of our button begins it."""
    return _ask(request, AuthProcess.LOGIN, back="login", target=get_next_redirect_url(request) or "")


@login_not_required
@never_cache
@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer, if it is one to a question of this browser."""
    _provider(request)
    view = OAuth2CallbackView.adapter_view(SenOidcAdapter(request, provider_id()))
    response: HttpResponse = view(request)
    return response


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The identities that one has linked."""
    provider = _provider(request)
    rows = identities_of(_person(request), provider=provider_id())
    return render(request, "people/identities.html", {"rows": rows, "name": provider.name})


@require_POST
@never_cache
@needs_factor_proof
@needs_proof
def link(request: HttpRequest) -> HttpResponse:
    """Link an identity: the person proves both, the account here and the identity there."""
    return _ask(request, AuthProcess.CONNECT, back="profile-identities")


@require_POST
@never_cache
@needs_factor_proof
@needs_proof
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an identity away."""
    _provider(request)
    user = _person(request)
    try:
        if not identities.unlink(user=user, pk=pk):
            raise Http404
    except identities.IdentityError as error:
        messages.error(request, str(error))
    else:
        keep_session(request=request, user=user)
        messages.success(request, _("The identity opens your account no more."))
    return redirect("profile-identities")


def entrance() -> dict[str, Any]:
    """Return what the sign-in page shows of the provider."""
    return {"oidc": settings.SEN_OIDC_NAME if is_configured() else ""}


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
