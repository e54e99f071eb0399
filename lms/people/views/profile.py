"""One's own data."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from lms.people.enums import Role
from lms.people.exports import export_person
from lms.people.forms import ChangePasswordForm, ContactForm
from lms.people.models import User
from lms.people.queries import own_memberships, own_profile
from lms.people.services.accounts import PeopleError, change_contact, change_password
from lms.people.services.disclosure import read_sensitive, record_export
from lms.people.services.emails import is_confirmed
from lms.people.services.sessions import keep_session
from lms.people.views.identities import entrance
from lms.people.views.next_page import safe_next
from lms.people.views.proofs import prover


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Name, contact, roles; the sensitive data stay closed until asked for."""
    user = _person(request)
    roles = [(Role(row.role).label, row.unit) for row in own_memberships(user)]
    return render(request, "people/profile.html", {"profile": own_profile(user), "roles": roles, **entrance()})


@require_GET
@never_cache
def sensitive(request: HttpRequest) -> HttpResponse:
    """One's own sensitive data; each reading is recorded."""
    user = _person(request)
    return render(request, "people/sensitive.html", {"sensitive": read_sensitive(person=user, actor=user)})


@require_GET
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Send all own data as a JSON file."""
    user = _person(request)
    record_export(person=user, actor=user)
    response = JsonResponse(export_person(user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="sen-{user.pk}.json"'
    return response


@sensitive_post_parameters("current")
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Change one's e-mail and phone."""
    user = _person(request)
    form = ContactForm(request.POST or None, instance=user, prove=prover(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_contact(
                    user=user, email=form.cleaned_data["email"], phone=form.cleaned_data["phone"], actor=user
                )
            except PeopleError as error:
                form.add_error(None, str(error))
            else:
                keep_session(request=request, user=user)
                messages.success(request, _("Your contact data are saved."))
                return redirect("profile")
    context = {"form": form, "by_mail": settings.SEN_MAIL, "confirmed": is_confirmed(user)}
    return render(request, "people/contact.html", context, status=status)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; also where a person is sent who has to."""
    user = _person(request)
    forced = user.must_change_password
    form = ChangePasswordForm(request.POST or None, prove=prover(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_password(user=user, password=form.cleaned_data["password"], actor=user)
            except PeopleError as error:
                for message in error.fields["password"]:
                    form.add_error("password", message)
            else:
                keep_session(request=request, user=user)
                messages.success(request, _("Your new password is saved."))
                return redirect(safe_next(request) or ("start" if forced else "profile"))
    return render(request, "people/password.html", {"form": form, "forced": forced}, status=status)
