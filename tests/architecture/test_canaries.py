"""Markup in any text that people fill comes alive on no page."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.classes.models import ClassStaff
from lms.common import html
from lms.exams import presentation
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.starting import start_for_enrolment
from lms.people.enums import Role
from quizzes.enums import ImportState, Review
from quizzes.models import Exam, Item, ItemComment
from quizzes.queries.papers import compiled
from quizzes.services import imports
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.architecture.canaries import (
    FULL,
    MACHINE,
    NO_TEXTS,
    SHORT,
    TEXTS,
    Canaries,
    alive,
    label,
    our_columns,
    text_columns,
)
from tests.architecture.test_url_matrix import ADMINISTRATION, OURS
from tests.architecture.url_matrix import MATRIX
from tests.architecture.world import values_for
from tests.factories.cast import ROLES, Cast, make_cast
from tests.factories.classes import make_class, make_enrolment
from tests.factories.marking import make_essay_exam, make_marking, make_written, mark
from tests.factories.papers import make_every_kind
from tests.factories.people import grant, make_user
from tests.factories.programmes import make_edition, make_programme_page
from tests.factories.quizzes import make_bank

#: Columns whose texts must have been met, or the crawl does not reach what it is for.
MET = {
    "audit.AuditEntry.data",
    "classes.TrainingClass.name",
    "wagtailcore.Page.title",
    "cms.LessonPage.body",
    "notifications.Notification.text",
    "people.Unit.name",
    "quizzes.Exam.title",
    "quizzes.ItemBank.name",
    "quizzes.ImportedQuestion.data",
    "quizzes.Item.outcome",
    "quizzes.ItemComment.text",
    "quizzes.ItemText.snippet",
    "quizzes.ItemVersion.content",
    "quizzes.ItemVersion.feedback",
    "quizzes.ItemVersion.key",
    "quizzes.ItemVersion.source",
    "quizzes.ItemVersion.stem",
    "exams.Marking.comment",
    "quizzes.Paper.content",
    "exams.Response.answer",
    "exams.Sitting.room",
    "quizzes.Topic.name",
}
HOSTILE = FULL.format(n=0)
HOSTILE_HTML = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def gift() -> bytes:
    text = _gift(HOSTILE)
    return f"::{text}::Câu GIFT {text} {{={text} ~Sai#{text}}}\n".encode()


def _gift(text: str) -> str:
    return "".join(f"\\{one}" if one in "=~#{}:" else one for one in text)


def moodle() -> bytes:
    answers = "".join(
        f'<answer fraction="{share}"><text>{HOSTILE_HTML}{share}</text>'
        f"<feedback><text>{HOSTILE_HTML}</text></feedback></answer>"
        for share in (100, 0)
    )
    return (
        f'<quiz><question type="category"><category><text>$course$/{HOSTILE_HTML}</text></category></question>'
        f'<question type="shortanswer"><name><text>{HOSTILE_HTML}</text></name><questiontext format="html"><text>'
        f"<![CDATA[<p>Câu Moodle {HOSTILE}</p>]]></text></questiontext>"
        f"<generalfeedback><text><![CDATA[{HOSTILE}]]></text></generalfeedback>{answers}<tags><tag><text>{HOSTILE_HTML}</text></tag></tags></question></quiz>"
    ).encode()


def qti() -> bytes:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="'
        + HOSTILE_HTML.replace('"', "&quot;")
        + '"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse>'
        "<value>A</value></correctResponse></responseDeclaration><itemBody><choiceInteraction "
        f'responseIdentifier="RESPONSE" maxChoices="1"><prompt>Câu QTI {HOSTILE_HTML}</prompt>'
        f'<simpleChoice identifier="A">{HOSTILE_HTML}</simpleChoice><simpleChoice identifier="B">Hai</simpleChoice>'
        "</choiceInteraction></itemBody></assessmentItem>"
    ).encode()


def word() -> bytes:
    body = io.BytesIO()
    document = docx.Document()
    for line in (
        f"Câu 1. Câu Word {HOSTILE}",
        f"A. {HOSTILE}",
        "B. Hai",
        "Đáp án: A",
        f"Giải thích: {HOSTILE}",
        f"Nguồn: {HOSTILE}",
    ):
        document.add_paragraph(line)
    document.save(body)
    return body.getvalue()


def excel() -> bytes:
    body = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Câu hỏi", "A", "B", "Đáp án", "Giải thích", "Nguồn", "Chủ đề", "Nhãn"])
    sheet.append([f"Câu Excel {HOSTILE}", HOSTILE, "Hai", "A", HOSTILE, HOSTILE, HOSTILE, HOSTILE])
    book.save(body)
    return body.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "cau.docx": word,
    "cau.xml": moodle,
    "qti.xml": qti,
    "cau.gift": gift,
    "cau.xlsx": excel,
}


def make_lived_in(cast: Cast) -> list[str]:
    """A class that sat a test with every kind of question, marked essays, question files; return their addresses."""
    bank = make_bank(cast.centre, "Ngân hàng đủ loại")
    items = make_every_kind(bank)
    exam = Exam.objects.create(
        unit=cast.centre,
        title="Đủ loại",
        variants=1,
        review=Review.KEY,
        shuffle_questions=False,
        shuffle_options=False,
    )
    set_questions(exam=exam, questions=[(item.current, Decimal(1)) for item in items])
    edition = make_edition(make_programme_page(cast.centre), exams=[(exam, freeze_papers(exam=exam))])
    group = make_class(cast.centre, edition)
    ClassStaff.objects.create(training_class=group, user=cast.lecturer)
    enrolment = make_enrolment(group, cast.learner)
    item = edition.items.get(kind="exam")
    attempt = start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=cast.learner)
    answers = {
        "short_text": {"text": "Một câu gõ vào"},
        "essay": {"html": "<p>Bài làm.</p>"},
        "single_choice": {"choice": "a"},
        "multiple_response": {"choices": ["a"]},
        "gap_text": {"gaps": {"1": "gõ vào"}},
        "matching": {"pairs": {"1": "a"}},
        "true_false_group": {"statements": {"1": True}},
        "numeric": {"number": "4"},
        "hotspot": {"x": 0.5, "y": 0.5},
    }
    slots = {question["kind"]: question["slot"] for question in attempt.paper.content["questions"]}
    rows = [IncomingResponse(slots[kind], answer, 1) for kind, answer in answers.items()]
    save(attempt_id=attempt.pk, user_id=cast.learner.pk, responses=rows)
    submit(attempt=attempt)
    again = start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=cast.learner)
    save(attempt_id=again.pk, user_id=cast.learner.pk, responses=rows)
    essays = make_essay_exam(cast.centre)
    make_written(essays, cast.enrolment.pk, user=cast.learner)
    marking = make_marking(essays, [cast.lecturer], group=cast.training_class.pk)
    mark(marking.scripts.get().markings.get(), "1", "1", "1", comment="Nhận xét chung", note="Ghi chú")
    commented = items[0]
    ItemComment.objects.create(item=commented, version=commented.current, author=cast.lecturer, text="Xem lại câu này")
    Item.objects.filter(bank=bank).update(outcome="Nêu được chuẩn đầu ra")
    return [
        *(reverse("exams:item", args=[one.pk]) for one in items),
        *(reverse("exams:item-edit", args=[one.pk]) for one in items),
        *(reverse("exams:item-version", args=[one.pk, 1]) + "?so-voi=0" for one in items),
        reverse("exams:bank", args=[bank.pk]),
        reverse("exams:bank-duplicates", args=[bank.pk]),
        reverse("attempts:attempt", args=[again.pk]),
        reverse("attempts:result", args=[attempt.pk]),
        reverse("attempts:receipt", args=[attempt.pk]),
        reverse("teacher:exam-results", args=[group.pk, item.pk]) + "?xem=cau-hoi",
        reverse("teacher:attempt", args=[group.pk, enrolment.pk, attempt.pk]),
        reverse("exams:regrade", args=[exam.pk]),
        *(reverse("exams:regrade-question", args=[exam.pk, one.current_id]) for one in items),
        reverse("exams:marking-session", args=[marking.pk]),
        reverse("exams:marking-scripts", args=[marking.pk]),
        reverse("exams:marking-work", args=[marking.scripts.get().markings.get().pk]),
    ]


def make_imports(cast: Cast) -> list[str]:
    """Read a hostile file of every format and import what is good; return the addresses of what came of them."""
    bank = make_bank(cast.centre, "Ngân hàng nhập")
    found = []
    for name, make in FILES.items():
        batch = imports.start_import(bank=bank, file=SimpleUploadedFile(name, make()), actor=cast.centre_manager)
        assert batch.state == ImportState.READY, (name, batch.problem)
        rows = list(batch.questions.all())
        assert rows, name
        found += [reverse("exams:import", args=[batch.pk])]
        found += [reverse("exams:import-question", args=[batch.pk, row.pk]) for row in rows]
        imports.commit_import(batch=batch, actor=cast.centre_manager)
    assert Item.objects.filter(bank=bank).count() == len(FILES)
    found += [reverse("exams:item", args=[item.pk]) for item in Item.objects.filter(bank=bank)]
    return [*found, reverse("exams:bank", args=[bank.pk]), reverse("exams:imports"), reverse("office:audit")]


def forget_pages() -> None:
    """What was rendered before the canaries came counts for nothing."""
    cache.clear()
    for one in vars(compiled).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()
    presentation._hidden_section.cache_clear()
    html._remembered.cache_clear()


def test_the_canary_is_found_where_it_is_alive() -> None:
    assert alive(f"<p title='{HOSTILE}'>x</p>")
    assert alive(f"<p>{HOSTILE}</p>")
    assert alive(f"<p>{SHORT}</p>")
    assert alive(f'<input value="{HOSTILE}">')
    assert alive('<p><b hx-get="/x-canary/1">x</b></p>')
    assert alive('<p><b data-confirm="x-canary">x</b></p>')
    assert alive(f"<p>{HOSTILE_HTML}</p><b data-confirm='Xóa?' hx-get='/bang/?q=x-canary'>x</b>") == []


def test_every_column_is_looked_at_and_none_is_kept_out_that_is_not_there() -> None:
    assert {label(column) for column in text_columns()} >= MACHINE
    assert {type(one).__name__ for one in our_columns() if not isinstance(one, TEXTS)} <= NO_TEXTS


@pytest.mark.slow
@pytest.mark.django_db
def test_no_text_of_people_comes_alive(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    values = values_for(cast)
    more = make_lived_in(cast) + make_imports(cast)
    grant(cast.centre_manager, Role.AUDITOR, cast.centre)
    canaries = Canaries()
    canaries.put_out()
    forget_pages()
    arguments = {address.name: address.arguments for address in OURS}
    clients = {role: client_as(cast.person(role)) for role in ROLES}
    found: list[str] = []

    def visit(role: str, path: str) -> int:
        client = clients[role]
        client.raise_request_exception = True
        response = client.get(path)
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and response.content:
            found.extend(canaries.look(response.content.decode(), f"{path} as {role}"))
        return int(response.status_code)

    for name, rule in MATRIX.items():
        path = rule.path or reverse(name, kwargs={one: values[rule.arguments.get(one, one)] for one in arguments[name]})
        if path.endswith((".pdf", ".docx", ".zip", ".xlsx", ".csv")):
            continue
        for role in ("anonymous", "learner", "lecturer", "centre_manager", "national_manager"):
            if rule.statuses[ROLES.index(role)] == 200:
                visit(role, path)
    statuses = {
        path: [visit(role, path) for role in ("learner", "lecturer", "centre_manager")] for path in dict.fromkeys(more)
    }
    assert [path for path, answers in statuses.items() if 200 not in answers] == []
    clients["root"] = client_as(make_user("Quản Trị", is_superuser=True, is_staff=True))
    for address in ADMINISTRATION:
        if address.route.endswith("/failwhale/"):  # Wagtail's own page for trying what an error looks like
            continue
        visit("root", "/" + address.route.replace("^", "").replace("$", ""))

    assert found == []
    assert MET - canaries.seen == set()
