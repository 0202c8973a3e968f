#!/usr/bin/env bash
# Install the other program that judges our SARIF, where npm is there. Without it those tests skip.
set -euo pipefail
cd "$(dirname "$0")"

if command -v npm > /dev/null; then
  npm ci --no-audit --no-fund --loglevel=error
else
  echo "there is no npm here: the tests of SARIF with another program will skip" >&2
fi
