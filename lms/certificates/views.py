"""The public verification page and the PDF for whoever may see the certificate."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.certificates import queries
from lms.certificates.codes import parse_code
from lms.certificates.forms import CertificateCodeForm
from lms.certificates.models import Certificate
from lms.certificates.pdf import render as render_pdf
from lms.certificates.throttle import allow
from lms.common.request_context import client_address


@require_safe
@never_cache
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as a PDF, for its holder and those in charge of the class; ``?lang=en`` for English labels.

    A revoked certificate is not printed any more: its verification page says so instead.
    """
    certificate = get_object_or_404(
        Certificate.objects.visible_to(request.user).select_related("revocation"), code=parse_code(code)
    )
    if hasattr(certificate, "revocation"):
        return redirect("certificates:verify", code=certificate.code)
    language = "en" if request.GET.get("lang") == "en" else "vi"
    response = HttpResponse(render_pdf(certificate, language=language), content_type="application/pdf")
    name = {"vi": "giay-chung-nhan", "en": "certificate"}[language]
    response["Content-Disposition"] = f'inline; filename="{name}-{certificate.code}.pdf"'
    return response


@require_safe
@login_not_required
@never_cache
def lookup(request: HttpRequest) -> HttpResponse:
    """The form for a code typed from paper; it leads to the certificate's own address."""
    if "code" not in request.GET:
        return render(request, "certificates/lookup.html", {"form": CertificateCodeForm()})
    form = CertificateCodeForm(request.GET)
    if form.is_valid():
        return redirect("certificates:verify", code=form.cleaned_data["code"])
    return render(request, "certificates/lookup.html", {"form": form}, status=422)


@require_safe
@login_not_required
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the paper says and whether it still holds; an unknown code answers 404 with the form again."""
    if not allow(client_address(request)):
        response = render(
            request, "certificates/lookup.html", {"form": CertificateCodeForm(), "too_many": True}, status=429
        )
        response["Retry-After"] = "60"
        return response
    found = queries.verify(code)
    if found is None:
        form = CertificateCodeForm({"code": code[:40]})
        if form.is_valid():  # else the form says what is wrong with the code itself
            form.add_error(
                "code", _("We found no certificate with this code. Compare it with the paper, letter by letter.")
            )
        return render(request, "certificates/lookup.html", {"form": form, "unknown": True}, status=404)
    if code != found.certificate.code:
        return redirect("certificates:verify", code=found.certificate.code)
    return render(
        request,
        "certificates/verify.html",
        {
            "certificate": found.certificate,
            "revoked_on": found.revoked_on,
            "reason": queries.reason_of_revocation(found.certificate, request.user) if found.revoked_on else "",
            "base_url": settings.SEN_BASE_URL,
        },
    )
