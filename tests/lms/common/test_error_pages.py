"""What a person sees when something is refused or broken, however little of the request was understood."""

from __future__ import annotations

import errno
import io
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.test import Client

from lms.common.outage import Outage, outage_of
from tests.factories.people import make_user

PAGE = "<h1>Không đọc được yêu cầu này</h1>"


@pytest.fixture
def raw() -> Iterator[Callable[..., tuple[int, dict[str, str], str]]]:
    """Return a function that sends a request to the bare WSGI application, past everything a test client mends."""
    handler = WSGIHandler()
    for signal in (request_started, request_finished):  # the test's own connection stays open
        signal.disconnect(close_old_connections)

    def send(
        path: str = "/", method: str = "GET", body: bytes = b"", **environ: str
    ) -> tuple[int, dict[str, str], str]:
        told: dict[str, object] = {}
        base = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "testserver", "REMOTE_ADDR": "192.0.2.1",
            "wsgi.input": io.BytesIO(b""), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
            "CONTENT_LENGTH": "0",
        }  # fmt: skip
        answer = handler(base | environ, lambda status, headers: told.update(status=status, headers=headers))
        text = b"".join(answer).decode()
        answer.close()
        return int(str(told["status"]).split()[0]), dict(told["headers"]), text

    yield send
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "", "localhost:port", "a b", "xin-chào.vn", "[::1", "x" * 70000, "testserver\x00", ".."],
)
def test_another_host_is_refused_in_words_without_a_trace(
    raw: Callable[..., object], caplog: pytest.LogCaptureFixture, host: str
) -> None:
    with caplog.at_level(logging.WARNING):
        status, headers, text = raw("/", HTTP_HOST=host, SERVER_NAME="")
    assert (status, PAGE in text, [record.exc_info for record in caplog.records]) == (
        400, True, [None],
    )  # fmt: skip
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probes_answer_whatever_name_a_load_balancer_uses(raw: Callable[..., object], path: str) -> None:
    assert raw(path, HTTP_HOST="10.0.0.7:8000")[0] == 200
    assert raw(f"{path}/", HTTP_HOST="10.0.0.7:8000")[0] == 400
    assert raw(f"/{path}", HTTP_HOST="10.0.0.7:8000")[0] == 400
    assert raw(path, HTTP_HOST="10.0.0.7:8000", method="POST")[0] == 405


@pytest.mark.parametrize(
    ("path", "environ", "status"),
    [
        ("/a\x00b", {}, 400),
        ("/dang-nhap/", {"QUERY_STRING": "next=%00"}, 400),
        ("/dang-nhap/", {"QUERY_STRING": "next=%E0%80&%%%=%zz"}, 200),
        ("/dang-nhap/", {"HTTP_COOKIE": "sessionid=\xff\xfe; sen_language=\x01; =;;; csrftoken=" + "x" * 9000}, 200),
        ("/dang-nhap/", {"HTTP_REFERER": "\x00" * 4000, "HTTP_ACCEPT_LANGUAGE": "\xff;q=nan"}, 200),
        ("/dang-nhap/", {"CONTENT_TYPE": "multipart/form-data; boundary=\x00", "method": "POST"}, 403),
        ("/dang-nhap/", {"CONTENT_LENGTH": "nine", "method": "POST"}, 403),
        ("/xac-minh/\xff\xfe/", {}, 404),
        ("/%ff/%c0%af/../../etc/passwd", {}, 404),
        ("/dang-xuat/", {"method": "GET"}, 405),
        ("/dang-nhap/", {"method": "BREW"}, 405),
    ],
)
@pytest.mark.django_db
def test_a_request_that_is_nonsense_gets_a_page_and_no_error(
    raw: Callable[..., object], path: str, environ: dict[str, str], status: int
) -> None:
    answered, headers, text = raw(path, **environ)
    assert answered == status
    assert "<h1>" in text
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_api_answers_nonsense_in_its_own_shape(raw: Callable[..., object]) -> None:
    status, headers, text = raw("/api/v1/me/", QUERY_STRING="x=%00")
    expected = {"code": "bad_request", "detail": "Địa chỉ hoặc biểu mẫu chưa đầy đủ. Xin quay lại và thử lần nữa."}
    assert (status, headers["Content-Type"], json.loads(text)) == (400, "application/json", expected | {"fields": {}})


