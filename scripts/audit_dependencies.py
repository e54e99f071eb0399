"""Look the pinned packages up in the public list of known vulnerabilities (pip-audit, PyPI's advisories).

Ends with 1 when a pinned version has one. A machine without a way to that list checks nothing and says so; with
``SEN_REQUIRE_AUDIT=1`` that is a failure too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

LOCK_FILES = ("requirements.txt", "requirements-dev.txt")
#: Advisories that do not concern us: identifier -> why, and until when that was looked at.
ACCEPTED: dict[str, str] = {}


def main() -> int:
    """Print what is known about each pinned package that has a vulnerability; return the exit code."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--format=json",
        "--progress-spinner=off",
        "--disable-pip",
        "--no-deps",
    ]
    for name in LOCK_FILES:
        command += ["--requirement", name]
    for identifier in ACCEPTED:
        command += ["--ignore-vuln", identifier]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 (our own words)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        return nothing_checked(reason[:300])
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return nothing_checked("it knows none of the packages")
    found = faults(known)
    for line in found:
        print(line)
    print(f"{len(known)} packages looked up, {len(packages) - len(known)} not listed, {len(found)} vulnerabilities.")
    return 1 if found else 0


def faults(packages: list[dict[str, Any]]) -> list[str]:
    """Return a line for each vulnerability of a pinned version, each once, in order."""
    return sorted(
        {
            f"{one['name']} {one['version']}: {advisory['id']}, mended in {', '.join(advisory['fix_versions']) or '?'}"
            for one in packages
            for advisory in one["vulns"]
        }
    )


def nothing_checked(reason: str) -> int:
    """Say that the list could not be asked, and why."""
    print(f"The list of known vulnerabilities cannot be asked from here ({reason}): nothing was checked.")
    return 1 if os.environ.get("SEN_REQUIRE_AUDIT") else 0


if __name__ == "__main__":
    sys.exit(main())
