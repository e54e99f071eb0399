"""The spreadsheet that offices fill in: the columns of the learner list, an example and the form of dates."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
from django.utils.translation import gettext as _

from lms.classes.roster.columns import COLUMNS

PRINTED = tuple(name for name in COLUMNS if name not in {"family_name", "given_name", "male", "female"})
_DATES = frozenset({"birth_date", "party_joined_on"})
_WIDTHS = {"number": 6, "full_name": 26, "hometown": 24, "position": 22, "organisation": 26, "email": 24}
_ROWS = 500


def template_xlsx() -> bytes:
    """Return the template. Numbers are text cells, so that Excel keeps their leading zeros."""
    example: dict[str, str | int | dt.date] = {
        "number": 1,
        "full_name": "Nguyễn Văn An",
        "birth_date": dt.date(1990, 2, 15),
        "gender": "Nam",
        "ethnicity": "Kinh",
        "hometown": "Xã Tân Lập, tỉnh Phú Thọ",
        "position": "Phó Bí thư Chi đoàn",
        "organisation": "Chi bộ thôn 1",
        "citizen_id": "025090001234",
        "phone": "0912 345 678",
    }
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(_("Learners"))
        head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#F3EDE6"}
        )
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"})
        shown = book.add_format({"italic": True, "font_color": "#777777", "num_format": "@"})
        shown_day = book.add_format({"italic": True, "font_color": "#777777", "num_format": "dd/mm/yyyy"})
        for column, name in enumerate(PRINTED):
            page.write_string(0, column, str(COLUMNS[name]), head)
            page.set_column(column, column, _WIDTHS.get(name, 16), day if name in _DATES else text)
            value = example.get(name, "")
            if isinstance(value, dt.date):
                page.write_datetime(1, column, dt.datetime.combine(value, dt.time()), shown_day)
            elif value != "":
                page.write_string(1, column, str(value), shown)
        gender = PRINTED.index("gender")
        page.data_validation(1, gender, _ROWS, gender, {"validate": "list", "source": ["Nam", "Nữ"]})
        page.write_comment(1, 1, _("This row is an example: write over it."))
        page.freeze_panes(1, 2)
        page.set_row(0, 32)
    return buffer.getvalue()
