"""Data for measuring: an exam of 40 questions, classes of 100 and 2,000 learners, ten years of a country."""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cms.models import ProgrammePage
from lms.classes.enums import ClassState
from lms.classes.models import ClassTally, Enrolment, TrainingClass
from lms.classes.services.classes import open_class
from lms.classes.services.enrolments import enrol_many
from lms.classes.services.tallies import shift
from lms.common.clock import now, today
from lms.completion.services.standings import refresh_standings
from lms.demo.bench.bank import large_bank
from lms.people.models import ApiToken, Profile, Unit, User
from lms.people.services.tokens import make_token
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, EditionItem, ProgrammeItem
from lms.programmes.services.freeze import freeze_edition
from lms.progress.models import ItemProgress, ItemState
from lms.reports.services.settling import mark_all, settle
from quizzes.models import Exam, ItemBank
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions

YEARS, CLASSES_A_YEAR, LEARNERS_A_CLASS = 10, 76_100, 55
RUNNING = 1500  # classes that run at once
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Data:
    learners: list[User]
    tokens: list[str]
    enrolments: list[Enrolment]
    lesson_item: int
    exam_item: int
    small_class: TrainingClass
    large_class: TrainingClass
    huge_class: TrainingClass
    manager: User
    more: More | None


@dataclass(frozen=True, slots=True)
class More:
    """Data that only the flows of the staff need."""

    roster_file: SimpleUploadedFile
    bank_id: int
    officer: User


def build(say: Any, *, study_only: bool = False) -> Data:
    """Add the measured data to a database that holds the demo; with ``study_only`` what learners' flows need."""
    manager = User.objects.get(username="quanly")
    home = manager.memberships.select_related("unit").first().unit
    say("An exam of 40 questions …")
    edition = _edition(home, manager)
    say("2,000 learners …")
    learners = _learners(2000, home)
    large = _class(edition, home, "Lớp đo 2.000", 2000, manager)
    enrol_many(training_class=large, learner_ids=[user.pk for user in learners], actor=manager)
    small = _class(edition, home, "Lớp đo 100", 100, manager)
    enrol_many(training_class=small, learner_ids=[user.pk for user in learners[:100]], actor=manager)
    huge = _class(edition, home, "Lớp đo 10.000", 10_000, manager)
    enrolments = list(Enrolment.objects.filter(training_class=large).select_related("learner").order_by("learner_id"))
    _read(enrolments, edition)
    _read(list(Enrolment.objects.filter(training_class=small)), edition)
    items = EditionItem.objects.filter(edition=edition).order_by("position")
    more = None if study_only else _more(say, home, edition)
    tokens = [make_token(user=enrolment.learner)[1] for enrolment in enrolments[:400]]
    ApiToken.objects.update(last_used_at=now())  # a client that works: the use is noted once in a while, not each time
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself some minutes after a load
    return Data(
        learners=[enrolment.learner for enrolment in enrolments],
        tokens=tokens,
        enrolments=enrolments,
        lesson_item=items.filter(kind=ItemKind.LESSON)[0].pk,
        exam_item=items.get(kind=ItemKind.EXAM, required=True).pk,
        small_class=small,
        large_class=large,
        huge_class=huge,
        manager=manager,
        more=more,
    )


def _more(say: Any, home: Unit, edition: Edition) -> More:
    say("A bank of 5,000 questions …")
    officer = User.objects.get(username="khaothi")
    bank = large_bank(home, officer)
    say("Ten years of the country …")
    _country(edition)
    return More(roster_file=_roster(10_000), bank_id=bank.pk, officer=officer)


def _edition(unit: Unit, author: User) -> Edition:
    """The awareness programme once more, with a final test of 40 questions."""
    page = ProgrammePage.objects.get(slug="nhan-thuc-ve-dang")
    bank = ItemBank.objects.create(unit=unit, name="Ngân hàng đo")
    questions = []
    for number in range(40):
        item = create_item(
            bank=bank,
            kind="single_choice",
            stem=f"Câu hỏi đo số {number + 1}: theo văn bản đã học, phương án nào sau đây là đúng và đầy đủ nhất?",
            content={"options": [{"id": one, "html": f"Phương án {one}, đủ dài như thật"} for one in "abcd"]},
            key={"correct": "abcd"[number % 4]},
            author=author,
        )
        assert item.current is not None
        questions.append((item.current, Decimal(1)))
    planned = ProgrammeItem.objects.get(programme=page, required=True, kind=ItemKind.EXAM)
    exam = planned.exam
    assert exam is not None
    Exam.objects.filter(pk=exam.pk).update(max_attempts=2, review="key")
    set_questions(exam=exam, questions=questions)
    return freeze_edition(programme=page, actor=author, note="Phiên bản đo")


