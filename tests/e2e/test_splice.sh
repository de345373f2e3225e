#!/usr/bin/env bash
# `weft splice`: splice/*.txt are transcripts, each a command after "$ " and what it prints. They run in a folder with
# the rules files of splice/, `corpus`, `guests` and `shop`. `test_splice.sh --update` writes them anew.
set -uo pipefail

here=$WEFT_TESTS_DIR/e2e/splice
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
[ -e "$WEFT_CORPUS_DIR/compositions/shop.wasm" ] && command -v wasm-tools wac >/dev/null || exit 77
status=0
export NO_COLOR=1
unset SPLICER_BUILTINS_DIR

weft() {
    "$WEFT" "$@"
}

valid() { # FILE: says nothing when it is
    wasm-tools validate --features all "$1"
}

run() { # prints what the command line of a transcript prints, and its exit status when that is not 0
    eval "$1" </dev/null 2>.errors
    local code=$?
    cat .errors
    [ $code = 0 ] || echo "(exit $code)"
}

for transcript in "$here"/*.txt; do
    mkdir "$tmp/work" && cd "$tmp/work" || exit 1
    cp -r "$here"/*.yaml "$here"/maker-wit "$here"/wires .
    ln -s "$WEFT_CORPUS_DIR" corpus
    ln -s "$WEFT_TESTS_DIR/guests" guests
    ln -s "$WEFT_SOURCE_DIR/examples/shop" shop
    ln -s "$WEFT_SOURCE_DIR/examples/middleware" middleware
    grep '^\$ ' "$transcript" | while IFS= read -r line; do
        printf '%s\n' "$line"
        run "${line#\$ }"
    done >"$tmp/now"
    if [ "${1-}" = --update ]; then
        cp "$tmp/now" "$transcript"
    elif ! diff -u "$transcript" "$tmp/now"; then
        status=1
    fi
    rm -rf "$tmp/work"
done
exit $status
