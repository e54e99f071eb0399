"""Learners across classes: the rows behind a number of the overview, their export, and one learner in one class."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cms.enums import ModuleKind
from lms.certificates.models import Certificate
from lms.classes.enums import Band, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.completion.queries import missing
from lms.gradebook.queries import items_with_marks
from lms.people.access import acts_on
from lms.people.enums import OVERSIGHT_ROLES
from lms.people.models import Unit
from lms.portals.office.rollup.forms import RollupQuery, read_learners, read_rollup
from lms.portals.office.rollup.views.common import find_unit, top_units
from lms.reports import exports
from lms.reports.people import enrolments
from lms.reports.progress import enrolment_items

PER_PAGE = 50


@require_safe
def learners(request: HttpRequest) -> HttpResponse:
    """The enrolments behind a number, with search and filters."""
    unit, query = _unit_and_query(request)
    filters = read_learners(request.GET, query.filters)
    page = Paginator(enrolments(user=request.user, unit=unit, filters=filters), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "unit": unit,
        "query": query,
        "filters": filters,
        "page": page,
        "statuses": EnrolmentStatus.choices,
        "bands": Band.choices,
        "kinds": ModuleKind.choices,
        "export": request.GET.urlencode(),
    }
    return render(request, "office/learners.html", context)


@require_safe
def learners_export(request: HttpRequest, file_format: str) -> HttpResponse:
    """The list on the screen, all its pages, as CSV or Excel."""
    unit, query = _unit_and_query(request)
    found = enrolments(user=request.user, unit=unit, filters=read_learners(request.GET, query.filters))
    return exports.learners_file(found, unit=unit, file_format=file_format)


def _unit_and_query(request: HttpRequest) -> tuple[Unit, RollupQuery]:
    wanted = request.GET.get("unit", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        unit = find_unit(request, int(wanted))
    else:
        first = top_units(request).first()
        if first is None:
            raise Http404
        unit = first
    return unit, read_rollup(request.GET, unit)


@require_safe
def learner(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One learner in one class: state of each item, attendance, marks and what is missing."""
    visible = Enrolment.objects.visible_to(request.user)
    enrolment = get_object_or_404(
        visible.select_related(
            "learner__profile",
            "training_class__unit",
            "training_class__edition",
            "certificate__register",
            "certificate__revocation__actor",
        ),
        pk=enrolment_id,
    )
    if enrolment.learner_id == request.user.pk:
        return redirect("learner:class", enrolment.pk)
    certificate = getattr(enrolment, "certificate", None)
    context = {
        "enrolment": enrolment,
        "training_class": enrolment.training_class,
        "may_oversee": acts_on(request.user, enrolment.training_class.unit, OVERSIGHT_ROLES),
        "modules": enrolment_items(enrolment),
        "missing": missing(enrolment),
        "certificate": certificate,
        "revocation": getattr(certificate, "revocation", None),
        "may_grade": Enrolment.objects.gradable_by(request.user).active().filter(pk=enrolment.pk).exists(),
        "marked": set(items_with_marks(enrolment.training_class.edition_id).values_list("pk", flat=True)),
        "may_revoke": certificate is not None
        and Certificate.objects.revocable_by(request.user).filter(pk=certificate.pk).exists(),
    }
    return render(request, "office/learner.html", context)
