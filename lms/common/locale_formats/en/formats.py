"""Dates as people in Vietnam type them, the day first; Django would read 01/11/2026 as the eleventh of January."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"]
DATETIME_INPUT_FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M",
    "%H:%M %d/%m/%Y",
    *DATE_INPUT_FORMATS,
]
