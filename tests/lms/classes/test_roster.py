import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from lms.audit.models import AuditEntry
from lms.classes.errors import ClassStateError, RosterError
from lms.classes.models import Enrolment, RosterImport
from lms.classes.roster.template import template_xlsx
from lms.classes.services import roster
from lms.classes.services.enrolments import withdraw
from lms.people.models import SensitiveProfile, User
from tests.factories.classes import make_class, make_enrolment, tally_of
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Điện thoại", "Chi bộ"]
PEOPLE = [
    [1, "Nguyễn Văn An", "15/02/1990", "Nam", "025090001234", "0912345678", "Chi bộ thôn 1"],
    [2, "Trần Thị Hoà", dt.date(1988, 7, 3), "Nữ", 25188004321, "", "Chi bộ thôn 2"],
    [3, "H'Hen Niê", "8-3-95", "nữ", "", "", ""],
]


@pytest.fixture
def manager():
    user = make_user("Lê Thị Quản")
    grant(user, "centre_manager", make_unit(name="Trung tâm"))
    return user


@pytest.fixture
def training_class(manager):
    return make_class(manager.memberships.get().unit)


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def book(rows, name="danh-sach.xlsx"):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as made:
        page, day = made.add_worksheet(), made.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(line, column, dt.datetime.combine(cell, dt.time()), day)
                elif cell != "":
                    page.write(line, column, cell)
    return SimpleUploadedFile(name, buffer.getvalue())


def load(training_class, manager, rows):
    return roster.preview(training_class=training_class, rows=rows, actor=manager, source="a.xlsx")


def test_an_excel_list_from_the_file_to_the_class(training_class, manager):
    titles = [[], ["", "DANH SÁCH HỌC VIÊN"], ["", "Kèm theo Quyết định số 45-QĐ/TTCT"]]
    footer = [[], ["", "Danh sách có 03 đồng chí"], ["", "", "", "", "", "NGƯỜI LẬP"]]
    rows = roster.read_file(book([*titles, HEADINGS, *PEOPLE, *footer]))
    read = load(training_class, manager, rows)
    assert read.problems == []
    assert [(row["line"], row["full_name"], row["birth_date"], row["status"]) for row in read.rows] == [
        (5, "Nguyễn Văn An", "1990-02-15", "new"),
        (6, "Trần Thị Hoà", "1988-07-03", "new"),
        (7, "H'Hen Niê", "1995-03-08", "new"),
    ]
    assert len(read.notes) == 1
    assert not User.objects.filter(given_name="An").exists()
    result = roster.carry_out(roster_import=read, actor=manager)
    assert result == roster.RosterResult(created=3, enrolled=3, present=0)
    an = User.objects.get(given_name="An")
    assert (an.phone, an.has_usable_password(), an.profile.organisation) == ("+84912345678", False, "Chi bộ thôn 1")
    assert an.profile.unit == training_class.unit
    assert list(SensitiveProfile.objects.order_by("birth_date").values_list("birth_date", "gender", "citizen_id")) == [
        (dt.date(1988, 7, 3), "female", "025188004321"),
        (dt.date(1990, 2, 15), "male", "025090001234"),
        (dt.date(1995, 3, 8), "female", None),
    ]
    assert tally_of(training_class) == {"enrolled": 3}
    assert RosterImport.objects.get().rows == []


def test_a_list_that_another_one_replaced_is_refused_in_words(training_class, manager):
    rows = roster.read_file(book([HEADINGS, *PEOPLE]))
    first = load(training_class, manager, rows)
    load(training_class, manager, rows)
    with pytest.raises(RosterError) as refused:
        roster.carry_out(roster_import=first, actor=manager)
    assert (refused.value.code, Enrolment.objects.count()) == ("roster_gone", 0)


def test_a_repeat_changes_nothing(training_class, manager):
    rows = roster.read_file(book([HEADINGS, *PEOPLE]))
    first = load(training_class, manager, rows)
    roster.carry_out(roster_import=first, actor=manager)
    users, enrolments = list(User.objects.order_by("pk").values()), list(Enrolment.objects.order_by("pk").values())
    assert roster.carry_out(roster_import=first, actor=manager) == roster.RosterResult(3, 3, 0)
    again = load(training_class, manager, rows)
    assert [row["status"] for row in again.rows] == ["enrolled"] * 3
    assert roster.carry_out(roster_import=again, actor=manager) == roster.RosterResult(0, 0, 3)
    assert list(User.objects.order_by("pk").values()) == users
    assert list(Enrolment.objects.order_by("pk").values()) == enrolments
    assert AuditEntry.objects.filter(action="classes.roster_carried_out").count() == 1


