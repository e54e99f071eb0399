"""Freezing a programme into an edition."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cms.models import LessonPage, ModulePage
from lms.audit.models import AuditEntry
from lms.common.models import ImmutableRowError
from lms.programmes.models import Edition, EditionItem, ProgrammeItem
from lms.programmes.queries import OutlineItem, OutlineModule, outline
from lms.programmes.rules import BandRule, EditionRules, InvalidRulesError
from lms.programmes.services.differences import Difference
from lms.programmes.services.freeze import (
    NothingChangedError,
    NotReadyError,
    ProgrammeGoneError,
    freeze_edition,
    preview_freeze,
)
from tests.factories.exams_for_programmes import add_question, make_small_exam
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_lesson_page, make_module_page, make_programme_page, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def programme(unit):
    return make_programme_page(
        unit,
        title="Bồi dưỡng đảng viên mới",
        modules=(("theory", "Lý luận", ("Bài 1", "Bài 2")), ("professional", "Nghiệp vụ", ("Bài 3",))),
    )


def module_of(programme, title):
    return ModulePage.objects.child_of(programme).get(title=title)


def lesson_of(programme, title):
    return LessonPage.objects.descendant_of(programme).get(title=title)


def plan_exam(programme, exam, *, module="Nghiệp vụ", after=None, **fields):
    return ProgrammeItem.objects.create(
        programme=programme,
        module=module_of(programme, module),
        after_lesson=after,
        kind="exam",
        title=exam.title,
        exam=exam,
        **{"counts": True, **fields},
    )


def plan_session(programme, title, *, module="Lý luận", after=None, **fields):
    return ProgrammeItem.objects.create(
        programme=programme,
        module=module_of(programme, module),
        after_lesson=after,
        kind="session",
        title=title,
        **{"periods": 4, **fields},
    )


def listed(edition):
    return [
        (item.position, item.module.title, item.kind, item.title, item.periods, item.required, item.counts)
        for item in EditionItem.objects.filter(edition=edition).select_related("module").order_by("position")
    ]


def test_an_edition_holds_lessons_and_planned_items_in_order(programme, unit, editor):
    exam = make_small_exam(unit)
    plan_exam(programme, exam)
    plan_session(programme, "Thảo luận", after=lesson_of(programme, "Bài 1"), required=False)
    plan_session(programme, "Giải đáp")

    edition = freeze_edition(programme=programme, actor=editor, note="Năm 2026")

    assert listed(edition) == [
        (1, "Lý luận", "lesson", "Bài 1", 4, True, False),
        (2, "Lý luận", "session", "Thảo luận", 4, False, False),
        (3, "Lý luận", "lesson", "Bài 2", 4, True, False),
        (4, "Lý luận", "session", "Giải đáp", 4, True, False),
        (5, "Nghiệp vụ", "lesson", "Bài 3", 4, True, False),
        (6, "Nghiệp vụ", "exam", "Bài kiểm tra", 0, True, True),
    ]
    assert (edition.number, edition.title, edition.note, edition.frozen_by) == (
        1,
        "Bồi dưỡng đảng viên mới",
        "Năm 2026",
        editor,
    )
    assert edition.items.get(kind="exam").set_number == 1
    assert list(AuditEntry.objects.values_list("actor", "action", "target", "stream", "data")) == [
        (
            editor.pk,
            "edition.frozen",
            f"edition:{edition.pk}",
            f"programme:{programme.pk}",
            {"programme": programme.pk, "number": 1, "digest": edition.digest, "note": "Năm 2026"},
        )
    ]


def test_the_rules_default_to_the_regulation(programme, editor):
    edition = freeze_edition(programme=programme, actor=editor)
    edition.refresh_from_db()
    assert (edition.pass_mark, edition.attendance_share, edition.certificate_rule, edition.bands) == (
        Decimal(5),
        Decimal("0.8"),
        "on_completion",
        [
            {"code": "average", "from": "5"},
            {"code": "good", "from": "7"},
            {"code": "very_good", "from": "8"},
            {"code": "excellent", "from": "9"},
        ],
    )


def test_rules_of_an_edition_are_kept_for_the_next(programme, editor):
    rules = EditionRules(
        pass_mark=Decimal(6),
        attendance_share=Decimal("0.5"),
        bands=(BandRule("average", Decimal(6)), BandRule("good", Decimal("8.5"))),
        certificate_rule="on_decision",
        min_seconds=60,
    )
    first = freeze_edition(programme=programme, actor=editor, rules=rules)
    assert list(first.items.values_list("min_seconds", flat=True)) == [60, 60, 60]
    assert preview_freeze(programme).rules == rules


@pytest.mark.parametrize(
    ("rules", "fields"),
    [
        (EditionRules(pass_mark=Decimal(11)), ["bands", "pass_mark"]),
        (EditionRules(pass_mark=Decimal(6)), ["bands"]),
        (EditionRules(attendance_share=Decimal("1.1")), ["attendance_share"]),
        (EditionRules(bands=()), ["bands"]),
        (EditionRules(bands=(BandRule("average", Decimal(5)), BandRule("good", Decimal(5)))), ["bands"]),
        (EditionRules(bands=(BandRule("average", Decimal(5)), BandRule("average", Decimal(7)))), ["bands"]),
        (EditionRules(bands=(BandRule("average", Decimal(5)), BandRule("good", Decimal(11)))), ["bands"]),
        (EditionRules(bands=(BandRule("superb", Decimal(5)),)), ["bands"]),
        (EditionRules(certificate_rule="sometimes"), ["certificate_rule"]),
        (EditionRules(min_seconds=-1), ["min_seconds"]),
    ],
)
def test_contradicting_rules_are_refused(programme, editor, rules, fields):
    with pytest.raises(InvalidRulesError) as caught:
        freeze_edition(programme=programme, actor=editor, rules=rules)
    assert sorted(caught.value.fields) == fields
    assert not Edition.objects.exists()


def test_drafts_stay_out_and_are_told(programme, editor):
    make_lesson_page(module_of(programme, "Lý luận"), title="Bản nháp", live=False)
    hidden = make_module_page(programme, title="Ẩn", lessons=["Trong mô đun ẩn"])
    hidden.unpublish()
    changed = lesson_of(programme, "Bài 1")
    changed.title = "Bài 1 (mới)"
    changed.save_revision()

    preview = preview_freeze(programme)

    assert [(problem.code, problem.blocking) for problem in preview.problems] == [
        ("unpublished_changes", False),
        ("drafts", False),
    ]
    assert [[item.title for item in module.items] for module in preview.modules] == [["Bài 1", "Bài 2"], ["Bài 3"]]
    assert [row[3] for row in listed(freeze_edition(programme=programme, actor=editor))] == ["Bài 1", "Bài 2", "Bài 3"]


def test_a_programme_without_lessons_is_not_frozen(unit, editor):
    empty = make_programme_page(unit, modules=(("theory", "Trống", ()),))
    with pytest.raises(NotReadyError) as caught:
        freeze_edition(programme=empty, actor=editor)
    assert [problem.code for problem in caught.value.problems] == ["no_lesson", "empty_module"]
    assert preview_freeze(empty).can_freeze is False
    assert not Edition.objects.exists()


def test_an_exam_without_questions_is_not_frozen(programme, unit, editor):
    plan_exam(programme, make_small_exam(unit, questions=0))
    with pytest.raises(NotReadyError) as caught:
        freeze_edition(programme=programme, actor=editor)
    assert [problem.code for problem in caught.value.problems] == ["empty_exam"]
    assert not Edition.objects.exists()


def test_the_same_edition_is_not_made_twice(programme, unit, editor):
    plan_exam(programme, make_small_exam(unit))
    first = freeze_edition(programme=programme, actor=editor)
    assert preview_freeze(programme).differences == ()
    with pytest.raises(NothingChangedError):
        freeze_edition(programme=programme, actor=editor, note="Một ghi chú khác không làm nên ấn bản mới")
    assert list(Edition.objects.all()) == [first]
    assert AuditEntry.objects.count() == 1


def test_new_text_of_a_lesson_is_no_new_edition(programme, editor):
    freeze_edition(programme=programme, actor=editor)
    lesson = lesson_of(programme, "Bài 1")
    lesson.body = [{"type": "text", "value": "<p>Nội dung mới</p>"}]
    publish(lesson)
    with pytest.raises(NothingChangedError):
        freeze_edition(programme=programme, actor=editor)


def test_differences_from_the_last_edition(programme, unit, editor):
    exam = make_small_exam(unit)
    plan_exam(programme, exam)
    session = plan_session(programme, "Thảo luận")
    freeze_edition(programme=programme, actor=editor)

    session.delete()
    add_question(exam)
    first = lesson_of(programme, "Bài 1")
    first.periods = 5
    publish(first)
    lesson_of(programme, "Bài 3").move(module_of(programme, "Lý luận"), pos="first-child")
    make_lesson_page(module_of(programme, "Nghiệp vụ"), title="Bài 4")
    rules = EditionRules(attendance_share=Decimal("0.75"))
    with translation.override("en"):
        preview = preview_freeze(programme, rules)

    assert preview.differences == (
        Difference("removed", "Thảo luận"),
        Difference("added", "Bài 4"),
        Difference("moved", "Bài 3", "module", "Nghiệp vụ", "Lý luận"),
        Difference("changed", "Bài 1", "periods", "4", "5"),
        Difference("changed", "Bài kiểm tra", "questions", "2", "3"),
        Difference("changed", "Rules of completion", "share of periods to attend", "0.8", "0.75"),
    )
    second = freeze_edition(programme=programme, actor=editor, rules=rules)
    assert (second.number, second.items.get(kind="exam").set_number) == (2, 2)
    assert [row[3] for row in listed(second)] == ["Bài 3", "Bài 1", "Bài 2", "Bài 4", "Bài kiểm tra"]


def test_only_what_moved_is_told_as_moved(unit, editor):
    programme = make_programme_page(unit, modules=(("theory", "Lý luận", ("A", "B", "C", "D")),))
    freeze_edition(programme=programme, actor=editor)
    lesson_of(programme, "D").move(module_of(programme, "Lý luận"), pos="first-child")
    assert preview_freeze(programme).differences == (Difference("moved", "D"),)


def test_an_edition_never_changes(programme, editor):
    edition = freeze_edition(programme=programme, actor=editor)
    with pytest.raises(ImmutableRowError):
        edition.save()
    with pytest.raises(ImmutableRowError):
        edition.items.first().delete()
    with pytest.raises(ImmutableRowError):
        Edition.objects.all().delete()


def test_a_deleted_programme_is_a_domain_error(programme, editor):
    stale = type(programme).objects.get(pk=programme.pk)
    programme.delete()
    with pytest.raises(ProgrammeGoneError):
        freeze_edition(programme=stale, actor=editor)


def test_the_programme_row_is_locked_before_anything_is_written(programme, editor):
    with CaptureQueriesContext(connection) as captured:
        freeze_edition(programme=programme, actor=editor)
    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    writes = [index for index, sql in enumerate(statements) if sql.startswith(("INSERT", "UPDATE"))]
    reads = [index for index, sql in enumerate(statements) if "cms_programmepage" in sql]
    assert reads[0] < writes[0]
    if connection.vendor == "postgresql":
        assert "FOR NO KEY UPDATE" in statements[reads[0]]


def test_outline_of_an_edition(programme, unit, editor, django_assert_num_queries):
    exam = make_small_exam(unit)
    plan_exam(programme, exam, weight=Decimal("2.5"))
    edition = freeze_edition(programme=programme, actor=editor, rules=EditionRules(min_seconds=30))
    items = list(edition.items.order_by("position"))
    modules = list(edition.modules.order_by("position"))

    def lesson(item, title):
        return OutlineItem(
            id=item.pk,
            position=item.position,
            kind="lesson",
            title=title,
            periods=4,
            required=True,
            counts=False,
            weight=Decimal(1),
            min_seconds=30,
            lesson_id=lesson_of(programme, title).pk,
            exam_id=None,
            set_number=None,
        )

    last = OutlineItem(
        id=items[3].pk,
        position=4,
        kind="exam",
        title="Bài kiểm tra",
        periods=0,
        required=True,
        counts=True,
        weight=Decimal("2.5"),
        min_seconds=0,
        lesson_id=None,
        exam_id=exam.pk,
        set_number=1,
    )
    expected = (
        OutlineModule(modules[0].pk, 1, "theory", "Lý luận", (lesson(items[0], "Bài 1"), lesson(items[1], "Bài 2"))),
        OutlineModule(modules[1].pk, 2, "professional", "Nghiệp vụ", (lesson(items[2], "Bài 3"), last)),
    )
    with django_assert_num_queries(2):
        assert outline(edition.pk) == expected
    with django_assert_num_queries(0):
        assert outline(edition.pk) == expected


def test_outline_of_an_unknown_edition_is_empty_and_not_remembered():
    assert outline(999) == ()
