#!/bin/bash
# `weft reencode` over the whole corpus and all guests: what tools produced comes back byte for byte; the odd
# encodings come back equal to wasm-tools print; what is beyond weft is refused with the place.
set -u
command -v wasm-tools >/dev/null || exit 77

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
new=$work/new.wasm
status=0
fail() { echo "$1" >&2; status=1; }

for file in "$WEFT_CORPUS_DIR"/*.wasm "$WEFT_CORPUS_DIR"/{compositions,large,languages,languages-composed}/*.wasm \
    "$WEFT_TESTS_DIR"/guests/*.wasm "$WEFT_SOURCE_DIR"/examples/*/*.wasm; do
    [ -f "$file" ] || continue # languages/ may be empty
    if ! "$WEFT" reencode "$file" -o "$new" 2>"$work/error"; then
        fail "$file: $(cat "$work/error")"
    elif ! cmp -s "$file" "$new"; then
        fail "$file: differs after reencode"
    fi
done

for file in "$WEFT_CORPUS_DIR"/odd/*.wasm; do
    "$WEFT" reencode "$file" -o "$new" || { fail "$file: refused"; continue; }
    wasm-tools validate --features all "$new" || fail "$file: not valid after reencode"
    diff <(wasm-tools print "$file") <(wasm-tools print "$new") >&2 || fail "$file: prints differently after reencode"
done

for file in "$WEFT_CORPUS_DIR"/beyond/*.wasm; do
    if "$WEFT" reencode "$file" -o "$new" 2>"$work/error"; then
        fail "$file: taken"
    else
        grep -q '(at offset 0x' "$work/error" || fail "$file: $(cat "$work/error")"
    fi
done
exit $status
