"""The world of a stored release: the demo with smaller classes, then an act of every kind that leaves rows.

``python -m tests.releases.world`` fills the empty, migrated database of ``DATABASE_URL``. Everything is made by the
services, so that what is stored is what the release itself would have stored. All names are drawn from lists.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import django

SMALL, FIRST, LEARNERS = 4, 22, 205


def build() -> None:
    """Fill the database."""
    demo()
    people()
    sitting()
    contest()
    kinds()
    sheets()
    marks()
    rosters()
    bank()
    site()
    figures()
    leave_work()
    forget_passwords()


def demo() -> None:
    """Load the demo with classes of six; the first, in which most of the acts below happen, has 22 learners."""
    from lms.demo.loader import load
    from lms.demo.loader.classes import Plan, plans

    def smaller(*arguments: Any) -> Iterator[Plan]:
        for number, plan in enumerate(plans(*arguments)):
            yield replace(plan, size=SMALL if number else FIRST)

    with patch.object(load, "LEARNERS", LEARNERS), patch.object(load, "plans", smaller):
        load.load()


def person(username: str) -> Any:
    """Return an account of the demo's cast."""
    from lms.people.models import User

    return User.objects.get(username=username)


def first_class() -> Any:
    """The running class in which the demo's learner studies."""
    from lms.classes.models import TrainingClass

    return TrainingClass.objects.order_by("pk").first()


def people() -> None:
    """Contacts, tokens, codes, factors, a renamed unit, a person who is erased, and requests that were refused."""
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialAccount
    from wagtail.users.models import UserProfile

    from lms.classes.models import Enrolment
    from lms.common.clock import now, today
    from lms.people.models import ResetRequest, User, UserSession
    from lms.people.services import erasure, throttling
    from lms.people.services.accounts import change_contact, create_person
    from lms.people.services.activation import issue_activation_codes
    from lms.people.services.emails import ask_to_confirm
    from lms.people.services.tokens import make_token
    from lms.people.services.units import rename_unit
    from tests.factories.factors import give_app, give_passkey

    admin, manager, learner = person("quantri"), person("quanly"), person("hocvien")
    change_contact(user=learner, email="hocvien@example.test", phone="+84900000001", actor=admin)
    ask_to_confirm(user=User.objects.get(pk=learner.pk), enqueue=lambda *_address: None)
    EmailAddress.objects.create(user=admin, email="quantri@example.test", verified=True, primary=True)
    SocialAccount.objects.create(user=admin, provider="openid_connect", uid="release")
    UserProfile.get_for_user(admin)
    make_token(user=person("giangvien"), name="Bảng tính", days=30)
    give_app(person("giangvien"))
    give_passkey(admin)
    centre = manager.profile.unit
    others = list(User.objects.filter(profile__unit=centre, memberships=None, is_guest=False).order_by("pk")[:6])
    issue_activation_codes(others[:3], actor=manager)
    ResetRequest.objects.create(typed="ai@example.test", language="vi", asked_at=now())
    throttling.fail(throttling.key_for("asked", "192.0.2.1"), throttling.ASKED)
    UserSession.objects.create(
        session_key="release", user=learner, created_at=now(), seen_at=now(), agent="Mozilla/5.0"
    )
    rename_unit(
        unit=person("tinh").profile.unit, name="Thành phố Cần Thơ (tên mới)", on=today(), decision="1-QĐ", actor=admin
    )
    gone = create_person(
        full_name="Nguyễn Văn Thử", username="nguoithu", unit=centre, position="Chuyên viên", actor=manager
    )
    done = erasure.ask(user=gone, actor=gone, reason="Thử")
    erasure.carry_out(request=done, actor=User.objects.get(pk=manager.pk), reason="Đơn hợp lệ")
    enrolled = User.objects.get(pk=Enrolment.objects.filter(training_class=first_class()).order_by("-pk")[0].learner_id)
    erasure.ask(user=enrolled, actor=enrolled)
    erasure.refuse(
        request=erasure.ask(user=learner, actor=learner, reason="Thử"),
        actor=User.objects.get(pk=manager.pk),
        reason="Lớp đang mở",
    )
    erasure.ask(user=learner, actor=learner)
    erasure.withdraw(user=learner)


