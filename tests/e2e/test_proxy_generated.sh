#!/usr/bin/env bash
# Proxies of generated components are valid and fit what they were made of (proxy/generated.py, which takes other seeds and
# any number of them).
set -euo pipefail
command -v wasm-tools >/dev/null && command -v wac >/dev/null || exit 77
[ $# -gt 0 ] || set -- --count 8 --smith 8 "$WEFT_TESTS_DIR"/e2e/splice/shapes/*.wat
exec python3 "$WEFT_TESTS_DIR/e2e/proxy/generated.py" "$@"
