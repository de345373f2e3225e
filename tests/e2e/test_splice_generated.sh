#!/usr/bin/env bash
# Generated components, and shapes that no toolchain makes, are spliced in many ways; every output is valid
# (splice/generated.py, which takes other seeds and any number of them).
set -euo pipefail
command -v wasm-tools >/dev/null && command -v wac >/dev/null || exit 77
here=$WEFT_TESTS_DIR/e2e/splice
[ $# -gt 0 ] || set -- --count 2 --smith 4 "$here"/shapes/*.wat
exec python3 "$here/generated.py" "$@"
