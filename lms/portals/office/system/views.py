"""The state of the installation, in sentences, for administrators of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.common import health
from lms.common.errors import DomainError
from lms.common.health import Finding
from lms.operations.models import Incident
from lms.operations.queries import node, open_incidents, past_incidents
from lms.operations.services.watching import confirm_clock
from lms.operations.words import PARTS, meaning_of, title_of, words_of
from lms.people.access import is_root_administrator
from lms.people.models import User
from lms.portals.shared import actor_of


@dataclass(frozen=True, slots=True)
class Trouble:
    """A present incident, as the page says it."""

    title: str
    meaning: str
    advice: str | Promise
    incident: Incident | None = None

    @property
    def may_confirm(self) -> bool:
        """Whether an administrator can settle it here."""
        incident = self.incident
        return incident is not None and incident.code == "step" and incident.confirmed_at is None


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part and how it is at this moment, as this node sees it."""

    name: str | Promise
    finding: Finding
    title: str | Promise


def _administrator(request: HttpRequest) -> User:
    if not is_root_administrator(request.user):
        raise Http404
    return actor_of(request)


@never_cache
@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """Show present incidents with what to do, every part, and past incidents."""
    user = _administrator(request)
    found = health.look()
    incidents = open_incidents(user)
    past = [(incident, title_of(incident.part, incident.code)) for incident in past_incidents(user)]
    context: dict[str, Any] = {"parts": _parts(found), "troubles": _troubles(found, incidents), "past": past}
    return render(request, "office/system.html", context | {"node": node()})


def _parts(found: dict[str, Finding]) -> list[PartRow]:
    rows = []
    for part in health.parts():
        finding = found.get(part.name, health.degraded("unknown"))
        title = "" if finding.ok else words_of(part.name, finding.code).title
        rows.append(PartRow(PARTS.get(part.name, part.name), finding, title))
    return rows


def _troubles(found: dict[str, Finding], incidents: list[Incident]) -> list[Trouble]:
    """What was noted, then what this very look has found and the minutely one has not yet."""
    rows = []
    for incident in incidents:
        title = title_of(incident.part, incident.code)
        meaning = meaning_of(incident.part, incident.code, incident.facts)
        rows.append(Trouble(title, meaning, words_of(incident.part, incident.code).advice, incident))
    noted = {(incident.part, incident.code) for incident in incidents}
    for part, finding in found.items():
        if not finding.ok and (part, finding.code) not in noted:
            meaning = meaning_of(part, finding.code, finding.facts)
            rows.append(Trouble(title_of(part, finding.code), meaning, words_of(part, finding.code).advice))
    return rows


@never_cache
@require_POST
def confirm(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Say that a machine's clock is right after a leap."""
    user = _administrator(request)
    incident = get_object_or_404(Incident.objects.visible_to(user), pk=incident_id)
    try:
        confirm_clock(incident=incident, actor=user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Confirmed. The machine follows its clock within a minute."))
    return redirect("office:system")
