"""Revoking a certificate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.certificates import services
from lms.certificates.models import Certificate
from lms.common.errors import DomainError
from lms.portals.office.rollup.forms import Revocation
from lms.portals.shared import actor_of, take_errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Show what revoking the certificate means, and revoke it for a reason.

    A certificate that is revoked already, by a second press or in another window, leads back to its page.
    """
    certificate = get_object_or_404(
        Certificate.objects.revocable_by(request.user).select_related("enrolment__training_class", "revocation"),
        enrolment_id=enrolment_id,
    )
    form = Revocation(request.POST or None)
    if hasattr(certificate, "revocation"):
        messages.info(request, _("This certificate has been revoked already."))
        return redirect("office:learner", enrolment_id)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke(certificate=certificate, reason=form.cleaned_data["reason"], actor=actor_of(request))
        except DomainError as error:
            if error.code == "already_revoked":
                messages.info(request, str(error))
                return redirect("office:learner", enrolment_id)
            take_errors(form, error)
        else:
            said = _("The certificate no. %(number)s is revoked. The learner is told.")
            messages.success(request, said % {"number": certificate.number_text})
            return redirect("office:learner", enrolment_id)
    context = {"form": form, "certificate": certificate, "class": certificate.enrolment.training_class}
    return render(request, "office/revoke.html", context, status=422 if form.errors else 200)
