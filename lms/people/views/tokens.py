"""Access of programs: one's API tokens."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.common.clock import now
from lms.people.enums import TokenScope
from lms.people.forms import TokenForm
from lms.people.models import ApiToken, User
from lms.people.once import is_repeat
from lms.people.services import tokens
from lms.people.views.proofs import needs_proof


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Every token with what it may do, when it was used and until when it holds."""
    rows = [
        (token, [TokenScope(scope).label for scope in token.scope_list]) for token in ApiToken.objects.own(request.user)
    ]
    context = {"rows": rows, "moment": now(), "most": tokens.MOST}
    return render(request, "people/tokens.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs_proof
def new(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    user = _person(request)
    longest = settings.SEN_TOKEN_DAYS
    initial = {"scopes": [TokenScope.READ.value], "days": longest}
    form = TokenForm(request.POST or None, initial=initial, longest=longest)
    if request.method == "POST" and form.is_valid():
        if is_repeat(request):
            messages.info(request, _("This token was shown once. If it is lost, end it and make a new one."))
            return redirect("profile-tokens")
        data = form.cleaned_data
        token, text = tokens.make_token(user=user, name=data["name"], scopes=data["scopes"], days=data["days"])
        return render(request, "people/token_made.html", {"token": token, "text": text})
    return render(request, "people/token_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one token; its program is refused from now on."""
    token = get_object_or_404(ApiToken.objects.own(request.user), pk=pk)
    tokens.revoke_token(token=token, actor=_person(request))
    messages.success(request, _("The token “%(name)s” is over.") % {"name": token.name})
    return redirect("profile-tokens")


@never_cache
@require_POST
def revoke_all(request: HttpRequest) -> HttpResponse:
    """End all tokens."""
    user = _person(request)
    tokens.revoke_all(user=user, actor=user)
    messages.success(request, _("All your tokens are over."))
    return redirect("profile-tokens")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
