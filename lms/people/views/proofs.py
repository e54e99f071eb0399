"""Giving the password once more before something that an unwatched browser should not allow."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.common.request_context import client_address
from lms.people.forms import ProofForm
from lms.people.models import User
from lms.people.services.sign_in import prove_password, proved_lately
from lms.people.views.next_page import safe_next

type View = Callable[..., HttpResponse]


def needs_proof(view: View | None = None, *, back: str = "", keep: tuple[str, ...] = ()) -> Any:
    """Let a view answer only where the password was given a few minutes ago; else ask for it first (decorator).

    Args:
        back: name of the page to return to after the question, for a view that only takes a press of a button.
        keep: fields of the form whose values come back with the person, so that nothing is typed twice.
    """
    if view is None:
        return lambda inner: needs_proof(inner, back=back, keep=keep)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if proved_lately(request):
            return view(request, *args, **kwargs)
        target = reverse(back) if back else request.path
        typed = [(name, value) for name in keep for value in request.POST.getlist(name)]
        if typed:
            target += "?" + urlencode(typed)
        return redirect(f"{reverse('reauthenticate')}?{urlencode({'next': target})}")

    return wrapped


def prover(request: HttpRequest) -> Callable[[str], None]:
    """Return what a form calls with the password typed into it: it raises what the form shows."""
    user = request.user
    assert isinstance(user, User)
    return lambda password: prove_password(
        user=user, password=password, address=client_address(request), request=request
    )


@sensitive_post_parameters("current")
@never_cache
@require_http_methods(["GET", "POST"])
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then go on to where the person wanted to go."""
    assert isinstance(request.user, User)
    target = safe_next(request) or reverse("profile")
    form = ProofForm(request.POST or None, prove=prover(request))
    if request.method == "POST" and form.is_valid():
        return redirect(target)
    context = {"form": form, "next": target, "has_password": request.user.has_usable_password()}
    return render(request, "people/reauthenticate.html", context, status=422 if form.errors else 200)
