"""Drawing the forms of an exam, and keeping the proof."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from quizzes.engine.blueprint import Form, Limits, Task, expected_points, overlap_matrix, problems_of
from quizzes.engine.drawing import draw
from quizzes.engine.feasibility import conflicts_of, relaxations_of
from quizzes.enums import QuestionSource
from quizzes.errors import BlueprintError, DrawImpossibleError, ExamEmptyError
from quizzes.models import Blueprint, BlueprintVersion, Exam, ExamDraw, Item
from quizzes.queries.papers.stock import (
    RowSpec,
    conflict_sentences,
    limits_of,
    make_task,
    relaxation_sentence,
    row_labels,
    specs_of,
)

SEED_BITS = 62


def rules_of(exam: Exam) -> Blueprint | None:
    """Return the blueprint that the exam is drawn from: the shared one, its own rules, or none for a fixed list."""
    if exam.source == QuestionSource.BLUEPRINT:
        return exam.blueprint
    if exam.source == QuestionSource.RANDOM:
        return Blueprint.objects.filter(exam=exam).select_related("current").first()
    return None


def draw_forms(*, exam: Exam, actor: Any, seed: int | None = None, after: int | None = None) -> ExamDraw:
    """Draw the exam's forms, check them, and store them with the proof.

    The search runs outside any lock; storing takes the exam's row. Whoever asks twice at once gets one draw.

    Args:
        exam: with ``source`` random or blueprint.
        actor: who draws.
        seed: for a draw that can be repeated; random when left out.
        after: the number of the last draw that the caller has seen; a newer one is given back instead of a second.

    Raises:
        ExamEmptyError: the exam has no blueprint, or it has no rows.
        DrawImpossibleError: no such forms; it says what stands against it and what would be enough.
    """
    blueprint = rules_of(exam)
    version = blueprint.current if blueprint else None
    specs = specs_of(version) if version else []
    if blueprint is None or version is None or not specs:
        raise ExamEmptyError(_("The exam “%(title)s” has no blueprint with rows yet.") % {"title": exam.title})
    if after is not None and (newer := _newest(exam, after)):
        return newer
    task = make_task(blueprint.bank_id, specs, limits_of(exam), besides=exam.pk)
    chosen = secrets.randbits(SEED_BITS) if seed is None else seed
    forms = draw(task, seed=chosen).forms
    if forms is None:
        raise _impossible(task, specs, blueprint.bank_id)
    if problems_of(task, forms):
        raise RuntimeError(f"the draw for exam {exam.pk} broke its own rules")  # never stored, whatever the solver says
    return _store(exam, version, (task, specs), forms, seed=chosen, actor=actor, after=after)


def _newest(exam: Exam, after: int) -> ExamDraw | None:
    return ExamDraw.objects.filter(exam=exam, number__gt=after).order_by("-number").first()


def _impossible(task: Task, specs: Sequence[RowSpec], bank_id: int) -> DrawImpossibleError:
    labels = row_labels(specs, bank_id)
    conflicts = conflicts_of(task)
    return DrawImpossibleError(
        _("The bank cannot give these forms."),
        reasons=conflict_sentences(task, labels, conflicts),
        ways=[relaxation_sentence(one, labels) for one in relaxations_of(task, seed=0)],
    )


@transaction.atomic
def _store(
    exam: Exam,
    version: BlueprintVersion,
    asked: tuple[Task, list[RowSpec]],
    forms: Sequence[Form],
    *,
    seed: int,
    actor: Any,
    after: int | None,
) -> ExamDraw:
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    if after is not None and (newer := _newest(locked, after)):
        return newer
    task, specs = asked
    if specs_of(BlueprintVersion.objects.select_for_update().get(pk=version.pk)) != specs:
        raise BlueprintError(_("The blueprint was changed while the forms were drawn. Draw again."))
    items = {item for form in forms for chosen in form.values() for item in chosen}
    versions = dict(Item.objects.filter(pk__in=items).values_list("pk", "approved_version_id"))
    last = ExamDraw.objects.filter(exam=locked).order_by("-number").values_list("number", flat=True).first() or 0
    made = ExamDraw.objects.create(
        exam=locked,
        number=last + 1,
        blueprint_version=version,
        seed=seed,
        limits=asdict(task.limits),
        forms=[_stored_form(task, form, versions) for form in forms],
        proof=_proof(task, forms),
        created_by=actor,
    )
    record(
        actor=actor,
        action="exam.draw",
        target=f"exam:{exam.pk}",
        data={"draw": made.number, "blueprint": version.pk, "seed": str(seed), "forms": len(forms)},
    )
    return made


def _stored_form(task: Task, form: Form, versions: Mapping[int, int | None]) -> list[dict[str, Any]]:
    return [
        {"row": cell.id, "item": item, "version": versions[item], "points": str(cell.points)}
        for cell in task.cells
        for item in form.get(cell.id, ())
    ]


def _proof(task: Task, forms: Sequence[Form]) -> dict[str, Any]:
    """Return what anyone can check: counts by cell and form, shared items, expected points, limits kept."""
    known = sum(one.difficulty is not None for one in task.candidates.values())
    return {
        "cells": [
            {
                "row": cell.id,
                "need": cell.count,
                "matching": len(cell.items),
                "free": len(task.open_items[cell.id]),
                "forms": [len(form.get(cell.id, ())) for form in forms],
            }
            for cell in task.cells
        ],
        "overlap": overlap_matrix(forms),
        "points": str(task.total_points),
        "expected": [round(expected_points(task, form), 4) for form in forms] if known else None,
        "target": round(task.target, 4) if known else None,
        "items_with_statistics": known,
        "enemies": len(task.enemies),
        "problems": [],
    }


def latest_draw(exam: Exam) -> ExamDraw | None:
    """Return the draw that the next freeze uses: the newest, if it still is what the exam asks for."""
    made = ExamDraw.objects.filter(exam=exam).select_related("blueprint_version").order_by("-number").first()
    blueprint = rules_of(exam)
    if made is None or blueprint is None or made.blueprint_version_id != blueprint.current_id:
        return None
    kept = asdict(Limits()) | made.limits  # limits that came later were not asked for
    return made if kept == asdict(limits_of(exam)) else None


def points_of(made: ExamDraw) -> Decimal:
    """Return the points of each form."""
    return sum((Decimal(entry["points"]) for entry in made.forms[0]), Decimal(0))
