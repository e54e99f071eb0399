#!/usr/bin/env bash
# What can be checked without running a test.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
export PATH="$PWD/.venv/bin:$PATH"

step() { printf '\n== %s\n' "$*"; }

step "Lint";                 ruff check .
step "Known vulnerabilities"; python scripts/audit_dependencies.py
step "Format";               ruff format --check .
step "Types";                mypy .
step "Import contracts";     lint-imports
step "System checks";        python manage.py check
step "Migrations";           python manage.py makemigrations --check --dry-run
step "Translations";         python manage.py messages --compile --check
step "Documents";            properdocs build --quiet
