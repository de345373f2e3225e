#!/usr/bin/env bash
# What docs/middleware.md tells to write is written and built as it says, and does what it says.
set -euo pipefail
for tool in python3 wit-bindgen wasm-tools clang-19 wasm-ld-19; do
    command -v $tool >/dev/null || exit 77
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$WEFT_SOURCE_DIR/wit" "$WEFT_SOURCE_DIR/examples" "$work"
cd "$work"

python3 - "$WEFT_SOURCE_DIR/docs/middleware.md" <<'PYTHON'
import os, re, subprocess, sys
for language, block in re.findall(r"(?s)```(\w+)\n(.*?)```", open(sys.argv[1]).read()):
    if language == "sh":
        subprocess.run(["bash", "-ec", block], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        open({"wat": "count.wat", "c": "limit/main.c"}[language], "w").write(block)
PYTHON

rules() { printf 'version: 1\nrules:\n  - before: { interface: "shop:store/stock" }\n    inject: [{ name: m, path: %s }]\n' "$1"; }
"$WEFT" compose examples/shop/{front,orders,store}.wasm -o shop.wasm
rules count.wat >count.yaml
rules limit.wasm >limit.yaml
for middleware in count limit; do
    "$WEFT" splice $middleware.yaml shop.wasm -o $middleware.wasm.out
done
plain=$("$WEFT" call shop.wasm 'menu()')
[ "$("$WEFT" call count.wasm.out 'menu()')" = "$plain" ]
[ "$("$WEFT" call limit.wasm.out 'menu()' 'menu()' 'menu()')" = "$plain"$'\n[]\n'"$plain" ]
