#!/bin/sh
# Installs what only tests need from the system; where it cannot, those tests skip themselves by name.
set -u
cd "$(dirname "$0")/.."

. tools/apt.sh

missing=
for pair in pulseaudio:pulseaudio pactl:pulseaudio-utils espeak-ng:espeak-ng chromium:chromium; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
# shellcheck disable=SC2086 - a list of names
[ -z "$missing" ] || apt_install $missing || say "not installed:$missing; the tests that need them are skipped"
