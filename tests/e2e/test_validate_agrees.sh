#!/bin/bash
# `weft validate` and `wasm-tools validate` agree: on the corpus, and on files of it with one bit flipped. What weft
# accepts and wasm-tools does not must be the code of a core module, or a name of an older edition.
set -u
command -v wasm-tools >/dev/null || exit 77

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
both=0 neither=0 wrong=0

# What only an engine looks at (the last: an operand of a constant expression), or what weft takes though the newest wasm-tools does not know it any more.
beyond='failed to validate|DWARF|unknown (global|function|local)|is not a valid extern name|invalid value type|unexpected end-of-file|^error: type mismatch: expected'

agree() { # FILE NAME
    local theirs=0 ours=0
    wasm-tools validate --features all "$1" >"$work/theirs" 2>&1 || theirs=1
    "$WEFT" validate "$1" >"$work/ours" 2>&1 || ours=$?
    if [ $ours -gt 1 ]; then
        echo "$2: exit status $ours: $(cat "$work/ours")"
        wrong=$((wrong + 1))
    elif [ $ours -eq 1 ] && ! grep -q 'at offset\|GC\|unknown core type' "$work/ours"; then
        echo "$2: no offset: $(cat "$work/ours")"
        wrong=$((wrong + 1))
    elif [ $theirs -eq $ours ]; then
        [ $ours -eq 0 ] && both=$((both + 1)) || neither=$((neither + 1))
    elif [ $ours -eq 0 ] && grep -Eq "$beyond" "$work/theirs"; then
        neither=$((neither + 1))
    else
        echo "$2: wasm-tools says $theirs: $(cat "$work/theirs") / weft says $ours: $(cat "$work/ours")"
        wrong=$((wrong + 1))
    fi
}

flip() { # FILE SEED: one bit behind the preamble, chosen by the seed
    local size offset byte
    size=$(stat -c %s "$1")
    offset=$((8 + $2 * 7919 % (size - 8)))
    byte=$(od -An -tu1 -j $offset -N 1 "$1")
    cp "$1" "$work/flipped.wasm"
    printf "\\x$(printf %x $((byte ^ (1 << ($2 % 8)))))" |
        dd of="$work/flipped.wasm" bs=1 seek=$offset conv=notrunc status=none
    agree "$work/flipped.wasm" "$1, bit $(($2 % 8)) of byte $offset flipped"
}

seed=1
for file in "$WEFT_CORPUS_DIR"/*.wasm "$WEFT_SOURCE_DIR"/tests/guests/*.wasm; do
    [ "$(head -c 8 "$file" | od -An -tx1 | tr -d ' \n')" = 0061736d0d000100 ] || continue
    agree "$file" "$file"
    [ "$(stat -c %s "$file")" -gt 16384 ] && continue
    flip "$file" $seed
    flip "$file" $((seed + 1))
    seed=$((seed + 2))
done

echo "$both valid, $neither not, $wrong where the two disagree"
[ $both -gt 50 ] && [ $neither -gt 50 ] && [ $wrong -eq 0 ]
