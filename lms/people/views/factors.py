"""The second factor: asked for after the password, and kept in the profile."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.once import is_repeat
from lms.common.qr import qr_svg
from lms.people.forms import FactorCodeForm
from lms.people.known_devices import remember_account
from lms.people.models import User
from lms.people.queries import active_person
from lms.people.services import factors
from lms.people.services.sessions import keep_session, open_session
from lms.people.totp import address, manual_key
from lms.people.views.proofs import needs_proof

PENDING = "factor_pending"
MINUTES = 10


def finish_sign_in(
    request: HttpRequest, user: User, *, remember: bool = False, target: str = "", by: str = "password"
) -> HttpResponse:
    """Sign in whoever has proved the password, or go on to the second factor; the one door to a session.

    ``by`` says in the record how the person proved it.
    """
    if factors.has_factor(user):
        request.session[PENDING] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "until": now().timestamp() + 60 * MINUTES,
            "remember": remember,
            "by": by,
            "target": target,
        }
        return redirect("login_code")
    return _open(request, user, remember=remember, target=target, by=by)


def _open(request: HttpRequest, user: User, *, remember: bool, target: str, by: str) -> HttpResponse:
    open_session(request=request, user=user, remember=remember, by=by)
    return remember_account(request, redirect(target or "start"), user.pk)


def _pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Return who has given the password in this browser a short while ago, and not changed it since."""
    kept = request.session.get(PENDING)
    if not kept or kept["until"] < now().timestamp():
        return None
    user = active_person(kept["user"])
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user, kept


@login_not_required
@sensitive_post_parameters("code")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    pending = _pending(request)
    if pending is None:
        request.session.pop(PENDING, None)
        return redirect("login")
    user, kept = pending
    form = FactorCodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                factors.check(user=user, code=form.cleaned_data["code"], request=request)
            except DomainError as error:
                form.add_error("code", str(error))
                status = 429 if error.code == "paused" else 422
            else:
                del request.session[PENDING]
                by = f"{kept.get('by', 'password')}+code"
                return _open(request, user, remember=kept["remember"], target=kept["target"], by=by)
    return render(request, "people/login_code.html", {"form": form}, status=status)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up, or see that it is on."""
    user = _person(request)
    if factors.has_factor(user):
        return _page(request, user, form=FactorCodeForm())
    return _set_up(request)


@needs_proof
def _set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret and take the first code of the phone."""
    user = _person(request)
    form = FactorCodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                codes = factors.confirm(user=user, code=form.cleaned_data["code"])
            except DomainError as error:
                form.add_error("code", str(error))
            else:
                keep_session(request=request, user=user)
                return render(request, "people/recovery_codes.html", {"codes": codes})
    secret = factors.begin(user=user)
    otpauth = address(secret, account=user.username, issuer="Sen")
    # On white, whatever the theme: phones read dark on light.
    qr = qr_svg(otpauth, scale=5, border=3, dark="#000", light="#fff")
    context = {"form": form, "key": manual_key(secret), "qr": qr, "must": factors.must_have_factor(user)}
    return render(request, "people/factor_set_up.html", context, status=status)


@sensitive_post_parameters("code")
@never_cache
@require_POST
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old."""
    user = _person(request)
    form = FactorCodeForm(request.POST)
    if is_repeat(request):
        messages.info(request, _("The recovery codes were shown once. If they are lost, make new ones."))
        return redirect("factor")
    if form.is_valid():
        try:
            codes = factors.renew_codes(user=user, code=form.cleaned_data["code"], request=request)
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            return render(request, "people/recovery_codes.html", {"codes": codes})
    return _page(request, user, form=form, status=422)


@sensitive_post_parameters("code")
@never_cache
@require_POST
def factor_off(request: HttpRequest) -> HttpResponse:
    """Give the second factor up."""
    user = _person(request)
    form = FactorCodeForm(request.POST)
    if form.is_valid():
        try:
            factors.turn_off(user=user, code=form.cleaned_data["code"], request=request)
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            keep_session(request=request, user=user)
            messages.success(request, _("Signing in takes only your password now."))
            return redirect("profile")
    return _page(request, user, form=form, status=422)


def _page(request: HttpRequest, user: User, *, form: FactorCodeForm, status: int = 200) -> HttpResponse:
    if not factors.has_factor(user):
        return redirect("factor")
    context = {"form": form, "left": factors.codes_left(user), "must": factors.must_have_factor(user)}
    return render(request, "people/factor.html", context, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
