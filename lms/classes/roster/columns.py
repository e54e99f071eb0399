"""The columns of a learner list (docs/domain.md), and finding them under the headings people really use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.common.text import fold, sub_closed

HEADER_ROWS = 15  # the header stands within the first rows, under titles and decision numbers

# In the order of the printed list; the label is what messages and the template file say.
COLUMNS: dict[str, Any] = {
    "number": _("No."),
    "full_name": _("Full name"),
    "birth_date": _("Date of birth"),
    "gender": _("Gender"),
    "ethnicity": _("Ethnicity"),
    "hometown": _("Hometown"),
    "position": _("Position"),
    "organisation": _("Unit / Party cell"),
    "citizen_id": _("Citizen ID number"),
    "party_card": _("Party card number"),
    "party_joined_on": _("Admitted to the Party on"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "username": _("Username"),
    # Only read, never printed in the template:
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "male": _("Male"),
    "female": _("Female"),
}

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("stt", "tt", "so tt", "so thu tu", "no", "#"),
    "full_name": (
        *(
            "ho va ten",
            "ho ten",
            "ho va ten hoc vien",
            "ho ten hoc vien",
            "ten hoc vien",
            "hoc vien",
            "hoten",
            "h va t",
        ),
        *("full name", "name", "ho va ten khai sinh", "ho ten khai sinh", "ho va chu dem va ten", "ho dem va ten"),
        *("ho chu dem va ten", "ho va ten dong chi", "dong chi", "hvt"),
    ),
    "family_name": (
        "family name",
        "ho",
        "ho dem",
        "ho va dem",
        "ho va ten dem",
        "ho ten dem",
        "ho va chu dem",
        "ho chu dem",
        "ho lot",
    ),
    "given_name": ("ten", "given name"),
    "birth_date": (
        *(
            "ngay sinh",
            "ngay thang nam sinh",
            "sinh ngay",
            "ngay thang sinh",
            "nam sinh",
            "ntns",
            "ns",
            "ngay sinh nhat",
        ),
        *("date of birth", "birth date", "dob", "ngay thang nam sinh duong lich"),
    ),
    "gender": ("gioi tinh", "gt", "phai", "gender", "sex", "nam nu"),
    "male": ("nam", "male"),
    "female": ("nu", "female"),
    "ethnicity": ("dan toc", "dt", "d toc", "ethnicity", "thanh phan dan toc"),
    "hometown": ("que quan", "que", "nguyen quan", "qq", "hometown", "noi sinh que quan"),
    "position": ("chuc vu", "cv", "chuc danh", "chuc vu hien nay", "chuc vu cong tac", "chuc vu hien tai", "position"),
    "organisation": (
        *("don vi chi bo", "don vi", "chi bo", "dv", "don vi cong tac", "co quan", "noi cong tac", "co quan don vi"),
        *(
            "chi bo don vi",
            "dang bo chi bo",
            "chi bo dang bo",
            "to chuc dang",
            "unit",
            "organisation",
            "unit party cell",
        ),
        *("sinh hoat tai chi bo", "chi bo sinh hoat", "noi cong tac sinh hoat", "don vi dia phuong"),
    ),
    "citizen_id": (
        *("so cccd", "cccd", "so can cuoc cong dan", "can cuoc cong dan", "so can cuoc", "can cuoc", "cmnd", "so cmnd"),
        *(
            "cccd cmnd",
            "cmnd cccd",
            "so cmnd cccd",
            "so cccd cmnd",
            "so dinh danh",
            "so dinh danh ca nhan",
            "sdd",
            "cc",
        ),
        *("ma dinh danh", "citizen id number", "citizen id", "so can cuoc cccd", "can cuoc cccd"),
    ),
    "party_card": (
        *("so the dang vien", "so the dang", "the dang vien", "the dang", "so the dv", "so tdv", "tdv", "so the"),
        *("party card number", "party card", "ma the dang vien"),
    ),
    "party_joined_on": (
        *("ngay ket nap", "ngay vao dang", "ngay kn", "ket nap", "ngay ket nap dang", "vao dang ngay"),
        *("ngay thang nam ket nap", "ngay vao dang cong san viet nam", "admitted to the party on", "ngay vao dcsvn"),
    ),
    "email": ("e mail", "email", "thu dien tu", "dia chi email", "hop thu", "mail"),
    "phone": (
        *("dien thoai", "so dien thoai", "sdt", "dt di dong", "dien thoai di dong", "so dt", "di dong", "phone"),
        *("tel", "so dien thoai di dong", "so dien thoai lien he", "dien thoai lien he", "so di dong", "mobile"),
    ),
    "username": ("ten dang nhap", "tai khoan", "username", "user name", "ten tai khoan", "user"),
}
_FIELD_OF = {text: field for field, texts in _SYNONYMS.items() for text in texts}
_NOT_WORD = re.compile(r"[^a-z0-9#]+")
_REMARK = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Header:
    """The place of the header (index of its last row) and which column holds which field."""

    row: int
    columns: dict[int, str]
    unknown: tuple[str, ...]

    @property
    def fields(self) -> set[str]:
        return set(self.columns.values())


def field_of(heading: Any) -> str | None:
    """Return the field that a heading names, whatever its case, accents, punctuation and remarks in brackets."""
    text = str(heading) if not isinstance(heading, dict) else ""
    for candidate in (sub_closed(_REMARK, " ", text, ")").replace("*", " "), text):
        bare = _NOT_WORD.sub(" ", fold(candidate)).strip()
        if bare in _FIELD_OF:
            return _FIELD_OF[bare]
    return None


def find_header(rows: Sequence[Sequence[Any]]) -> Header | None:
    """Return the header within the first 15 rows: the row that names a person's name and most other columns.

    A second header row below it (``Nam | Nữ`` under a merged ``Ngày sinh``) is taken in.
    """
    best: Header | None = None
    for index, row in enumerate(rows[:HEADER_ROWS]):
        header = _header_at(rows, index, row)
        if header is not None and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def _header_at(rows: Sequence[Sequence[Any]], index: int, row: Sequence[Any]) -> Header | None:
    columns = _named(row)
    fields = set(columns.values())
    if "full_name" not in fields and not {"family_name", "given_name"} <= fields:
        return None
    if len(columns) == 1 and sum(1 for cell in row if cell != "") > 2:
        return None  # a sentence of a title row that happens to hold one known word
    last = index
    below = rows[index + 1] if index + 1 < len(rows) else []
    under = {column: field for column, field in _named(below).items() if field in {"male", "female"}}
    if under and len(under) == sum(1 for cell in below if cell != ""):
        columns = {column: field for column, field in columns.items() if column not in under} | under
        last = index + 1
    unknown = tuple(str(cell) for column, cell in enumerate(row) if cell != "" and column not in columns)
    return Header(last, columns, unknown)


def _named(row: Sequence[Any]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for column, cell in enumerate(row):
        field = field_of(cell) if cell != "" else None
        if field is not None and field not in columns.values():
            columns[column] = field
    return columns
