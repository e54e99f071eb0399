"""Issuing, revoking, printing and verifying."""

import datetime as dt
import io
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from pypdf import PdfReader

from lms.audit.models import AuditEntry
from lms.certificates.models import Certificate, Register
from lms.certificates.pdf import render
from lms.certificates.services import issue, issue_for_class, revoke
from lms.classes.enums import ClassState
from lms.classes.services.classes import close_class, recognise_class
from lms.common.errors import DomainError
from lms.common.models import ImmutableRowError
from lms.completion.services import record_progress
from lms.people.enums import Role
from lms.people.models import SensitiveProfile
from lms.programmes.enums import CertificateRule
from tests.factories.classes import make_class, make_enrolment
from tests.factories.learning import make_study
from tests.factories.people import grant, make_unit, make_user

DAY = dt.datetime(2026, 9, 20, 3, tzinfo=dt.UTC)


def complete(study, enrolment=None):
    for lesson in study.items("lesson"):
        record_progress(enrolment=enrolment or study.fresh(), item_id=lesson.pk, position=1, seconds=1, completed=True)


def make_certificate(full_name="Nguyễn Thị Sen", **fields):
    study = make_study(exam=False, full_name=full_name, **fields)
    complete(study)
    return study, Certificate.objects.get(enrolment=study.enrolment)


@pytest.mark.django_db
def test_every_printed_word_is_kept_as_it_was():
    with time_machine.travel(DAY, tick=False):
        province = make_unit(name="Tỉnh Hà Tĩnh", short_name="Hà Tĩnh", kind="province")
        study = make_study(
            exam=False, unit=make_unit(province, name="Trung tâm chính trị Thành Sen"), full_name="Lê Thị An"
        )
        SensitiveProfile.objects.create(user=study.learner, birth_date=dt.date(1985, 9, 3))
        complete(study)
    one = Certificate.objects.get()
    learner = study.learner
    learner.family_name = "Trần"
    learner.save()
    assert {
        field.name: getattr(one, field.name)
        for field in Certificate._meta.fields
        if field.name not in ("id", "code", "register", "enrolment")
    } == {
        "number": 1,
        "number_text": "01/2026/GCN-TTCT",
        "holder_name": "Lê Thị An",
        "birth_date": dt.date(1985, 9, 3),
        "programme_title": study.edition.title,
        "class_name": study.training_class.name,
        "starts_on": study.training_class.starts_on,
        "ends_on": study.training_class.ends_on,
        "periods": 8,
        "score": None,
        "band": "",
        "issuer_name": "Trung tâm chính trị Thành Sen",
        "superior_name": "Tỉnh Hà Tĩnh",
        "place": "Hà Tĩnh",
        "decision": "",
        "decided_on": None,
        "letterhead": "party",
        "signer_title": "Giám đốc",
        "signer_name": "",
        "issued_on": dt.date(2026, 9, 20),
    }
    with pytest.raises(ImmutableRowError):
        one.save()
    assert issue(enrolment=study.enrolment) == one
    assert Register.objects.values_list("unit", "year", "last_number").get() == (study.unit.pk, 2026, 1)
    assert AuditEntry.objects.filter(action="certificates.issued").count() == 1


@pytest.mark.django_db
def test_who_has_not_completed_gets_none():
    study = make_study(exam=False)
    with pytest.raises(DomainError) as refused:
        issue(enrolment=study.enrolment)
    assert (refused.value.code, Certificate.objects.count(), Register.objects.count()) == ("not_completed", 0, 0)


@pytest.mark.django_db
def test_certificates_wait_for_the_decision_where_the_edition_says_so():
    study = make_study(exam=False, certificate_rule=CertificateRule.ON_DECISION, full_name="Vũ Văn Bình")
    second, third = study.another("Đỗ Thị An"), study.another("Hồ Văn Chín")
    for enrolment in (study.fresh(), second):
        complete(study, enrolment)
    assert Certificate.objects.count() == 0
    actor = make_user()
    close_class(training_class=study.training_class, actor=actor)
    third.refresh_from_db()
    assert third.status == "failed"
    recognise_class(
        training_class=study.training_class, decision="45-QĐ/TTCT", on=study.training_class.ends_on, actor=actor
    )
    rows = Certificate.objects.order_by("number").values_list("number", "holder_name", "decision")
    assert list(rows) == [(1, "Đỗ Thị An", "45-QĐ/TTCT"), (2, "Vũ Văn Bình", "45-QĐ/TTCT")]


