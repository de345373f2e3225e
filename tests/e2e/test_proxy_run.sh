#!/usr/bin/env bash
# Proxies on the edges of compositions change no result (proxy/run.py), over the corpus.
set -euo pipefail
command -v wasm-tools >/dev/null && [ -e "$WEFT_CORPUS_DIR/compositions/shop.wasm" ] || exit 77
exec python3 "$WEFT_TESTS_DIR/e2e/proxy/run.py" "$@"
