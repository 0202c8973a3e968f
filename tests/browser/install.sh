#!/usr/bin/env bash
# Install what the tests of the HTML report drive: Chromium where it can be had, and two packages. Without them those tests skip.
set -euo pipefail
cd "$(dirname "$0")"

installed() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! installed > /dev/null; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    apt-get update --quiet=2 && apt-get install --quiet=2 --yes chromium > /dev/null || true
  fi
  installed > /dev/null || echo "there is no Chromium here: the tests of the HTML report in a browser will skip" >&2
fi
if command -v npm > /dev/null; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
else
  echo "there is no npm here: the tests of the HTML report in a browser will skip" >&2
fi