def test_bare_names_one_a_line_and_the_repeat(training_class, manager):
    text = "1. Nguyễn Văn An\n2) Trần Thị Hoà\n\n- Lê Hùng\n"
    rows = roster.read_text(text)
    roster.carry_out(roster_import=load(training_class, manager, rows), actor=manager)
    assert sorted(User.objects.filter(enrolments__isnull=False).values_list("given_name", flat=True)) == sorted(
        ["An", "Hoà", "Hùng"]
    )
    assert {row["status"] for row in load(training_class, manager, rows).rows} == {"enrolled"}


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_pasted_tables_with_any_separator(training_class, manager, sign):
    text = "\r\n".join(sign.join(row) for row in (["họ tên", "CCCD"], ["Nguyễn Văn An", "025090001234"]))
    read = load(training_class, manager, roster.read_text(text))
    assert [(row["full_name"], row["citizen_id"], row["line"]) for row in read.rows] == [
        ("Nguyễn Văn An", "025090001234", 2)
    ]


def test_every_problem_is_named_by_row_and_column(training_class, manager):
    rows = [
        *[[]] * 12,
        HEADINGS,
        [1, "Nguyễn Văn An", "31/02/1990", "Nam", "025090001234", "", ""],
        [2, "Trần Thị Hoà", "1988", "gì", "12345", "12", ""],
        [3, "", "01/01/1990", "", "", "", "Chi bộ 3"],
        [4, "Nguyễn Văn An", "", "", "025090001234", "", ""],
    ]
    read = load(training_class, manager, rows)
    assert read.problems[0]["message"] == (
        "Dòng 14, cột Ngày sinh: “31/02/1990” không phải là ngày: hãy viết ngày/tháng/năm, ví dụ 15/02/1990"
    )
    assert [(problem["line"], problem["field"]) for problem in read.problems] == [
        (14, "birth_date"),
        (15, "birth_date"),
        (15, "gender"),
        (15, "citizen_id"),
        (15, "phone"),
        (16, "full_name"),
        (17, "citizen_id"),
    ]
    assert [row["status"] for row in read.rows] == ["problem"] * 4
    with pytest.raises(RosterError):
        roster.carry_out(roster_import=read, actor=manager)
    assert Enrolment.objects.count() == 0


def account(name, unit=None, **sensitive):
    fields = {key: sensitive.pop(key) for key in ("phone", "email", "is_active") if key in sensitive}
    user = make_user(name, unit=unit, **fields)
    if sensitive:
        SensitiveProfile.objects.create(user=user, **sensitive)
    return user


def outcome(training_class, manager, headings, *people):
    read = load(training_class, manager, [headings, *people])
    return [(row["status"], row["by"]) for row in read.rows]


def test_whom_a_row_means_among_the_own_people(training_class, manager):
    unit = training_class.unit
    account("Nguyễn Văn An", unit=unit, citizen_id="025090001234")
    account("Trần Thị Hoà", unit=unit, phone="+84912345678")
    account("Lê Hùng", unit=unit, email="Hung@example.vn")
    account("Phạm Mai", unit=unit, birth_date=dt.date(1990, 1, 1))
    account("Vũ Xa", birth_date=dt.date(1990, 1, 1))
    headings = ["Họ và tên", "Số CCCD", "Điện thoại", "E-mail", "Ngày sinh"]
    assert outcome(
        training_class,
        manager,
        headings,
        ["nguyễn văn an", "025090001234", "", "", ""],
        ["Trần Thị Hòa", "", "0912 345 678", "", ""],
        ["Lê Hùng", "", "", "hung@example.vn", ""],
        ["Phạm Mai", "", "", "", "1/1/1990"],
        ["Vũ Xa", "", "", "", "1/1/1990"],
        ["Người Mới", "", "", "", "1/1/1990"],
    ) == [
        ("existing", "citizen_id"),
        ("existing", "phone"),
        ("existing", "email"),
        ("existing", "name"),
        ("new", ""),  # of that name and birth date, but in nobody's sight here
        ("new", ""),
    ]