def sitting() -> None:
    """In the hall of the demo: time, annulled, handed in by force, opened again, a device's file in every state."""
    from lms.common.clock import now
    from lms.exams.models import Allowance, Attempt, Sitting
    from lms.exams.queries.attempts import offline_key
    from lms.exams.services import devices, invigilation, offline_files
    from lms.exams.services.attempts import submit
    from lms.exams.services.joining import sign_up as come_in
    from lms.exams.services.joining import start_for_guest
    from lms.exams.services.sittings import renew_code

    lecturer = person("giangvien")
    hall = Sitting.objects.get()

    def file_of(attempt: Attempt, seq: int) -> bytes:
        payload = json.dumps(
            {
                "attempt": attempt.pk,
                "device": attempt.device,
                "made_at": now().isoformat(),
                "responses": [{"slot": 1, "answer": {"choice": "a"}, "seq": seq}],
            }
        )
        key = offline_key(attempt.pk, attempt.token).encode()
        signature = hmac.new(key, payload.encode(), hashlib.sha256).hexdigest()
        return json.dumps({"format": "sen-offline-1", "payload": payload, "signature": signature}).encode()

    working = list(Attempt.objects.filter(sitting=hall, state="open").order_by("pk"))
    handed_in = list(Attempt.objects.filter(sitting=hall, state="submitted").order_by("pk"))
    for attempt in working[:3]:
        devices.beat(attempt_id=attempt.pk, user_id=attempt.user_id, device=attempt.device)
    stored = [
        offline_files.receive(attempts=hall.attempts.all(), body=file_of(attempt, 99), actor=lecturer)
        for attempt in (*working[:2], handed_in[0], handed_in[1])
    ]
    offline_files.accept(stored=stored[1], reason="Máy hỏng", actor=lecturer)
    offline_files.accept(stored=stored[2], reason="Máy hỏng", actor=lecturer)
    offline_files.refuse(stored=stored[3], reason="Nộp sau giờ", actor=lecturer)
    invigilation.annul(attempt=handed_in[2], reason="Nhờ người khác làm", actor=lecturer)
    invigilation.reopen(attempt=handed_in[3], until=now() + dt.timedelta(days=20), reason="Mất điện", actor=lecturer)
    invigilation.force_hand_in(attempt=working[2], reason="Hết giờ", actor=lecturer)
    invigilation.extend_all(sitting=hall, minutes=5, reason="Mất mạng", actor=lecturer)
    some = working[3]
    invigilation.grant_allowance(
        allowance=Allowance(
            enrolment_id=some.enrolment_id, item_id=some.item_id, user_id=some.user_id, extra_minutes=15, reason="Ốm"
        ),
        actor=lecturer,
    )
    hall.refresh_from_db()
    guests = [
        come_in(sitting=hall, full_name=name, organisation="Chi bộ 1", device=f"may-{name}", address="192.0.2.7")
        for name in ("Khách Một", "Khách Hai", "Khách Ba")
    ]
    for guest in guests[:2]:
        started = start_for_guest(guest=guest)
        if guest is guests[0]:
            submit(attempt=started)
    renew_code(sitting=hall, actor=lecturer)


def contest() -> None:
    """A contest that ended long ago, whose guest was forgotten: the attempt stays without the name."""
    from lms.common.clock import now
    from lms.exams.enums import SignUp, SittingMode
    from lms.exams.models import Sitting
    from lms.exams.services.attempts import submit
    from lms.exams.services.guests import expire_guests
    from lms.exams.services.joining import join, start_for_guest
    from lms.exams.services.joining import sign_up as come_in
    from lms.exams.services.sittings import save_sitting

    hall = Sitting.objects.get()
    fair = Sitting(
        exam_id=hall.exam_id,
        unit_id=hall.unit_id,
        training_class_id=hall.training_class_id,
        item_id=hall.item_id,
        mode=SittingMode.CONTEST,
        room="Hội thi",
        opens_at=now() - dt.timedelta(hours=1),
        closes_at=now() + dt.timedelta(hours=2),
        sign_up=SignUp.OPEN,
        leaderboard=True,
    )
    save_sitting(sitting=fair, actor=person("giangvien"), with_code=True, invigilators=[person("giangvien")])
    guest = come_in(sitting=fair, full_name="Khách Bốn", organisation="", device="may-4", address="192.0.2.7")
    submit(attempt=start_for_guest(guest=guest))
    join(sitting=fair, user=person("khaothi"))
    Sitting.objects.filter(pk=fair.pk).update(
        opens_at=now() - dt.timedelta(days=900), closes_at=now() - dt.timedelta(days=899)
    )
    expire_guests()


