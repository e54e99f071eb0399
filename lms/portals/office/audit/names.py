"""The names of what entries of the record speak of, for one reader: one or two statements a kind, whatever the rows.

An entry that the reader may see can point at people and things that the reader may not: a class that asked for people
of other units, a page of another one. They keep their number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.models import Page

from lms.certificates.models import Certificate
from lms.classes.models import AnnualPlan, ClassSession, Enrolment, TrainingClass
from lms.exams.models import Attempt, MarkingSession, PaperSheet, Script, Sitting
from lms.people.access import audited_paths, people_in_reach_of_audit, within
from lms.people.models import Unit, User
from lms.programmes.models import Edition, EditionItem
from quizzes.models import Blueprint, Exam, Item, ItemBank

type Query = Callable[[Any, list[str]], Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as the reader sees it; ``url`` where there is a page that the reader may open."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things: how they are called and found.

    ``model`` is asked for the rows under the audited unit paths (``path``; none: everybody may know the name) and for
    those of ``visible_to``, which also get ``link``. ``person`` is the way to somebody whose name stands in ``say``.
    """

    label: Promise
    model: Any = None
    say: Callable[[Any], str] = str
    path: str = ""
    related: tuple[str, ...] = ()
    link: str = ""
    person: str = ""


def _session(row: Any) -> str:
    return f"{row.title} ({row.training_class.name})" if row.title else str(row.training_class.name)


def _enrolment(row: Any) -> str:
    return f"{row.learner} – {row.training_class.name}"


KINDS: Final[dict[str, Kind]] = {
    "user": Kind(gettext_lazy("Person")),
    "unit": Kind(gettext_lazy("Unit"), Unit, link="office:unit"),
    "class": Kind(gettext_lazy("Class"), TrainingClass, path="unit__path", link="office:class"),
    "enrolment": Kind(
        gettext_lazy("Enrolment"), Enrolment, _enrolment, "training_class__unit__path",
        ("learner", "training_class"), "office:learner", "learner_id",
    ),
    "session": Kind(
        gettext_lazy("Session"), ClassSession, _session, "training_class__unit__path", ("training_class",)
    ),
    "certificate": Kind(
        gettext_lazy("Certificate"), Certificate, lambda row: row.number_text,
        "enrolment__training_class__unit__path",
    ),
    "plan": Kind(
        gettext_lazy("Annual plan"), AnnualPlan, lambda row: f"{row.unit.label} {row.year}", "unit__path", ("unit",)
    ),
    "edition": Kind(gettext_lazy("Edition"), Edition),
    "part": Kind(gettext_lazy("Item of the programme"), EditionItem, lambda row: row.title),
    "bank": Kind(gettext_lazy("Item bank"), ItemBank, lambda row: row.name, "unit__path", (), "exams:bank"),
    "item": Kind(gettext_lazy("Question"), Item, lambda row: row.code, "bank__unit__path", (), "exams:item"),
    "blueprint": Kind(gettext_lazy("Blueprint"), Blueprint, lambda row: row.name, "unit__path", (), "exams:blueprint"),
    "exam": Kind(gettext_lazy("Exam"), Exam, lambda row: row.title, "unit__path", (), "exams:exam"),
    "sitting": Kind(
        pgettext_lazy("exam", "Sitting"), Sitting, lambda row: f"{row.exam.title}, {row.room}", "unit__path", ("exam",),
        "exams:sitting",
    ),
    "attempt": Kind(
        gettext_lazy("Attempt"), Attempt, lambda row: f"{row.user} – {row.exam.title}", "exam__unit__path",
        ("user", "exam"), "", "user_id",
    ),
    "sheet": Kind(
        gettext_lazy("Answer sheet"), PaperSheet, lambda row: f"{row.user} – {row.exam.title}", "exam__unit__path",
        ("user", "exam"), "", "user_id",
    ),
    "marking_session": Kind(
        gettext_lazy("Marking"), MarkingSession, lambda row: f"{row.exam.title}, {row.name}", "unit__path", ("exam",)
    ),
    "script": Kind(
        gettext_lazy("Marked answer"), Script, lambda row: f"{row.label} – {row.session.exam.title}",
        "session__unit__path", ("session__exam",),
    ),
    "page": Kind(gettext_lazy("Page"), Page),
    "incident": Kind(gettext_lazy("Incident")),
}  # fmt: skip


class Names:
    """The names on a page of the record: collect everything first, then ask once for each kind."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._wanted: dict[str, set[int]] = {}
        self._found: dict[str, dict[int, Named]] = {}

    def want(self, kind: str, ids: Iterable[Any]) -> None:
        """Remember that the page speaks of these."""
        numbers = {one for one in ids if isinstance(one, int) and not isinstance(one, bool)}
        if kind in KINDS and numbers:
            self._wanted.setdefault(kind, set()).update(numbers)

    def load(self) -> None:
        """Read every name that the reader may know."""
        if not self._wanted:
            return
        paths = audited_paths(self.reader)
        for kind, ids in self._wanted.items():
            self._found[kind] = _load(kind, ids, self.reader, paths)

    def of(self, kind: str, pk: Any) -> Named:
        """Return the name, or the kind with its number for what is gone or not the reader's to know."""
        known = self._found.get(kind, {}).get(pk)
        if known is not None:
            return known
        label = KINDS[kind].label if kind in KINDS else kind
        return Named(_("%(kind)s no. %(number)s") % {"kind": label, "number": pk})

    def label(self, kind: str) -> str:
        """Return what a kind is called."""
        return str(KINDS[kind].label) if kind in KINDS else kind


def _load(kind: str, ids: Collection[int], reader: Any, paths: list[str]) -> dict[int, Named]:
    rules = KINDS[kind]
    if kind == "user":
        people = User.objects.filter(pk__in=ids).filter(people_in_reach_of_audit(reader))
        return {person.pk: Named(str(person)) for person in people}
    if kind == "page":  # a draft's title is for those who edit it
        return {page.pk: Named(page.title) for page in Page.objects.filter(pk__in=ids, live=True)}
    model = rules.model
    if model is None:
        return {}
    rows = model._default_manager.filter(pk__in=ids)
    seen: set[int] = set()
    if hasattr(rows, "visible_to"):
        seen = set(rows.visible_to(reader).order_by().values_list("pk", flat=True))
    if rules.path:
        rows = rows.filter(within(paths, rules.path) | Q(pk__in=seen))
    found = list(rows.select_related(*rules.related)) if rules.related else list(rows)
    if rules.person:
        named = User.objects.filter(pk__in={getattr(row, rules.person) for row in found})
        near = set(named.filter(people_in_reach_of_audit(reader)).values_list("pk", flat=True))
        found = [row for row in found if getattr(row, rules.person) in near]
    return {
        row.pk: Named(rules.say(row), reverse(rules.link, args=[row.pk]) if rules.link and row.pk in seen else "")
        for row in found
    }
