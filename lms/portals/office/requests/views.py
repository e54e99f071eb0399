"""Requests for learners of other units: what is asked of the own units, and what the own classes have asked."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.classes.enums import RequestState
from lms.classes.errors import RequestError
from lms.classes.models import EnrolmentRequest
from lms.classes.services import requests as service
from lms.common.errors import DomainError
from lms.people.enums import OFFICE_ROLES
from lms.portals.shared import actor_of, require_role

PER_PAGE = 25
ASKED, SENT = "nhan", "gui"


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Requests to the own units, the open ones first; with ``?xem=gui`` those of the own classes."""
    require_role(request, OFFICE_ROLES)
    tab = SENT if request.GET.get("xem") == SENT else ASKED
    actor = actor_of(request)
    rows = EnrolmentRequest.objects.sent_by(actor) if tab == SENT else EnrolmentRequest.objects.asked_of(actor)
    open_first = Case(When(state=RequestState.OPEN, then=Value(0)), default=Value(1))
    rows = rows.select_related("training_class__unit", "learner__profile", "unit", "asked_by", "decided_by")
    page = Paginator(rows.order_by(open_first, "-asked_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/requests.html", {"page": page, "tab": tab})


@require_POST
def request_answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept or decline for a person of the own units."""
    require_role(request, OFFICE_ROLES)
    row = get_object_or_404(EnrolmentRequest.objects.asked_of(actor_of(request)), pk=request_id)
    act = request.POST.get("act", "")
    if act not in {"accept", "decline"}:
        raise Http404
    try:
        if act == "accept":
            service.accept(request=row, actor=actor_of(request))
            messages.success(request, _("%(name)s is enrolled in the class.") % {"name": row.learner})
        else:
            service.decline(request=row, actor=actor_of(request), reason=request.POST.get("reason", ""))
            messages.success(request, _("The request is declined. The unit that asked is told."))
    except RequestError as error:  # pressed twice, or answered in another window or by somebody else
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("office:requests")


@require_POST
def request_take_back(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask no more for a learner."""
    require_role(request, OFFICE_ROLES)
    row = get_object_or_404(EnrolmentRequest.objects.sent_by(actor_of(request)), pk=request_id)
    try:
        service.take_back(request=row, actor=actor_of(request))
        messages.success(request, _("The request is taken back."))
    except RequestError as error:  # pressed twice, or answered in another window or by somebody else
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
    if request.POST.get("back") == "list":
        return redirect(f"{reverse('office:requests')}?xem={SENT}")
    return redirect("office:class-learners", row.training_class_id)