def test_a_number_of_somebody_else_and_a_closed_account_are_problems(training_class, manager):
    account("Nguyễn Văn An", unit=training_class.unit, citizen_id="025090001234")
    account("Trần Đóng", unit=training_class.unit, phone="+84912345678", is_active=False)
    headings = ["Họ và tên", "Số CCCD", "Điện thoại"]
    found = outcome(training_class, manager, headings, ["Lê Khác", "025090001234", ""], ["Trần Đóng", "", "0912345678"])
    assert [status for status, _by in found] == ["problem", "problem"]
    said = " ".join(problem["message"] for problem in RosterImport.objects.latest("pk").problems)
    assert "Nguyễn" not in said  # whose number it is stays unsaid


def test_namesakes_without_anything_else_are_asked_about(training_class, manager):
    found = outcome(training_class, manager, ["Họ và tên"], ["Nguyễn Văn An"], ["Nguyễn Văn An"])
    assert [status for status, _by in found] == ["new", "problem"]


def test_a_withdrawn_learner_is_not_taken_back_by_a_list(training_class, manager):
    roster.carry_out(roster_import=load(training_class, manager, [HEADINGS, PEOPLE[0]]), actor=manager)
    withdraw(enrolment=Enrolment.objects.get(), actor=manager, reason="")
    read = load(training_class, manager, [HEADINGS, PEOPLE[0]])
    assert [row["status"] for row in read.rows] == ["withdrawn"]
    assert roster.carry_out(roster_import=read, actor=manager).enrolled == 0
    assert tally_of(training_class) == {"withdrawn": 1}


def test_a_list_for_which_there_is_no_place(training_class, manager):
    training_class.capacity = 2
    training_class.save()
    read = load(training_class, manager, [HEADINGS, *PEOPLE])
    assert [(problem["line"], problem["field"]) for problem in read.problems] == [(0, "")]


def test_all_or_nothing_when_things_changed_meanwhile(training_class, manager):
    read = load(training_class, manager, [HEADINGS, *PEOPLE])
    account("Somebody Else", unit=training_class.unit, phone="+84912345678")
    before = User.objects.count()
    with pytest.raises(RosterError) as refused:
        roster.carry_out(roster_import=read, actor=manager)
    assert refused.value.code == "roster_changed"
    training_class.state = "closed"
    training_class.save()
    with pytest.raises(ClassStateError):
        roster.carry_out(roster_import=load(training_class, manager, [HEADINGS, PEOPLE[1]]), actor=manager)
    assert (User.objects.count(), Enrolment.objects.count()) == (before, 0)


def test_the_template_is_read_by_ourselves(training_class, manager):
    read = load(training_class, manager, roster.read_file(SimpleUploadedFile("m.xlsx", template_xlsx())))
    assert (read.problems, len(read.rows)) == ([], 1)
    assert read.rows[0]["citizen_id"] == "025090001234"


def test_formulas_are_text_and_no_names(training_class, manager):
    read = load(training_class, manager, [["Họ và tên"], ["=HYPERLINK(1)"], ["@SUM(A1)"]])
    assert [row["status"] for row in read.rows] == ["problem", "problem"]


def test_names_typed_on_a_mac_meet_their_account(training_class, manager):
    import unicodedata

    existing = make_enrolment(training_class, make_user("Trần Thị Hoà")).learner
    read = load(training_class, manager, [["Họ và tên"], [unicodedata.normalize("NFD", "Trần Thị Hoà")]])
    assert [(row["status"], row["shown"]) for row in read.rows] == [("enrolled", f"Trần Thị Hoà ({existing.username})")]


