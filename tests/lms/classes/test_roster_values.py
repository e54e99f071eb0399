import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.classes.roster.columns import COLUMNS, field_of, find_header
from lms.classes.roster.legacy import detect, from_tcvn3, from_vni
from lms.classes.roster.values import (
    CellError,
    parse_citizen_id,
    parse_date,
    parse_gender,
    parse_name,
    parse_phone,
)

DAY = dt.date(1990, 2, 1)


@pytest.mark.parametrize(
    "cell",
    [
        {"date": "1990-02-01"},
        32905,
        "01/02/1990",
        "1/2/1990",
        "1-2-90",
        "01.02.1990",
        " 01 / 02 / 1990 ",
        "1990-02-01",
        "1990-02-01 00:00:00",
        "ngày 01 tháng 02 năm 1990",
        "Ngày 1 tháng 2, năm 1990",
        "'01/02/1990",
    ],
)
def test_dates_as_people_write_them(cell):
    assert parse_date(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/1990",
        "1990",
        1990,
        "năm 1990",
        "02/1990",
        "12/31/1990",
        "hai mươi",
        "1/1/1850",
        "01/02/2999",
        1.5,
        "0/0/0",
    ],
)
def test_what_is_no_date(cell):
    with pytest.raises(CellError):
        parse_date(cell)


def test_no_date_in_an_empty_cell():
    assert [parse_date(cell) for cell in ("", "-", "  ")] == [None, None, None]


@given(st.dates(dt.date(1927, 1, 1), dt.date(2026, 1, 1)), st.sampled_from("/-. "), st.booleans())
def test_every_written_date_is_read_back(day, sign, padded):
    text = sign.join(
        [f"{day.day:02}", f"{day.month:02}", str(day.year)] if padded else map(str, (day.day, day.month, day.year))
    )
    assert parse_date(text) == day
    assert parse_date((day - dt.date(1899, 12, 30)).days) == day
    if day >= dt.date(1950, 1, 1):
        assert parse_date(f"{day.day}-{day.month}-{day:%y}") == day


def refusal(parse, text):
    """Why ``parse`` refuses ``text``; ``None`` when it reads it."""
    try:
        parse(text)
    except CellError as error:
        return str(error)
    return None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for parse in (parse_date, parse_name, parse_citizen_id, parse_gender):
        assert refusal(parse, text) != ""


def test_a_name_typed_on_a_mac_is_stored_whole():
    name = "Nguyễn Thị Hoà"
    assert parse_name(unicodedata.normalize("NFD", f"  {name} ")) == name
    assert parse_name("NGUYỄN THỊ HOÀ") == name
    assert parse_name("H'Hen Niê") == "H'Hen Niê"
    assert parse_name("Lê Văn Hùng (A)") == "Lê Văn Hùng (A)"


@pytest.mark.parametrize("cell", ["", 12, "Nguyễn Văn 2", "=CMD()", "<b>An</b>", "An;", "…", "A" * 130])
def test_what_is_no_name(cell):
    with pytest.raises(CellError):
        parse_name(cell)


_LETTERS = "abcdeghiklmnopqrstuvxyàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


@given(st.lists(st.text(_LETTERS, min_size=1, max_size=7).map(str.capitalize), min_size=1, max_size=5))
def test_every_vietnamese_name_is_kept_as_it_is(words):
    name = " ".join(words)
    kept = parse_name(unicodedata.normalize("NFD", name))
    assert kept == name or (name.isupper() and kept.upper() == name)


def test_citizen_ids():
    read = {cell: parse_citizen_id(cell) for cell in ("038190001234", 38190001234, "038 190 001 234", 123456789, "")}
    assert list(read.values()) == ["038190001234", "038190001234", "038190001234", "123456789", ""]
    for wrong in ("0381900012345", "12345", "03819000123A", "٠١٢٣٤٥٦٧٨٩٠١"):
        with pytest.raises(CellError):
            parse_citizen_id(wrong)


def test_phones_and_genders():
    assert [parse_phone(cell) for cell in ("0912 345 678", 912345678, "+84912345678", "")] == ["+84912345678"] * 3 + [
        ""
    ]
    assert [parse_gender(cell) for cell in ("Nam", "NỮ", "nu", "", "Khác")] == ["male", "female", "female", "", "other"]


