#!/usr/bin/env bash
# Every check of the project, cheapest first; before the last line, pytest's own, stands how the house is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
export PATH="$PWD/.venv/bin:$PATH"
unset DATABASE_URL CACHE_URL
workers="${SEN_TEST_WORKERS:-2}"

step() { printf '\n== %s\n' "$*"; }

if [ "${1:-}" = fast ]; then
  python manage.py messages --compile >/dev/null
  step "Unit tests without a database"
  exec python -m pytest -q -n "$workers" -m "not e2e and not slow and not django_db and not database"
fi

scripts/lint.sh
scripts/browser.sh

step "Tests on SQLite"
python -m pytest -q -n "$workers" -m "not e2e"
step "Tests on PostgreSQL"
SEN_TEST_DB=postgres python -m pytest -q -n "$workers" -m "not e2e"
step "Browser tests"
SEN_HOUSE_REPORT=1 exec python -m pytest -q -m e2e
