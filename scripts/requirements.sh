#!/usr/bin/env bash
# Pins what pyproject.toml asks for, with hashes, into requirements.txt and requirements-dev.txt.
# Pass --upgrade to take newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh dev
UV=uv
command -v uv >/dev/null 2>&1 || UV=.venv-uv/bin/uv
compile() { "$UV" pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links "$@" pyproject.toml; }
compile -o requirements.txt "$@"
compile --group dev -o requirements-dev.txt "$@"
