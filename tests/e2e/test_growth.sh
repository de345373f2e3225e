#!/usr/bin/env bash
# What one more node costs does not grow with their number: splices are counted in instructions, which valgrind always
# counts alike. What a node costs between 101 and 300 may be 1.3 times what it costs between 30 and 101.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

command -v valgrind >/dev/null || { echo "valgrind is missing"; exit 77; }
# The sanitizers do not go with it.
if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null "$weft" --version >/dev/null 2>&1; then
    echo "valgrind does not run this program: nothing is counted"
    exit 0
fi
corpus=$WEFT_CORPUS_DIR/large
[ -e "$corpus/copies-101.wasm" ] || { echo "the corpus is not there"; exit 77; }

rules() { # NAME MIDDLEWARE
    printf 'version: 1\nrules:\n  - before: { interface: "t:chain/step" }\n    inject: [{ name: m, %s }]\n' "$2" >"$1"
}
rules shared "path: $WEFT_TESTS_DIR/guests/counter.wasm"
rules per-edge "path: $WEFT_TESTS_DIR/guests/counter.wasm, instances: per-edge"
rules wired "path: $WEFT_TESTS_DIR/guests/step-double.wasm"

count() { # RULES COMPOSITION
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$weft" splice "$1" "$corpus/$2.wasm" -o out.wasm 2>&1 | awk '/Collected :/ { print $4 }'
}

grows() { # RULES SHAPE
    local few more many early late
    few=$(count "$1" "$2-30") more=$(count "$1" "$2-101") many=$(count "$1" "$2-300")
    early=$(((more - few) / 71)) late=$(((many - more) / 199))
    checks=$((checks + 1))
    echo "$2, $1: $early instructions a node up to 101, $late up to 300"
    [ "$early" -gt 0 ] && [ $((late * 10)) -le $((early * 13)) ] && return
    echo "$2, $1: that grows"
    failed=$((failed + 1))
}

for shape in chain copies; do
    for rules in shared per-edge wired; do grows "$rules" "$shape"; done
done
done_checking
