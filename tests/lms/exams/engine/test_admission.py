"""Who may start when, and until when: the pure rules."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.engine.admission import (
    Admission,
    Personal,
    SittingRules,
    StartRefusedError,
    admission,
    choose_sitting,
    clean_code,
    deadline,
    first_slot_of_page,
    is_late,
    same_code,
)

T0 = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return T0 + dt.timedelta(minutes=minutes)


def place(ident=1, **fields) -> SittingRules:
    return SittingRules(**{"id": ident, "opens_at": T0, "closes_at": at(60), **fields})


def outcome(places, minute, *, code="", personal=None, late=None):
    try:
        return choose_sitting(
            places, code=code, moment=at(minute), personal=personal or Personal(), late_minutes=late
        ).id
    except StartRefusedError as refused:
        return refused.code


@pytest.mark.parametrize(
    ("fields", "minute", "expected"),
    [
        ({}, -1, "not_open"),
        ({}, 0, 1),
        ({}, 59, 1),
        ({}, 60, "closed"),
        ({"needs_opening": True}, 10, "not_open"),
        ({"needs_opening": True, "opened_at": at(5)}, 10, 1),
        ({"needs_opening": True, "opened_at": at(5)}, 4, "not_open"),
        ({"stopped_at": at(10)}, 9, 1),
        ({"stopped_at": at(10)}, 10, "closed"),
        ({"late_minutes": 15}, 15, 1),
        ({"late_minutes": 15}, 16, "late"),
        ({"late_minutes": 15, "needs_opening": True, "opened_at": at(20)}, 34, 1),
        ({"late_minutes": 15, "needs_opening": True, "opened_at": at(20)}, 36, "late"),
        ({"code": "ABC234"}, 5, "code_required"),
        ({"code": "ABC234"}, -5, "not_open"),
    ],
)
def test_a_sitting_lets_people_in_or_says_why_not(fields, minute, expected):
    assert outcome([place(**fields)], minute) == expected


def test_the_exams_own_lateness_holds_where_the_sitting_says_nothing():
    assert outcome([place()], 11, late=10) == "late"
    assert outcome([place(late_minutes=30)], 11, late=10) == 1


def test_a_code_picks_its_room():
    rooms = [place(1, code="AAA222"), place(2, code="BBB333")]
    assert outcome(rooms, 5, code="bbb-333") == 2
    assert outcome(rooms, 5, code="CCC444") == "code_wrong"
    assert outcome(rooms, 5) == "code_required"
    assert outcome([place(1, code="AAA222"), place(2)], 5) == 2


def test_a_room_settled_for_a_person_is_the_only_one():
    rooms = [place(1, code="AAA222"), place(2, code="BBB333")]
    assert outcome(rooms, 5, code="AAA222", personal=Personal(sitting_id=2)) == "code_wrong"
    assert outcome(rooms, 5, code="BBB333", personal=Personal(sitting_id=2)) == 2


def test_a_personal_window_replaces_the_sittings_own():
    closed = place(stopped_at=at(10), late_minutes=0)
    assert outcome([closed], 70, personal=Personal(closes_at=at(90))) == 1
    assert outcome([closed], 90, personal=Personal(closes_at=at(90))) == "closed"
    assert outcome([closed], 5, personal=Personal(opens_at=at(6))) == "not_open"


@pytest.mark.parametrize(
    ("limit", "terms", "cut", "minute", "expected"),
    [
        (30, Admission(), True, 0, 30),
        (30, Admission(closes_at=at(60)), True, 45, 60),
        (30, Admission(closes_at=at(60)), False, 45, 75),
        (30, Admission(closes_at=at(60), cut_at_close=False), True, 45, 75),
        (30, Admission(closes_at=at(60), cut_at_close=True), False, 45, 60),
        (40, Admission(closes_at=at(60), extra_percent=25), True, 0, 50),
        (40, Admission(closes_at=at(60), extra_percent=25, extra_minutes=5), True, 30, 75),
        (None, Admission(closes_at=at(60)), True, 30, 60),
        (None, Admission(closes_at=at(60), extra_minutes=10), True, 30, 70),
        (None, Admission(), True, 30, None),
    ],
)
def test_the_end_of_an_attempt(limit, terms, cut, minute, expected):
    found = deadline(moment=at(minute), limit=limit, terms=terms, cut_at_close=cut)
    assert found == (None if expected is None else at(expected))


@given(st.integers(1, 600), st.integers(0, 300), st.integers(0, 120), st.integers(0, 59), st.booleans())
def test_extra_time_is_never_taken_away_again(limit, percent, minutes, start, cut):
    plain = deadline(moment=at(start), limit=limit, terms=Admission(closes_at=at(60)), cut_at_close=cut)
    terms = Admission(closes_at=at(60), extra_percent=percent, extra_minutes=minutes)
    more = deadline(moment=at(start), limit=limit, terms=terms, cut_at_close=cut)
    assert plain is not None
    assert more is not None
    assert more - plain == dt.timedelta(minutes=limit * percent / 100 + minutes)


@given(st.text())
def test_codes_are_read_as_people_type_them(text):
    code = clean_code(text)
    assert clean_code(code) == code
    assert all("0" <= letter <= "9" or "A" <= letter <= "Z" for letter in code)


@given(st.integers(1, 500), st.integers(1, 50))
def test_a_page_holds_its_questions(slot, size):
    first = first_slot_of_page(slot, size)
    assert first <= slot < first + size
    assert (first - 1) % size == 0


def refused(places, minute, *, code="", personal=None, late=None):
    """What the person is told: the reason, and from when on it may be worth trying again."""
    with pytest.raises(StartRefusedError) as caught:
        choose_sitting(places, code=code, moment=at(minute), personal=personal or Personal(), late_minutes=late)
    return caught.value.code, caught.value.until, str(caught.value)


def test_a_refusal_says_from_when_on_it_may_be_worth_trying():
    assert refused([place(opens_at=at(20))], 5) == ("not_open", at(20), "not_open")
    assert refused([place(needs_opening=True)], 5) == ("not_open", None, "not_open")
    assert refused([place()], 60) == ("closed", None, "closed")
    assert refused([place()], 5, personal=Personal(opens_at=at(7))) == ("not_open", at(7), "not_open")
    assert refused([], 5) == ("not_open", None, "not_open")
    assert refused([place()], 5, personal=Personal(sitting_id=9)) == ("not_open", None, "not_open")


def test_of_several_reasons_the_one_nearest_to_being_let_in_is_told():
    coded, early = place(1, code="ABC234"), place(2, opens_at=at(30))
    late, over = place(3, late_minutes=0), place(4, closes_at=at(1))
    rooms = [over, late, early, coded]
    told = [refused(rooms[:count], 5)[0] for count in (4, 3, 2, 1)]
    assert told == ["code_required", "not_open", "late", "closed"]


def test_the_room_that_opened_first_is_taken_and_of_two_the_one_made_first():
    assert outcome([place(1, opens_at=at(2)), place(2, opens_at=at(1)), place(3, opens_at=at(1))], 5) == 2
    assert outcome([place(1, opens_at=at(2), code="ABC234"), place(2, opens_at=at(3))], 5) == 2


def test_a_code_that_no_room_has_is_wrong_and_where_no_room_has_one_it_does_not_matter():
    assert refused([place(1, code="ABC234"), place(2)], 5, code="XYZ999") == ("code_wrong", None, "code_wrong")
    assert outcome([place(1), place(2)], 5, code="XYZ999") == 1
    assert outcome([place(1, code="ABC234"), place(2, code="DEF567")], 5, code=" def-567 ") == 2
    assert outcome([place(1, code="ABC234")], 5, code="???") == "code_required"


def test_the_word_of_the_invigilator_holds_from_its_moment_on():
    assert outcome([place(needs_opening=True, opened_at=at(5))], 5) == 1
    assert outcome([place(stopped_at=at(10), needs_opening=True, opened_at=at(5))], 10) == "closed"
    assert outcome([place(needs_opening=True, stopped_at=at(1))], 5, personal=Personal(closes_at=at(30))) == 1
    assert outcome([place(needs_opening=True)], 5, personal=Personal(opens_at=T0)) == 1
    assert outcome([place(late_minutes=0)], 5, personal=Personal(closes_at=at(6))) == 1
    assert outcome([place()], 30, personal=Personal(closes_at=at(30))) == "closed"


def test_lateness_is_counted_from_the_beginning_and_its_last_minute_is_in_time():
    assert [is_late(T0, late, at(5)) for late in (None, 4, 5, 6)] == [False, True, False, False]
    assert outcome([place(late_minutes=0)], 0, late=30) == 1
    assert outcome([place(late_minutes=0)], 1, late=30) == "late"
    assert outcome([place(needs_opening=True, opened_at=at(-20), late_minutes=10)], 9) == 1


def test_the_terms_of_starting_are_those_of_the_place_and_of_the_person():
    personal = Personal(sitting_id=7, extra_minutes=5, extra_percent=20, extra_attempts=1)
    assert admission(place(7, cut_at_close=True), personal) == Admission(7, at(60), True, 5, 20, 1)
    assert admission(place(8), Personal(closes_at=at(90))) == Admission(8, at(90), None, 0, 0, 0)


def test_codes_are_the_same_or_not():
    assert [same_code("ABC", other) for other in ("ABC", "ABD", "")] == [True, False, False]
    assert clean_code(" ab-c 2é3! ") == "ABC23"


def test_the_first_question_of_a_page():
    assert [first_slot_of_page(slot, 3) for slot in (1, 3, 4, 6, 7)] == [1, 1, 4, 4, 7]
    assert first_slot_of_page(5, 1) == 5


def test_the_end_where_nothing_limits_it_and_where_both_do():
    nothing = Admission()
    assert deadline(moment=T0, limit=None, terms=nothing, cut_at_close=True) is None
    assert deadline(moment=T0, limit=30, terms=nothing, cut_at_close=True) == at(30)
    window = Admission(closes_at=at(60), extra_minutes=10, extra_percent=50)
    assert deadline(moment=T0, limit=None, terms=window, cut_at_close=False) == at(70)
    assert deadline(moment=at(50), limit=40, terms=window, cut_at_close=True) == at(90)
    assert deadline(moment=at(50), limit=40, terms=window, cut_at_close=False) == at(120)
    own = Admission(closes_at=at(60), cut_at_close=False)
    assert deadline(moment=at(50), limit=40, terms=own, cut_at_close=True) == at(90)
    assert deadline(
        moment=at(50), limit=40, terms=Admission(closes_at=at(60), cut_at_close=True), cut_at_close=False
    ) == (at(60))