HEADINGS = {
    "number": ["STT", "TT", "Số TT"],
    "full_name": ["Họ và tên", "HỌ TÊN", "ho va ten", "Họ và tên học viên", "Họ, tên"],
    "birth_date": ["Ngày sinh", "Ngày, tháng, năm sinh", "NTNS", "Ngày sinh (dd/mm/yyyy)"],
    "gender": ["Giới tính", "GT"],
    "ethnicity": ["Dân tộc"],
    "hometown": ["Quê quán", "Nguyên quán"],
    "position": ["Chức vụ", "Chức vụ hiện nay"],
    "organisation": ["Đơn vị / Chi bộ", "Đơn vị", "Chi bộ", "Đơn vị công tác"],
    "citizen_id": ["Số CCCD", "CCCD", "Số CCCD/CMND", "Số căn cước công dân", "CCCD *"],
    "party_card": ["Số thẻ Đảng viên", "Số thẻ Đảng", "Số TĐV"],
    "party_joined_on": ["Ngày kết nạp", "Ngày vào Đảng", "Ngày kết nạp (nếu có)"],
    "email": ["E-mail", "Email"],
    "phone": ["Điện thoại", "SĐT", "Số điện thoại"],
    "username": ["Tên đăng nhập"],
}


def test_headings_are_known_in_every_spelling():
    read = {field: [field_of(heading) for heading in headings] for field, headings in HEADINGS.items()}
    assert read == {field: [field] * len(headings) for field, headings in HEADINGS.items()}
    assert field_of("Quê quán") == "hometown"
    assert field_of("Ghi chú") is None


@given(
    st.permutations([headings[0] for headings in HEADINGS.values()]), st.integers(0, 14), st.booleans(), st.booleans()
)
def test_the_header_is_found_wherever_it_stands(headings, above, capitals, decomposed):
    shown = [heading.upper() if capitals else heading for heading in headings]
    if decomposed:
        shown = [unicodedata.normalize("NFD", heading) for heading in shown]
    header = find_header([*[["DANH SÁCH HỌC VIÊN"]] * above, shown, ["1"]])
    assert header is not None
    assert header.row == above
    assert sorted(header.columns.values()) == sorted(HEADINGS)
    assert [HEADINGS[header.columns[column]][0] for column in range(len(headings))] == list(headings)


def test_a_header_below_the_first_15_rows_is_not_looked_for():
    assert find_header([["x"]] * 15 + [["Họ và tên"]]) is None


def test_the_template_is_readable_by_ourselves():
    from django.utils import translation

    for language in ("vi", "en"):
        with translation.override(language):
            for field, label in COLUMNS.items():
                assert field_of(str(label)) == field


def test_a_header_of_two_rows():
    header = find_header([["STT", "Họ và tên", "Năm sinh", "", "Chi bộ"], ["", "", "Nam", "Nữ"], ["1", "A"]])
    assert header is not None
    assert (header.row, header.columns) == (
        1,
        {0: "number", 1: "full_name", 2: "male", 3: "female", 4: "organisation"},
    )


def test_old_encodings_are_recognised_and_read():
    assert from_tcvn3("Céng hßa X· héi") == "Cộng hòa Xã hội"
    assert from_vni("Nguyeãn Thò Höôøng, Ñaëng Quoác Vieät") == "Nguyễn Thị Hường, Đặng Quốc Việt"
    tcvn3 = detect(["STT", "Hä vµ tªn", "NguyÔn V¨n TuÊn", "TrÇn ThÞ H­êng"])
    assert tcvn3 is not None
    assert (tcvn3.encoding, tcvn3.samples[:2]) == (
        "TCVN3",
        (("Hä vµ tªn", "Họ và tên"), ("NguyÔn V¨n TuÊn", "Nguyễn Văn Tuấn")),
    )
    vni = detect(["Hoï vaø teân", "Nguyeãn Vaên Tuaán", "Traàn Thò Höôøng", "Ñaëng Quoác Vieät"])
    assert vni is not None
    assert vni.encoding == "VNI"
    assert vni.samples[-1] == ("Ñaëng Quoác Vieät", "Đặng Quốc Việt")


def test_unicode_lists_are_left_alone():
    assert detect(["Nguyễn Văn Tuấn", "H'Hen Niê", "Y Ñin", "Trần Thị Hường"]) is None
    assert detect(["An", "Binh"]) is None
    assert detect(["Lê Hà", "Tô Lý"]) is None
