#!/usr/bin/env bash
# Component test scripts: those here run on both engines, those in direct/ on the direct one only
# (docs/conformance.md says why).
set -u
command -v wasm-tools >/dev/null || { echo "wasm-tools not found on the PATH"; exit 77; }
runner=$WEFT_BUILD_DIR/bin/weft-wast
out=$WEFT_BUILD_DIR/wast
status=0

# run SCRIPT ENGINE: all must pass, nothing may be skipped
run() {
    name=$(basename "$1" .wast)
    mkdir -p "$out/$name"
    (cd "$out/$name" && wasm-tools json-from-wast "$1" --wasm-dir . -o "$name.json") || exit 1
    said=$("$runner" "$out/$name/$name.json" --engine "$2" -v 2>&1)
    case $said in
    *" 0 failed, 0 skipped") echo "$2: $said" ;;
    *) echo "$2: $said" >&2; status=1 ;;
    esac
}

for script in "$WEFT_TESTS_DIR"/wast/*.wast; do
    run "$script" direct
    run "$script" hosted
done
for script in "$WEFT_TESTS_DIR"/wast/direct/*.wast; do run "$script" direct; done
exit $status
