#!/usr/bin/env bash
# `weft graph`, its whole outputs: graph/*.txt are transcripts, each a command after "$ " and what it prints, run in
# the folder of the corpus. `test_graph.sh --update` writes them anew.
set -uo pipefail

here=$WEFT_TESTS_DIR/e2e/graph
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$WEFT_CORPUS_DIR" && [ -e compositions/shop.wasm ] || exit 77 # the corpus was not built
status=0

run() { # prints what the command line of a transcript prints, and its exit status when that is not 0
    eval "${1/#weft/\"\$WEFT\"}" 2>&1
    local code=$?
    [ $code = 0 ] || echo "(exit $code)"
}

for transcript in "$here"/*.txt; do
    grep '^\$ ' "$transcript" | while IFS= read -r line; do
        printf '%s\n' "$line"
        run "${line#\$ }"
    done >"$tmp/now"
    if [ "${1-}" = --update ]; then
        cp "$tmp/now" "$transcript"
    elif ! diff -u "$transcript" "$tmp/now"; then
        status=1
    fi
done

# No line is wider than 80 columns, whatever the number of nodes; one that cannot be broken is an exception.
for graph in large/chain-30 large/chain-300 large/fan-300 large/copies-1000 compositions/nested-three; do
    for detail in edges interfaces full; do
        wide=$("$WEFT" graph "$graph.wasm" --detail $detail | awk 'length($0) > 80')
        if [ -n "$wide" ]; then
            printf '%s, %s: too wide:\n%s\n' "$graph" "$detail" "$wide"
            status=1
        fi
    done
done

# The JSON is JSON, and the same each time.
for graph in compositions/*.wasm large/fan-300.wasm plain.wasm; do
    "$WEFT" graph "$graph" --format json --detail full >"$tmp/one" &&
        "$WEFT" graph "$graph" --format json --detail full >"$tmp/two" &&
        cmp "$tmp/one" "$tmp/two" && python3 -m json.tool "$tmp/one" >/dev/null || status=1
done

exit $status
