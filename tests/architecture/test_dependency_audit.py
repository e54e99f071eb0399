"""The look-up of known vulnerabilities fails on what it finds, and says when it could look nothing up."""

from __future__ import annotations

import json
import subprocess

import pytest

from scripts import audit_dependencies

SOUND = {"name": "django", "version": "6.1.3", "vulns": []}
FAULTY = {
    "name": "granian",
    "version": "2.8.7",
    "vulns": [{"id": "CVE-2026-1", "fix_versions": ["2.8.9"]}, {"id": "CVE-2026-2", "fix_versions": []}],
}
UNKNOWN = {"name": "sen-own", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "required", "code", "lines"),
    [
        ([SOUND, UNKNOWN], "", 0, ["1 packages looked up, 1 not listed, 0 vulnerabilities."]),
        (
            [SOUND, FAULTY, FAULTY],
            "",
            1,
            [
                "granian 2.8.7: CVE-2026-1, mended in 2.8.9",
                "granian 2.8.7: CVE-2026-2, mended in ?",
                "3 packages looked up, 0 not listed, 2 vulnerabilities.",
            ],
        ),
        ([UNKNOWN], "", 0, ["(it knows none of the packages): nothing was checked."]),
        ([UNKNOWN], "1", 1, ["(it knows none of the packages): nothing was checked."]),
        (None, "", 0, ["(no way there): nothing was checked."]),
    ],
)
def test_what_is_found_fails(monkeypatch, capsys, packages, required, code, lines):
    asked = []

    def run(command, **options):
        asked.extend(command)
        output = "" if packages is None else json.dumps({"dependencies": packages})
        return subprocess.CompletedProcess(command, 1, output, "Traceback\nno way there\n")

    monkeypatch.setattr(audit_dependencies.subprocess, "run", run)
    monkeypatch.setenv("SEN_REQUIRE_AUDIT", required)
    assert audit_dependencies.main() == code
    printed = capsys.readouterr().out.splitlines()
    assert [line.endswith(wanted) for line, wanted in zip(printed, lines, strict=True)] == [True] * len(lines)
    assert [name for name in asked if name.endswith(".txt")] == ["requirements.txt", "requirements-dev.txt"]
