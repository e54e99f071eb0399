"""What a person sees when something is refused."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_is_refused_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "<h1>Biểu mẫu đã hết hiệu lực</h1>" in answer.text
    assert "CSRF" not in answer.text
