"""The flows, in the order of docs/performance.md, each with the budget and the peer's cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from lms.demo.bench.data import Data, More
from lms.demo.bench.measure import Bare, Caller, HttpAnswer, Measured, cpu_with_children, measure, measure_once
from lms.exams.models import Attempt
from quizzes.models import Item


@dataclass(frozen=True, slots=True)
class Flow:
    """One row of the table. ``budget``: CPU ms, SQL (``None``: not bounded). ``peer``: CPU ms of Moodle 4.5."""

    name: str
    budget_cpu_ms: float | None
    budget_sql: int | None
    peer_cpu_ms: float | None
    run: Callable[[], Measured]


def flows(data: Data, application: WSGIHandler, bare: Bare) -> Iterator[Flow]:
    """Yield every flow, ready to run, as far as ``data`` was made for it."""
    study = Study(data, application, bare)
    yield Flow("learner's dashboard", 9, 8, 97, study.dashboard)
    yield Flow("lesson page, with progress written", 7, 8, 77, study.lesson)
    yield Flow("start an attempt", 6, 8, 95, study.start)
    yield Flow("paper of 40 questions", 3, 3, 130, study.paper)
    yield Flow("save one answer", 1.5, 2, 30, study.save)
    yield Flow("hand in and grade 40 answers", 10, 12, 106, study.submit)
    yield Flow("review, 40 questions", 10, 8, 165, study.review)
    if data.more is None:
        return
    bank = Bank(data.more, application, bare)
    yield Flow("item bank of 5,000, first page", 60, 20, None, bank.list)
    yield Flow("search in a bank of 5,000", 60, 20, None, bank.search)
    yield Flow("near-duplicates of one question among 5,000", 50, 3, None, bank.near)
    yield Flow("24 forms of 40 drawn from 5,000", 2_000, 8, None, bank.draw)
    office = Office(data, data.more, application, bare)
    yield Flow("gradebook, 100 learners", 28, 12, 280, office.gradebook)
    yield Flow("grades to XLSX, 2,000 learners", 450, None, 4518, office.grades_file)
    yield Flow("import of 10,000 learners from Excel, enrolled", 10_000, None, 260_000, office.roster)
    yield Flow("roll-up, whole country, 10 years", 20, None, 190, office.rollup)
    files = Files(data, bare)
    yield Flow("import of 500 questions from Word", 6_000, None, None, files.word)
    yield Flow("import of 1,000 questions from Moodle XML", 4_000, None, 4_700, files.moodle)
    yield Flow("first visit, bytes over the wire", None, None, None, office.first_visit)


class Study:
    """Flows of learners. Each call of a writing flow is made by another learner, as on an exam day."""

    def __init__(self, data: Data, application: WSGIHandler, bare: Bare) -> None:
        self.data = data
        self._measure = partial(measure, bare=bare)
        self.callers = [Caller(application, user=user) for user in data.learners[:400]]
        self.api = [Caller(application, token=token) for token in data.tokens[:400]]
        self.enrolments = data.enrolments

    def dashboard(self) -> Measured:
        return self._measure(lambda n: self.callers[n]("GET", reverse("learner:home")), runs=60)

    def lesson(self) -> Measured:
        """Opening the page notes that the learner is there, and is the first view for each learner."""

        def call(n: int) -> HttpAnswer:
            address = reverse("learner:item", args=[self.enrolments[n].pk, self.data.lesson_item])
            return self.callers[n]("GET", address)

        return self._measure(call, runs=60)

    def _start(self, n: int) -> HttpAnswer:
        address = reverse("api:item-attempts", args=[self.enrolments[n].pk, self.data.exam_item])
        return self.api[n]("POST", address, {})

    def start(self) -> Measured:
        return self._measure(self._start, runs=120)

    def _attempt(self, n: int) -> Attempt:
        return Attempt.objects.get(enrolment_id=self.enrolments[n].pk, item_id=self.data.exam_item, number=1)

    def paper(self) -> Measured:
        ids = [self._attempt(n).pk for n in range(60)]
        return self._measure(lambda n: self.api[n % 60]("GET", f"/api/v1/attempts/{ids[n % 60]}/paper/"), runs=100)

    def save(self) -> Measured:
        ids = [self._attempt(n).pk for n in range(60)]

        def call(n: int) -> HttpAnswer:
            body = {"responses": [{"slot": n % 40 + 1, "answer": {"choice": "a"}, "seq": n + 1}]}
            return self.api[n % 60]("PUT", f"/api/v1/attempts/{ids[n % 60]}/responses/", body)

        return self._measure(call, runs=300, warm=60)

    def submit(self) -> Measured:
        ids = [self._attempt(n).pk for n in range(60)]
        for n, pk in enumerate(ids):
            answers = [{"slot": slot, "answer": {"choice": "b"}, "seq": 10_000 + slot} for slot in range(1, 41)]
            self.api[n]("PUT", f"/api/v1/attempts/{pk}/responses/", {"responses": answers})
        # Each of the four papers is graded once before: a process keeps their keys over an exam day.
        return self._measure(lambda n: self.api[n]("POST", f"/api/v1/attempts/{ids[n]}/submit/", {}), runs=50, warm=8)

    def review(self) -> Measured:
        ids = [self._attempt(n).pk for n in range(55)]
        return self._measure(lambda n: self.api[n % 55]("GET", f"/api/v1/attempts/{ids[n % 55]}/review/"), runs=60)


class Bank:
    """Flows of authors and exam officers in a bank of 5,000 questions."""

    def __init__(self, data: More, application: WSGIHandler, bare: Bare) -> None:
        self._measure = partial(measure, bare=bare)
        self.officer = Caller(application, user=data.officer)
        self.bank_id = data.bank_id

    def list(self) -> Measured:
        return self._measure(lambda _n: self.officer("GET", reverse("exams:bank", args=[self.bank_id])), runs=20)

    def search(self) -> Measured:
        address = f"{reverse('exams:bank', args=[self.bank_id])}?q=cong+tac+dan+van&level=apply"
        return self._measure(lambda _n: self.officer("GET", address), runs=20)

    def near(self) -> Measured:
        """Looking for questions near a new one, as while somebody types."""
        from quizzes.services.bank.duplicates import near

        stem = "Theo văn kiện số 77, chi bộ lãnh đạo công tác dân vận ở cơ sở, đảng viên thực hiện nghị quyết gì?"

        def call(_n: int) -> None:
            near(Item.objects.filter(bank_id=self.bank_id), stem)

        return self._measure(call, runs=30)

    def draw(self) -> Measured:
        """24 forms of 40 items out of 5,000, with the reading of the bank: 20 topics × 4 levels, no two forms alike."""
        from decimal import Decimal

        from quizzes.engine.blueprint import Limits, problems_of
        from quizzes.engine.drawing import draw
        from quizzes.enums import Level
        from quizzes.models import Topic
        from quizzes.queries.papers.stock import RowSpec, make_task

        topics = list(Topic.objects.filter(bank_id=self.bank_id).values_list("pk", flat=True))
        levels = list(Level.values)
        specs = [
            RowSpec(topic, levels[(index + part) % len(levels)], "single_choice", 1, Decimal("0.25"))
            for index, topic in enumerate(topics)
            for part in (0, 2)
        ]
        limits = Limits(forms=24, overlap=0, rest_days=90, max_uses=3, tolerance=0.03)

        def call(number: int) -> None:
            task = make_task(self.bank_id, specs, limits)
            forms = draw(task, seed=number).forms
            if forms is None or problems_of(task, forms):
                raise RuntimeError("the draw failed")

        return self._measure(call, runs=5, warm=1)


class Office:
    """Flows of lecturers and managers."""

    def __init__(self, data: Data, more: More, application: WSGIHandler, bare: Bare) -> None:
        self.data = data
        self.more = more
        self.bare = bare
        self._measure = partial(measure, bare=bare)
        self.anyone = Caller(application)
        self.manager = Caller(application, user=data.manager)

    def gradebook(self) -> Measured:
        return self._measure(
            lambda _n: self.manager("GET", f"/api/v1/classes/{self.data.small_class.pk}/gradebook/"), runs=20
        )

    def grades_file(self) -> Measured:
        from lms.gradebook.exports import grades_xlsx

        def call(_n: int) -> None:
            grades_xlsx(self.data.large_class)

        return self._measure(call, runs=3, warm=1)

    def roster(self) -> Measured:
        """Read, check, make accounts, enrol: the whole way of one file (once; it cannot be repeated)."""
        from lms.classes.services import roster

        def call() -> None:
            rows = roster.read_file(self.more.roster_file)
            preview = roster.preview(training_class=self.data.huge_class, rows=rows, actor=self.data.manager)
            done = roster.carry_out(roster_import=preview, actor=self.data.manager)
            if done.enrolled != 10_000:
                raise RuntimeError(f"{done.enrolled} of 10,000 were enrolled")

        return measure_once(call, bare=self.bare)

    def rollup(self) -> Measured:
        """The query behind the page, whole country by province over all years."""
        from lms.people.models import Unit
        from lms.reports.queries import Filters, rollup

        root = Unit.objects.get(depth=1)

        def call(_n: int) -> None:
            total = rollup(unit=root, filters=Filters(), group_by="unit").total
            if total.enrolled < 40_000_000:
                raise RuntimeError(f"only {total.enrolled} enrolments are in the tallies")

        return self._measure(call, runs=20)

    def first_visit(self) -> Measured:
        """The front page with its style sheets, scripts, fonts and icons, compressed; without the page's own images."""
        page = self.anyone("GET", "/")
        measured = self._measure(lambda _n: self.anyone("GET", "/"), runs=10)
        assets = sorted(set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', page.body)))
        size = measured.bytes + sum(_asset_size(self.anyone, asset.decode()) for asset in assets)
        return replace(measured, bytes=size)


class Files:
    """Question files: read, checked, compared with the bank and imported; each once, it cannot be repeated."""

    def __init__(self, data: Data, bare: Bare) -> None:
        self.data = data
        self.bare = bare

    def word(self) -> Measured:
        return self._import("de.docx", 500, "word")

    def moodle(self) -> Measured:
        return self._import("de.xml", 1000, "moodle_xml")

    def _import(self, name: str, count: int, form: str) -> Measured:
        from django.core.files.uploadedfile import SimpleUploadedFile

        from lms.demo.bench.questions import question_file
        from quizzes.models import ItemBank
        from quizzes.services import imports

        bank = ItemBank.objects.create(
            unit=ItemBank.objects.order_by("pk")[0].unit, name=f"Ngân hàng nhập {form}", code_prefix=form[0].upper()
        )
        upload = SimpleUploadedFile(name, question_file(count, form))

        def call() -> None:
            batch = imports.start_import(bank=bank, file=upload, actor=self.data.manager)
            imports.read_import(batch.pk)  # a large file would wait for its task
            made = imports.commit_import(batch=batch, actor=self.data.manager)
            if made != count:
                raise RuntimeError(f"{made} of {count} questions were imported")

        return measure_once(call, bare=self.bare, clock=cpu_with_children)


def _asset_size(caller: Caller, address: str) -> int:
    from lms.demo.bench.measure import _wire_size

    answer = caller("GET", address)
    return _wire_size(answer)
