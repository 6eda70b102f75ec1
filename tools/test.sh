#!/bin/sh
# Runs every check, also after one failed, then says how long each took. Exit code 1 if any failed.
# Leaves build/tests.xml, build/real_time.xml and build/waits.xml (pytest) and build/checks.txt (one line a check: ok or FAILED, seconds, name).
set -u
cd "$(dirname "$0")/.."
mkdir -p build
: >build/checks.txt
rm -f build/tests.xml build/real_time.xml build/waits.xml
started=$(date +%s)

check() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    from=$(date +%s)
    if "$@"; then verdict=ok; else verdict=FAILED; fi
    printf '%-6s %4d s  %s\n' "$verdict" "$(($(date +%s) - from))" "$name" >>build/checks.txt
}

types_agree() {
    wait "$types"
    verdict=$?
    cat build/mypy.txt
    return "$verdict"
}

bin=.venv/bin
check "ruff check" "$bin/ruff" check --quiet .
check "ruff format" "$bin/ruff" format --quiet --check .
check "lint-imports" "$bin/lint-imports" --no-cache
check "pytest" "$bin/python" -m pytest -n 4 -m "not slow and not real_time" --junitxml=build/tests.xml
check "pytest, in real time" "$bin/python" -m pytest -m "real_time and not waits and not slow" --junitxml=build/real_time.xml
"$bin/mypy" --no-error-summary >build/mypy.txt 2>&1 &
types=$!
check "pytest, in real time, waiting" "$bin/python" -m pytest -n 3 --dist loadfile -m "waits and not slow" --junitxml=build/waits.xml
check "mypy" types_agree

printf '\n'
cat build/checks.txt
printf 'wall time %d s\n' "$(($(date +%s) - started))"
! grep -q FAILED build/checks.txt
