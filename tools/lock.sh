#!/bin/sh
# Resolves pyproject.toml into requirements.lock, with hashes; keeps what is pinned unless it no longer fits.
# More words go to pip-compile: sh tools/lock.sh --upgrade
set -eu
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
cp requirements.lock "$new" 2>/dev/null || true
.venv/bin/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras \
    --no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
    --output-file "$new" "$@" pyproject.toml
{
    echo "# Every dependency of Dreamloom and of its development, pinned by version and hash. Written by: make lock"
    grep -vE '^#|^$|^--' "$new"
} >requirements.lock
if grep -nE '://|^ *#.*/' requirements.lock; then
    echo "requirements.lock names an index or a path (above); neither belongs there." >&2
    exit 1
fi
