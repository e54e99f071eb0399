"""A button pressed twice, or in a window older than what somebody did meanwhile: the answer says what happened."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.classes.models import EnrolmentRequest
from lms.classes.services import requests
from lms.exams.models import Marking, MarkingSession
from lms.exams.services.marking.sessions import add_marker, reassign
from lms.people.models import ErasureRequest
from lms.people.services import erasure
from quizzes.enums import CorrectionRule
from quizzes.models import KeyCorrection
from quizzes.services import imports
from tests.factories.banks import make_world
from tests.factories.cast import make_cast
from tests.factories.people import make_user
from tests.lms.exams.test_regrade import do, exam, officer, sit  # noqa: F401 (fixtures)
from tests.lms.portals.exams.test_marking import world as marking_world
from tests.quizzes.imports.test_imports import AIKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
world = marking_world
AT = "2026-11-02T08:30:00+07:00"


def said(response):
    """Return what the page after a form says, and where it is."""
    return [str(message) for message in response.context["messages"]], response.redirect_chain[-1][0]


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def stranger(cast):
    return make_user("Đỗ Thị Linh", unit=cast.other_centre)


@pytest.fixture
def asked(cast, stranger):
    with time_machine.travel(AT, tick=False):
        requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=cast.person("centre_manager"))
    return EnrolmentRequest.objects.get()


@pytest.mark.parametrize(
    ("who", "act", "verb", "learner_reads", "office_reads", "class_reads"),
    [
        ("stranger", "accept", "chấp nhận", "bạn", "Đỗ Thị Linh", "Đỗ Thị Linh"),
        ("other_manager", "decline", "từ chối", "Trung tâm B", "bạn", "Trung tâm B"),
        ("national_manager", "accept", "chấp nhận", "Trung tâm B", "Trung tâm B", "Trung tâm B"),
        ("centre_manager", "take_back", "rút", "Trung tâm A", "Trung tâm A", "bạn"),
    ],
)
def test_a_request_that_is_answered_says_by_whom_and_when(
    cast, stranger, asked, client_as, who, act, verb, learner_reads, office_reads, class_reads
):
    """The name of an official is for those who see that person; the others read the unit."""
    with time_machine.travel(AT, tick=False):
        actor = stranger if who == "stranger" else cast.person(who)
        getattr(requests, act)(request=EnrolmentRequest.objects.get(), actor=actor)
        own = client_as(stranger).post(f"/hoc/loi-moi/{asked.pk}/", {"act": "accept"}, follow=True)
        office = client_as(cast.person("other_manager"))
        answer = office.post(f"/dieu-hanh/de-nghi/{asked.pk}/tra-loi/", {"act": "accept"}, follow=True)
        sender = client_as(cast.person("centre_manager"))
        back = sender.post(f"/dieu-hanh/de-nghi/{asked.pk}/rut/", {"back": "list"}, follow=True)
    sentence = "Đề nghị này đã được {} trước đó, bởi {} lúc 8:30, 02/11/2026."
    assert said(own) == ([sentence.format(verb, learner_reads)], "/hoc/")
    assert said(answer) == ([sentence.format(verb, office_reads)], "/dieu-hanh/de-nghi/")
    assert said(back) == ([sentence.format(verb, class_reads)], "/dieu-hanh/de-nghi/?xem=gui")


def test_a_request_that_nobody_answered_says_since_when_and_strangers_hear_nothing(cast, stranger, asked, client_as):
    url = f"/hoc/loi-moi/{asked.pk}/"
    with time_machine.travel("2027-01-02T08:30:00+07:00", tick=False):
        own = client_as(stranger).post(url, {"act": "accept"}, follow=True)
        for role in ("learner", "centre_manager", "other_manager"):
            assert client_as(cast.person(role)).post(url, {"act": "accept"}).status_code == 404
        assert client_as(stranger).post("/hoc/loi-moi/999999/", {"act": "accept"}).status_code == 404
    assert said(own)[0] == ["Đề nghị này đã hết hạn lúc 8:30, 02/12/2026: không ai trả lời."]


def test_an_erasure_decided_in_another_window(cast, stranger, client_as):
    made = erasure.ask(user=stranger, actor=stranger)
    url = f"/dieu-hanh/du-lieu-ca-nhan/{made.pk}/"
    boss, other = client_as(cast.person("other_manager")), client_as(cast.person("national_manager"))
    with time_machine.travel(AT, tick=False):
        erasure.refuse(request=made, actor=cast.person("other_manager"), reason="Còn học")
        late = other.post(url, {"reason": "Đơn hợp lệ", "sure": "on", "act": "erase"}, follow=True)
        twice = boss.post(url, {"reason": "Còn học", "act": "refuse"}, follow=True)
        withdrawn = client_as(stranger).post("/ho-so/du-lieu/thoi-xoa/", follow=True)
    sentence = "Yêu cầu này đã được quyết định: Đã từ chối, bởi {} lúc 8:30, 02/11/2026."
    assert said(late) == ([sentence.format("Hoàng Văn Tỉnh")], url)
    assert said(twice) == ([sentence.format("bạn")], url)
    assert said(withdrawn)[0] == ["Bạn không có yêu cầu nào đang chờ: yêu cầu đã được rút hoặc đã được trả lời."]
    assert ErasureRequest.objects.get().decision == "Còn học"


def test_an_erasure_carried_out_twice(cast, stranger, client_as):
    made = erasure.ask(user=stranger, actor=stranger)
    client = client_as(cast.person("other_manager"))
    url = f"/dieu-hanh/du-lieu-ca-nhan/{made.pk}/"
    with time_machine.travel(AT, tick=False):
        client.post(url, {"reason": "Đơn hợp lệ", "sure": "on", "act": "erase"})
        twice = client.post(url, {"reason": "Đơn hợp lệ", "sure": "on", "act": "erase"}, follow=True)
    words = "Yêu cầu này đã được quyết định: Đã thực hiện, bởi bạn lúc 8:30, 02/11/2026."
    assert said(twice) == (["Đã xoá dữ liệu cá nhân.", words], url)


def test_what_the_office_removed_before(cast, client_as):
    client = client_as(cast.person("centre_manager"))
    base = f"/dieu-hanh/lop/{cast.training_class.pk}/"
    out = f"{base}hoc-vien/{cast.enrolment.pk}/rut/"
    answers = [client.post(out, {"reason": "Chuyển công tác"}, follow=True) for _press in range(2)]
    assert said(answers[1])[0] == ["Trần Thị Học đã rút khỏi lớp trước đó."]


def test_a_topic_and_a_change_of_questions_that_are_undone(client_as):
    banks = make_world()
    bank = banks.bank
    topic = bank.topics.create(name="Cũ")
    client = client_as(banks.officer)
    url = f"/khao-thi/ngan-hang/{bank.pk}/chu-de/"
    for do_it in (f"delete:{topic.pk}", f"save:{topic.pk}"):
        last = client.post(url, {"act": do_it, "name": "Mới"}, follow=True)
    words = ["Chủ đề này không còn nữa: đã được xoá trước đó."]
    assert said(last) == (words, url)
    undone = client.post("/khao-thi/ngan-hang/hang-loat/hoan-tac/", {"back": url}, follow=True)
    assert said(undone) == (["Không còn gì để hoàn tác: thay đổi gần nhất đã được hoàn tác."], url)


def test_a_question_file_is_discarded_once(client_as):
    banks = make_world()
    file = SimpleUploadedFile("cau-hoi.txt", AIKEN.encode())
    batch = imports.start_import(bank=banks.bank, file=file, actor=banks.author)
    client = client_as(banks.author)
    page = client.get(f"/khao-thi/nhap/{batch.pk}/").content.decode()
    assert f'name="once" value="discard-{batch.pk}"' in page
    form = {"once": f"discard-{batch.pk}"}
    answers = [client.post(f"/khao-thi/nhap/{batch.pk}/bo/", form, follow=True) for _press in range(2)]
    assert said(answers[1]) == (["Tệp đã được bỏ rồi."], "/khao-thi/nhap/")


def test_an_answer_that_another_marker_has_now(client_as, world):
    world.hand_in("Trần Thị Học")
    world.give_out(client_as(world.officer))
    session, marking = MarkingSession.objects.get(), Marking.objects.get()
    add_marker(session=session, user=world.cham, actor=world.officer)
    reassign(session=session, giver=world.giang, taker=world.cham, actor=world.officer, drafts=True)
    url = f"/khao-thi/cham/bai/{marking.pk}/"
    late = client_as(world.giang).post(url, {"version": 0, "act": "finish", "diem-1": "4"}, follow=True)
    words = ["Bạn không còn chấm bài này: bài đã chuyển cho người chấm khác, hoặc không còn được chấm."]
    assert said(late) == (words, "/khao-thi/cham/")
    assert client_as(world.giang).get(url).status_code == 404  # an address alone tells nobody anything
    assert client_as(world.stranger).post(url, {"act": "finish"}).status_code == 404
    assert client_as(world.giang).get("/khao-thi/cham/bai/999999/").status_code == 404


def test_a_correction_is_made_once(exam, officer):  # noqa: F811 (fixtures)
    from lms.exams.errors import CorrectionError

    sit(exam, 2)
    with time_machine.travel(AT, tick=False):
        do(exam, officer)
        with pytest.raises(CorrectionError) as refused:
            do(exam, officer)
    assert (refused.value.code, str(refused.value)) == (
        "in_force", f"Câu này đã được sửa như thế rồi: bởi {officer} lúc 8:30, 02/11/2026.",
    )  # fmt: skip
    do(exam, officer, rule=CorrectionRule.DROPPED)
    do(exam, officer)  # the other way again: a decision of its own
    assert list(KeyCorrection.objects.order_by("number").values_list("rule", flat=True)) == [
        "everyone", "dropped", "everyone",
    ]  # fmt: skip


def test_signing_out_twice_at_another_place(cast, client_as):
    there, here = client_as(cast.learner), client_as(cast.learner)
    there.get("/hoc/"), here.get("/hoc/")
    page = here.get("/ho-so/phien-dang-nhap/")
    number = next(number for _row, number, _agent, own in page.context["rows"] if not own)
    answers = [here.post(f"/ho-so/phien-dang-nhap/{number}/", follow=True) for _press in range(2)]
    assert [said(one)[0] for one in answers] == [["Đã đăng xuất ở đó."], ["Không còn ai đăng nhập ở đó."]]
