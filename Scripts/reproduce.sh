#!/usr/bin/env bash
# Makes the runs behind the findings, draws the figures and ends with the verdicts.
#
#   Scripts/reproduce.sh PROGRAM PROFILE RESULTS
set -euo pipefail
cd "$(dirname "$0")/.."
readonly program=$1 profile=$2 results=$3

table=$(mktemp)
trap 'rm -f "$table"' EXIT
status=0
"$program" reproduce --profile "$profile" --results "$results" >"$table" || status=$?
if [ "$status" -ne 0 ]; then
  cat "$table"
  exit "$status"
fi
.venv/bin/python Scripts/notebooks.py --results "$results" >&2
printf '\n' >&2
cat "$table"
