#!/usr/bin/env bash
# The steps of ../action.yml, in the shells of all hosted runners (bash 3.2 and later).
#
# What it is told comes in environment variables only. None of it is trusted: neither the inputs, nor the names of files, nor
# what a linted rule set makes edgelint say.
set -euo pipefail

room="${RUNNER_TEMP:?}/edgelint"

# A workflow command with a message of one line.
annotate() {
  local message="${2//%/%25}"
  message="${message//$'\r'/%0D}"
  printf '::%s title=edgelint::%s\n' "$1" "${message//$'\n'/%0A}"
}

output() {
  printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"
}

# End the step because of a wrong input; 2 is edgelint's own exit code for wrong calls.
refuse() {
  annotate error "$1"
  output exit-code 2
  exit 2
}

# Inputs end up in files where a line break begins another entry.
one_line() {
  case "$2" in *[[:cntrl:]]*) refuse "the input \`$1\` holds a control character" ;; esac
}

yes_or_no() {
  case "$2" in true | false) ;; *) refuse "the input \`$1\` is \`true\` or \`false\`" ;; esac
}

# The environment of our own, without what lies in the working folder: a checkout may hold a `yaml.py`.
isolated_python() {
  local python="$room/venv/bin/python"
  [ -x "$python" ] || python="$room/venv/Scripts/python.exe"
  "$python" -I "$@"
}

install() {
  "${PYTHON:-python3}" -I -m venv --clear "$room/venv"
  isolated_python -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
}

# The commit that a name stands for, fetched where a shallow checkout lacks it; nothing when there is none.
commit_of() {
  local found depth=()
  if found="$(git rev-parse --verify --quiet --end-of-options "$1^{commit}")"; then
    printf '%s' "$found"
    return
  fi
  [ "$(git rev-parse --is-shallow-repository)" = false ] || depth=(--depth=1)
  git fetch --quiet --no-tags ${depth[@]+"${depth[@]}"} origin "+${1#origin/}" >&2 || return 0
  git rev-parse --verify --quiet 'FETCH_HEAD^{commit}' || true
}

# The name of what to compare with; nothing when the whole is to be told.
base_name() {
  case "$INPUT_DIFF_BASE" in
    none | '') ;;
    auto) printf '%s' "$EVENT_BASE" ;;
    *) printf '%s' "$INPUT_DIFF_BASE" ;;
  esac
}

# Whether the token may upload: a pull request from a fork is given one that may only read.
may_upload() {
  case "$INPUT_UPLOAD" in
    auto) [ -z "$EVENT_PULL_REQUEST" ] || [ "$EVENT_HEAD_REPOSITORY" = "$GITHUB_REPOSITORY" ] ;;
    *) [ "$INPUT_UPLOAD" = true ] ;;
  esac
}

# Give the report the category of this run, which keeps several of one repository apart, and say how many results it has.
finished_sarif() {
  isolated_python - "$1" "$INPUT_CATEGORY" << 'PYTHON'
import json
import pathlib
import sys

file, category = pathlib.Path(sys.argv[1]), sys.argv[2]
report = json.loads(file.read_text(encoding="utf-8"))
for run in report["runs"]:
    run["automationDetails"]["id"] = category.rstrip("/") + "/"
file.write_text(json.dumps(report), encoding="utf-8")
print(sum(len(run["results"]) for run in report["runs"]))
PYTHON
}

# What GitHub keeps of a job's summary is 1 MiB.
summarise() {
  local most=1000000
  [ -s "$1" ] || return 0
  if [ "$(wc -c < "$1")" -le "$most" ]; then
    cat "$1" >> "$GITHUB_STEP_SUMMARY"
  else
    { head -c "$most" "$1" | sed '$d'; printf '\n\nThe rest is in the SARIF file.\n'; } >> "$GITHUB_STEP_SUMMARY"
  fi
}