#: One answer to each question of the demo's test of all kinds, by its kind; some right, some in part.
ANSWERS: dict[str, dict[str, Any]] = {
    "single_choice": {"choice": "b"},
    "multiple_response": {"choices": ["a", "c"]},
    "true_false_group": {"statements": {"1": True, "2": False, "3": True, "4": True}},
    "matching": {"pairs": {"1": "b", "2": "a", "3": "d"}},
    "ordering": {"order": ["c", "d", "b", "e", "a"]},
    "gap_text": {"gaps": {"1": "a", "2": "1986", "3": "Van minh"}},
    "hotspot": {"x": 0.9, "y": 0.5},
    "short_text": {"text": " bác  hồ "},
    "numeric": {"number": "32,0"},
    "essay": {"html": "<p>Tôi phấn đấu vì quê hương.</p>"},
}


def kinds() -> None:
    """A test with a question of every kind, answered, and once with the last answer cleared."""
    from lms.classes.models import Enrolment
    from lms.exams.services.attempts import submit
    from lms.exams.services.responses import IncomingResponse, save
    from lms.exams.services.starting import start_for_enrolment
    from lms.programmes.models import EditionItem

    training_class = first_class()
    item = EditionItem.objects.get(edition=training_class.edition, exam__title="Thử các dạng câu hỏi")
    enrolments = Enrolment.objects.filter(training_class=training_class).active().select_related("learner")
    for number, enrolment in enumerate(enrolments.order_by("-pk")[:2]):
        attempt = start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=enrolment.learner)
        questions = attempt.paper.content["questions"]
        answers = [IncomingResponse(one["slot"], ANSWERS[one["kind"]], 1) for one in questions]
        save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=answers)
        if number:
            cleared = [IncomingResponse(questions[0]["slot"], None, 2)]
            save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=cleared)
        submit(attempt=attempt)


def final_of(training_class: Any) -> Any:
    """The item of the class's edition that is its final test."""
    from lms.programmes.models import EditionItem

    return EditionItem.objects.select_related("exam").get(edition=training_class.edition, exam__purpose="final")


def sheets() -> None:
    """Sheets of paper: typed once, typed twice and different, agreed, graded; and a file of a scanner."""
    from lms.classes.models import Enrolment
    from lms.exams.models import Attempt, SheetImport
    from lms.exams.services.sheets import Entry, enter_sheet, papers_of, post_sheet, take_sheets

    training_class = first_class()
    item = final_of(training_class)
    code = next(iter(papers_of(item.exam, item.set_number)))
    one, other = person("khaothi"), person("giangvien")
    sat = Attempt.objects.filter(item=item).values("enrolment_id")
    free = list(
        Enrolment.objects.filter(training_class=training_class).active().exclude(pk__in=sat).order_by("-pk")[:5]
    )
    first = Entry(code, {1: "A", 2: "B", 3: "C"})
    for number, enrolment in enumerate(free[:4]):
        sheet = enter_sheet(enrolment=enrolment, item=item, entry=first, actor=one)
        if number == 0:
            continue
        again = Entry(code, {1: "A", 2: "B", 3: "D"}) if number == 1 else first
        sheet = enter_sheet(enrolment=enrolment, item=item, entry=again, actor=other)
        if number == 3:
            post_sheet(sheet=sheet, actor=one)
    take_sheets(item=item, rows=[(free[4], first)], source="may-quet.xlsx", actor=one)
    SheetImport.objects.create(
        exam=item.exam,
        set_number=item.set_number,
        training_class=training_class,
        item=item,
        created_by=one,
        source="may-quet.xlsx",
        rows=[],
    )


