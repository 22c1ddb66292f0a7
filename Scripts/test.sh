#!/usr/bin/env bash
# Runs all tests on what `swift build --build-tests` has built, and ends with one line that counts them.
set -uo pipefail
cd "$(dirname "$0")/.."
LANDSCAPE_PYTHON="$PWD/.venv/bin/python"
LANDSCAPE_PROGRAM="$PWD/.build/release/landscape"
export LANDSCAPE_PYTHON LANDSCAPE_PROGRAM
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

# Swift's tests; --quiet leaves out the lines of those that pass.
# shellcheck disable=SC2086 # one word for each flag
swift test --skip-build --disable-xctest --quiet ${SWIFT_FLAGS:?run this by "make test"} </dev/null 2>&1 | tee "$log"
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
swift_total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
swift_failures=$(sed -nE 's/^[^ ]+ (Test .*) recorded an issue.*/\1/p' "$log" | sort -u | wc -l)
if [ -z "$swift_total" ]; then
  printf 'The Swift tests did not come to their end.\n' >&2
  swift_total=0 swift_failures=0 failed=1
fi

# Python's: run files as others read them, the set-up, the recipes of CONTRIBUTING.md, the notebooks.
.venv/bin/python -m pytest --quiet -p no:cacheprovider -rs Tests/Interoperability Tests/Setup </dev/null 2>&1 | tee "$log"
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
python_line=$(tail -n 1 "$log")
count() { sed -nE "s/.* ([0-9]+) $1.*/\1/p" <<<" $python_line"; }
python_passed=$(count passed)
python_failed=$(($(count failed) + $(count error) + 0))

passed=$((swift_total - swift_failures + ${python_passed:-0}))
printf '%d passed, %d failed\n' "$passed" "$((swift_failures + python_failed))"
exit "$failed"
