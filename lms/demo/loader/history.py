"""The work of a class's learners by today: progress, attendance, tests and where that leaves them.

Rows are written in bulk with the dates they would have had, but nothing is made up about their meaning: tests are
graded by the exam engine and standings folded by the same fold as in daily work.
"""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.enums import ModuleKind
from lms.attendance.models import AttendanceRecord, AttendanceStatus
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassSession, Enrolment, TrainingClass
from lms.common.clock import now
from lms.completion.facts import outcome_of
from lms.demo.loader.answers import Temper, made_up_answer, tempers_of
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, AttemptResult, Response
from lms.gradebook.fold import MarkEntry
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.queries.deeds import Deeds
from lms.programmes.enums import ItemKind
from lms.programmes.queries import OutlineItem, outline
from lms.progress.models import ItemProgress, ItemState
from quizzes.engine.grading import grade_attempt
from quizzes.engine.receipt import receipt
from quizzes.enums import ExamPurpose
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import paper_key

BATCH = 2000


@dataclass(slots=True)
class Batch:
    """Rows of a whole load, written together at the end."""

    progress: list[ItemProgress] = field(default_factory=list)
    attendance: list[AttendanceRecord] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    # parallel to ``attempts``: the answers, the graded outcome and whether the final counts
    answers: list[dict[int, Any]] = field(default_factory=list)
    points: list[dict[str, str]] = field(default_factory=list)
    counted: list[bool] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)

    def write(self) -> None:
        """Insert everything, parents first."""
        ItemProgress.objects.bulk_create(self.progress, batch_size=BATCH)
        AttendanceRecord.objects.bulk_create(self.attendance, batch_size=BATCH)
        Attempt.objects.bulk_create(self.attempts, batch_size=BATCH)
        responses, results, ledger = [], [], []
        for attempt, answers, points, counted in zip(
            self.attempts, self.answers, self.points, self.counted, strict=True
        ):
            moment, score = attempt.submitted_at, attempt.score
            assert moment is not None
            assert score is not None
            pace = (moment - attempt.started_at) / max(len(answers), 1)
            responses += [
                Response(
                    attempt=attempt, slot=slot, answer=answer, seq=slot, saved_at=attempt.started_at + pace * number
                )
                for number, (slot, answer) in enumerate(answers.items(), start=1)
            ]
            results.append(
                AttemptResult(
                    attempt=attempt,
                    number=1,
                    points=points,
                    score=score,
                    max_score=attempt.max_score,
                    graded_at=moment,
                )
            )
            if counted:
                assert attempt.enrolment_id is not None
                ledger.append(
                    LedgerEntry(
                        enrolment_id=attempt.enrolment_id,
                        item_id=attempt.item_id,
                        source=LedgerSource.EXAM,
                        attempt=attempt,
                        points=score,
                        max_points=attempt.max_score,
                        at=moment,
                    )
                )
        Response.objects.bulk_create(responses, batch_size=BATCH)
        AttemptResult.objects.bulk_create(results, batch_size=BATCH)
        LedgerEntry.objects.bulk_create(ledger, batch_size=BATCH)
        Enrolment.objects.bulk_update(
            self.enrolments,
            [
                "status",
                "percent",
                "score",
                "band",
                "next_item",
                "started_at",
                "completed_at",
                "completed_by_rules",
                "last_activity_at",
                "theory_done",
                "professional_done",
            ],
            batch_size=500,
        )


@dataclass(frozen=True, slots=True)
class ClassSetting:
    """Values that all learners of one class share."""

    training_class: TrainingClass
    items: tuple[OutlineItem, ...]
    exams: dict[int, Exam]
    papers: dict[tuple[int, int], list[Paper]]
    tempers: dict[int, dict[int, Temper]]  # of every paper
    sessions: dict[int, ClassSession]
    planned_periods: int
    minutes: dict[int, int]


def setting_of(training_class: TrainingClass, minutes: dict[int, int]) -> ClassSetting:
    """Read what the class's history needs; ``minutes`` is the reading time by lesson id."""
    items = tuple(item for module in outline(training_class.edition_id) for item in module.items)
    exams = Exam.objects.in_bulk([item.exam_id for item in items if item.exam_id])
    papers: dict[tuple[int, int], list[Paper]] = {}
    for paper in Paper.objects.filter(exam__in=exams).defer("content").order_by("pk"):
        papers.setdefault((paper.exam_id, paper.set_number), []).append(paper)
    sessions = list(ClassSession.objects.filter(training_class=training_class))
    return ClassSetting(
        training_class=training_class,
        items=items,
        exams=exams,
        papers=papers,
        tempers={paper.pk: tempers_of(paper) for found in papers.values() for paper in found},
        sessions={session.item_id: session for session in sessions if session.item_id},
        planned_periods=sum(session.periods for session in sessions),
        minutes=minutes,
    )