@pytest.mark.django_db
def test_a_form_that_is_too_large_says_so(settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = Client().post("/dang-nhap/", {"username": "x" * 40, "password": "y"})
    assert (answer.status_code, "<h1>Dữ liệu gửi lên quá lớn</h1>" in answer.text) == (413, True)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "<h1>Biểu mẫu đã hết hiệu lực</h1>" in answer.text
    assert "CSRF" not in answer.text


@pytest.mark.django_db
def test_an_address_that_takes_only_forms_says_so_and_keeps_its_headers() -> None:
    answer = Client().get("/dang-xuat/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "<h1>Địa chỉ này chỉ nhận biểu mẫu</h1>" in answer.text
    assert "Content-Security-Policy" in answer.headers


def _sqlite(code: int) -> OperationalError:
    inner = sqlite3.OperationalError("said by SQLite")
    inner.sqlite_errorcode = code
    error = OperationalError("said by SQLite")
    error.__cause__ = inner
    return error


def _postgres(kind: type[Exception]) -> DatabaseError:
    error = OperationalError("said by PostgreSQL")
    error.__cause__ = kind("said by PostgreSQL")
    return error


OUTAGES = {
    "SQLite read-only": (_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), Outage.READ_ONLY),
    "SQLite full": (_sqlite(sqlite3.SQLITE_FULL), Outage.READ_ONLY),
    "SQLite gone": (_sqlite(sqlite3.SQLITE_CANTOPEN), Outage.AWAY),
    "SQLite busy": (_sqlite(sqlite3.SQLITE_BUSY), None),
    "PostgreSQL read-only": (_postgres(psycopg.errors.ReadOnlySqlTransaction), Outage.READ_ONLY),
    "PostgreSQL full": (_postgres(psycopg.errors.DiskFull), Outage.READ_ONLY),
    "PostgreSQL stopping": (_postgres(psycopg.errors.AdminShutdown), Outage.AWAY),
    "PostgreSQL gone": (_postgres(psycopg.OperationalError), Outage.AWAY),
    "PostgreSQL deadlock": (_postgres(psycopg.errors.DeadlockDetected), None),
    "a closed connection": (InterfaceError("the connection is closed"), Outage.AWAY),
    "the disk is full": (OSError(errno.ENOSPC, "No space left on device"), Outage.READ_ONLY),
    "another file": (FileNotFoundError(errno.ENOENT, "No such file"), None),
    "a mistake": (ValueError("x"), None),
}


@pytest.mark.parametrize("name", OUTAGES)
def test_what_is_away_is_told_from_the_error(name: str) -> None:
    error, outage = OUTAGES[name]
    assert outage_of(error) == outage
    outer = RuntimeError("while something was saved")
    outer.__context__ = error
    assert outage_of(outer) == outage


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "status", "retry", "title"),
    [
        ("PostgreSQL read-only", 503, "120", "Tạm thời chưa lưu được"),
        ("the disk is full", 503, "120", "Tạm thời chưa lưu được"),
        ("PostgreSQL gone", 503, "30", "Hệ thống tạm thời chưa trả lời"),
        ("a mistake", 500, None, "Hệ thống đang gặp lỗi"),
    ],
)
def test_signing_in_says_when_nothing_can_be_saved(
    monkeypatch: pytest.MonkeyPatch, name: str, status: int, retry: str | None, title: str
) -> None:
    def broken(**kwargs: object) -> None:
        raise OUTAGES[name][0]

    monkeypatch.setattr("lms.people.forms.sign_in", broken)
    answer = Client(raise_request_exception=False).post("/dang-nhap/", {"username": "x", "password": "y"})
    assert (answer.status_code, answer.headers.get("Retry-After"), f"<h1>{title}</h1>" in answer.text) == (
        status, retry, True,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_api_says_when_nothing_can_be_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OUTAGES["PostgreSQL read-only"][0]

    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    monkeypatch.setattr("lms.api.accounts.MeView.get", broken)
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "read_only", "120")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "trace"])
@pytest.mark.parametrize(
    "path", ["/", "/dang-nhap/", "/api/v1/me/", "/healthz", "/static/sen/css/sen.css", "/quan-tri/"]
)
def test_no_method_gives_the_request_back(raw: Callable[..., tuple[int, dict[str, str], str]], method, path) -> None:
    status, headers, text = raw(path, method, HTTP_COOKIE="sen_session=bi-mat-1", HTTP_X_SECRET="bi-mat-2")
    assert (status, headers["Allow"]) == (405, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
    assert "bi-mat" not in text + str(headers)
