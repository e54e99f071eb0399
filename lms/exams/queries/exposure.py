"""Exposure of sets of papers: who has a set, who sat it, and who saw its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.classes.models import TrainingClass
from lms.common.formats import date_short, moment
from lms.exams.models import Attempt
from lms.exams.queries.still_sat import classes_of_sets
from lms.people.models import User
from quizzes.enums import ExamPurpose, Review
from quizzes.models import Exam, ItemUse


@dataclass(frozen=True, slots=True)
class SetExposure:
    """The spread of a set of papers: ``classes`` in ``units``, ``waiting`` may still sit; who sat and saw its key.

    ``given_away`` counts its questions that also stand in a self-check whose rules show the key at once.
    """

    exam_id: int
    set_number: int
    classes: int = 0
    units: int = 0
    waiting: int = 0
    people: int = 0
    since: dt.datetime | None = None
    shown: int = 0
    given_away: int = 0

    @property
    def worn(self) -> bool:
        """Whether somebody may know the answers already."""
        return bool(self.shown or self.given_away)

    @property
    def sentences(self) -> list[str]:
        """Return warnings for freezing and for setting the rules of review."""
        found = []
        if self.classes:
            found.append(
                ngettext(
                    "%(classes)s class in %(units)s units has this set of papers; %(waiting)s may still sit it.",
                    "%(classes)s classes in %(units)s units share this set of papers; %(waiting)s may still sit it.",
                    self.classes,
                )
                % {"classes": self.classes, "units": self.units, "waiting": self.waiting}
            )
        if self.people and self.since is not None:
            found.append(
                ngettext(
                    "%(people)s person has sat it since %(day)s; the key was shown to %(shown)s.",
                    "%(people)s people have sat it since %(day)s; the key was shown to %(shown)s.",
                    self.people,
                )
                % {"people": self.people, "day": date_short(self.since), "shown": self.shown}
            )
        if self.given_away:
            found.append(
                ngettext(
                    "%(count)s of its questions also stands in a self-check that shows the key at once.",
                    "%(count)s of its questions also stand in self-checks that show the key at once.",
                    self.given_away,
                )
                % {"count": self.given_away}
            )
        if self.waiting:
            found.append(_("Learners see its key only when no class may sit these questions any more."))
        return found


def exposures_of(sets: Collection[tuple[int, int]]) -> list[SetExposure]:
    """Return the exposure of sets (exam, number), in their order: four statements, whatever the number of sets."""
    exams = {exam for exam, _number in sets}
    if not exams:
        return []
    classes = classes_of_sets(sets)
    sat: dict[tuple[int, int], tuple[Any, ...]] = {
        (exam, number): (people, since, shown)
        for exam, number, people, since, shown in Attempt.objects.filter(exam_id__in=exams)
        .order_by()
        .values("exam_id", "paper__set_number")
        .annotate(
            people=Count("user_id", distinct=True),
            since=Min("started_at"),
            shown=Count("key_shown_at"),
        )
        .values_list("exam_id", "paper__set_number", "people", "since", "shown")
    }
    given = _given_away(sets)
    found = []
    for one in sets:
        (held, units, waiting), (people, since, shown) = classes.get(one, (0, 0, 0)), sat.get(one, (0, None, 0))
        found.append(SetExposure(one[0], one[1], held, units, waiting, people, since, shown, given.get(one, 0)))
    return found


def _given_away(sets: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Count the items of each set that a self-check gives away; a self-check itself gives nothing away of its own."""
    exams = {exam for exam, _number in sets}
    finals = set(
        Exam.objects.filter(pk__in=exams)
        .exclude(purpose=ExamPurpose.SELF_CHECK, review=Review.KEY)
        .values_list("pk", flat=True)
    )
    wanted = {one for one in sets if one[0] in finals}
    rows = ItemUse.objects.filter(exam_id__in=finals).values_list("exam_id", "set_number", "item_id")
    items: dict[tuple[int, int], set[int]] = {}
    for exam, number, item in rows:
        if (exam, number) in wanted:
            items.setdefault((exam, number), set()).add(item)
    everything = set().union(*items.values()) if items else set()
    open_to_all = set(
        ItemUse.objects.filter(
            item_id__in=everything, exam__purpose=ExamPurpose.SELF_CHECK, exam__review=Review.KEY
        ).values_list("item_id", flat=True)
    )
    return {key: len(found & open_to_all) for key, found in items.items()}


def last_sets(exam_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return (exam, number of its last set of papers); exams without papers are left out."""
    rows = Exam.objects.filter(pk__in=list(exam_ids)).annotate(last=Max("papers__set_number"))
    return [(exam, last) for exam, last in rows.order_by("pk").values_list("pk", "last") if last]


def worn_sets(exam_ids: Collection[int]) -> list[tuple[str, list[str]]]:
    """Return what to know before the last sets of these exams are used again, by the exam's title; fresh ones not."""
    titles = dict(Exam.objects.filter(pk__in=list(exam_ids)).values_list("pk", "title"))
    return [(titles[one.exam_id], one.sentences) for one in exposures_of(last_sets(exam_ids)) if one.worn]


_NAMED = 5


def key_shown_sentence(attempts: QuerySet[Attempt]) -> str:
    """Return who of these attempts has been shown the key of a test that counts, and since when; "" for nobody."""
    seen = attempts.filter(key_shown_at__isnull=False).exclude(exam__purpose=ExamPurpose.SELF_CHECK)
    facts = seen.order_by().aggregate(people=Count("user_id", distinct=True), since=Min("key_shown_at"))
    if not facts["people"]:
        return ""
    people = User.objects.filter(pk__in=seen.order_by().values("user_id")).order_by("sort_key", "pk")[:_NAMED]
    names = ", ".join(str(person) for person in people) + (" …" if facts["people"] > _NAMED else "")
    return ngettext(
        "The right answers have been shown to %(count)s learner since %(since)s: %(names)s.",
        "The right answers have been shown to %(count)s learners since %(since)s: %(names)s.",
        facts["people"],
    ) % {"count": facts["people"], "since": moment(facts["since"]), "names": names}


def key_shown_in_class(training_class: TrainingClass) -> str:
    """Return who of a class has been shown the key of a test that counts (registered as a warning of reopening)."""
    return key_shown_sentence(Attempt.objects.filter(enrolment__training_class_id=training_class.pk))