@pytest.mark.django_db
def test_no_certificate_where_the_edition_gives_none():
    study = make_study(exam=False, certificate_rule=CertificateRule.NEVER)
    complete(study)
    assert (study.fresh().status, Certificate.objects.count()) == ("completed", 0)


@pytest.mark.django_db
def test_a_reopened_class_lets_learners_go_on():
    from lms.classes.services.classes import reopen_class

    study = make_study(exam=False)
    actor = make_user()
    close_class(training_class=study.training_class, actor=actor)
    assert study.fresh().status == "failed"
    reopen_class(training_class=study.training_class, actor=actor)
    assert (study.fresh().status, study.fresh().training_class.state) == ("enrolled", ClassState.OPEN)


@pytest.mark.django_db
def test_a_revocation_says_why_once_and_in_public_only_when():
    _study, one = make_certificate()
    actor = make_user()
    with pytest.raises(DomainError) as refused:
        revoke(certificate=one, reason="  ", actor=actor)
    assert refused.value.code == "reason_needed"
    revoke(certificate=one, reason="Gian lận trong thi cử", actor=actor)
    with pytest.raises(DomainError) as refused:
        revoke(certificate=one, reason="Lần nữa", actor=actor)
    assert refused.value.code == "already_revoked"
    page = Client().get(f"/xac-minh/{one.code}/").content.decode()
    assert "callout-danger" in page
    assert "Gian lận" not in page
    answer = Client().get(f"/api/v1/certificates/{one.code}/").json()
    assert (answer["valid"], answer["revoked_on"] is not None) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_when_many_complete_at_once():
    unit = make_unit()
    training_class = make_class(unit)
    enrolments = [make_enrolment(training_class, status="completed") for _one in range(8)]
    problems = []

    def work(enrolment):
        try:
            issue(enrolment=enrolment)
        except Exception as error:  # noqa: BLE001 (shown by the assertion below)
            problems.append(error)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection to a database in memory")
    threads = [threading.Thread(target=work, args=(enrolment,)) for enrolment in enrolments for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(Certificate.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert Register.objects.get().last_number == 8


@pytest.mark.django_db
def test_a_class_is_issued_once():
    training_class = make_class()
    for _one in range(3):
        make_enrolment(training_class, status="completed")
    make_enrolment(training_class)
    assert [issue_for_class(training_class=training_class) for _repeat in range(2)] == [3, 0]


# --- The PDF ---

CASES = {
    "plain": {},
    "long": {
        "holder_name": "Công Tằng Tôn Nữ Nguyễn Phúc Quỳnh Hương Thảo Nguyên Thanh Thủy Trường Giang Bảo Ngọc",
        "programme_title": "Bồi dưỡng lý luận chính trị và nghiệp vụ công tác Mặt trận Tổ quốc " * 3,
        "class_name": "Lớp bồi dưỡng dành cho cán bộ cơ sở cụm các xã miền núi khóa II năm 2026 " * 2,
        "issuer_name": "Trung tâm bồi dưỡng chính trị liên xã Hướng Hóa – Đakrông – Vĩnh Linh – Gio Linh",
        "superior_name": "Ban Tuyên giáo và Dân vận Tỉnh ủy Quảng Trị",
        "decision": "45-QĐ/TTCT",
        "decided_on": dt.date(2026, 9, 18),
    },
    "attendance only": {"holder_name": "H'Hen Niê Kđăm", "score": None, "band": "", "birth_date": None, "place": ""},
    "markup": {"holder_name": '#emph[x] $y$ *z* \\ "q" <b> // #import "@x/y"', "letterhead": "state"},
}


def sample(**fields):
    return Certificate(
        **{
            "code": "7K2M-9QXB-41TE",
            "number": 12,
            "number_text": "12/2026/GCN-TTCT",
            "holder_name": "Nguyễn Thị Hoài Thương",
            "birth_date": dt.date(1985, 9, 3),
            "programme_title": "Bồi dưỡng nhận thức về Đảng",
            "class_name": "Lớp Nhận thức về Đảng khóa 3",
            "starts_on": dt.date(2026, 9, 7),
            "ends_on": dt.date(2026, 9, 14),
            "periods": 40,
            "score": 8.5,
            "band": "very_good",
            "issuer_name": "Trung tâm chính trị phường Thành Sen",
            "superior_name": "Đảng ủy phường Thành Sen",
            "place": "Hà Tĩnh",
            "issued_on": dt.date(2026, 9, 20),
            "signer_title": "Giám đốc",
            **fields,
        }
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_pdf_is_one_page_of_text_with_its_own_fonts(case, language):
    one = sample(**CASES[case])
    reader = PdfReader(io.BytesIO(render(one, language=language)))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert " ".join(one.holder_name.split()) in text
    assert {one.code, one.number_text} <= set(text.split())
    fonts = reader.pages[0]["/Resources"]["/Font"].get_object().values()
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor.get_object()) for descriptor in descriptors)


def test_code_of_the_typesetter_in_a_certificate_is_only_text():
    code = '#read("a.txt") $x$ @ref *sao* // hết #'
    one = sample(holder_name=code, issuer_name=code, programme_title=code, signer_name=code)
    text = "".join(PdfReader(io.BytesIO(render(one))).pages[0].extract_text().split())
    assert text.lower().count("".join(code.split()).lower()) >= 4


# --- The pages ---


@pytest.mark.django_db
def test_the_pdf_is_for_the_holder_and_those_in_charge(client_as):
    study, one = make_certificate()
    neighbour = study.another().learner
    lecturer, manager, stranger = make_user(), make_user(), make_user()
    study.training_class.staff.create(user=lecturer)
    grant(manager, Role.CENTRE_MANAGER, study.unit)
    grant(stranger, Role.CENTRE_MANAGER, make_unit())
    address = f"/hoc/chung-nhan/{one.code}.pdf"
    cast = {
        "holder": study.learner,
        "lecturer": lecturer,
        "manager": manager,
        "neighbour": neighbour,
        "other": stranger,
    }
    assert {name: client_as(user).get(address).status_code for name, user in cast.items()} == {
        "holder": 200,
        "lecturer": 200,
        "manager": 200,
        "neighbour": 404,
        "other": 404,
    }
    assert client_as(None).get(address).status_code == 302
    assert client_as(study.learner).get("/hoc/chung-nhan/khong-co.pdf").status_code == 404
    revoke(certificate=one, reason="Cấp nhầm", actor=manager)
    revoked = client_as(study.learner).get(address)
    assert (revoked.status_code, revoked.url) == (302, f"/xac-minh/{one.code}/")


@pytest.mark.django_db
def test_anybody_verifies_a_code_however_it_is_typed():
    study, one = make_certificate()
    SensitiveProfile.objects.create(user=study.learner, citizen_id="001085000001", ethnicity="Kinh")
    client = Client()
    found = client.get("/xac-minh/", {"code": one.code.lower().replace("-", " ")})
    assert (found.status_code, found.url) == (302, f"/xac-minh/{one.code}/")
    again = client.get(f"/xac-minh/{one.code.replace('-', '')}/")
    assert (again.status_code, again.url) == (302, f"/xac-minh/{one.code}/")
    page = client.get(found.url)
    text = page.content.decode()
    assert page.status_code == 200
    assert all(word in text for word in (one.holder_name, one.programme_title, one.number_text, "callout-good"))
    assert not any(word in text for word in ("001085000001", "Kinh", study.learner.username))


@pytest.mark.django_db
def test_an_unknown_code_gets_the_form_again():
    client = Client()
    assert client.get("/xac-minh/").status_code == 200
    assert client.get("/xac-minh/", {"code": "abc"}).status_code == 422
    unknown = client.get("/xac-minh/0000-0000-0000/")
    assert unknown.status_code == 404
    assert 'name="code"' in unknown.content.decode()
    assert client.get("/api/v1/certificates/0000-0000-0000/").json()["code"] == "not_found"


@pytest.mark.django_db
def test_guessing_is_slowed_down_for_each_address(settings):
    settings.SEN_VERIFY_PER_MINUTE = 2
    guesses = [Client().get("/xac-minh/0000-0000-0000/").status_code for _guess in range(3)]
    assert guesses == [404, 404, 429]
    assert Client().get("/api/v1/certificates/0000-0000-0000/").status_code == 429
    elsewhere = Client().get("/xac-minh/0000-0000-0000/", REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 404
