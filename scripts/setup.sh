#!/usr/bin/env bash
# Makes .venv hold what requirements.txt (or, with "dev", requirements-dev.txt) says. Does nothing when it already does.
# Needs uv, or any python3 (3.8 or newer) that can make a virtual environment.
set -euo pipefail
cd "$(dirname "$0")/.."
want="${1:-run}"

say() { printf '%s\n' "$*" >&2; }
die() { say "" "$@"; exit 1; }
sum_of() { cksum <"$1" | tr ' ' '-'; }

# The development set holds everything of the other, so a tree once set up for development stays so.
if [ -e .venv/.stamp-dev ]; then want=dev; fi
case "$want" in
  run) requirements=requirements.txt ;;
  dev) requirements=requirements-dev.txt ;;
  *) die "usage: scripts/setup.sh [run|dev]" ;;
esac
stamp=".venv/.stamp-$want"
key="$(sum_of "$requirements")"
if [ -x .venv/bin/python ] && [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

works() { "$@" >/dev/null 2>&1; }

# A version manager's shim may stand on PATH and still fail: every candidate is tried, not only looked up.
find_uv() {
  if works uv --version; then UV=uv; return; fi
  if works .venv-uv/bin/uv --version; then UV=.venv-uv/bin/uv; return; fi
  local python
  for python in python3 /usr/bin/python3 "$HOME"/.pyenv/versions/3.*/bin/python3 python3.14 python3.13 python3.12 python3.11; do
    works "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))' || continue
    say "Installing uv into .venv-uv ..."
    rm -rf .venv-uv
    "$python" -m venv .venv-uv && .venv-uv/bin/python -m pip install -q uv && UV=.venv-uv/bin/uv && return
  done
  die "Neither uv nor a python3 that can make virtual environments was found." \
    "Install one of them, for example:  apt-get install python3 python3-venv   or see https://docs.astral.sh/uv/"
}

find_python() {
  local wanted candidate
  wanted="$(cat .python-version)"
  for candidate in "$("$UV" python find --system "$wanted" 2>/dev/null || true)" "$HOME/.pyenv/versions/$wanted"*/bin/python3 \
    "python$wanted" "$HOME"/.pyenv/versions/3.1[432]*/bin/python3 python3.14 python3.12 python3; do
    [ -n "$candidate" ] || continue
    if works "$candidate" -c 'import sys, ssl, sqlite3; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))'; then
      PYTHON="$candidate"
      return
    fi
  done
  say "Installing Python $wanted ..."
  if "$UV" python install "$wanted" >&2; then
    PYTHON="$("$UV" python find --system "$wanted" || "$UV" python find "$wanted")"
    return
  fi
  die "No Python 3.12, 3.13 or 3.14 was found, and uv could not download one." \
    "Install Python $wanted (apt-get install python$wanted, or pyenv install $wanted) and run the command again."
}

find_uv
find_python
unset VIRTUAL_ENV CONDA_PREFIX
if ! works .venv/bin/python -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))'; then
  rm -rf .venv
  "$UV" venv -q --no-project -p "$PYTHON" .venv
fi
say "Installing what $requirements lists into .venv ..."
rm -f .venv/.stamp-*
VIRTUAL_ENV="$PWD/.venv" "$UV" pip sync -q --require-hashes "$requirements"
printf '%s' "$key" >"$stamp"
