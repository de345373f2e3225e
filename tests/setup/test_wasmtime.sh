#!/usr/bin/env bash
# Obtaining Wasmtime says clearly what is missing, takes nothing but the pinned files, and leaves nothing half
# done. pip and cargo are stood in for by scripts; nothing here needs a network.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset Wasmtime_ROOT
export WEFT_CACHE=$tmp/cache CARGO_HOME=$tmp/cargo
mkdir "$tmp/bin"
export PATH=$tmp/bin:$PATH
. "$WEFT_SOURCE_DIR/scripts/pins.sh"

archive="  Otherwise unpack the official release archive wasmtime-v$WASMTIME_VERSION-$(uname -m)-linux-c-api.tar.xz
  of the Wasmtime project and say Wasmtime_ROOT=DIRECTORY (the one that holds include/ and lib/)."

# stand_in PROGRAM: a script, read from standard input
stand_in() {
    { echo '#!/bin/sh'; cat; } >"$tmp/bin/$1"
    chmod +x "$tmp/bin/$1"
}

# fails_with WHAT MESSAGE
fails_with() {
    local out
    if out=$("$WEFT_SOURCE_DIR/scripts/wasmtime" 2>&1); then
        echo "$1: did not fail"
        exit 1
    fi
    if [ "$out" != "$2" ]; then
        printf '%s: said\n%s\nexpected\n%s\n' "$1" "$out" "$2"
        exit 1
    fi
    if [ -n "$(ls -A "$WEFT_CACHE" 2>/dev/null)" ]; then
        echo "$1: left something in the cache"
        exit 1
    fi
}

stand_in python3 <<<'exit 1'
fails_with "no pip" "wasmtime: pip is missing, Wasmtime's library cannot be obtained
$archive"

stand_in python3 <<<'case "$*" in *--version) exit 0 ;; *) exit 1 ;; esac'
stand_in cargo <<<'echo cargo 1.63.0'
fails_with "cargo of old" "wasmtime: cargo $CARGO_LEAST or newer is missing, Wasmtime's headers cannot be obtained
$archive"

stand_in cargo <<<'case "$*" in --version) echo cargo 1.96.0 ;; *) exit 1 ;; esac'
fails_with "no network" "== obtaining the library of Wasmtime $WASMTIME_VERSION with pip
wasmtime: pip could not download wasmtime $WASMTIME_VERSION; the network is needed once
$archive"

# A wheel by the right name with something else in it.
wheel=WASMTIME_WHEEL_LINUX_$(uname -m | tr a-z A-Z)
sum=${wheel}_SHA256
stand_in python3 <<END
while [ \$# -gt 0 ]; do
    [ "\$1" != --dest ] || echo other >"\$2/${!wheel}"
    shift
done
END
fails_with "another wheel" "== obtaining the library of Wasmtime $WASMTIME_VERSION with pip
wasmtime: ${!wheel} is not the pinned file
  expected sha256 ${!sum}
  found    sha256 $(echo other | sha256sum | awk '{ print $1 }')"

# Without it a build says what to do.
mkdir -p "$WEFT_CACHE"
expected="build: Wasmtime $WASMTIME_VERSION is not in the cache
  run scripts/setup, or say Wasmtime_ROOT=DIRECTORY (an unpacked release archive of its C API)"
out=$("$WEFT_SOURCE_DIR/scripts/build" release 2>&1) && exit 1
[ "$out" = "$expected" ] || { printf 'build said\n%s\nexpected\n%s\n' "$out" "$expected"; exit 1; }
