"""Pasted lists that are refused: the text stays, in its order, and each bad row says where and what to do."""

import pytest
from django.urls import reverse

from lms.classes.models import RosterImport
from tests.factories.banks import make_world
from tests.factories.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
TEXT = (
    "Họ và tên\tNgày sinh\tĐiện thoại\n"
    "Trần Văn Yên\t12/03/1990\t0912345678\n"
    "Bùi Thị Ánh\t31/02/1990\t0912345679\n"
    "\n"
    "Đỗ Văn Ba\t1/1/1991\tkhông có"
)


def test_a_pasted_list_of_learners(client_as):
    cast = make_cast()
    client = client_as(cast.person("centre_manager"))
    url = reverse("office:class-import", args=[cast.training_class.pk])
    refused = client.post(url, {"text": TEXT})
    assert refused.status_code == 422
    assert refused.context["form"]["text"].value() == TEXT
    assert refused.context["problems"] == [
        "Dòng 3, cột Ngày sinh: “31/02/1990” không phải là ngày: hãy viết ngày/tháng/năm, ví dụ 15/02/1990",
        (
            "Dòng 5, cột Số điện thoại: “không có” không phải số điện thoại: "
            "hãy viết như 0912 345 678, hoặc để trống ô này"
        ),
    ]
    page = refused.content.decode()
    assert page.index("Trần Văn Yên") < page.index("Bùi Thị Ánh") < page.index("Đỗ Văn Ba")
    assert not RosterImport.objects.exists()
    mended = TEXT.replace("31/02/1990", "28/02/1990").replace("không có", "")
    preview = client.get(client.post(url, {"text": mended})["Location"])
    assert [(row["line"], row["full_name"]) for row in preview.context["page"].object_list] == [
        (2, "Trần Văn Yên"), (3, "Bùi Thị Ánh"), (5, "Đỗ Văn Ba"),
    ]  # fmt: skip


def test_a_list_without_headings_keeps_its_text(client_as):
    cast = make_cast()
    client = client_as(cast.person("centre_manager"))
    text = "Trần\tVăn\n1\t2"
    refused = client.post(reverse("office:class-import", args=[cast.training_class.pk]), {"text": text})
    assert (refused.status_code, refused.context["form"]["text"].value()) == (422, text)


def test_a_pasted_tree_of_topics(client_as):
    banks = make_world()
    client = client_as(banks.officer)
    text = "Chương 1\n  " + "Bài quá dài " * 40
    refused = client.post(reverse("exams:bank-topics", args=[banks.bank.pk]), {"act": "paste", "topics": text})
    page = refused.content.decode()
    assert (refused.status_code, "Dòng 2: " in page, "Bài quá dài" in page) == (422, True, True)
