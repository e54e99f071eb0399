"""Lists of learners: shown with every problem first, then carried out as a whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.services import record
from lms.classes.errors import RosterError
from lms.classes.models import RosterImport, TrainingClass
from lms.classes.queries import headcount
from lms.classes.roster.parsing import Learner, RosterProblem, in_file_order, parse
from lms.classes.roster.reading import Row, read_file, read_text
from lms.classes.services import requests
from lms.classes.services.enrolments import enrol_many, lock_for_enrolment
from lms.classes.services.matching import Match, match_learners
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.models import Unit
from lms.people.services.accounts import PersonData, create_people

__all__ = ["RosterResult", "carry_out", "discard", "preview", "read_file", "read_text"]

KEPT = dt.timedelta(days=7)
_MAX_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class RosterResult:
    """The outcome of a list: accounts made, people enrolled, people passed over because they were in the class or asked
    for already, and people of other units who were asked for.
    """

    created: int
    enrolled: int
    present: int
    asked: int = 0


def preview(*, training_class: TrainingClass, rows: Sequence[Row], actor: Any, source: str = "") -> RosterImport:
    """Read a list, match it with the accounts and keep it to be looked at; changes nothing else.

    Raises:
        RosterError: the list as a whole cannot be read.
    """
    parsed = parse(rows)
    named = [learner for learner in parsed.learners if learner.full_name]
    matches, found = match_learners(training_class=training_class, learners=named, actor=actor)
    problems = in_file_order([*parsed.problems, *found])
    wrong = {problem.line for problem in problems}
    by_line = {learner.line: match for learner, match in zip(named, matches, strict=True)}
    shown = [_row(learner, by_line.get(learner.line), learner.line in wrong) for learner in parsed.learners]
    sentences = [_stored(problem) for problem in problems[:_MAX_PROBLEMS]]
    counts = Counter(row["status"] for row in shown)
    sentences += _no_places(training_class, counts["new"] + counts["existing"])
    with transaction.atomic():
        old = RosterImport.objects.filter(done_at__isnull=True)
        old.filter(training_class=training_class, created_by=actor).delete()
        old.filter(created_at__lt=now() - KEPT).delete()
        roster_import = RosterImport.objects.create(
            training_class=training_class,
            created_by=actor,
            source=source[:200],
            rows=shown,
            problems=sentences,
            notes=_notes(parsed.left_out, parsed.unknown),
        )
        record(
            actor=actor,
            action="classes.roster_read",
            target=f"class:{training_class.pk}",
            data={"rows": len(shown), "source": source[:200]},
            stream=f"class:{training_class.pk}",
        )
    return roster_import


def carry_out(*, roster_import: RosterImport, actor: Any) -> RosterResult:
    """Make the accounts, enrol everybody and ask for those of other units, all or nothing.

    A second call returns what the first one did. The home of a new account is the class's unit.

    Raises:
        RosterError: the list has problems, or the class or the accounts changed since it was read; ``roster_gone``:
            the same person has loaded another one.
        ClassFullError, ClassStateError: as in :func:`lms.classes.services.enrolments.enrol_many`.
    """
    with transaction.atomic():
        kept = RosterImport.objects.select_for_update().filter(pk=roster_import.pk).first()
        if kept is None:
            raise RosterError(
                _("You loaded another list meanwhile, which replaced this one. Look at the class, then load it anew."),
                code="roster_gone",
            )
        if kept.done_at is not None:
            return RosterResult(kept.created_count, kept.enrolled_count, 0, kept.asked_count)
        if kept.problems:
            raise RosterError(_("The list still has problems. Correct it and load it again."), code="roster_problems")
        training_class = lock_for_enrolment(kept.training_class_id)
        learners = [Learner(**{name: row[name] for name in Learner.__slots__}) for row in kept.rows]
        matches, problems = match_learners(training_class=training_class, learners=learners, actor=actor)
        if problems:
            sentences = " ".join(problem.sentence() for problem in in_file_order(problems)[:3])
            raise RosterError(
                _("Accounts have changed since the list was read: %(problems)s") % {"problems": sentences},
                code="roster_changed",
            )
        pairs = list(zip(learners, matches, strict=True))
        made = _create([learner for learner, match in pairs if match.status == "new"], training_class.unit, actor)
        wanted = [*made, *(match.user_id for _learner, match in pairs if match.status == "existing" and match.user_id)]
        enrolled = enrol_many(training_class=training_class, learner_ids=wanted, actor=actor)
        elsewhere = [match.user_id for match in matches if match.status == "consent" and match.user_id]
        asked = requests.ask(training_class=training_class, learner_ids=elsewhere, actor=actor) if elsewhere else 0
        RosterImport.objects.filter(pk=kept.pk).update(
            done_at=now(), created_count=len(made), enrolled_count=enrolled, asked_count=asked, rows=[], notes=[]
        )
        if made or enrolled or asked:
            record(
                actor=actor,
                action="classes.roster_carried_out",
                target=f"class:{training_class.pk}",
                data={"created": len(made), "enrolled": enrolled, "asked": asked, "source": kept.source},
                stream=f"class:{training_class.pk}",
            )
    roster_import.refresh_from_db()
    return RosterResult(len(made), enrolled, len(pairs) - enrolled - asked, asked)


def discard(*, roster_import: RosterImport) -> None:
    """Forget a list that was not carried out."""
    RosterImport.objects.filter(pk=roster_import.pk, done_at__isnull=True).delete()


def _create(learners: Sequence[Learner], home: Unit, actor: Any) -> list[int]:
    try:
        return [user.pk for user in create_people([_person(learner, home) for learner in learners], actor=actor)]
    except DomainError as error:
        lines = {
            f"{_('Row %(line)s') % {'line': learners[int(key.partition('.')[0])].line}}: {messages[0]}"
            for key, messages in error.fields.items()
            if key.partition(".")[0].isdigit()
        }
        raise RosterError(" ".join(sorted(lines)) or str(error), code="roster_changed") from error


def _person(learner: Learner, home: Unit) -> PersonData:
    sensitive = {
        "birth_date": _day(learner.birth_date),
        "gender": learner.gender,
        "ethnicity": learner.ethnicity,
        "hometown": learner.hometown,
        "citizen_id": learner.citizen_id,
        "party_card": learner.party_card,
        "party_joined_on": _day(learner.party_joined_on),
    }
    return PersonData(
        learner.full_name,
        username=learner.username or None,
        email=learner.email or None,
        phone=learner.phone or None,
        position=learner.position,
        organisation=learner.organisation,
        unit=home,
        sensitive=sensitive if any(sensitive.values()) else None,
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _row(learner: Learner, match: Match | None, wrong: bool) -> dict[str, Any]:
    match = match or Match("problem")
    return learner.as_json() | {
        "status": "problem" if wrong else match.status,
        "by": "" if wrong else match.by,
        "shown": "" if wrong else match.shown,  # a row that is refused says nothing about whom it means
    }


def _stored(problem: RosterProblem) -> dict[str, Any]:
    return {"line": problem.line, "field": problem.field, "message": problem.sentence()}


def _no_places(training_class: TrainingClass, wanted: int) -> list[dict[str, Any]]:
    free = max(training_class.capacity - headcount(training_class.pk), 0)
    if wanted <= free:
        return []
    message = _("The class has %(free)s places left of %(capacity)s, and %(wanted)s are needed.") % {
        "free": free,
        "capacity": training_class.capacity,
        "wanted": wanted,
    }
    return [{"line": 0, "field": "", "message": message}]


def _notes(left_out: list[int], unknown: tuple[str, ...]) -> list[str]:
    notes = []
    if left_out:
        shown = ", ".join(map(str, left_out[:20])) + (" …" if len(left_out) > 20 else "")
        notes.append(
            ngettext(
                "Row %(lines)s is no person (a heading or a signature) and is left out.",
                "Rows %(lines)s are no people (headings or signatures) and are left out.",
                len(left_out),
            )
            % {"lines": shown}
        )
    if unknown:
        shown = ", ".join(f"“{heading[:40]}”" for heading in unknown[:10])
        notes.append(_("These columns are not used: %(columns)s.") % {"columns": shown})
    return notes
