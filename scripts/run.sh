#!/usr/bin/env bash
# Sets up what is missing and serves: the web server and the task worker, one Ctrl-C stops both.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh run
exec .venv/bin/python manage.py serve --prepare "$@"
