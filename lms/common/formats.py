"""Numbers, dates and durations as Vietnamese and English readers write them.

Vietnamese: decimal comma, thousands point, a space before the per cent sign, "Thứ Hai, 23 tháng 11". The tables are
locale data, not interface text, hence here and not in a message catalogue. A language without a table reads as English.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

NBSP: Final = "\N{NO-BREAK SPACE}"
DASH: Final = "\N{EN DASH}"
MISSING: Final = DASH

type Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class _Locale:
    """What one language needs to write numbers and dates."""

    decimal: str
    thousands: str
    percent: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date_long: str
    year_suffix: str
    units: dict[str, tuple[str, str]]
    days_left: str
    days_over: str
    today: str
    tomorrow: str


_VI: Final = _Locale(
    decimal=",",
    thousands=".",
    percent=f"{NBSP}%",
    weekdays=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    months=tuple(f"tháng {month}" for month in range(1, 13)),
    date_long="{weekday}, {day} {month}",
    year_suffix=" năm {year}",
    units={"day": ("ngày", "ngày"), "hour": ("giờ", "giờ"), "minute": ("phút", "phút"), "second": ("giây", "giây")},
    days_left="Còn {count} ngày",
    days_over="Quá hạn {count} ngày",
    today="Hôm nay",
    tomorrow="Ngày mai",
)
_EN: Final = _Locale(
    decimal=".",
    thousands=",",
    percent="%",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    date_long="{weekday}, {day} {month}",
    year_suffix=" {year}",
    units={
        "day": ("day", "days"), "hour": ("hour", "hours"),
        "minute": ("minute", "minutes"), "second": ("second", "seconds"),
    },
    days_left="{count} days left",
    days_over="{count} days late",
    today="Today",
    tomorrow="Tomorrow",
)  # fmt: skip


def _locale() -> _Locale:
    """Return the table of the active language."""
    return _VI if (get_language() or "").startswith("vi") else _EN


def number(value: Number | None, places: int = 2, minimum: int = 0) -> str:
    """Write ``value`` with at most ``places`` decimals (rounded half up) and at least ``minimum`` of them.

    ``None`` gives a dash.
    """
    if value is None:
        return MISSING
    table = _locale()
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(minimum, "0")
    grouped = f"{int(whole):,}".replace(",", table.thousands)
    sign = "\N{MINUS SIGN}" if exact < 0 else ""
    return sign + grouped + (table.decimal + fraction if fraction else "")


def percent(value: Number | None, places: int = 1) -> str:
    """Write ``value``, already per cent (88.4, not 0.884): "88,4 %" in Vietnamese, "88.4%" in English."""
    return MISSING if value is None else number(value, places) + _locale().percent


def score(value: Number | None) -> str:
    """Write a mark with one decimal, two where it has them: "8,5", "8,0", "7,25"."""
    return number(value, places=2, minimum=1)


def _local(value: date | datetime) -> date | datetime:
    """Turn an aware moment into local time; leave plain dates and naive moments as they are."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def date_long(value: date | datetime | None, *, year: bool = False) -> str:
    """Write a day in words: "Thứ Hai, 23 tháng 11", with ``year`` "Thứ Hai, 23 tháng 11 năm 2026"."""
    if value is None:
        return MISSING
    day, table = _local(value), _locale()
    text = table.date_long.format(weekday=table.weekdays[day.weekday()], day=day.day, month=table.months[day.month - 1])
    return text + (table.year_suffix.format(year=day.year) if year else "")


def date_short(value: date | datetime | None, *, year: bool = True) -> str:
    """Write a day in figures as Vietnamese offices do: 03/9/2008, 27/11/2026, 01/02/2026.

    Days below 10 and the months 1 and 2 take a zero (Nghị định 30/2020/NĐ-CP, phụ lục I): nobody can add a figure.
    """
    if value is None:
        return MISSING
    day = _local(value)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}" + (f"/{day.year}" if year else "")


def clock(value: datetime | None) -> str:
    """Write the time of day: 8:00, 17:30."""
    if value is None:
        return MISSING
    local = _local(value)
    assert isinstance(local, datetime)
    return f"{local.hour}:{local.minute:02d}"


def moment(value: datetime | None, *, year: bool = True) -> str:
    """Write time and day: "8:00, 27/11/2026"."""
    return MISSING if value is None else f"{clock(value)}, {date_short(value, year=year)}"


def period(start: date | datetime | None, end: date | datetime | None) -> str:
    """Write a span without saying anything twice.

    "27/11 – 30/11/2026", "28/12/2026 – 03/01/2027", one day "27/11/2026", within a day "8:00 – 9:30, 27/11/2026".
    An open end gives "27/11/2026 –".
    """
    if start is None:
        return MISSING if end is None else f"{DASH} {date_short(end)}"
    if end is None:
        return f"{date_short(start)} {DASH}"
    first, last = _local(start), _local(end)
    same_day = (first.year, first.month, first.day) == (last.year, last.month, last.day)
    if same_day and isinstance(first, datetime) and isinstance(last, datetime):
        return f"{clock(first)} {DASH} {clock(last)}, {date_short(first)}"
    if same_day:
        return date_short(first)
    return f"{date_short(first, year=first.year != last.year)} {DASH} {date_short(last)}"


def duration(value: timedelta | Number | None) -> str:
    """Write a length of time (``timedelta`` or seconds) in its two largest units: "1 giờ 5 phút", "45 giây"."""
    if value is None:
        return MISSING
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    table = _locale()
    parts: list[str] = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {table.units[unit][count != 1]}")
        elif parts:
            break  # "1 hour 5 seconds" says more than anybody asked
        if len(parts) == 2:
            break
    return " ".join(parts) or f"0 {table.units['minute'][1]}"


def days_left(value: date | datetime | None, *, today: date | None = None) -> str:
    """Say how far a deadline is: "Hôm nay", "Ngày mai", "Còn 4 ngày", "Quá hạn 2 ngày"."""
    if value is None:
        return MISSING
    day = _local(value)
    due = day.date() if isinstance(day, datetime) else day
    count = (due - (today or timezone.localdate())).days
    table = _locale()
    if count < 0:
        text = table.days_over.format(count=-count)
        return text.replace("1 days", "1 day") if count == -1 else text
    return {0: table.today, 1: table.tomorrow}.get(count, table.days_left.format(count=count))
