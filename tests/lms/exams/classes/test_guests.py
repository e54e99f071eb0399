"""Guests of a sitting: they sit its test and nothing else; coming in, coming back, limits, the end."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.certificates.models import Certificate
from lms.classes.errors import NotEnrollableError
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, enrol_many
from lms.classes.services.requests import ask
from lms.common.clock import now
from lms.exams.models import Attempt, AttemptResult, Sitting, SittingGuest
from lms.exams.queries.boards import board
from lms.exams.services.guests import accept_guests, code_of, expire_guests, renew_personal_code
from lms.exams.services.invigilation import annul, extend_all, reopen
from lms.exams.services.responses import IncomingResponse, save
from lms.gradebook.models import LedgerEntry
from lms.people.models import Throttle, User
from lms.people.services.erasure import ErasureError, erase_guest
from lms.progress.models import ItemProgress
from quizzes.enums import Review
from tests.factories.classes import tally_of
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.quizzes import right_answer
from tests.factories.sittings import make_invigilator, make_sitting

pytestmark = pytest.mark.django_db
PAGE = "/hoc/vao-thi/SEN234/"


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30, "review": Review.SCORE})


@pytest.fixture
def sitting(study):
    return make_sitting(study, code="SEN234", sign_up="open", mode="contest", leaderboard=True)


def come_in(client, name="Lò Văn Khách", **fields):
    sent = client.post(PAGE, {"full_name": name, "organisation": "Chi bộ 2", **fields})
    assert sent.status_code == 302, sent.content.decode()
    guest = SittingGuest.objects.select_related("user", "sitting").latest("pk")
    assert sent.headers["Location"] == reverse("learner:guest", args=[guest.pk])
    return guest


def begin(client, guest):
    sent = client.post(reverse("learner:guest-start", args=[guest.pk]))
    attempt = Attempt.objects.select_related("exam", "paper", "user").latest("pk")
    assert sent.headers["Location"] == reverse("attempts:attempt", args=[attempt.pk])
    return attempt


def hand_in(client, attempt):
    answers = [IncomingResponse(slot, right_answer(attempt, slot), 1) for slot in (1, 2, 3)]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=answers, device=attempt.device)
    client.post(reverse("attempts:hand-in", args=[attempt.pk]))
    return Attempt.objects.get(pk=attempt.pk)


def test_a_passer_by_sits_the_test_and_is_no_learner(study, sitting, client_as):
    before = (Enrolment.objects.count(), tally_of(study.training_class))
    client = client_as(None)
    guest = come_in(client)
    page = client.get(reverse("learner:guest", args=[guest.pk])).content.decode()
    assert code_of(guest) in page
    assert re.fullmatch(r"[ACDEFGHJKMNPQRTVWXY34679]{5}-[ACDEFGHJKMNPQRTVWXY34679]{5}", code_of(guest))
    done = hand_in(client, begin(client, guest))
    assert (done.score, done.max_score, done.sitting_id) == (3, 3, sitting.pk)
    assert (done.enrolment_id, done.guest_id) == (None, guest.pk)
    result = client.get(reverse("attempts:result", args=[done.pk])).content.decode()
    assert reverse("learner:guest", args=[guest.pk]) in result
    assert "Lò Văn Khách" in client.get(reverse("learner:contest-ranking", args=["SEN234"])).content.decode()
    # nothing of the class knows of it
    assert (Enrolment.objects.count(), tally_of(study.training_class)) == before
    kept = [LedgerEntry, Certificate, ItemProgress]
    assert [model.objects.count() for model in kept] == [0, 0, 0]
    assert AttemptResult.objects.filter(attempt=done).count() == 1
    assert (guest.user.is_guest, guest.user.has_usable_password(), guest.user.username[:6]) == (True, False, "khach.")


def test_annulling_and_reopening_a_guest_s_test_moves_no_mark(study, sitting, client_as):
    client = client_as(None)
    done = hand_in(client, begin(client, come_in(client)))
    actor = make_user()
    found = Attempt.objects.select_related("exam", "paper", "user", "sitting").get(pk=done.pk)
    reopen(attempt=found, until=now() + dt.timedelta(hours=1), reason="Mất điện", actor=actor)
    again = hand_in(client, Attempt.objects.select_related("paper", "exam").get(pk=done.pk))
    assert (again.state, again.results.count(), LedgerEntry.objects.count()) == ("submitted", 2, 0)
    annul(attempt=Attempt.objects.select_related("sitting").get(pk=done.pk), reason="Gian lận", actor=actor)
    assert LedgerEntry.objects.count() == 0


def test_the_rosters_of_the_class_do_not_know_guests_and_the_board_marks_them(study, sitting, client_as):
    client = client_as(None)
    attempt = begin(client, come_in(client))
    come_in(client_as(None), "Vàng Thị Chờ")
    sitting.refresh_from_db()
    rows = [(row.name, row.state, row.guest_id is not None, row.attempt_id) for row in board(sitting).rows]
    assert rows == [
        (str(study.learner), "not_started", False, None),
        ("Vàng Thị Chờ", "not_started", True, None),
        ("Lò Văn Khách", "working", True, attempt.pk),
    ]
    invigilator = client_as(make_invigilator(sitting))
    page = invigilator.get(reverse("exams:sitting", args=[sitting.pk])).content.decode()
    assert (page.count(">khách</span>"), "2/1.000 khách" in page) == (2, True)
    seen = invigilator.get(f"/api/v1/sittings/{sitting.pk}/").json()
    assert (seen["guests"], seen["accepts_guests"], seen["max_guests"]) == (2, True, 1000)
    assert [(row["enrolment"] is None, row["guest"] is None) for row in seen["rows"]] == [
        (False, True),
        (True, False),
        (True, False),
    ]
    results = invigilator.get(reverse("exams:sitting-results", args=[sitting.pk])).content.decode()
    assert "Lò Văn Khách" in results
    assert invigilator.get(reverse("exams:sitting-attempt", args=[sitting.pk, attempt.pk])).status_code == 200
    assert extend_all(sitting=sitting, minutes=5, reason="Mất điện", actor=study.learner) == 1


def test_the_board_costs_the_same_for_one_guest_and_three(study, sitting, client_as):
    def statements():
        sitting.refresh_from_db()
        with CaptureQueriesContext(connection) as caught:
            board(sitting)
        return len(caught)

    come_in(client_as(None), "Người Một")
    one = statements()
    come_in(client_as(None), "Người Hai")
    come_in(client_as(None), "Người Ba")
    assert (statements(), one) == (8, 8)


def test_guests_cannot_be_enrolled(study, sitting, client_as):
    guest = come_in(client_as(None))
    with pytest.raises(NotEnrollableError):
        enrol(training_class=study.training_class, learner=guest.user, actor=study.learner)
    with pytest.raises(NotEnrollableError):
        enrol_many(training_class=study.training_class, learner_ids=[guest.user_id], actor=study.learner)
    assert ask(training_class=study.training_class, learner_ids=[guest.user_id], actor=study.learner) == 0


def test_somebody_with_an_account_is_a_guest_too(study, sitting, client_as):
    outsider = make_user("Người Ngoài")
    client = client_as(outsider)
    sent = client.post(PAGE)
    attempt = Attempt.objects.get()
    assert sent.headers["Location"] == reverse("attempts:attempt", args=[attempt.pk])
    place = SittingGuest.objects.get()
    assert (attempt.user, attempt.enrolment_id, attempt.guest_id, place.code_digest) == (outsider, None, place.pk, "")
    assert client.get(reverse("learner:home")).status_code == 200  # their own account stays what it was
    assert client.get(PAGE).headers["Location"] == reverse("learner:guest", args=[place.pk])
    assert not Enrolment.objects.filter(learner=outsider).exists()


# --- limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"max_guests": 0}, "Hết chỗ"),
        ({"accepts_guests": False}, "không nhận thêm"),
        ({"closes_at": now() - dt.timedelta(minutes=1), "opens_at": now() - dt.timedelta(hours=2)}, "đã đóng"),
        ({"stopped_at": now() - dt.timedelta(minutes=1)}, "không vào được nữa"),
        ({"late_minutes": 5}, "không vào được nữa"),
    ],
)
def test_who_is_not_let_in_gets_no_account(study, sitting, client_as, change, words):
    people, audited = User.objects.count(), AuditEntry.objects.count()
    Sitting.objects.filter(pk=sitting.pk).update(**change)
    client = client_as(None)
    assert words in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"full_name": "Lò Văn Muộn"}).status_code == 409
    assert (User.objects.count(), SittingGuest.objects.count(), AuditEntry.objects.count()) == (people, 0, audited)


def test_the_number_of_guests_is_exact(study, sitting, client_as, settings):
    settings.SEN_SITTING_GUESTS = 2
    come_in(client_as(None), "Người Một")
    come_in(client_as(None), "Người Hai")
    people = User.objects.count()
    assert client_as(None).post(PAGE, {"full_name": "Người Ba"}).status_code == 409
    assert User.objects.count() == people
    sitting.refresh_from_db()
    assert sitting.guest_count == SittingGuest.objects.count() == 2
    Sitting.objects.filter(pk=sitting.pk).update(max_guests=3)
    come_in(client_as(None), "Người Ba")


def test_the_invigilator_s_switch_works_at_once(study, sitting, client_as):
    client = client_as(make_invigilator(sitting))
    act = reverse("exams:sitting-act", args=[sitting.pk])
    inside = client_as(None)
    guest = come_in(inside)
    client.post(act, {"act": "refuse-guests"})
    assert client_as(None).post(PAGE, {"full_name": "Lò Văn Muộn"}).status_code == 409
    assert begin(inside, guest)  # who is in goes on
    assert client.post(f"/api/v1/sittings/{sitting.pk}/guests-open/", content_type="application/json").json() == {
        "changed": 1
    }
    come_in(client_as(None), "Lò Văn Sau")
    kinds = list(sitting.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["guests_closed", "guests_open"]
    assert accept_guests(sitting=sitting, accepts=True, actor=study.learner) is False


def test_a_hall_of_many_comes_in_from_one_address_and_a_flood_is_slowed(study, sitting, client_as, settings):
    settings.SEN_GUESTS_PER_ADDRESS = 4
    for number in range(4):
        come_in(client_as(None), f"Người Thứ {number}")
    people = User.objects.count()
    slowed = client_as(None).post(PAGE, {"full_name": "Người Nữa"})
    assert (slowed.status_code, User.objects.count()) == (409, people)
    elsewhere = client_as(None).post(PAGE, {"full_name": "Người Nữa"}, REMOTE_ADDR="10.0.0.7")
    assert elsewhere.status_code == 302
    with time_machine.travel(now() + dt.timedelta(minutes=2)):
        come_in(client_as(None), "Người Cuối")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "A",
        "…!",
        "<script>alert(1)</script>",
        "Nguyễn \u202eăV nA",
        "Nguy\u200bễn An",
        "An\x07 Bình",
        "http://x.vn",
        "An {{ 7 }}",
        "A" * 130,
        "N" * 61,
        "Z\u0335\u0336\u0337\u0338\u0334 An",
    ],
)
def test_what_is_no_name_is_refused_with_words(study, sitting, client_as, name):
    people = User.objects.count()
    refused = client_as(None).post(PAGE, {"full_name": name, "organisation": "Chi bộ <b>1</b>"})
    assert (refused.status_code, User.objects.count()) == (422, people)
    assert {"full_name", "organisation"} == set(refused.context["form"].errors)


@pytest.mark.parametrize(
    "name", ["Lò Văn Khách", "H'Hen Niê", "Nguyễn-Phúc Ánh", "Y Ê", "Nguye\u0302\u0303n An", "Nguyễn Văn Thi 12"]
)
def test_names_of_the_country_are_taken_in_one_form(study, sitting, client_as, name):
    guest = come_in(client_as(None), name, organisation="Chi bộ 3/2 (xã Hòa Bình)")
    import unicodedata

    assert str(guest.user) == unicodedata.normalize("NFC", name)


def test_new_names_give_no_new_guesses(study, sitting, client_as, monkeypatch):
    from lms.exams.services import joining
    from lms.people.services.throttling import Limit

    monkeypatch.setattr(joining, "STRANGERS", Limit(3, dt.timedelta(minutes=10), dt.timedelta(minutes=1)))
    wrong = reverse("learner:join-code", args=["ZZZ999"])
    clients = [client_as(None) for _one in range(3)]
    come_in(clients[1])  # a guest counts as a stranger
    assert [client.get(wrong).status_code for client in clients] == [422, 422, 422]
    assert client_as(None).get(PAGE).status_code == 422  # paused, by the address
    assert client_as(None).get(PAGE, REMOTE_ADDR="10.0.0.7").status_code == 200
    assert client_as(study.learner).get(PAGE).status_code == 200  # accounts have a count of their own
    assert Throttle.objects.count() >= 1


# --- coming back ---------------------------------------------------------------------------------------------


def test_a_guest_comes_back_by_the_personal_code_and_goes_on(study, sitting, client_as):
    client = client_as(None)
    guest = come_in(client)
    attempt = begin(client, guest)
    other = client_as(None)
    back = reverse("learner:guest-return")
    assert other.get(back).status_code == 200
    wrong = other.post(back, {"personal_code": "AAAAA-AAAAA"})
    assert (wrong.status_code, "AAAAA-AAAAA" in wrong.content.decode()) == (422, True)
    sent = other.post(back, {"personal_code": code_of(guest).lower().replace("-", " ")})
    assert sent.headers["Location"] == reverse("learner:guest", args=[guest.pk])
    page = other.get(sent.headers["Location"]).content.decode()
    assert reverse("attempts:attempt", args=[attempt.pk]) in page
    assert other.get(reverse("attempts:attempt", args=[attempt.pk])).status_code == 200
    assert (SittingGuest.objects.count(), Attempt.objects.count()) == (1, 1)
    assert code_of(guest).replace("-", "") not in json.dumps(
        [list(row) for row in SittingGuest.objects.values_list("code_digest", "device", "name_key")]
    )


def test_wrong_personal_codes_are_slowed_by_address(study, sitting, client_as, monkeypatch):
    from lms.exams.services import joining
    from lms.people.services.throttling import Limit

    monkeypatch.setattr(joining, "RETURNS", Limit(2, dt.timedelta(minutes=10), dt.timedelta(minutes=5)))
    guest = come_in(client_as(None))
    back = reverse("learner:guest-return")
    codes = ["AAAAA-AAAAA", "CCCCC-CCCCC", code_of(guest)]
    assert [client_as(None).post(back, {"personal_code": code}).status_code for code in codes] == [422, 422, 429]


def test_the_same_name_in_the_same_browser_is_the_same_person(study, sitting, client_as):
    client = client_as(None)
    first = come_in(client)
    del client.cookies["sessionid"]  # the browser forgot the session, not the device
    assert come_in(client, " lò  văn KHÁCH ").pk == first.pk
    assert User.objects.filter(is_guest=True).count() == 1
    del client.cookies["sessionid"]
    assert come_in(client, "Lò Văn Khác").pk != first.pk
    assert come_in(client_as(None)).pk != first.pk  # the same name at another machine is somebody else


def test_the_session_of_a_guest_outlives_the_browser(study, sitting, client_as):
    client = client_as(None)
    come_in(client)
    assert client.cookies["sessionid"]["max-age"] > 24 * 3600


def test_the_exam_page_asks_a_guest_for_the_code_and_no_password(study, sitting, client_as):
    client = client_as(None)
    attempt = begin(client, come_in(client))
    page = client.get(reverse("attempts:attempt", args=[attempt.pk])).content.decode()
    assert ('name="personal_code"' in page, 'type="password"' in page) == (True, False)
    assert f'"login": "{reverse("learner:guest-return")}"' in page
    assert "/doi-mat-khau/" not in page
    assert "/ho-so/" not in page


def test_the_invigilator_gives_a_new_code(study, sitting, client_as):
    guest = come_in(client_as(None))
    before = code_of(guest)
    invigilator = client_as(make_invigilator(sitting))
    page = reverse("exams:sitting-guest", args=[sitting.pk, guest.pk])
    assert before not in invigilator.get(page).content.decode()
    shown = invigilator.post(page).content.decode()
    guest.refresh_from_db()
    assert code_of(guest) != before
    assert code_of(guest) in shown
    back = reverse("learner:guest-return")
    codes = [before, code_of(guest)]
    assert [client_as(None).post(back, {"personal_code": code}).status_code for code in codes] == [422, 302]
    assert list(sitting.events.values_list("kind", flat=True)) == ["guest_code"]
    assert AuditEntry.objects.filter(action="quizzes.sitting_guest_code").count() == 1
    assert client_as(make_user()).get(page).status_code == 404
    other = make_sitting(study, code="KHAC23")
    assert invigilator.get(reverse("exams:sitting-guest", args=[other.pk, guest.pk])).status_code == 404


def test_a_new_code_ends_whatever_the_old_one_opened(study, sitting, client_as):
    """The browser that gave the name and the one that came back by the code are out; the answers stay."""
    first, second = client_as(None), client_as(None)
    guest = come_in(first)
    attempt = begin(first, guest)
    answers = [IncomingResponse(slot, right_answer(attempt, slot), 1) for slot in (1, 2)]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=answers, device=attempt.device)
    second.post(reverse("learner:guest-return"), {"personal_code": code_of(guest)})
    page = reverse("learner:guest", args=[guest.pk])
    assert [client.get(page).status_code for client in (first, second)] == [200, 200]
    invigilator = client_as(make_invigilator(sitting))
    invigilator.post(reverse("exams:sitting-guest", args=[sitting.pk, guest.pk]))
    assert [client.get(page).status_code for client in (first, second)] == [302, 302]
    address = f"/api/v1/attempts/{attempt.pk}/"
    assert [client.get(address).status_code for client in (first, second)] == [401, 401]
    # The name alone opened the place in the browser that gave it; now it makes another guest.
    sent = first.post(PAGE, {"full_name": "Lò Văn Khách", "organisation": "Chi bộ 2"})
    other = SittingGuest.objects.latest("pk")
    assert (sent.headers["Location"], other.pk != guest.pk) == (reverse("learner:guest", args=[other.pk]), True)
    third = client_as(None)
    guest.refresh_from_db()
    third.post(reverse("learner:guest-return"), {"personal_code": code_of(guest)})
    again = third.post(reverse("learner:guest-start", args=[guest.pk]))
    assert again.headers["Location"] == reverse("attempts:attempt", args=[attempt.pk])
    assert attempt.responses.count() == 2


def test_a_code_of_an_earlier_secret_still_works(study, sitting, client_as, settings):
    guest = come_in(client_as(None))
    code = code_of(guest)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a" * 50
    assert code_of(guest) == code
    assert client_as(None).post(reverse("learner:guest-return"), {"personal_code": code}).status_code == 302


def test_somebody_with_an_account_has_no_personal_code(study, sitting, client_as):
    client_as(make_user("Người Ngoài")).post(PAGE)
    place = SittingGuest.objects.get()
    invigilator = client_as(make_invigilator(sitting))
    page = reverse("exams:sitting-guest", args=[sitting.pk, place.pk])
    assert invigilator.post(page).status_code == 302
    place.refresh_from_db()
    assert (code_of(place), place.code_digest) == ("", "")


def test_a_guest_makes_room_for_the_next_at_the_same_machine(study, sitting, client_as):
    client = client_as(None)
    guest = come_in(client)
    left = client.post(reverse("learner:guest-leave", args=[guest.pk]))
    assert left.headers["Location"] == PAGE
    assert client.get(PAGE).context["asks_name"] is True
    assert come_in(client, "Người Kế Tiếp").pk != guest.pk


def test_a_guest_of_one_sitting_gives_a_name_again_at_another(study, sitting, client_as):
    client = client_as(None)
    come_in(client)
    make_sitting(study, code="KHAC23", sign_up="open")
    page = reverse("learner:join-code", args=["KHAC23"])
    assert client.get(page).context["asks_name"] is True
    assert client.post(page, {"full_name": "Lò Văn Khách"}).status_code == 302
    assert SittingGuest.objects.count() == 2


# --- waiting and the end ---------------------------------------------------------------------------------------


def test_a_stranger_who_comes_too_early_waits_on_a_page_that_can_be_loaded_again(study, sitting, client_as):
    Sitting.objects.filter(pk=sitting.pk).update(needs_opening=True)
    client = client_as(None)
    guest = come_in(client)
    page = reverse("learner:guest", args=[guest.pk])
    assert client.get(page).context["not_yet"] is True
    assert client.post(reverse("learner:guest-start", args=[guest.pk])).headers["Location"] == page
    Sitting.objects.filter(pk=sitting.pk).update(opened_at=now())
    assert begin(client, guest)


def test_guests_are_forgotten_and_their_results_are_not(study, sitting, client_as):
    client = client_as(None)
    guest = come_in(client)
    done = hand_in(client, begin(client, guest))
    renew_personal_code(guest=guest, actor=study.learner)
    assert sitting.events.get().text == "Lò Văn Khách"
    outsider = make_user("Người Ngoài")
    client_as(outsider).post(PAGE)
    facts = Attempt.objects.filter(pk=done.pk).values("score", "receipt", "state", "submitted_at", "guest_id").get()
    end = Sitting.objects.get(pk=sitting.pk).closes_at
    assert expire_guests(end + dt.timedelta(days=29)) == 0
    with time_machine.travel(end + dt.timedelta(days=31)):
        assert expire_guests() == 1
        assert expire_guests() == 0
    guest.refresh_from_db()
    user = User.objects.get(pk=guest.user_id)
    assert (str(user), user.is_active, user.erased_at is not None, user.profile.organisation) == (
        "Người đã xoá",
        False,
        True,
        "",
    )
    assert (guest.code_digest, guest.device, guest.name_key) == ("", "", "")
    assert (sitting.events.get().text, AuditEntry.objects.filter(data__icontains="Khách").count()) == ("", 0)
    after = Attempt.objects.filter(pk=done.pk).values("score", "receipt", "state", "submitted_at", "guest_id").get()
    assert after == facts
    outsider.refresh_from_db()
    assert (outsider.is_active, str(outsider)) == (True, "Người Ngoài")
    assert client.get(reverse("learner:guest", args=[guest.pk])).status_code == 302  # signed out
    with pytest.raises(ErasureError):
        erase_guest(user=outsider)


def test_a_guest_at_work_is_not_forgotten(study, sitting, client_as):
    client = client_as(None)
    guest = come_in(client)
    begin(client, guest)
    assert expire_guests(now() + dt.timedelta(days=400)) == 0
    renew_personal_code(guest=guest, actor=study.learner)


def test_too_many_wrong_codes_at_a_ranking_are_answered_in_words(study, sitting, client_as, monkeypatch):
    from lms.exams.services import joining
    from lms.people.services.throttling import Limit

    monkeypatch.setattr(joining, "STRANGERS", Limit(2, dt.timedelta(minutes=10), dt.timedelta(minutes=1)))
    client = client_as(None)
    come_in(client)  # a guest counts as a stranger
    wrong, right = (reverse("learner:contest-ranking", args=[code]) for code in ("ZZZ999", "SEN234"))
    assert [client.get(wrong).status_code for _one in range(2)] == [404, 404]
    paused = client.get(right)
    assert (paused.status_code, paused.templates[0].name) == (422, "learner/join.html")
    assert paused.context["problem"] == "Nhập sai mã quá nhiều lần. Mời đồng chí chờ ít phút."
    assert (paused.context["code"], "board" in paused.context) == ("SEN234", False)
    assert client_as(study.learner).get(right).status_code == 200  # accounts have a count of their own
