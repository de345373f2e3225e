#!/usr/bin/env bash
# weft graph --format mermaid: what is printed of the corpus, and of a component whose names mean something to Mermaid, is
# Mermaid (graph/mermaid.py).
set -uo pipefail
command -v python3 wasm-tools >/dev/null && [ -e "$WEFT_CORPUS_DIR/compositions/shop.wasm" ] || exit 77

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

node='(core module $m (func (export "f"))) (core instance $i (instantiate $m)) (func $f (canon lift (core func $i "f")))'
{
    printf '(component\n  (component $c %s (export "f" (func $f)))\n' "$node"
    while IFS= read -r name; do
        name=${name//\\/\\\\}
        printf '  (instance $"%s" (instantiate $c))\n' "${name//\"/\\\"}"
    done <<'EOT'
end
a "quoted" name
two words; and | pipes --> x
[brackets] (and) {braces}
`code` *bold* _under_
<b>html</b> &amp; #35; #quot;
%% no comment
back\slash
grün ☃ 日本
click
subgraph x
:::class
$$x^2$$
EOT
    echo ')'
} >"$here/names.wat"
wasm-tools parse "$here/names.wat" -o "$here/names.wasm" || exit 1
python3 "$WEFT_TESTS_DIR/e2e/graph/mermaid.py" "$WEFT" "$("$WEFT_SOURCE_DIR/scripts/mermaid" --path)" \
    "$here/names.wasm" "$WEFT_CORPUS_DIR"/{compositions,odd}/*.wasm "$WEFT_CORPUS_DIR/large/chain-30.wasm"
