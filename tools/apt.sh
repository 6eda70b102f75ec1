# Read by the scripts beside it: packages through apt, where apt is here and may be used; a line for a person.

say() { printf 'set-up: %s\n' "$*" >&2; }

# Installs Debian packages if apt is here and may be used; never asks for a password.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    say "installing $* through apt"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1 && return
    $as_root apt-get update -q >/dev/null 2>&1 || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >/dev/null 2>&1
}
