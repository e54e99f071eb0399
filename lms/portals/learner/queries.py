"""Data of the learner's pages, each in as few queries as it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import FETCH_RAISE, DateTimeField, Exists, F, OuterRef, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.certificates.models import Certificate
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassItem, ClassSession, Enrolment, EnrolmentRequest
from lms.common.clock import now, today
from lms.common.prepared import prepared
from lms.exams.models import Attempt
from lms.programmes.queries import OutlineItem, OutlineModule, outline
from lms.progress.models import ItemProgress, ItemState

FINISHED = (EnrolmentStatus.COMPLETED, EnrolmentStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Due:
    """A task of the learner with a date."""

    enrolment_id: int
    item_id: int
    title: str
    kind: str
    class_name: str
    opens_at: dt.datetime | None
    due_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        return self.opens_at is None or self.opens_at <= now()

    @property
    def is_near(self) -> bool:
        """Due within five days."""
        return self.due_at is not None and self.due_at - now() < dt.timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The learner's first page. ``current`` are enrolments to work on, the first being the obvious next step."""

    current: list[Enrolment]
    finished: list[Enrolment]
    due: list[Due]
    sessions: list[ClassSession]
    certificates: list[Certificate]


# What a line about an enrolment shows; reading anything else of it is an error, not a hidden query.
_SHOWN = (
    "status",
    "percent",
    "band",
    "started_at",
    "training_class__name",
    "training_class__state",
    "training_class__starts_on",
    "training_class__ends_on",
    "training_class__edition__title",
    "training_class__unit__name",
    "training_class__unit__short_name",
    "next_item__title",
    "next_item__kind",
    "next_item__periods",
    "next_item__module__kind",
)


@prepared
def _own_enrolments(user: Any) -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.own(user)
        .active()
        .select_related("training_class__edition", "training_class__unit", "next_item__module")
        .only(*_SHOWN)
        .order_by("-last_activity_at", "-training_class__starts_on", "-id")
        .fetch_mode(FETCH_RAISE)
    )


@prepared
def _own_enrolment(user: Any, enrolment: Any) -> QuerySet[Enrolment]:
    return Enrolment.objects.own(user).active().filter(pk=enrolment).select_related("training_class__edition")


@prepared
def _own_class(user: Any, enrolment: Any) -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.own(user)
        .active()
        .filter(pk=enrolment)
        .select_related(
            "training_class__edition", "training_class__unit", "certificate__register", "certificate__revocation"
        )
    )


@prepared
def _due_items(user: Any, moment: dt.datetime) -> QuerySet[ClassItem, tuple[Any, ...]]:
    done = ItemProgress.objects.filter(
        enrolment_id=OuterRef("enrolment"), item_id=OuterRef("item_id"), state=ItemState.DONE
    )
    return (
        ClassItem.objects.annotate(enrolment=F("training_class__enrolments"))
        .filter(~Exists(done), enrolment__in=Enrolment.objects.own(user).running().values("pk"))
        .exclude(due_at__lt=moment)
        .exclude(opens_at=None, due_at=None)
        .values_list("enrolment", "item_id", "item__title", "item__kind", "training_class__name", "opens_at", "due_at")
    )


@prepared
def _coming_sessions(user: Any, moment: dt.datetime, until: dt.datetime) -> QuerySet[ClassSession]:
    return (
        ClassSession.objects.filter(
            training_class__in=Enrolment.objects.own(user).running().values("training_class"),
            ends_at__gte=moment,
            starts_at__lt=until,
        )
        .select_related("training_class", "lecturer")
        .order_by("starts_at", "id")
    )


@prepared
def _own_certificates(user: Any) -> QuerySet[Certificate]:
    return (
        Certificate.objects.filter(enrolment__learner=user)
        .select_related("revocation", "register")
        .order_by("-issued_on", "-id")
    )


def own_enrolments(user: Any) -> list[Enrolment]:
    """The learner's own enrolments with class, unit, edition and next item, latest activity first."""
    return _own_enrolments.all(user=user)


def own_enrolment(user: Any, enrolment_id: int) -> Enrolment | None:
    """One of the learner's own enrolments with its class and edition."""
    return _own_enrolment.first(user=user, enrolment=enrolment_id)


def own_class(user: Any, enrolment_id: int) -> Enrolment | None:
    """The same with the class's unit and the certificate."""
    return _own_class.first(user=user, enrolment=enrolment_id)


def is_current(enrolment: Enrolment) -> bool:
    """Whether there is still something to do in this class (``EnrolmentQuerySet.running``)."""
    return enrolment.status not in FINISHED and enrolment.training_class.state == ClassState.OPEN


def due_items(user: Any) -> list[Due]:
    """Items with dates in the learner's running classes that are not done and not past, soonest first."""
    moment = now()
    found = [Due(*row) for row in _due_items.all(user=user, moment=moment)]
    far = moment + dt.timedelta(days=3650)
    return sorted(found, key=lambda due: (due.due_at or due.opens_at or far, due.title))


def coming_sessions(user: Any, *, days: int) -> list[ClassSession]:
    """Sessions of the learner's running classes from now until ``days`` days ahead."""
    moment = now()
    return _coming_sessions.all(user=user, moment=moment, until=moment + dt.timedelta(days=days))


def own_certificates(user: Any) -> list[Certificate]:
    """The learner's own certificates, newest first, with their revocation if any."""
    return _own_certificates.all(user=user)