def refused(data, name="danh-sach.xlsx"):
    with pytest.raises(RosterError) as error:
        roster.read_file(SimpleUploadedFile(name, data))
    return error.value.code


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def test_files_that_are_not_what_they_claim():
    assert {
        "empty": refused(b""),
        "blank": refused(b" \r\n\t"),
        "pdf": refused(b"%PDF-1.7\n%\xe2\xe3"),
        "binary": refused(bytes(range(256)) * 20),
        "web page": refused(b"<html><table><tr><td>A</td></tr></table></html>", "a.xls"),
        "broken": refused(b"PK\x03\x04" + b"\x00" * 200),
        "other zip": refused(zipped(**{"a.txt": b"x"})),
        "word": refused(zipped(**{"word__document.xml": b"<w/>"})),
        "no sheet in it": refused(zipped(**{"xl__workbook.xml": b"<workbook/>"})),
        "locked": refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40),
        "old, broken": refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 4000, "a.xls"),
        "bomb": refused(zipped(**{"xl__workbook.xml": b"<a/>", "xl__b.xml": b"\x20" * (201 * 1024 * 1024)})),
        "too big": refused(b"A" * (10 * 1024 * 1024 + 1)),
        "too wide": refused(book([[f"c{number}" for number in range(300)]]).read()),
        "no person": refused(book([[]]).read()),
    } == {
        "empty": "roster_empty",
        "blank": "roster_empty",
        "pdf": "roster_unreadable",
        "binary": "roster_unreadable",
        "web page": "roster_html",
        "broken": "roster_unreadable",
        "other zip": "roster_unreadable",
        "word": "roster_word",
        "no sheet in it": "roster_unreadable",
        "locked": "roster_locked",
        "old, broken": "roster_unreadable",
        "bomb": "roster_too_large",
        "too big": "roster_too_large",
        "too wide": "roster_too_wide",
        "no person": "roster_empty",
    }


@pytest.mark.parametrize(("row", "cell"), [(1_048_575, "XFD1048576"), (1_999, "XFD2000")])
def test_a_cell_far_out_is_named_and_does_not_exhaust_the_machine(row, cell):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        made.add_worksheet("Ghi chú").write(0, 0, "x")
        page = made.add_worksheet("Danh sách")
        page.write(0, 0, "Họ và tên")
        page.write(row, 16_383, "x")
    with pytest.raises(RosterError) as error:
        roster.read_file(SimpleUploadedFile("danh-sach.xlsx", buffer.getvalue()))
    assert error.value.code == "roster_far_cell"
    assert str(error.value) == (
        f"Trang tính “Danh sách” có nội dung ở ô {cell}, rất xa danh sách. Hãy xoá nội dung đó, hoặc chép danh sách "
        "sang một tệp mới, rồi thử lại."
    )


def test_a_format_without_a_value_far_out_is_no_cell():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        page = made.add_worksheet()
        page.write(0, 0, "Họ và tên")
        page.write(1, 0, "Nguyễn Văn An")
        page.write_blank(1_048_575, 16_383, None, made.add_format({"bold": True}))
    assert roster.read_file(SimpleUploadedFile("a.xlsx", buffer.getvalue())) == [["Họ và tên"], ["Nguyễn Văn An"]]


def test_more_rows_than_a_list_may_have():
    rows = "\n".join(["Nguyễn Văn An"] * 20_001)
    with pytest.raises(RosterError) as error:
        roster.read_text(rows)
    assert error.value.code == "roster_too_long"


def test_a_list_in_an_old_encoding_is_refused_with_its_right_reading(training_class, manager):
    rows = [["Hä vµ tªn"], ["NguyÔn V¨n TuÊn"], ["TrÇn ThÞ H­êng"]]
    with pytest.raises(RosterError) as error:
        load(training_class, manager, rows)
    assert error.value.code == "roster_encoding"
    assert "TCVN3" in str(error.value)
    assert "Nguyễn Văn Tuấn" in str(error.value)


def test_a_table_without_headings_is_refused(training_class, manager):
    with pytest.raises(RosterError) as error:
        load(training_class, manager, [["An", "1990"], ["Bình", "1991"]])
    assert error.value.code == "roster_no_header"


@pytest.mark.slow
def test_ten_thousand_rows_cost_few_queries(training_class, manager, django_assert_max_num_queries):
    training_class.capacity = 20_000
    training_class.save()
    people = [
        [
            number,
            f"Nguyễn Văn {['An', 'Bình', 'Cường', 'Dũng', 'Em'][number % 5]}",
            "01/02/1990",
            "Nam",
            f"{25_090_000_000 + number:012}",
            "",
            "",
        ]
        for number in range(1, 10_001)
    ]
    with django_assert_max_num_queries(250):
        rows = roster.read_file(book([HEADINGS, *people]))
        read = load(training_class, manager, rows)
        result = roster.carry_out(roster_import=read, actor=manager)
    assert result == roster.RosterResult(10_000, 10_000, 0)
    assert tally_of(training_class) == {"enrolled": 10_000}
