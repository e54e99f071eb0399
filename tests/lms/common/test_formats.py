from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lms.common import formats

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("vi", 101356, "101.356"),
        ("en", 101356, "101,356"),
        ("vi", Decimal("1234.50"), "1.234,5"),
        ("vi", 0.125, "0,13"),
        ("vi", -4, "\u22124"),
        ("vi", -0.001, "0"),
        ("vi", 0, "0"),
        ("vi", None, "–"),
    ],
)
def test_number(language, value, expected):
    with override(language):
        assert formats.number(value) == expected


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(["vi", "en"]))
def test_number_keeps_every_figure(value, language):
    with override(language):
        assert formats.number(value).replace(".", "").replace(",", "") == str(value)


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [("vi", 88.4, f"88,4{NBSP}%"), ("en", 88.4, "88.4%"), ("vi", 46, f"46{NBSP}%"), ("vi", 99.96, f"100{NBSP}%")],
)
def test_percent(language, value, expected):
    with override(language):
        assert formats.percent(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(8.5, "8,5"), (8, "8,0"), (Decimal("7.25"), "7,25"), (None, "–")])
def test_score(value, expected):
    with override("vi"):
        assert formats.score(value) == expected


def test_date_long_names_the_day():
    day = date(2026, 11, 23)
    with override("vi"):
        assert formats.date_long(day) == "Thứ Hai, 23 tháng 11"
        assert formats.date_long(day, year=True) == "Thứ Hai, 23 tháng 11 năm 2026"
        assert formats.date_long(date(2026, 11, 29)) == "Chủ Nhật, 29 tháng 11"
    with override("en"):
        assert formats.date_long(day, year=True) == "Monday, 23 November 2026"


def test_moments_are_local():
    """23:30 in UTC is the next morning in Vietnam."""
    value = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    with override("vi"):
        assert formats.moment(value) == "6:30, 27/11/2026"
        assert formats.date_long(value) == "Thứ Sáu, 27 tháng 11"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2008, 9, 3), "03/9/2008"), (date(2026, 2, 1), "01/02/2026"), (date(2026, 11, 27), "27/11/2026")],
)
def test_date_short_writes_figures_as_offices_do(day, expected):
    assert formats.date_short(day) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 27), date(2026, 11, 30), "27/11 – 30/11/2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28/12/2026 – 03/01/2027"),
        (date(2026, 11, 27), date(2026, 11, 27), "27/11/2026"),
        (datetime(2026, 11, 27, 1, tzinfo=UTC), datetime(2026, 11, 27, 2, 30, tzinfo=UTC), "8:00 – 9:30, 27/11/2026"),
        (date(2026, 11, 27), None, "27/11/2026 –"),
        (None, date(2026, 11, 27), "– 27/11/2026"),
        (None, None, "–"),
    ],
)
def test_period(start, end, expected):
    assert formats.period(start, end) == expected


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("vi", timedelta(hours=1, minutes=5), "1 giờ 5 phút"),
        ("vi", 45, "45 giây"),
        ("vi", 1080, "18 phút"),
        ("vi", 3605, "1 giờ"),
        ("vi", 0, "0 phút"),
        ("vi", None, "–"),
        ("en", 3660, "1 hour 1 minute"),
        ("en", timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
    ],
)
def test_duration(language, value, expected):
    with override(language):
        assert formats.duration(value) == expected


@pytest.mark.parametrize(
    ("language", "offset", "expected"),
    [
        ("vi", 4, "Còn 4 ngày"),
        ("vi", 1, "Ngày mai"),
        ("vi", 0, "Hôm nay"),
        ("vi", -2, "Quá hạn 2 ngày"),
        ("en", 2, "2 days left"),
        ("en", -1, "1 day late"),
    ],
)
def test_days_left(language, offset, expected):
    today = date(2026, 11, 23)
    with override(language):
        assert formats.days_left(today + timedelta(days=offset), today=today) == expected


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_typed_date_has_the_day_first(language):
    with override(language):
        field = forms.DateField()
        typed = ("01/11/2026", "1/11/2026", "01-11-2026", "2026-11-01")
        assert [field.clean(text) for text in typed] == [date(2026, 11, 1)] * 4
        with pytest.raises(ValidationError):
            field.clean("11/31/2026")
        assert forms.DateTimeField().clean("01/11/2026 07:30").strftime("%d.%m. %H:%M") == "01.11. 07:30"