def marks() -> None:
    """Marks by hand, corrected and voided, a key put right after the test, attendance, certificates taken back."""
    from lms.attendance.services import mark_attendance
    from lms.certificates.models import Certificate
    from lms.certificates.services import revoke
    from lms.classes.models import ClassSession, Enrolment
    from lms.classes.services.enrolments import withdraw
    from lms.completion.services.marks import correct_mark, enter_mark
    from lms.exams.models import Attempt
    from lms.exams.services.invigilation import annul
    from lms.exams.services.regrading import carry_out
    from lms.gradebook.models import LedgerEntry
    from quizzes.enums import CorrectionRule
    from quizzes.services.bank.items import save_version

    admin, lecturer, manager = person("quantri"), person("giangvien"), person("quanly")
    training_class = first_class()
    item = final_of(training_class)
    learners = list(
        Enrolment.objects.filter(training_class=training_class)
        .exclude(status__in=("withdrawn", "completed"))
        .select_related("training_class__edition")
        .order_by("pk")
    )
    entry = enter_mark(enrolment=learners[0], item=item, points=Decimal("6.5"), actor=lecturer, reason="Thi vấn đáp")
    correct_mark(entry=entry, points=Decimal("7.25"), reason="Cộng nhầm", actor=lecturer)
    enter_mark(enrolment=learners[1], item=item, points=Decimal(3), actor=lecturer)
    finals = Attempt.objects.filter(
        pk__in=LedgerEntry.objects.filter(attempt__isnull=False, replaced_by=None).values("attempt_id"),
        state="submitted",
    )
    annul(
        attempt=finals.filter(enrolment__training_class__state="open").order_by("pk").first(),
        reason="Dùng tài liệu",
        actor=admin,
    )
    versions = [question.version for question in item.exam.questions.select_related("version").order_by("position")]
    for version, rule in ((versions[0], CorrectionRule.EVERYONE), (versions[1], CorrectionRule.DROPPED)):
        carry_out(exam=item.exam, version=version, rule=rule, corrected=None, reason="Đáp án sai", actor=admin)
    wrong = versions[2]
    other = next(one["id"] for one in wrong.content["options"] if one["id"] != wrong.key["correct"])
    right = save_version(
        item=wrong.item,
        kind=wrong.kind,
        stem=wrong.stem,
        content=wrong.content,
        key={**wrong.key, "correct": other},
        feedback=wrong.feedback,
        author=admin,
    )
    carry_out(
        exam=item.exam,
        version=wrong,
        rule=CorrectionRule.NEW_KEY,
        corrected=right,
        reason="Sai một chữ cái",
        actor=admin,
    )
    session = ClassSession.objects.filter(training_class__state="open").order_by("pk").first()
    present = Enrolment.objects.filter(training_class=session.training_class_id).active().order_by("pk")[:4]
    states = ("present", "late", "excused", "absent")
    mark_attendance(
        session=session, marks={one.pk: state for one, state in zip(present, states, strict=True)}, actor=admin
    )
    revoke(certificate=Certificate.objects.order_by("pk").first(), reason="Cấp nhầm", actor=manager)
    withdraw(enrolment=learners[-1], actor=manager, reason="Chuyển công tác")


def rosters() -> None:
    """Lists of learners read and carried out, and the answers to requests between two units."""
    from lms.classes.models import AnnualPlan, EnrolmentRequest
    from lms.classes.services import requests, roster
    from lms.people.models import User

    training_class = first_class()
    manager = User.objects.get(username="quanly")
    rows = [("Họ và tên", "Chức vụ"), ("Lý Thị Mẫu", "Chuyên viên"), ("Đỗ Văn Mẫu", "Công chức")]
    read = roster.preview(training_class=training_class, rows=rows, actor=manager, source="danh-sach.xlsx")
    roster.carry_out(roster_import=read, actor=manager)
    roster.preview(training_class=training_class, rows=rows[:2], actor=manager, source="danh-sach-2.xlsx")
    asked = list(EnrolmentRequest.objects.filter(state="open").order_by("pk"))
    nation = User.objects.get(username="quantri")
    requests.accept(request=asked[0], actor=asked[0].learner)
    requests.decline(request=asked[1], actor=asked[1].learner, reason="Bận việc")
    requests.take_back(request=asked[2], actor=asked[2].training_class.created_by or nation)
    AnnualPlan.objects.create(unit=training_class.unit, year=training_class.year + 1)


