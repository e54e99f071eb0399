"""Blueprints through their versions, draws with their proof, and papers frozen from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from quizzes.engine.keys import check_keys
from quizzes.enums import ItemState, Level, QuestionSource
from quizzes.errors import BlueprintError, DrawImpossibleError, ExamEmptyError, PaperCodesError
from quizzes.models import BlueprintVersion, Exam, ExamDraw, Item, ItemEnemy, ItemStatistics, ItemUse, Paper
from quizzes.queries.papers.compiled import paper_key
from quizzes.queries.papers.stock import limits_of, make_task, specs_of, stock_rows
from quizzes.services.papers.blueprints import copy_blueprint, create_blueprint, save_rows
from quizzes.services.papers.draws import draw_forms, latest_draw
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.quizzes import make_exam, make_learner

pytestmark = pytest.mark.django_db


def test_a_version_stays_as_it_was_once_something_was_drawn_from_it():
    blueprint = make_blueprint()
    actor = make_learner()
    first = blueprint.current
    rows = specs_of(first)
    assert save_rows(blueprint=blueprint, rows=rows, actor=actor) == first
    fewer = [replace(row, count=1) for row in rows]
    assert save_rows(blueprint=blueprint, rows=fewer, actor=actor) == first  # nothing drawn yet: the same version
    draw_forms(exam=make_drawn_exam(blueprint), actor=actor)
    second = save_rows(blueprint=blueprint, rows=rows, actor=actor)
    assert (second.number, specs_of(first), specs_of(second)) == (2, fewer, rows)
    assert BlueprintVersion.objects.filter(blueprint=blueprint).count() == 2


def test_wrong_rows_are_named_and_nothing_is_stored():
    blueprint = make_blueprint()
    stranger = make_blueprint().bank.topics.first()
    rows = specs_of(blueprint.current)
    wrong = [
        replace(rows[0], topic=stranger.pk),
        rows[1],
        replace(rows[2], count=0, points=Decimal(0), level="x", kind="y"),
    ]
    with pytest.raises(BlueprintError) as caught:
        save_rows(blueprint=blueprint, rows=wrong, actor=None)
    assert {name: len(texts) for name, texts in caught.value.fields.items()} == {"rows.1": 1, "rows.3": 4}
    assert specs_of(blueprint.current) == rows


def test_a_copy_has_a_name_of_its_own():
    blueprint = make_blueprint()
    names = [copy_blueprint(blueprint=blueprint, unit=blueprint.unit, actor=None).name for _ in range(2)]
    assert len({blueprint.name, *names}) == 3
    with pytest.raises(BlueprintError):
        create_blueprint(unit=blueprint.unit, bank=blueprint.bank, name=names[0], actor=None)


def test_subtopics_count_for_their_topic():
    blueprint = make_blueprint()
    topic = blueprint.bank.topics.first()
    child = blueprint.bank.topics.create(name="Con", parent=topic)
    Item.objects.filter(topic=topic).update(topic=child)
    task = make_task(blueprint.bank_id, specs_of(blueprint.current), limits_of(None))
    assert [len(cell.items) for cell in task.cells] == [6, 6, 6, 6]


def test_only_approved_items_are_drawn():
    blueprint = make_blueprint()
    items = list(Item.objects.filter(bank=blueprint.bank, level=Level.RECALL)[:5])
    Item.objects.filter(pk__in=[item.pk for item in items[:3]]).update(state=ItemState.RETIRED)
    task = make_task(blueprint.bank_id, specs_of(blueprint.current), limits_of(None))
    assert {item.pk for item in items[:3]} & set(task.candidates) == set()


def test_a_draw_fills_every_cell_and_keeps_the_proof():
    blueprint = make_blueprint(counts=2, each=6)
    exam = make_drawn_exam(blueprint, forms=3)
    made = draw_forms(exam=exam, actor=make_learner(), seed=5)
    assert made.proof["overlap"] == [[8, 0, 0], [0, 8, 0], [0, 0, 8]]
    assert [(cell["need"], cell["free"], cell["forms"]) for cell in made.proof["cells"]] == [(2, 6, [2, 2, 2])] * 4
    assert made.proof["points"] == "4.00"
    specs = specs_of(blueprint.current)
    items = Item.objects.in_bulk()
    for form in made.forms:
        for entry in form:
            item, spec = items[entry["item"]], specs[entry["row"] - 1]
            assert (item.topic_id, item.level, item.kind) == (spec.topic, spec.level, spec.kind)
            assert (entry["version"], entry["points"]) == (item.approved_version_id, "0.50")
    again = draw_forms(exam=exam, actor=make_learner(), seed=5)
    assert (again.number, again.forms) == (2, made.forms)


def test_enemies_never_meet_in_a_form():
    blueprint = make_blueprint(counts=2, each=3)
    first, second, _third = Item.objects.filter(bank=blueprint.bank, level=Level.RECALL).order_by("pk")[:3]
    ItemEnemy.objects.create(item_low=first, item_high=second)
    for seed in range(6):
        made = draw_forms(exam=make_drawn_exam(blueprint, forms=2), actor=None, seed=seed)
        for form in made.forms:
            assert not {first.pk, second.pk} <= {entry["item"] for entry in form}


def test_an_impossible_draw_says_why_and_what_would_do():
    exam = make_drawn_exam(make_blueprint(counts=4, each=6), forms=2, overlap=0)
    with pytest.raises(DrawImpossibleError) as caught:
        draw_forms(exam=exam, actor=None)
    assert len(caught.value.reasons) == 4
    assert "8" in caught.value.reasons[0]
    assert len(caught.value.ways) == 2
    assert not ExamDraw.objects.exists()


def test_items_of_recent_papers_rest():
    blueprint = make_blueprint(counts=2, each=6)
    other = make_drawn_exam(blueprint, forms=1, variants=1)
    freeze_papers(exam=other)
    used = set(ItemUse.objects.values_list("item_id", flat=True))
    assert len(used) == 8
    exam = make_drawn_exam(blueprint, forms=1, rest_days=90)
    task = make_task(blueprint.bank_id, specs_of(blueprint.current), limits_of(exam), besides=exam.pk)
    assert [(row.stock.free, row.stock.rested) for row in stock_rows(task, specs_of(blueprint.current))] == [(4, 2)] * 4
    assert not used & {entry["item"] for entry in draw_forms(exam=exam, actor=None).forms[0]}
    ItemUse.objects.update(used_on=dt.date(2020, 1, 1))
    task = make_task(blueprint.bank_id, specs_of(blueprint.current), limits_of(exam), besides=exam.pk)
    assert [row.stock.rested for row in stock_rows(task, specs_of(blueprint.current))] == [0] * 4


def test_difficulty_comes_from_the_statistics_of_the_version_that_would_be_asked():
    blueprint = make_blueprint(each=3)
    items = list(Item.objects.filter(bank=blueprint.bank).order_by("pk"))
    other = make_exam(questions=1)
    for item, asked, difficulty in ((items[0], 60, 0.25), (items[1], 5, 0.9)):
        ItemStatistics.objects.create(
            exam=other, version=item.approved_version, asked=asked, omitted=0, difficulty=difficulty
        )
    task = make_task(blueprint.bank_id, specs_of(blueprint.current), limits_of(None))
    known = {item: one.difficulty for item, one in task.candidates.items() if one.difficulty is not None}
    assert known == {items[0].pk: 0.25}  # five answers say nothing yet


def test_an_exam_without_rows_cannot_be_drawn():
    blueprint = make_blueprint()
    exam = make_drawn_exam(blueprint)
    save_rows(blueprint=blueprint, rows=[], actor=None)
    with pytest.raises(ExamEmptyError):
        draw_forms(exam=exam, actor=None)
    with pytest.raises(ExamEmptyError):
        draw_forms(exam=Exam.objects.create(unit=exam.unit, title="T", source=QuestionSource.RANDOM), actor=None)


def test_who_asks_twice_gets_one_draw(shared_db, at_once):
    exam = make_drawn_exam()
    both = at_once(*[lambda: draw_forms(exam=exam, actor=None, after=0)] * 3)
    assert {made.pk for made in both} == {ExamDraw.objects.get(exam=exam).pk}


def test_freezing_twice_at_once_makes_one_set(shared_db, at_once):
    exam = make_drawn_exam()
    assert at_once(*[lambda: freeze_papers(exam=exam)] * 3) == [1, 1, 1]
    assert Paper.objects.filter(exam=exam).count() == 4
    assert ExamDraw.objects.filter(exam=exam).count() == 1


def test_codes_share_the_forms_evenly_and_a_new_draw_makes_a_new_set():
    exam = make_drawn_exam(forms=2, variants=4)
    assert freeze_papers(exam=exam) == 1
    papers = list(Paper.objects.filter(exam=exam).order_by("pk"))
    assert [(paper.code, paper.form) for paper in papers] == [("101", 1), ("102", 2), ("103", 1), ("104", 2)]
    versions = [{entry["version"] for entry in paper.layout} for paper in papers]
    assert versions[0] == versions[2] != versions[1] == versions[3]
    made = latest_draw(exam)
    assert versions[0] == {entry["version"] for entry in made.forms[0]}
    assert sum(ItemUse.objects.filter(exam=exam, set_number=1).values_list("forms", flat=True)) == 16
    assert freeze_papers(exam=exam) == 1
    draw_forms(exam=exam, actor=None)
    assert freeze_papers(exam=exam) == 2


def test_own_codes_must_fit():
    exam = make_exam(questions=2, variants=2, codes="A1, B2")
    freeze_papers(exam=exam)
    assert list(Paper.objects.order_by("pk").values_list("code", flat=True)) == ["A1", "B2"]
    for codes in ("A1", "A1,A1", f"A1,{'x' * 13}"):
        Exam.objects.filter(pk=exam.pk).update(codes=codes)
        with pytest.raises(PaperCodesError):
            freeze_papers(exam=exam)


@pytest.mark.parametrize("forms", [1, 4])
def test_printed_keys_are_balanced_and_unlike(forms):
    exam = make_drawn_exam(make_blueprint(counts=5, each=20), forms=forms, variants=8)
    freeze_papers(exam=exam)
    papers = Paper.objects.filter(exam=exam)
    keys = {paper.code: [slot.key["correct"] for slot in paper_key(paper.pk, paper.seed).slots] for paper in papers}
    check = check_keys(keys)
    assert check.sound, check
    assert {len(letters) for letters in keys.values()} == {20}


def test_fixed_options_stay_though_keys_are_balanced():
    from quizzes.services.papers.exams import set_questions
    from tests.factories.quizzes import make_bank, make_exam_unit, make_item

    unit = make_exam_unit()
    bank = make_bank(unit)
    items = [make_item(bank, correct="d", fixed="d") for _ in range(3)] + [make_item(bank, fixed="d") for _ in range(9)]
    exam = Exam.objects.create(unit=unit, title="T", variants=6)
    set_questions(exam=exam, questions=[(item.current, Decimal(1)) for item in items])
    freeze_papers(exam=exam)
    for paper in Paper.objects.filter(exam=exam):
        assert {entry["options"][3] for entry in paper.layout} == {"d"}
        letters = [slot.key["correct"] for slot in paper_key(paper.pk, paper.seed).slots]
        assert sorted(letters) == ["a"] * 3 + ["b"] * 3 + ["c"] * 3 + ["d"] * 3