def _learners(count: int, home: Unit) -> list[User]:
    users = [
        User(username=f"do{number:05d}", family_name="Nguyễn", middle_name="Văn", given_name=f"Đo {number}")
        for number in range(count)
    ]
    for user in users:
        user.set_unusable_password()
        user.derive()
    made = User.objects.bulk_create(users, batch_size=BATCH)
    Profile.objects.bulk_create([Profile(user=user, unit=home) for user in made], batch_size=BATCH)
    return made


def _class(edition: Edition, unit: Unit, name: str, capacity: int, actor: User) -> TrainingClass:
    day = today()
    return open_class(
        edition=edition,
        unit=unit,
        name=name,
        starts_on=day - dt.timedelta(days=3),
        ends_on=day + dt.timedelta(days=30),
        actor=actor,
        capacity=capacity,
    ).training_class


def _read(enrolments: list[Enrolment], edition: Edition) -> None:
    """Let everybody have read three lessons, so that pages show something."""
    moment = now()
    lessons = list(EditionItem.objects.filter(edition=edition, kind=ItemKind.LESSON).order_by("position"))[1:4]
    ItemProgress.objects.bulk_create(
        [
            ItemProgress(
                enrolment=enrolment,
                item=lesson,
                state=ItemState.DONE,
                position=1,
                furthest=1,
                seconds=600,
                started_at=moment,
                updated_at=moment,
                done_at=moment,
            )
            for enrolment in enrolments
            for lesson in lessons
        ],
        batch_size=BATCH,
    )
    refresh_standings(enrolment_ids=[enrolment.pk for enrolment in enrolments])


def _country(edition: Edition) -> None:
    """Tallies of ten years at every centre: this year class by class, the years before in few large classes.

    Past years are given a large class a centre instead of their 76,100 rows each, with the same enrolments, so that
    building them takes seconds; what the report reads of a settled year is the same. Afterwards 1,500 classes of this
    year move, as many as run at once, and are not settled yet: the report is measured at its worst minute.
    """
    rng = random.Random(7)  # noqa: S311 (made-up figures)
    centres = list(Unit.objects.current().filter(kind="centre").order_by("path"))
    year = today().year
    rows: list[TrainingClass] = []
    learners: list[int] = []
    for back in range(YEARS):
        count = CLASSES_A_YEAR if back == 0 else len(centres)
        size = LEARNERS_A_CLASS * CLASSES_A_YEAR // count
        for number in range(count):
            first = dt.date(year - back, rng.randint(1, 10), rng.randint(1, 28))
            rows.append(
                TrainingClass(
                    edition=edition,
                    unit=centres[number % len(centres)],
                    name=f"Đo {number}",
                    state=ClassState.RECOGNISED,
                    year=year - back,
                    starts_on=first,
                    ends_on=first + dt.timedelta(days=5),
                )
            )
            learners.append(size)
    TrainingClass.objects.bulk_create(rows, batch_size=BATCH)
    ClassTally.objects.bulk_create(
        [_tally(row.pk, size) for row, size in zip(rows, learners, strict=True)], batch_size=BATCH
    )
    mark_all()
    settle()
    for row in rows[:RUNNING]:
        shift(class_id=row.pk, slot=0, changes={"failed": -1, "completed": 1})


def _tally(class_id: int, size: int) -> ClassTally:
    completed = size * 88 // 100
    good = completed // 2
    return ClassTally(
        training_class_id=class_id,
        slot=0,
        completed=completed,
        failed=size - completed,
        good=good,
        very_good=completed - good,
        theory_done=completed,
        professional_done=completed,
    )


_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Xuân", "Kim")
_GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Nam", "Thảo")


def _roster(count: int) -> SimpleUploadedFile:
    """A list of learners as offices send it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Đơn vị / Chi bộ", "Số CCCD"])
        for number in range(count):
            sheet.write_row(
                number + 1,
                0,
                [
                    number + 1,
                    f"{_FAMILY[number % 10]} {_MIDDLE[number // 10 % 10]} {_GIVEN[number // 100 % 10]}",
                    f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/{1975 + number % 25}",
                    "Nữ" if number % 2 else "Nam",
                    "Bí thư chi bộ",
                    f"Chi bộ thôn {number % 40}",
                    f"0{number:011d}",
                ],
            )
    return SimpleUploadedFile("danh-sach.xlsx", buffer.getvalue())
