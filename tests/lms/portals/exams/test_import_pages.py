"""The pages of question files: what an author sees and does, and what others do not."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.people.enums import Role
from quizzes.models import Item, QuestionImport
from quizzes.services import imports
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_bank
from tests.quizzes.formats.questions import PICTURE
from tests.quizzes.imports.test_imports import AIKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def author(unit):
    user = make_user("Trần Thị Bình")
    grant(user, Role.AUTHOR, unit)
    return user


@pytest.fixture
def bank(unit):
    return make_bank(unit)


@pytest.fixture
def batch(bank, author):
    return imports.start_import(bank=bank, file=SimpleUploadedFile("cau-hoi.txt", AIKEN.encode()), actor=author)


def test_from_the_file_to_the_bank(client_as, bank, author):
    client = client_as(author)
    page = client.post(
        reverse("exams:import-upload", args=[bank.pk]), {"file": SimpleUploadedFile("cau-hoi.txt", AIKEN.encode())}
    )
    batch = QuestionImport.objects.get()
    address = reverse("exams:import", args=[batch.pk])
    assert (page.status_code, page.url) == (302, address)

    text = client.get(address).content.decode()
    assert "Dòng 6" in text
    assert "Chưa đánh dấu đáp án đúng" in text
    assert "Nhập 2 câu đã đạt" in text

    row = batch.questions.get(position=2)
    answered = client.post(reverse("exams:import-answer", args=[batch.pk, row.pk]), {"right": "a"})
    assert (answered.status_code, answered.url) == (302, f"{address}#q{row.pk}")
    assert client.post(address, {"act": "import"}).status_code == 302
    assert [item.current.key for item in Item.objects.order_by("pk")] == [
        {"correct": "b"},
        {"correct": "a"},
        {"correct": "a"},
    ]
    assert client.get(address, {"xem": "imported"}).context["counts"]["imported"] == 3


def test_a_question_is_mended_in_its_form(client_as, batch, author):
    client, row = client_as(author), batch.questions.get(position=2)
    address = reverse("exams:import-question", args=[batch.pk, row.pk])
    form = client.get(address).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}

    wrong = client.post(address, {**values, "key": "Z"})
    assert (wrong.status_code, "Đáp án “Z” không có trong các phương án" in wrong.content.decode()) == (422, True)
    assert client.post(address, {**values, "key": "B"}).status_code == 302
    row.refresh_from_db()
    assert (row.broken, row.data["key"]) == (False, {"correct": "b"})


def test_a_refused_file_and_a_missing_one(client_as, bank, author):
    client = client_as(author)
    address = reverse("exams:import-upload", args=[bank.pk])
    assert client.post(address, {}).status_code == 422
    page = client.post(
        address, {"file": SimpleUploadedFile("de.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")}, follow=True
    )
    assert "Đây là tệp Word đời cũ (.doc)" in page.content.decode()


def test_nobody_else_sees_a_file_with_its_keys(client_as, batch, unit, author):
    other = make_user()
    grant(other, Role.AUTHOR, unit)
    far = make_user()
    grant(far, Role.EDITOR, make_unit())
    keeper = make_user()
    grant(keeper, Role.EDITOR, unit)
    row = batch.questions.first()
    addresses = [reverse("exams:import", args=[batch.pk]), reverse("exams:import-question", args=[batch.pk, row.pk])]
    statuses = {
        name: [client_as(user).get(address).status_code for address in addresses]
        for name, user in {"other": other, "far": far, "keeper": keeper, "author": author}.items()
    }
    assert statuses == {"other": [404, 404], "far": [404, 404], "keeper": [200, 200], "author": [200, 200]}
    assert client_as(far).post(addresses[0], {"act": "import"}).status_code == 404
    assert Item.objects.count() == 0


def test_the_list_says_until_when_an_unfinished_file_is_kept(client_as, bank, author):
    with time_machine.travel("2026-03-02T08:00:00+07:00", tick=False):
        batch = imports.start_import(bank=bank, file=SimpleUploadedFile("cau-hoi.txt", AIKEN.encode()), actor=author)
        assert "giữ đến 01/4/2026" in client_as(author).get(reverse("exams:imports")).content.decode()
        imports.commit_import(batch=batch, actor=author)
        imports.skip_questions(batch=batch, ids=batch.questions.values_list("pk", flat=True))
        assert "giữ đến" not in client_as(author).get(reverse("exams:imports")).content.decode()


def test_pictures_are_shown_to_whoever_sees_the_file(client_as, bank, author):
    from quizzes.formats.export import OUT_FORMATS
    from quizzes.formats.model import ParsedQuestion
    from tests.quizzes.kinds import SAMPLES

    question = ParsedQuestion(
        stem='<p>Xem</p><p><img src="/-/hinh/so-do.png" alt="sơ đồ"></p>',
        content=SAMPLES["single_choice"][0],
        key={"correct": "b"},
    )
    data = OUT_FORMATS["qti"].write([question], {PICTURE.name: PICTURE}).data
    batch = imports.start_import(bank=bank, file=SimpleUploadedFile("x.zip", data), actor=author)
    address = reverse("exams:import-picture", args=[batch.pk, "so-do.png"])
    assert f'src="{address}"' in client_as(author).get(reverse("exams:import", args=[batch.pk])).content.decode()
    shown = client_as(author).get(address)
    assert (shown.status_code, shown.headers["Content-Type"], b"".join(shown.streaming_content)) == (
        200,
        "image/png",
        PICTURE.data,
    )
    assert client_as(make_user()).get(address).status_code == 404


@pytest.mark.parametrize("form", ["word", "excel"])
def test_templates_are_read_again_without_a_doubt(client_as, bank, author, form):
    file = client_as(author).get(reverse("exams:import-template", args=[form]))
    name = "mau.docx" if form == "word" else "mau.xlsx"
    batch = imports.start_import(bank=bank, file=SimpleUploadedFile(name, file.content), actor=author)
    assert (batch.state, batch.questions.filter(broken=True).count(), batch.questions.count() > 2) == ("ready", 0, True)


def test_the_preview_asks_the_same_for_one_and_for_many(client_as, bank, author):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    client = client_as(author)
    for number in (1, 3):
        text = "\n\n".join(f"Câu hỏi {n}/{number}?\nA. Một {n}\nB. Hai {n}\nANSWER: A" for n in range(number))
        batch = imports.start_import(bank=bank, file=SimpleUploadedFile("a.txt", text.encode()), actor=author)
        client.get(reverse("exams:import", args=[batch.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("exams:import", args=[batch.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_export_lists_what_it_leaves_out_and_gives_the_file(client_as, batch, bank, author):
    imports.commit_import(batch=batch, actor=author)
    client = client_as(author)
    page = client.get(reverse("exams:export", args=[bank.pk]), {"dang": "gift"})
    assert page.status_code == 200
    file = client.get(reverse("exams:export-file", args=[bank.pk, "gift"]))
    assert (file.status_code, file.content.count(b"::C000")) == (200, 2)
    assert client.get(reverse("exams:export-file", args=[bank.pk, "pdf"])).status_code == 404


def test_the_api_takes_reads_and_commits(client_as, bank, author):
    client = client_as(author)
    address = reverse("api:bank-imports", args=[bank.pk])
    made = client.post(address, {"file": SimpleUploadedFile("cau-hoi.txt", AIKEN.encode())})
    body = made.json()
    assert made.status_code == 201
    assert [(one["broken"], [doubt["text"] for doubt in one["doubts"]]) for one in body["questions"]] == [
        (False, []),
        (True, ["Dòng 6: chưa đánh dấu đáp án đúng"]),
        (False, []),
    ]
    one = reverse("api:bank-import", args=[bank.pk, body["id"]])
    assert client.get(one).json() == body
    commit = reverse("api:bank-import-commit", args=[bank.pk, body["id"]])
    assert client.post(commit, {}, content_type="application/json").json() == {"imported": 2}
    assert client.post(commit, {}, content_type="application/json").json() == {"imported": 0}
    file = client.get(reverse("api:bank-export", args=[bank.pk]), {"type": "moodle_xml"})
    assert (file.status_code, file.content.count(b"<questiontext")) == (200, 2)
    assert client_as(make_user()).get(one).status_code == 404
