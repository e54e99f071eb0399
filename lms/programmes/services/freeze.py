"""Freezing a programme into an edition: the only door to :class:`lms.programmes.models.Edition`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.models import ProgrammePage
from lms.audit.services import record
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.programmes.models import Edition, EditionItem, EditionModule
from lms.programmes.rules import EditionRules
from lms.programmes.services.differences import Difference, compare, compare_rules, placed_edition, placed_plan
from lms.programmes.services.plan import FreezeProblem, Plan, PlannedModule, collect
from quizzes.models import Exam
from quizzes.services.papers.freezing import freeze_papers


class NotReadyError(DomainError):
    """The programme has problems that must be mended before it can be frozen."""

    code = "not_ready"

    def __init__(self, problems: tuple[FreezeProblem, ...]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class NothingChangedError(DomainError):
    """The last edition already is exactly this."""

    code = "nothing_changed"


class ProgrammeGoneError(DomainError):
    """The programme was deleted or unpublished in the meantime."""

    code = "programme_gone"


class FreezeConflictError(DomainError):
    """Another edition took the number at the same moment."""

    code = "conflict"


@dataclass(frozen=True, slots=True)
class FreezePreview:
    """A preview of freezing."""

    programme: ProgrammePage
    number: int
    last: Edition | None
    rules: EditionRules
    modules: tuple[PlannedModule, ...]
    problems: tuple[FreezeProblem, ...]
    differences: tuple[Difference, ...]

    @property
    def can_freeze(self) -> bool:
        return not any(problem.blocking for problem in self.problems)

    @property
    def periods(self) -> int:
        return sum(module.periods for module in self.modules)


def preview_freeze(programme: ProgrammePage, rules: EditionRules | None = None) -> FreezePreview:
    """Return what an edition frozen now would hold, its problems, and how it differs from the last one.

    ``rules`` defaults to those of the last edition, and for the first edition to the regulation's.
    """
    last = Edition.objects.filter(programme=programme).order_by("-number").first()
    old = placed_edition(last) if last else []
    old_seconds = max((placed.item.min_seconds for placed in old), default=0)
    if rules is None:
        rules = EditionRules.of(last, min_seconds=old_seconds) if last else EditionRules()
    plan = collect(programme, min_seconds=rules.min_seconds)
    differences = []
    if last:
        differences = compare(old, placed_plan(plan.modules)) + compare_rules(EditionRules.of(last), rules)
    return FreezePreview(
        programme=programme,
        number=last.number + 1 if last else 1,
        last=last,
        rules=rules,
        modules=plan.modules,
        problems=plan.problems,
        differences=tuple(differences),
    )


@transaction.atomic
def freeze_edition(
    *, programme: ProgrammePage, actor: Any, rules: EditionRules | None = None, note: str = ""
) -> Edition:
    """Freeze the published programme into a new, immutable edition and return it.

    The programme's row is locked, so that two people freezing at once get one number each, or the second learns
    that nothing changed. ``rules`` default as in :func:`preview_freeze`.

    :raises NotReadyError: no lesson, an empty module, an exam without questions.
    :raises NothingChangedError: items, papers and rules equal those of the last edition.
    :raises lms.programmes.rules.InvalidRulesError: rules that contradict themselves.
    :raises ProgrammeGoneError: the programme no longer exists.
    """
    locked = ProgrammePage.objects.select_for_update(no_key=True).filter(pk=programme.pk).first()
    if locked is None:
        raise ProgrammeGoneError(_("This programme no longer exists."))
    preview = preview_freeze(locked, rules)
    preview.rules.validate()
    blocking = tuple(problem for problem in preview.problems if problem.blocking)
    if blocking:
        raise NotReadyError(blocking)
    plan = Plan(preview.modules, preview.problems)
    set_numbers = _freeze_papers(plan)
    digest = _digest(locked.title, preview.rules, plan, set_numbers)
    if preview.last and preview.last.digest == digest:
        raise NothingChangedError(_("Nothing has changed since edition %(number)d.") % {"number": preview.last.number})
    try:
        with transaction.atomic():
            edition = _write(locked, preview, set_numbers, digest, actor, note)
    except IntegrityError as error:
        raise FreezeConflictError(_("Somebody else is freezing this programme. Please try again.")) from error
    record(
        actor=actor,
        action="edition.frozen",
        target=f"edition:{edition.pk}",
        data={"programme": locked.pk, "number": edition.number, "digest": digest, "note": note},
        stream=f"programme:{locked.pk}",
    )
    return edition


def _freeze_papers(plan: Plan) -> dict[int, int]:
    """Freeze the papers of every exam of the plan, in the order of their ids so that no two callers deadlock."""
    exam_ids = sorted({item.exam_id for item in plan.items if item.exam_id})
    exams = Exam.objects.in_bulk(exam_ids)
    return {exam_id: freeze_papers(exam=exams[exam_id]) for exam_id in exam_ids}


def _digest(title: str, rules: EditionRules, plan: Plan, set_numbers: dict[int, int]) -> str:
    """Return the fingerprint of an edition: SHA-256 of its canonical JSON."""
    content = {
        "title": title,
        "rules": rules.as_json(),
        "modules": [
            {
                "title": module.title,
                "kind": str(module.kind),
                "items": [item.as_json(set_numbers.get(item.exam_id or 0)) for item in module.items],
            }
            for module in plan.modules
        ],
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _write(
    programme: ProgrammePage,
    preview: FreezePreview,
    set_numbers: dict[int, int],
    digest: str,
    actor: Any,
    note: str,
) -> Edition:
    rules = preview.rules
    edition = Edition.objects.create(
        programme=programme,
        number=preview.number,
        title=programme.title,
        frozen_at=now(),
        frozen_by=actor,
        note=note,
        pass_mark=rules.pass_mark,
        attendance_share=rules.attendance_share,
        bands=rules.bands_as_json(),
        certificate_rule=rules.certificate_rule,
        digest=digest,
    )
    position = 0
    for module_position, planned in enumerate(preview.modules, start=1):
        module = EditionModule.objects.create(
            edition=edition, position=module_position, title=planned.title, kind=planned.kind
        )
        rows = []
        for item in planned.items:
            position += 1
            rows.append(
                EditionItem(
                    edition=edition,
                    module=module,
                    position=position,
                    kind=item.kind,
                    title=item.title,
                    periods=item.periods,
                    required=item.required,
                    counts=item.counts,
                    weight=item.weight,
                    min_seconds=item.min_seconds,
                    lesson_id=item.lesson_id,
                    exam_id=item.exam_id,
                    set_number=set_numbers.get(item.exam_id or 0),
                )
            )
        EditionItem.objects.bulk_create(rows)
    return edition