def dashboard(user: Any) -> Dashboard:
    """Return the data of the learner's first page."""
    enrolments = own_enrolments(user)
    current = [enrolment for enrolment in enrolments if is_current(enrolment)]
    # The obvious next step is the class that ends first among those begun, else the first to begin.
    current.sort(key=lambda e: (e.status != EnrolmentStatus.IN_PROGRESS, e.training_class.ends_on, e.pk))
    return Dashboard(
        current=current,
        finished=[enrolment for enrolment in enrolments if not is_current(enrolment)],
        due=due_items(user) if current else [],
        sessions=coming_sessions(user, days=14) if current else [],
        certificates=own_certificates(user),
    )


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One item of a class as its learner sees it."""

    item: OutlineItem
    state: str
    position: float
    seconds: int
    opens_at: dt.datetime | None
    due_at: dt.datetime | None

    @property
    def locked(self) -> bool:
        """Not open yet."""
        return self.opens_at is not None and self.opens_at > now() and self.state != ItemState.DONE

    @property
    def closed(self) -> bool:
        """Past its last moment and not done."""
        return self.due_at is not None and self.due_at < now() and self.state != ItemState.DONE

    @property
    def percent(self) -> int:
        """Return the progress of the reading in per cent."""
        return round(self.position * 100)

    @property
    def label(self) -> str:
        """The state in words."""
        if self.state == ItemState.DONE:
            return _("Done")
        if self.locked:
            return _("Not open yet")
        if self.closed:
            return _("Closed")
        return _("Doing") if self.state == ItemState.DOING else _("To do")

    @property
    def dot(self) -> str:
        if self.locked:
            return "locked"
        return "failed" if self.closed and self.item.required else self.state


@dataclass(frozen=True, slots=True)
class OutlineSection:
    module: OutlineModule
    rows: list[OutlineRow]

    @property
    def done(self) -> int:
        return sum(row.state == ItemState.DONE for row in self.rows)


@prepared
def _states_and_dates(enrolment: Any, training_class: Any) -> QuerySet[ClassItem, tuple[Any, ...]]:
    """Rows (item, state, position, seconds, opens at, due at): what the learner did, and the dates of the class."""
    never = Value(None, output_field=DateTimeField())
    dates = ClassItem.objects.filter(training_class_id=training_class).order_by()
    states = ItemProgress.objects.filter(enrolment_id=enrolment).order_by()
    return dates.values_list("item_id", Value(""), Value(0.0), Value(0), "opens_at", "due_at").union(
        states.values_list("item_id", "state", "position", "seconds", never, never), all=True
    )


def class_outline(enrolment: Enrolment) -> list[OutlineSection]:
    """The class by module with the state of each item (one query; the outline itself is cached)."""
    progress = {}
    dates = {}
    for item_id, state, position, seconds, opens_at, due_at in _states_and_dates.all(
        enrolment=enrolment, training_class=enrolment.training_class_id
    ):
        if state:
            progress[item_id] = (state, position, seconds)
        else:
            dates[item_id] = (opens_at, due_at)
    sections = []
    for module in outline(enrolment.training_class.edition_id):
        rows = []
        for item in module.items:
            state, position, seconds = progress.get(item.id, (ItemState.TODO.value, 0.0, 0))
            opens_at, due_at = dates.get(item.id, (None, None))
            rows.append(OutlineRow(item, state, position, seconds, opens_at, due_at))
        sections.append(OutlineSection(module=module, rows=rows))
    return sections


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The row asked for, with the one before and the one after it in the class."""

    row: OutlineRow
    number: int
    total: int
    previous: OutlineRow | None
    following: OutlineRow | None
    section: OutlineSection


def locate(sections: Sequence[OutlineSection], item_id: int) -> Neighbours | None:
    """Find an item in the outline; ``None`` when the class has no such item."""
    flat = [(section, row) for section in sections for row in section.rows]
    for index, (section, row) in enumerate(flat):
        if row.item.id == item_id:
            return Neighbours(
                row=row,
                number=index + 1,
                total=len(flat),
                previous=flat[index - 1][1] if index else None,
                following=flat[index + 1][1] if index + 1 < len(flat) else None,
                section=section,
            )
    return None


def own_attempts(enrolment: Enrolment, item_id: int) -> list[Attempt]:
    """The learner's attempts at an exam item, newest first."""
    own = Attempt.objects.filter(enrolment_id=enrolment.pk, item_id=item_id, user_id=enrolment.learner_id)
    return list(own.select_related("exam", "sitting").order_by("-number"))


def sessions_of(enrolment: Enrolment, item_id: int) -> list[ClassSession]:
    """The timetable's sessions for a session item."""
    return list(
        ClassSession.objects.filter(training_class_id=enrolment.training_class_id, item_id=item_id)
        .select_related("lecturer")
        .order_by("starts_at")
    )


def schedule(user: Any) -> list[tuple[dt.date, list[ClassSession | Due]]]:
    """Sessions and due dates of the coming half year, by day."""
    days: dict[dt.date, list[ClassSession | Due]] = {}
    for session in coming_sessions(user, days=183):
        days.setdefault(timezone.localtime(session.starts_at).date(), []).append(session)
    for due in due_items(user):
        if due.due_at:
            days.setdefault(timezone.localtime(due.due_at).date(), []).append(due)
    return sorted((day, entries) for day, entries in days.items() if day >= today())


@prepared
def _own_invitations(user: Any, moment: dt.datetime) -> QuerySet[EnrolmentRequest]:
    rows = EnrolmentRequest.objects.open(moment).filter(learner=user)
    return rows.select_related("training_class__unit", "training_class__edition")


def own_invitations(user: Any) -> list[EnrolmentRequest]:
    """Return the open invitations of classes of other units to ``user``, to be shown."""
    return _own_invitations.all(user=user, moment=now())


def own_invitation(user: Any, request_id: int) -> EnrolmentRequest | None:
    """Return an invitation to ``user``, whatever became of it."""
    return EnrolmentRequest.objects.visible_to(user).filter(learner=user, pk=request_id).first()