check_inputs() {
  one_line config "$INPUT_CONFIG"
  one_line fail-on "$INPUT_FAIL_ON"
  one_line diff-base "$INPUT_DIFF_BASE"
  one_line sarif-file "$INPUT_SARIF_FILE"
  one_line category "$INPUT_CATEGORY"
  one_line working-directory "$INPUT_WORKING_DIRECTORY"
  yes_or_no pedantic "$INPUT_PEDANTIC"
  yes_or_no summary "$INPUT_SUMMARY"
  case "$INPUT_UPLOAD" in auto | true | false) ;; *) refuse "the input \`upload\` is \`auto\`, \`true\` or \`false\`" ;; esac
  [ -n "${INPUT_CATEGORY//\//}" ] || refuse "the input \`category\` is empty"
  # What would be an option or a refspec, and what no name of git's holds.
  case "$INPUT_DIFF_BASE" in
    [-+]* | *[[:space:]:?*\[\\]*) refuse "the input \`diff-base\` is \`auto\`, \`none\`, a commit or a branch" ;;
  esac
}

# Set `command` from the inputs; everything but the paths.
compose() {
  local base commit
  command=(isolated_python -m edgelint check --format text --format sarif "--output=$sarif")
  command+=(--format github "--output=$results/annotations")
  if [ "$INPUT_SUMMARY" = true ]; then command+=(--format markdown "--output=$results/summary"); fi
  if [ "$INPUT_PEDANTIC" = true ]; then command+=(--pedantic); fi
  if [ -n "$INPUT_CONFIG" ]; then command+=("--config=$INPUT_CONFIG"); fi
  if [ -n "$INPUT_FAIL_ON" ]; then command+=("--fail-on=$INPUT_FAIL_ON"); fi
  base="$(base_name)"
  if [ -n "$base" ]; then
    commit="$(commit_of "$base")"
    [ -n "$commit" ] || refuse "\`$base\` is not in this checkout and cannot be fetched: check out with \`fetch-depth: 0\`"
    command+=("--diff-base=$commit")
  fi
  command+=(--)
}

# Append the paths, one from each line, to `command`.
add_paths() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line%$'\r'}"
    [ "$line" != - ] || line=./- # a file of that name, not standard input
    if [ -n "$line" ]; then command+=("$line"); fi
  done <<< "$INPUT_PATHS"
}

check() {
  local code=0 token findings upload=false sarif results command
  check_inputs
  cd -- "$INPUT_WORKING_DIRECTORY" || refuse "the input \`working-directory\` names no folder"
  results="$(mktemp -d "$room/results.XXXXXX")"
  sarif="${INPUT_SARIF_FILE:-$results/edgelint.sarif}"
  case "$sarif" in /* | [A-Za-z]:*) ;; *) sarif="$PWD/$sarif" ;; esac
  # One that was checked out is no result of ours, and may be a link to anywhere.
  { mkdir -p -- "$(dirname -- "$sarif")" && rm -f -- "$sarif"; } || refuse "the input \`sarif-file\` names no file"
  compose
  add_paths

  # What follows quotes the rule set, which could otherwise give orders to the runner.
  token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '::stop-commands::%s\n' "$token"
  "${command[@]}" < /dev/null 2> "$results/errors" || code=$?
  cat "$results/errors"
  printf '\n::%s::\n' "$token"

  output exit-code "$code"
  output folder "$results"
  if [ "$code" -le 1 ]; then
    findings="$(finished_sarif "$sarif")"
    output findings "$findings"
    if may_upload; then upload=true; fi
  fi
  if [ -f "$sarif" ]; then output sarif-file "$sarif"; fi
  output upload "$upload"
  if [ "$INPUT_SUMMARY" = true ]; then summarise "$results/summary"; fi
}

# Fail as edgelint did, after everything else is done.
verdict() {
  if [ "$EXIT_CODE" -gt 1 ]; then
    annotate error "$(tail -n 1 "$FOLDER/errors")"
    exit "$EXIT_CODE"
  fi
  if [ "$UPLOADED" != success ]; then
    grep -E '^::(error|warning|notice)[ :]' "$FOLDER/annotations" || true
  fi
  if [ "$UPLOADED" = failure ]; then not_uploaded; fi
  exit "$EXIT_CODE"
}

# Say that code scanning took nothing; that fails the job where the upload was asked for.
not_uploaded() {
  local level=warning
  if [ "$INPUT_UPLOAD" = true ]; then
    level=error
    [ "$EXIT_CODE" -ne 0 ] || EXIT_CODE=1
  fi
  annotate "$level" "code scanning did not take the findings, the log says why; the job needs \`security-events: write\`"
}

"$@"
