#!/bin/sh
# Makes .venv from requirements.lock and installs this checkout into it; a second run only compares a stamp.
# Needs Python 3.11 or newer. Uses apt for what only the system can give, where apt may be used; else says what is missing.
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
STAMP=$VENV/set-up.stamp

. tools/apt.sh

fail() {
    printf '\nset-up: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if command -v "$name" >/dev/null 2>&1 && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    found=$(${PYTHON:-python3} --version 2>/dev/null || echo "no ${PYTHON:-python3}")
    fail "Dreamloom needs Python 3.11 or newer; found: $found." \
        "Debian 12, Ubuntu 24.04 and newer have it: apt-get install python3 python3-venv" \
        "Is it somewhere else? Then: make demo PYTHON=/path/to/python3.12"
}

make_venv() {
    python=$1
    say "making $VENV with $("$python" --version)"
    "$python" -m venv --clear "$VENV" >/dev/null 2>&1 && return
    minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt_install "python$minor-venv" && "$python" -m venv --clear "$VENV" >/dev/null 2>&1 && return
    # Without ensurepip a venv can still be made, if this Python's own pip fills it.
    "$python" -m venv --clear --without-pip "$VENV" && "$python" -m pip --version >/dev/null 2>&1 && return
    fail "$python cannot make a virtual environment with pip." \
        "On Debian or Ubuntu: sudo apt-get install python$minor-venv, then run make again."
}

# On a terminal pip shows how far it is; elsewhere only what goes wrong.
install() {
    loud=--quiet
    [ -t 2 ] && loud=--progress-bar=on
    if "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        "$VENV/bin/python" -m pip install "$loud" --no-input --disable-pip-version-check "$@"
    else
        "$python" -m pip --python "$VENV/bin/python" install "$loud" --no-input --disable-pip-version-check "$@"
    fi
}

has_libgomp() {
    [ "$(uname -s)" = Linux ] || return 0
    "$VENV/bin/python" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null
}

wanted() {
    printf '%s\n' "$PWD"
    cat requirements.lock pyproject.toml tools/set_up.sh
}

if [ -L "$VENV" ] && [ -x "$VENV/bin/python" ]; then
    exit 0 # a link to another checkout's: its owner keeps it up to date
fi

want=$(wanted | cksum)
if [ -x "$VENV/bin/dreamloom" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$want" ]; then
    exit 0
fi

python=$(find_python)
# A venv made at another place has scripts that start nothing: make it new. Any other is brought up to date.
if ! grep -qF "$(pwd -P)/$VENV" "$VENV/bin/activate" 2>/dev/null || ! is_new_enough "$VENV/bin/python"; then
    make_venv "$python"
fi
say "installing the locked dependencies (about 200 MB, a few minutes the first time)"
install --require-hashes -r requirements.lock || fail "The locked dependencies could not be installed." \
    "pip's own words stand above. Behind a proxy or a mirror, configure pip as usual; nothing here names an index."
say "installing this checkout"
install --no-deps --no-build-isolation -e . || fail "This checkout could not be installed; pip's own words stand above."
has_libgomp || apt_install libgomp1 || true
has_libgomp || say "libgomp.so.1 is missing and apt may not install it: sleep cannot be staged here." \
    "Tests that need it are skipped by name. To mend it: sudo apt-get install libgomp1"
printf '%s' "$want" >"$STAMP"
say "ready"
