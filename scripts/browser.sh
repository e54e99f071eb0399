#!/usr/bin/env bash
# Makes sure that a Chromium is there for the browser tests; installs Debian's when this user may.
set -euo pipefail
for name in "${SEN_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing chromium for the browser tests ..." >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium. Install it (apt-get install chromium) or name one in SEN_CHROMIUM." >&2
exit 1