class Biography:
    """Lets one learner live through one class."""

    def __init__(self, setting: ClassSetting, enrolment: Enrolment, rng: random.Random, batch: Batch) -> None:
        self.setting, self.enrolment, self.rng, self.batch = setting, enrolment, rng, batch
        self.deeds = Deeds()
        self.first: dt.datetime | None = None
        self.last: dt.datetime | None = None
        self.entry_ids = iter(range(1, 1000))

    def live(self, *, reach: float, ability: float) -> None:
        """Do the first ``reach`` (0 to 1) of the items, answering questions with ``ability`` (0 to 1)."""
        training_class = self.setting.training_class
        start = dt.datetime.combine(training_class.starts_on, dt.time(8), now().tzinfo)
        end = min(dt.datetime.combine(training_class.ends_on, dt.time(16), now().tzinfo), now())
        whole = max((end - start).total_seconds(), 3600.0)
        count = len(self.setting.items)
        goes = reach * count
        for index, item in enumerate(self.setting.items):
            if index >= goes:
                break
            share = (index + self.rng.uniform(0.2, 0.9)) / max(goes, 1)
            moment = min(start + dt.timedelta(seconds=whole * share), now() - dt.timedelta(minutes=5))
            self._do(item, moment, whole=index + 1 <= goes, part=goes - index, ability=ability)
        self._stand()

    def _do(self, item: OutlineItem, moment: dt.datetime, *, whole: bool, part: float, ability: float) -> None:
        if item.kind == ItemKind.LESSON:
            self._read(item, moment, 1.0 if whole else min(0.85, max(0.1, part)))
        elif item.kind == ItemKind.SESSION and item.id in self.setting.sessions:
            self._attend(item)
        elif item.kind == ItemKind.EXAM and whole and item.exam_id:
            exam = self.setting.exams[item.exam_id]
            if exam.purpose == ExamPurpose.SELF_CHECK:
                if self.rng.random() < 0.6 and self._can_answer(item, exam):
                    self._sit(item, exam, moment, ability)
                return
            passed = self._sit(item, exam, moment, ability)
            if not passed and self.rng.random() < 0.7:
                self._sit(item, exam, moment + dt.timedelta(hours=2), min(1.0, ability + 0.25), number=2)

    def _touch(self, moment: dt.datetime) -> None:
        self.first = min(self.first or moment, moment)
        self.last = max(self.last or moment, moment)

    def _progress(self, item: OutlineItem, moment: dt.datetime, *, done: bool, position: float, seconds: int) -> None:
        state = ItemState.DONE if done else ItemState.DOING
        self.deeds.states[item.id] = state
        self._touch(moment)
        self.batch.progress.append(
            ItemProgress(
                enrolment=self.enrolment,
                item_id=item.id,
                state=state,
                position=position,
                furthest=position,
                seconds=seconds,
                started_at=moment - dt.timedelta(seconds=seconds),
                updated_at=moment,
                done_at=moment if done else None,
            )
        )

    def _read(self, item: OutlineItem, moment: dt.datetime, position: float) -> None:
        minutes = self.setting.minutes.get(item.lesson_id or 0, 6)
        seconds = int(minutes * 60 * self.rng.uniform(0.6, 1.3) * position)
        self._progress(item, moment, done=position >= 1, position=position, seconds=seconds)

    def _attend(self, item: OutlineItem) -> None:
        session = self.setting.sessions[item.id]
        if session.ends_at > now():
            return
        presence = self.rng.choices(
            [AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT],
            weights=[90, 4, 3, 3],
        )[0]
        there = presence in (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
        self.batch.attendance.append(
            AttendanceRecord(
                session=session,
                enrolment=self.enrolment,
                presence=presence,
                periods=session.periods if there else 0,
                marked_at=session.ends_at,
            )
        )
        if there:
            self.deeds.attended += session.periods
            self._progress(item, session.ends_at, done=True, position=0, seconds=0)

    def _sit(self, item: OutlineItem, exam: Exam, moment: dt.datetime, ability: float, number: int = 1) -> bool:
        papers = self.setting.papers[exam.pk, item.set_number or 0]
        paper = papers[(self.enrolment.pk + number - 1) % len(papers)]
        slots = paper_key(paper.pk, paper.seed).slots
        tempers = self.setting.tempers[paper.pk]
        answers = {slot.slot: made_up_answer(slot, tempers[slot.slot], ability, self.rng) for slot in slots}
        outcome = grade_attempt(slots, answers)
        minutes = min(exam.time_limit or 10, 4 + len(slots))
        started = moment - dt.timedelta(minutes=self.rng.uniform(minutes * 0.5, minutes * 0.95))
        self.batch.attempts.append(
            Attempt(
                user_id=self.enrolment.learner_id,
                exam=exam,
                paper=paper,
                enrolment_id=self.enrolment.pk,
                item_id=item.id,
                number=number,
                token=secrets.token_urlsafe(32),
                state=AttemptState.SUBMITTED,
                started_at=started,
                deadline=started + dt.timedelta(minutes=exam.time_limit) if exam.time_limit else None,
                submitted_at=moment,
                score=outcome.score,
                max_score=outcome.max_score,
                receipt=receipt(paper.digest, answers),
            )
        )
        self.batch.answers.append(answers)
        self.batch.points.append({str(slot): str(points) for slot, points in outcome.points.items()})
        self.batch.counted.append(exam.purpose == ExamPurpose.FINAL)
        passed = exam.purpose == ExamPurpose.SELF_CHECK or outcome.score >= exam.pass_share * outcome.max_score
        if exam.purpose == ExamPurpose.FINAL:
            entry = MarkEntry(next(self.entry_ids), item.id, outcome.score, outcome.max_score)
            self.deeds.entries.append(entry)
            self.deeds.counting[item.id] = exam.counting
            if exam.max_attempts:
                self.deeds.allowed[item.id] = exam.max_attempts
        if item.id not in self.deeds.states:
            self._progress(item, moment, done=passed, position=0, seconds=0)
        elif passed:
            row = next(row for row in reversed(self.batch.progress) if row.item_id == item.id)
            row.state, row.done_at, row.updated_at = ItemState.DONE, moment, moment
            self.deeds.states[item.id] = ItemState.DONE
            self._touch(moment)
        return passed

    def _can_answer(self, item: OutlineItem, exam: Exam) -> bool:
        """Whether the test asks only what :func:`made_up_answer` knows how to answer."""
        paper = self.setting.papers[exam.pk, item.set_number or 0][0]
        return all("correct" in slot.key for slot in paper_key(paper.pk, paper.seed).slots)

    def _stand(self) -> None:
        """Fold what was done and keep it on the enrolment."""
        enrolment = self.enrolment
        outcome = outcome_of(enrolment, self.deeds, self.setting.planned_periods)
        enrolment.status = EnrolmentStatus(outcome.status)
        enrolment.percent, enrolment.score, enrolment.band = outcome.percent, outcome.score, outcome.band
        enrolment.next_item_id = outcome.next_item_id
        enrolment.theory_done = ModuleKind.THEORY in outcome.kinds_done
        enrolment.professional_done = ModuleKind.PROFESSIONAL in outcome.kinds_done
        enrolment.started_at, enrolment.last_activity_at = self.first, self.last
        if enrolment.status == EnrolmentStatus.COMPLETED:
            enrolment.completed_at = self.last
            enrolment.completed_by_rules = self.setting.training_class.edition.digest
        self.batch.enrolments.append(enrolment)


def live_through(
    training_class: TrainingClass,
    enrolments: Sequence[Enrolment],
    *,
    minutes: dict[int, int],
    rng: random.Random,
    batch: Batch,
    fixed: dict[int, float] | None = None,
) -> None:
    """Give every learner of a class a history that fits its state; ``fixed`` sets the reach of single learners."""
    setting = setting_of(training_class, minutes)
    over = training_class.state in (ClassState.CLOSED, ClassState.RECOGNISED)
    days = max((training_class.ends_on - training_class.starts_on).days, 1)
    gone = min(1.0, max(0.0, (now().date() - training_class.starts_on).days / days))
    for enrolment in enrolments:
        enrolment.training_class = training_class
        ability = min(0.98, max(0.3, rng.gauss(0.74, 0.13)))
        if over:
            reach = 1.0 if rng.random() < 0.92 else rng.uniform(0.0, 0.8)
        else:
            reach = 0.0 if rng.random() < 0.1 else min(0.96, gone * rng.uniform(0.5, 1.25))
        reach = (fixed or {}).get(enrolment.learner_id, reach)
        Biography(setting, enrolment, rng, batch).live(reach=reach, ability=ability)
