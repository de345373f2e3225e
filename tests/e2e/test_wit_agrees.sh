#!/bin/bash
# What `weft wit` prints means the same as what `wasm-tools component wit` prints: read back and printed once more
# by wasm-tools, both texts are equal. Over the corpus, the guests and the examples.
set -u
command -v wasm-tools >/dev/null || exit 77

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
equal=0 beyond=0 wrong=0

complain() {
    echo "$1"
    wrong=$((wrong + 1))
}

compare() { # FILE
    local file=$1
    wasm-tools component wit "$file" >"$work/theirs.wit" 2>/dev/null &&
        wasm-tools component wit "$work/theirs.wit" >"$work/theirs" 2>/dev/null
    local expressible=$?
    # What the reader refuses is the reader's matter.
    "$WEFT" reencode "$file" -o "$work/copy.wasm" 2>/dev/null || return
    if ! "$WEFT" wit "$file" >"$work/ours.wit" 2>"$work/error"; then
        complain "$file: $(cat "$work/error")"
    elif ! wasm-tools component wit "$work/ours.wit" >"$work/ours" 2>"$work/error"; then
        complain "$file: wasm-tools does not read it: $(cat "$work/error")"
    elif [ $expressible -ne 0 ]; then
        beyond=$((beyond + 1))
    elif cmp -s "$work/theirs" "$work/ours"; then
        equal=$((equal + 1))
    else
        complain "$file: $(diff "$work/theirs" "$work/ours")"
    fi
}

while read -r file; do
    case $(head -c 8 "$file" | od -An -tx1 | tr -d ' \n') in
    0061736d0d000100) compare "$file" ;;
    esac
done < <(find "$WEFT_CORPUS_DIR" "$WEFT_SOURCE_DIR/tests/guests" "$WEFT_SOURCE_DIR/examples" -name '*.wasm' -size -2048k -not -path '*/deps/*' | sort)

echo "$equal equal, $beyond that wasm-tools has no WIT for, $wrong wrong"
[ "$equal" -gt 40 ] && [ "$wrong" -eq 0 ]
