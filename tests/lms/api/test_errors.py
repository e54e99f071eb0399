"""Each kind of error in the one shape."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from lms.api.errors import exception_handler
from lms.common.errors import DomainError


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (
            DomainError("Chưa được", code="not_yet", fields={"missing": ["a"]}),
            409,
            {"code": "not_yet", "detail": "Chưa được", "fields": {"missing": ["a"]}},
        ),
        (Http404("No Enrolment matches"), 404, {"code": "not_found", "detail": "Không tìm thấy.", "fields": {}}),
        (
            PermissionDenied("secret"),
            403,
            {
                "code": "permission_denied",
                "detail": "Tài khoản này không có quyền thực hiện thao tác này.",
                "fields": {},
            },
        ),
        (
            exceptions.ValidationError({"a": ["b"]}),
            400,
            {"code": "invalid", "detail": "Một số trường chưa đúng.", "fields": {"a": ["b"]}},
        ),
        (
            exceptions.ValidationError("b"),
            400,
            {"code": "invalid", "detail": "Một số trường chưa đúng.", "fields": {"non_field_errors": ["b"]}},
        ),
    ],
)
def test_shape(error, status, body):
    response = exception_handler(error, {})
    assert (response.status_code, response.data) == (status, body)


def test_the_unexpected_stays_an_error():
    assert exception_handler(RuntimeError(), {}) is None


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.django_db
def test_what_is_no_address_answers_as_every_error(client, method):
    answer = getattr(client, method)("/api/v1/banks/1/imports//commit/")
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (404, "not_found", {})
