"""Opening an account with the code on a slip: the code, then one's name and a password, then signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.common.request_context import client_address
from lms.people.codes import bare
from lms.people.entrance import enter
from lms.people.forms import ActivationCodeForm, NewPasswordForm
from lms.people.names import mask_name
from lms.people.services import throttling
from lms.people.services.activation import ActivationError, activate, check_code
from lms.people.services.sign_in import SignInError, refuse_while_paused

_SESSION_KEY = "activation_code"


@login_not_required
@sensitive_post_parameters("code")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Step 1: the code. A link may bring it behind ``#ma=``, which no server, log or referrer gets to see.

    Older links brought it as a query; they are sent on at once.
    """
    if brought := bare(request.GET.get("ma", "")[:40]):
        return redirect(f"{reverse('activate')}#ma={brought}")
    form = ActivationCodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            key = throttling.key_for("codes", client_address(request))
            try:
                refuse_while_paused([key])
                check_code(form.cleaned_data["code"])
            except SignInError as error:
                form.add_error(None, str(error))
                status = 429
            except ActivationError as error:
                throttling.fail(key, throttling.CODES)
                form.add_error("code", str(error))
            else:
                request.session[_SESSION_KEY] = form.cleaned_data["code"]
                return redirect("activate-password")
    return render(request, "people/activate.html", {"form": form}, status=status)


@login_not_required
@sensitive_post_parameters("password", "repeat")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Step 2: whose account it is, and the password."""
    code = request.session.get(_SESSION_KEY, "")
    try:
        user = check_code(code)
    except ActivationError:
        return redirect("activate")
    form = NewPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = activate(code=code, password=form.cleaned_data["password"])
            except ActivationError as error:
                for message in error.fields.get("password", [str(error)]):
                    form.add_error("password", message)
            else:
                request.session.pop(_SESSION_KEY)
                return enter(request, user, by="activation")
    context = {"form": form, "masked": mask_name(user), "username": user.username}
    return render(request, "people/activate_password.html", context, status=status)
