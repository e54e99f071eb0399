#!/usr/bin/env bash
# Measures the flows and a mass start over HTTP, each on SQLite and on PostgreSQL (about 15 minutes in all).
# ONLY="flows-sqlite flows-postgres mass-sqlite mass-postgres" names the parts to run; study-sqlite and
# study-postgres measure only what learners do, contest-sqlite and contest-postgres let strangers come in by a code.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
unset DATABASE_URL CACHE_URL
python=.venv/bin/python

for part in ${ONLY:-flows-sqlite flows-postgres mass-sqlite mass-postgres}; do
  case "$part" in
    flows-*) title="Flows" command=bench ;;
    study-*) title="Learners' flows" command="bench --study" ;;
    mass-*) title="Mass start" command=mass_start ;;
    contest-*) title="Open contest" command="mass_start --contest" ;;
    *) echo "No such part: $part (flows-sqlite, flows-postgres, study-…, mass-…, contest-…)." >&2; exit 2 ;;
  esac
  case "$part" in
    *-sqlite) printf '\n== %s on SQLite\n' "$title"; "$python" manage.py $command ;;
    *-postgres) printf '\n== %s on PostgreSQL\n' "$title"; "$python" scripts/with_postgres.py "$python" manage.py $command --here ;;
    *) echo "No such database: $part." >&2; exit 2 ;;
  esac
done
