"""Bombs of every kind against a running server: each is answered in words, and its processes live on."""

from __future__ import annotations

import http.client
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from tests.media.test_inspection import gif, packed, pdf, png
from tests.plugins.browser import _free_port
from tests.plugins.migrated import ROOT, migrated_file

PREPARE = """
import django; django.setup()
import json
from django.test import Client
from lms.people.enums import Role
from cms.services.permissions import sync_user
from tests.factories.classes import make_class
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_bank

unit = make_unit()
user = make_user()
for role in (Role.AUTHOR, Role.CENTRE_MANAGER):
    grant(user, role, unit)
sync_user(user)
client = Client()
client.force_login(user)
session = client.cookies["sessionid"].value
print(json.dumps({"session": session, "bank": make_bank(unit).pk, "class": make_class(unit=unit).pk}))
"""


@dataclass
class Site:
    """A server in processes of its own, somebody who is signed in, and whoever asks it all the time if it lives."""

    port: int
    process: subprocess.Popen[str]
    session: str
    bank: int
    training_class: int

    def post(self, path: str, name: str, data: bytes, **fields: str) -> tuple[int, str]:
        """Upload a file as a page's form does; return status and text of the page at which one arrives."""
        border = uuid.uuid4().hex
        body = io.BytesIO()
        for key, value in fields.items():
            body.write(f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body.write(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
        body.write(f"--{border}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={border}", "X-CSRFToken": "c" * 32}
        status, address, text = self._ask("POST", path, body.getvalue(), headers)
        while status == 302:
            status, address, text = self._ask("GET", address)
        return status, text

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookie = {"Cookie": f"sessionid={self.session}; csrftoken={'c' * 32}"}
        connection.request(method, path, body, cookie | (headers or {}))
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, answer.headers.get("Location") or "", text

    def get(self, path: str) -> str:
        return self._ask("GET", path)[2]

    def processes(self) -> set[int]:
        """Return the supervisor's children and theirs; those that read files come and go."""
        found, queue = set(), [self.process.pid]
        while queue:
            pid = queue.pop()
            found.add(pid)
            queue += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return {pid for pid in found if "limited/server.py" not in Path(f"/proc/{pid}/cmdline").read_text()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_file(), folder / "sen.sqlite3")
    (folder / "static").mkdir()
    env = os.environ | {
        "SEN_VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'sen.sqlite3'}", "SEN_WORKERS": "1",
        "SEN_UPLOADS_DIR": str(folder / "uploads"), "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SEN_UPLOAD_MEMORY": "512", "SEN_DEBUG": "on",  # pages without gathered static files
    }  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    facts = json.loads(made.stdout.splitlines()[-1])
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=env, text=True,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    found = Site(port, process, facts["session"], facts["bank"], facts["class"])
    try:
        until = time.monotonic() + 120
        while True:
            try:
                found.get("/healthz")
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.2)
        yield found
        process.terminate()
        process.wait(60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
            process.wait()


def far(row: int, pad: int = 0) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Trang 1")
        sheet.write_row(0, 0, ["Họ và tên", "Câu hỏi", "Phương án A", "Phương án B", "Đáp án"])
        sheet.write(row, 16_383, "x")
    with zipfile.ZipFile(body, "a") as archive:
        archive.writestr("pad.bin", os.urandom(pad))
    return body.getvalue()


def zipped(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return body.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
ENTITIES = b'<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><quiz>&b;</quiz>'
QUESTIONS = {
    "a cell far out": ("xa.xlsx", far(1_048_575), "ô XFD1048576"),
    "a sheet of sparse cells": ("thua.xlsx", far(1_999), "ô XFD2000"),
    "a zip bomb": (
        "bom.docx",
        zipped(**{"word__document.xml": WORD % (b" " * 150_000_000)}),
        "khi giải nén lớn gấp nhiều lần",
    ),
    "an entity bomb": ("thuc-the.xml", ENTITIES, "DOCTYPE"),
    "deep nesting": ("sau.xml", b"<quiz>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</quiz>", "lồng quá nhiều tầng"),
    "deep paragraphs": ("sau.docx", zipped(**{"word__document.xml": WORD % (b"<w:p>" * 90_000)}), "tệp|Tệp"),
    "line ends for ever": ("dong.txt", b"x" + b"\n" * 16_000 + b"y", "tệp|Tệp|câu hỏi"),
    "tags for ever": ("the.gift", b"::a:: " + b"<a" * 100_000 + b" {=b}", "tệp|Tệp|câu hỏi"),
    "layers of bold": ("dam.gift", b"::a:: " + b"<b>" * 20_000 + b" {=b ~c}", "tệp|Tệp|câu hỏi"),
    "a large one, in the background": ("lon.xlsx", far(1_048_575, pad=1_300_000), "ô XFD1048576"),
}


@pytest.fixture
def alive(site: Site) -> Iterator[list[str]]:
    """Ask the server all the time whether it lives; afterwards all its processes are those of before."""
    before, answers, ended = site.processes(), [], threading.Event()

    def ask() -> None:
        while True:  # at least once
            answers.append(site.get("/healthz"))
            if ended.wait(0.05):
                return

    thread = threading.Thread(target=ask)
    thread.start()
    yield answers
    ended.set()
    thread.join()
    assert site.processes() == before
    assert set(answers) == {'{"status": "ok"}'}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(QUESTIONS))
def test_question_files(site: Site, alive: list[str], kind: str) -> None:
    name, data, words = QUESTIONS[kind]
    status, text = site.post(f"/khao-thi/nhap/ngan-hang/{site.bank}/", name, data, token=str(uuid.uuid4()))
    until = time.monotonic() + 200
    while "Đang đọc tệp" in text:
        assert time.monotonic() < until, text[-3000:]
        time.sleep(0.5)
        listed = site.get("/khao-thi/nhap/")
        address = re.search(r'href="(/khao-thi/nhap/\d+/)"', listed)
        assert address is not None
        text = site.get(address[1])
    assert status == 200
    assert re.search(words, text), text[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("row", [1_048_575, 1_999])
def test_lists_of_learners(site: Site, alive: list[str], row: int) -> None:
    status, text = site.post(f"/dieu-hanh/lop/{site.training_class}/nhap/", "xa.xlsx", far(row))
    assert (status, f"ô XFD{row + 1}" in text) == (422, True)


PICTURES = {
    "more pixels than any screen": ("a.png", png(60_000, 60_000), "triệu điểm ảnh"),
    "frames for ever": ("a.gif", gif(100_000), "Ảnh động này quá dài"),
    "a drawing with programs": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG|AVIF"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(PICTURES))
def test_pictures(site: Site, alive: list[str], kind: str) -> None:
    name, data, words = PICTURES[kind]
    status, text = site.post("/quan-tri/images/add/", name, data, title="Ảnh")
    assert (status, bool(re.search(words, text))) == (200, True)


DOCUMENTS = {
    "captions for ever": ("a.vtt", b"WEBVTT\n" + b"00:01.000 --> 00:02.000\n" * 60_000, "nhiều hơn hẳn"),
    "objects packed to gigabytes": ("a.pdf", pdf(packed(b"1 0 " + bytes(200_000_000))), "PDF này được bảo vệ"),
    "types packed to gigabytes": (
        "a.docx", zipped(**{"[Content_Types].xml": b" " * 200_000_000, "word__vbaProject.bin": b"x"}), "macro",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(DOCUMENTS))
def test_documents(site: Site, alive: list[str], kind: str) -> None:
    name, data, words = DOCUMENTS[kind]
    status, text = site.post("/quan-tri/documents/add/", name, data, title="Tệp")
    assert (status, words in text, "phần mở rộng “”" in text) == (200, True, False)
