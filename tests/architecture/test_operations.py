"""What an operator may set is documented, nothing else is, and what the document says to do works."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

ROOT = Path(settings.BASE_DIR)
DOCUMENT = (ROOT / "docs/operations.md").read_text()
VARIABLE = re.compile(r"\b(?:SEN_[A-Z_]+|DATABASE_URL|CACHE_URL)\b")
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """The blocks of the document in this language."""
    return [text for found, text in BLOCK.findall(DOCUMENT) if found == language]


def test_every_variable_of_the_settings_is_documented() -> None:
    texts = [path.read_text() for path in (ROOT / "lms" / "settings").glob("*.py")]
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', "\n".join(texts)))
    described = set(VARIABLE.findall(DOCUMENT)) - {"SEN_SMTP_"}  # "SEN_SMTP_…" stands for all of them
    assert described == read


def test_every_check_is_documented() -> None:
    raised = set(re.findall(r"sen\.[EW]\d{3}", (ROOT / "lms/common/checks.py").read_text()))
    described = set(re.findall(r"sen\.[EW]\d{3}", DOCUMENT))
    assert described == raised


def commands() -> list[list[str]]:
    """Every ``manage.py`` command in a block or in running text that begins with it."""
    told = "\n".join(blocks("sh") + blocks("ini") + re.findall(r"`(manage\.py [^`]+)`", DOCUMENT))
    lines = re.findall(r"manage\.py ((?:[a-z_]+).*)", told)
    return [shlex.split(line.split("#", maxsplit=1)[0].replace("…", "")) for line in lines]


def test_every_command_exists_and_takes_its_arguments() -> None:
    known = get_commands()
    asked = commands()
    assert len(asked) > 20
    for name, *arguments in asked:
        assert name in known, name
        app = known[name]
        command = load_command_class(app, name) if isinstance(app, str) else app
        if arguments or name in {"migrate", "load_units"}:  # running text may name a command alone
            command.create_parser("manage.py", name).parse_args(arguments)


@pytest.fixture
def documented(tmp_path: Path) -> dict[str, str]:
    """The environment that the document's settings make; what stands for a secret is made up."""
    (text,) = [block for block in blocks("ini") if "SEN_SECRET_KEY" in block]
    file = tmp_path / "documented.env"
    secret = "0aB-" * 12 + "xYz"
    text = text.replace("<50 random characters>", secret)
    text = text.replace("<50 others>", secret[::-1]).replace("<again 50 others>", secret.swapcase())
    text = text.replace("<password>", "made-up")
    file.write_text(re.sub(r"^ +", "", text, flags=re.MULTILINE).replace("/var/lib/sen", str(tmp_path)))
    clean = {name: value for name, value in os.environ.items() if not VARIABLE.fullmatch(name)}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return clean | {"SEN_ENV_FILE": str(file), "PYTHONWARNINGS": "ignore"}


@pytest.mark.slow
def test_the_documented_settings_pass_every_check_of_a_deployment(documented: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=documented, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n"), done.stderr


ASK = """
import json, sys
from django.test import Client
import django
django.setup()
answers = []
for headers in json.loads(sys.argv[1]):
    answer = Client().get("/bat-dau/", headers=headers)
    answers.append([answer.status_code, answer.headers["Location"]])
print(json.dumps(answers))
"""


@pytest.mark.slow
def test_the_documented_proxy_and_settings_do_not_redirect_for_ever(documented: dict[str, str]) -> None:
    (server,) = blocks("nginx")
    values = {"$host": "hoc.example.vn", "$scheme": "https", "$remote_addr": "192.0.2.7", "$request_id": "0" * 32}
    headers = {
        name: values.get(value, "")
        for name, value in re.findall(r"^ +proxy_set_header (\S+) +(\S+);", server, re.MULTILINE)
        if name != "Connection"
    }
    # What SEN_BEHIND_PROXY trusts must come from the proxy alone: a visitor's own header would pass through.
    (trusting,) = [line for line in DOCUMENT.splitlines() if line.startswith("| `SEN_BEHIND_PROXY`")]
    trusted = set(re.findall(r"`(X-[A-Za-z-]+)`", trusting))
    assert trusted == {"X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-For", "X-Request-ID"}
    assert set(headers) == trusted | {"Host"}
    assert "" not in headers.values()
    plain = headers | {"X-Forwarded-Proto": "http"}
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps([headers, plain])],
        cwd=ROOT, env=documented | {"DJANGO_SETTINGS_MODULE": "lms.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        [302, "/dang-nhap/?next=/bat-dau/"],
        [301, "https://hoc.example.vn/bat-dau/"],
    ]


def test_the_service_may_write_where_the_settings_say() -> None:
    (service,) = [block for block in blocks("ini") if "ExecStart=/srv/sen/.venv/bin/python manage.py serve" in block]
    (text,) = [block for block in blocks("ini") if "SEN_SECRET_KEY" in block]
    var = re.search(r"SEN_VAR_DIR=(\S+)", text)
    assert var
    assert f"ReadWritePaths={var[1]}\n" in service


def test_every_file_that_a_step_writes_is_put_to_use() -> None:
    """A timer that is written and never enabled makes no backup; neither does a site that nginx does not read."""
    told = "\n".join(blocks("sh"))
    units = re.findall(r"^ *# /etc/systemd/system/(\S+)$", "\n".join(blocks("ini")), re.MULTILINE)
    assert sorted(units) == ["sen-backup.service", "sen-backup.timer", "sen.service"]
    enabled = {name for line in re.findall(r"systemctl enable --now (.+)", told) for name in line.split()}
    assert enabled == {"sen.service", "sen-backup.timer"}
    (server,) = blocks("nginx")
    (site,) = re.findall(r"# (/etc/nginx/\S+)", server)
    assert f"ln -s {site} /etc/nginx/sites-enabled/" in told


SETTINGS = """
import json
from django.conf import settings
print(json.dumps(settings.DATABASES["default"].get("DISABLE_SERVER_SIDE_CURSORS")))
"""


def read_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    """Let a new process read the settings with these variables and no others of ours."""
    clean = {name: value for name, value in os.environ.items() if not VARIABLE.fullmatch(name)}
    clean |= {"SEN_ENV_FILE": "", "DJANGO_SETTINGS_MODULE": "lms.settings"} | environment
    command = [sys.executable, "-c", SETTINGS]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def test_behind_a_pooler_no_cursor_outlives_its_statement(tmp_path: Path) -> None:
    url = {"DATABASE_URL": "postgres://sen:secret@127.0.0.1:6432/sen", "SEN_VAR_DIR": str(tmp_path)}
    assert read_settings(**url).stdout == "false\n"
    assert read_settings(**url, SEN_PGBOUNCER="on").stdout == "true\n"


def test_a_database_address_that_cannot_be_read_is_refused_in_words_without_the_password(tmp_path: Path) -> None:
    url = "postgres://sen:f%k=Qz/7a#b@127.0.0.1:5432/sen"
    done = read_settings(DATABASE_URL=url, SEN_VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "ImproperlyConfigured: DATABASE_URL cannot be read." in done.stderr
    assert "Qz" not in done.stderr
