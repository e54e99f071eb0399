"""Writing blueprints. A version that a draw was made from is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from quizzes.engine.receipt import digest
from quizzes.enums import Level
from quizzes.errors import BlueprintError
from quizzes.kinds import all_kinds
from quizzes.models import Blueprint, BlueprintRow, BlueprintVersion, Exam, ItemBank, Topic
from quizzes.queries.papers.stock import RowSpec, specs_of

MOST_ROWS = 300
MOST_QUESTIONS = 200


@transaction.atomic
def create_blueprint(
    *,
    unit: Any,
    bank: ItemBank,
    name: str,
    rows: Sequence[RowSpec] = (),
    note: str = "",
    actor: Any,
    exam: Exam | None = None,
) -> Blueprint:
    """Make a blueprint with its first version. ``exam`` makes it the rules of that exam's random draw alone.

    Raises:
        BlueprintError: the name is taken, or a row is wrong.
    """
    try:
        with transaction.atomic():
            blueprint = Blueprint.objects.create(unit=unit, bank=bank, name=name.strip(), note=note.strip(), exam=exam)
    except IntegrityError as error:
        raise BlueprintError(
            _("The blueprint cannot be saved."), fields={"name": [_("The unit has a blueprint of this name.")]}
        ) from error
    save_rows(blueprint=blueprint, rows=rows, actor=actor)
    record(actor=actor, action="blueprint.create", target=f"blueprint:{blueprint.pk}", data={"name": blueprint.name})
    return blueprint


@transaction.atomic
def save_rows(
    *, blueprint: Blueprint, rows: Sequence[RowSpec], actor: Any, expected: str | None = None
) -> BlueprintVersion:
    """Store the rows: into the current version while nothing was drawn from it, else as the next version.

    The same rows give the current version back.

    Args:
        expected: what :func:`state_mark` said when the person began; ``None`` overwrites whatever stands there.

    Raises:
        BlueprintError: a row is wrong, ``fields`` names it (``rows.3``); or somebody saved meanwhile (``base``).
    """
    # Not joined: after waiting for the lock PostgreSQL sees the new pointer, but old rows of joined tables.
    locked = Blueprint.objects.select_for_update().get(pk=blueprint.pk)
    if expected is not None and expected != state_mark(locked):
        said = _("Somebody else saved this blueprint meanwhile. Saving again replaces it by what stands here.")
        raise BlueprintError(said, fields={"base": [said]})
    cleaned = _clean_rows(locked, rows)
    current = locked.current
    if current is not None and specs_of(current) == cleaned:
        return current
    if current is not None:  # a draw that is being stored holds the version; wait for it, then look
        current = BlueprintVersion.objects.select_for_update().get(pk=current.pk)
    if current is not None and not current.draws.exists():
        version = current
        version.rows.all().delete()
    else:
        number = current.number + 1 if current else 1
        version = BlueprintVersion.objects.create(blueprint=locked, number=number, created_by=actor)
    BlueprintRow.objects.bulk_create(
        BlueprintRow(
            version=version,
            position=position,
            topic_id=row.topic,
            level=row.level,
            kind=row.kind,
            count=row.count,
            points=row.points,
            specification=row.specification,
        )
        for position, row in enumerate(cleaned, start=1)
    )
    locked.current = version
    locked.save(update_fields=["current", "updated_at"])
    blueprint.current = version
    return version


def state_mark(blueprint: Blueprint) -> str:
    """Return a short text that changes with the blueprint's name, note or rows."""
    rows = specs_of(blueprint.current) if blueprint.current else []
    return digest(repr((blueprint.name, blueprint.note, rows)))[:16]


def _clean_rows(blueprint: Blueprint, rows: Sequence[RowSpec]) -> list[RowSpec]:
    topics = set(Topic.objects.filter(bank_id=blueprint.bank_id).values_list("pk", flat=True))
    kinds = {kind.name for kind in all_kinds()}
    problems: dict[str, list[str]] = {}
    cleaned = []
    for number, row in enumerate(rows, start=1):
        wrong = []
        if row.topic is not None and row.topic not in topics:
            wrong.append(_("The topic is not one of the bank's."))
        if row.level and row.level not in Level.values:
            wrong.append(_("There is no such level."))
        if row.kind and row.kind not in kinds:
            wrong.append(_("There is no such kind of question."))
        if not 1 <= row.count <= MOST_QUESTIONS:
            wrong.append(_("Ask for 1 to 200 questions."))
        if not Decimal(0) < row.points < Decimal(1000):
            wrong.append(_("Points are above 0 and below 1,000."))
        if wrong:
            problems[f"rows.{number}"] = wrong
        cleaned.append(
            RowSpec(
                row.topic,
                row.level,
                row.kind,
                row.count,
                Decimal(row.points).quantize(Decimal("0.01")),
                row.specification.strip(),
            )
        )
    if len(rows) > MOST_ROWS or sum(row.count for row in rows) > MOST_QUESTIONS:
        problems["rows"] = [_("A paper has at most 200 questions, a blueprint at most 300 rows.")]
    if problems:
        raise BlueprintError(_("The blueprint cannot be saved."), fields=problems)
    return cleaned


@transaction.atomic
def rename_blueprint(*, blueprint: Blueprint, name: str, note: str) -> Blueprint:
    """Change the name and the note.

    Raises:
        BlueprintError: the name is taken.
    """
    blueprint.name, blueprint.note = name.strip(), note.strip()
    try:
        with transaction.atomic():
            blueprint.save(update_fields=["name", "note", "updated_at"])
    except IntegrityError as error:
        raise BlueprintError(
            _("The blueprint cannot be saved."), fields={"name": [_("The unit has a blueprint of this name.")]}
        ) from error
    return blueprint


def copy_blueprint(*, blueprint: Blueprint, unit: Any, actor: Any) -> Blueprint:
    """Make a copy of the current rows under a new name at ``unit``."""
    taken = set(Blueprint.objects.filter(unit=unit).values_list("name", flat=True))
    base = _("%(name)s (copy)") % {"name": blueprint.name}
    name = next(one for number in range(1, 1000) if (one := base if number == 1 else f"{base} {number}") not in taken)
    rows = specs_of(blueprint.current) if blueprint.current else []
    return create_blueprint(unit=unit, bank=blueprint.bank, name=name, rows=rows, note=blueprint.note, actor=actor)