def bank() -> None:
    """Questions read from files: taken over, refused; asked to be changed, retired, talked about."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from quizzes.models import Item, ItemBank
    from quizzes.services import imports
    from quizzes.services.bank import approval

    officer, nation = person("khaothi"), person("quantri")
    bank = ItemBank.objects.order_by("pk").filter(unit=officer.profile.unit).first()
    text = "Thủ đô của Việt Nam?\nA. Huế\nB. Hà Nội\nANSWER: B\n\nSố chẵn?\nA. 1\nB. 2\nC. 3\nANSWER: B\n"
    batch = imports.start_import(bank=bank, file=SimpleUploadedFile("cau.txt", text.encode()), actor=officer)
    imports.commit_import(batch=batch, actor=officer, ids=[batch.questions.order_by("position").first().pk])
    imports.start_import(bank=bank, file=SimpleUploadedFile("hong.xlsx", b"PK\x03\x04 no"), actor=officer)
    draft = Item.objects.filter(bank=bank, state="draft").order_by("-pk").first()
    approval.submit_item(item=draft, actor=officer)
    approval.request_changes(item=draft, actor=nation, note="Thêm một phương án")
    comment = approval.comment_item(item=draft, actor=nation, text="Xem lại câu dẫn")
    approval.resolve_comment(comment=comment)
    approval.retire_item(
        item=Item.objects.filter(bank=bank, state="approved").order_by("-pk").first(), actor=officer, reason="Đã cũ"
    )


def site() -> None:
    """A document, a picture in two sizes, a lesson in review, a comment, a page that moved, a restricted page."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import Comment, PageSubscription, PageViewRestriction

    from cms.models import LessonPage, NewsPage
    from media.models import SenImage
    from tests.factories.media import make_document, make_image

    lecturer = person("giangvien")
    make_document(title="Đề cương", uploaded_by_user=lecturer).tags.add("đề cương")
    picture = make_image(title="Ảnh lớp", size=(64, 36))
    picture.get_rendition("width-32")
    assert SenImage.objects.filter(pk=picture.pk).exists()
    lesson = LessonPage.objects.order_by("pk").first()
    lesson.title += " (bản sửa)"
    lesson.save_revision(user=lecturer)
    lesson.get_workflow().start(lesson, lecturer)
    Comment.objects.create(page=lesson, user=lecturer, text="Nên thêm ví dụ", contentpath="title")
    PageSubscription.objects.create(page=lesson, user=lecturer, comment_notifications=True)
    news = NewsPage.objects.order_by("pk")
    Redirect.objects.create(old_path="/tin-cu", redirect_page=news[0])
    PageViewRestriction.objects.create(page=news[1], restriction_type="login")


def figures() -> None:
    """What the tasks of every minute and every night work out."""
    from lms.audit.ledger import catch_up
    from lms.exams.services.exposure import refresh_exposures
    from lms.exams.services.statistics import refresh_stale
    from lms.operations.services.watching import look
    from lms.reports.services.settling import settle

    refresh_stale()
    refresh_exposures()
    settle()
    look()  # no background process runs here, which is an incident
    catch_up()


def leave_work() -> None:
    """Move a class after its figures went into the sums of its unit: what is marked is no difference."""
    from lms.classes.models import Enrolment
    from lms.classes.services.enrolments import withdraw

    waiting = Enrolment.objects.filter(training_class__state="open", status="enrolled").order_by("-pk").first()
    withdraw(enrolment=waiting, actor=person("quantri"), reason="Nghỉ ốm")


def forget_passwords() -> None:
    """Leave nobody with a password: the demo's is public."""
    from django.contrib.sessions.models import Session

    from lms.people.models import User

    User.objects.update(password="!")
    Session.objects.all().delete()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    random.seed(0)
    build()
