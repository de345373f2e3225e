# Shared by the scripts. Source it; it sets ROOT, CACHE, the pins, and a few small functions.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Some runners give no HOME; cargo and pip want one too.
export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
CACHE=${WEFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weft}
. "$ROOT/scripts/pins.sh"

WASMTIME_DIR=$CACHE/wasmtime-$WASMTIME_VERSION
ORACLES_DIR=$CACHE/oracles-$WASM_TOOLS_VERSION-$WAC_CLI_VERSION-$WIT_BINDGEN_CLI_VERSION
PEERS_DIR=$CACHE/peers-$SPLICER_VERSION

say() { printf '== %s\n' "$*" >&2; }
die() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least 1.96.0 1.85
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# have_cargo LEAST
have_cargo() { have cargo && version_at_least "$(cargo --version 2>/dev/null | awk '{ print $2 }')" "$1"; }
have_pip() { have python3 && python3 -m pip --version >/dev/null 2>&1; }

# expect_sha256 FILE SUM: the file is what was pinned, or the end.
expect_sha256() {
    local sum
    sum=$(sha256sum "$1" | awk '{ print $1 }')
    [ "$sum" = "$2" ] || die "${1##*/} is not the pinned file" "expected sha256 $2" "found    sha256 $sum"
}
