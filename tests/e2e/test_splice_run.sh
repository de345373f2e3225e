#!/usr/bin/env bash
# Spliced components run: the hooks' calls, their order, the unchanged results (splice/run.py), over the corpus.
set -euo pipefail
command -v wasm-tools >/dev/null && [ -e "$WEFT_CORPUS_DIR/compositions/shop.wasm" ] || exit 77
exec python3 "$WEFT_TESTS_DIR/e2e/splice/run.py" "$@"
