import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.common.spreadsheets import Column, harmless, write_csv, write_xlsx

COLUMNS = [
    Column("Họ và tên"),
    Column("Ngày", "date"),
    Column("Số", "number"),
    Column("%", "percent"),
    Column("Lúc", "moment"),
]
ROW = ["Nguyễn Văn An", dt.date(2026, 9, 3), 12, 88.4, dt.datetime(2026, 9, 3, 1, 30, tzinfo=dt.UTC)]


# A workbook knows no time zones.
in_excel = dt.datetime.fromisoformat


def test_a_workbook_holds_typed_cells():
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([ROW], COLUMNS, title="Lớp 1/2026: A"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Lớp 1/2026: A", None, None, None, None],
        ["Họ và tên", "Ngày", "Số", "%", "Lúc"],
        ["Nguyễn Văn An", in_excel("2026-09-03"), 12, 0.884, in_excel("2026-09-03 08:30")],
    ]
    assert sheet.title == "Lớp 1 2026  A"


def test_csv_opens_in_excel():
    content = write_csv([ROW], COLUMNS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "Họ và tên,Ngày,Số,%,Lúc",
        "Nguyễn Văn An,03/09/2026,12,88.4,03/09/2026 08:30",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "disarmed"),
    [
        ("=1+1", "'=1+1"),
        ("+84912345678", "'+84912345678"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x,=1+1", "x,'=1+1"),
        ("x|@SUM(A1)|-2", "x|'@SUM(A1)|'-2"),
        ("x\ty\t+1", "x\ty\t'+1"),
        ("x\n=1", "x\n'=1"),
        ('x"; "=1', 'x"; "\'=1'),
        (" =1", " '=1"),
        ("＝1+1", "'＝1+1"),
        ("Huế; Đà Nẵng - Việt Nam, 2026", "Huế; Đà Nẵng - Việt Nam, 2026"),
    ],
)
def test_no_text_becomes_a_formula(text, disarmed):
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([[text]], [Column("a")]))).active
    assert sheet["A2"].data_type == "s"
    written = write_csv([[text]], [Column("a")]).decode("utf-8-sig")
    assert next(iter(list(csv.reader(io.StringIO(written, newline="")))[1])) == disarmed


@given(st.text(alphabet=st.sampled_from("=+-@＝;,|\t\r\n \"'ax1"), max_size=12) | st.text())
def test_harmless_text_starts_no_formula_at_any_separator(text):
    disarmed = harmless(text)
    assert not disarmed.startswith(("\t", "\r"))
    for part in re.split(r"[;,|\t\r\n]", disarmed):
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert disarmed.replace("'", "") == text.replace("'", "")
