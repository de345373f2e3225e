#!/usr/bin/env bash
# Programs that use WASI, in C, Rust, Go and Python: the same on both engines. The large ones are made by
# scripts/guests-large and found in the corpus.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

programs=$WEFT_CORPUS_DIR/languages/programs
for language in rust go python; do
    [ -e "$programs/$language.wasm" ] || {
        echo "$programs/$language.wasm is not there"
        exit 77
    }
done
rust=$programs/rust.wasm
composed=$WEFT_CORPUS_DIR/compositions
printf 'one\ntwo\n\nh\xc3\xa9' >lines
head -c 250000 "$rust" >bytes
: >nothing

wrong() {
    echo "$1"
    failed=$((failed + 1))
}

# same STATUS STDIN ARGUMENT...: `weft run` with these arguments and a folder of its own at /data does the same on both
# engines, and ends so. What it printed is in .out then.
same() {
    local status=$1 in=$2 engine
    shift 2
    checks=$((checks + 1))
    for engine in direct hosted; do
        rm -rf data && mkdir data && echo given >data/given.txt
        "$weft" run --engine "$engine" "$@" <"$in" >".$engine" 2>".$engine-errors"
        echo "exit status $?" >>".$engine-errors"
        (cd data && find . -type f | sort | xargs cksum) >>".$engine-errors"
    done
    diff -u .hosted-errors .direct-errors || wrong "weft run $*: hosted and direct differ"
    cmp .hosted .direct || wrong "weft run $*: hosted and direct print something else"
    grep -qx "exit status $status" .direct-errors || wrong "weft run $*: $(cat .direct-errors)"
    mv .direct .out
}

# prints LINE...: what the last one printed
prints() {
    printf '%s\n' "$@" | diff -u - .out || wrong "that was not printed"
}

# ---- C ----

same 0 nothing "$composed/shop.wasm"
[ "$(tail -n 1 .out)" = 'Sorry, of "pot" we have 2, not 3.' ] || wrong "the shop: $(cat .out)"

# ---- Rust ----

same 0 nothing --env A=1 --env B=x "$rust" -- x 'y z'
prints '["'"$rust"'", "x", "y z"]' '[("A", "1"), ("B", "x")]'
same 0 lines "$rust" -- lines
prints ONE TWO '' HÉ
same 0 bytes "$rust" -- read
prints "250000 bytes, sum $(sed 's/.*sum //' .out)"
same 0 nothing "$rust" -- write 3000000
[ "$(stat -c %s .out)" = 3000000 ] || wrong "not all was written"
same 0 nothing --dir data::/data "$rust" -- files /data
prints '["first.bin false", "given.txt false", "inner true"]' '200004 bytes' true \
    '["given.txt false", "inner true"] ["hé.bin false"]' 'Err(NotFound)' 'Err(AlreadyExists)' 'Err(NotFound)' \
    '["given.txt false"]'
same 0 nothing --dir data::/data:ro "$rust" -- read-only /data
prints '["given.txt false"]' 'Ok("given\n")' 'Err(PermissionDenied)' 'Err(PermissionDenied)' 'Err(PermissionDenied)'
same 0 nothing "$rust" -- clocks
prints 'true true' true true
same 0 nothing "$rust" -- random
prints true
same 0 nothing "$rust" -- timers 300
same 0 nothing "$rust" -- exit 0
same 1 nothing "$rust" -- exit 3
same 1 nothing "$rust" -- panic
grep -q 'on purpose' .direct-errors || wrong "the panic said nothing"

# ---- Go, Python ----

same 0 nothing --env A=1 "$programs/go.wasm" -- x
prints "[$programs/go.wasm x] [A=1]"
same 0 lines "$programs/go.wasm" -- lines
prints ONE TWO '' HÉ
same 0 nothing --dir data::/data "$programs/go.wasm" -- files /data
prints '[given.txt second]' 12000 'open /data/second: No such file or directory'
same 0 nothing "$programs/go.wasm" -- clocks
prints 'true true true' true
same 1 nothing "$programs/go.wasm" -- exit 3
same 0 nothing --env A=1 "$programs/python.wasm" -- x
prints "['$programs/python.wasm', 'x'] [('A', '1')]"
same 0 lines "$programs/python.wasm" -- lines
same 0 nothing --dir data::/data "$programs/python.wasm" -- files /data
prints "['given.txt', 'second.txt'] 102400"
same 0 nothing "$programs/python.wasm" -- clocks
prints 'True True True'
same 1 nothing "$programs/python.wasm" -- exit 3

# ---- pipes ----

for engine in direct hosted; do
    run=("$weft" run --engine "$engine" "$rust" --)
    checks=$((checks + 3))
    found=$( (echo a; sleep 0.2; echo b) | "${run[@]}" lines 2>&1 | tr '\n' ' ')
    [ "$found" = "A 1 B 1 " ] || [ "$found" = "A B 1 1 " ] || wrong "$engine: a slow stdin: $found"
    found=$("${run[@]}" write 1000000 | (sleep 0.2; wc -c))
    [ "$found" = 1000000 ] || wrong "$engine: a slow reader of stdout: $found"
    { "${run[@]}" write 10000000; echo "exit status $?" >&2; } 2>.errors | head -c 10 >.out
    printf 'write: BrokenPipe\nexit status 1\n' | diff -u - .errors || wrong "$engine: stdout that nobody reads"
done

# ---- network ----

same 0 nothing "$rust" -- tcp 127.0.0.1:9
prints 'connect: PermissionDenied'
same 0 nothing "$rust" -- lookup localhost
prints 'not found'
same 0 nothing --name-lookup "$rust" -- lookup localhost
prints true
same 0 nothing --name-lookup "$rust" -- lookup no.such.name.invalid
prints 'not found'

# ---- deadlines ----

# ends_late COMMAND...: a guest that waits for ever ends with its deadline of 100 ms
ends_late() {
    checks=$((checks + 1))
    timeout 15 "$weft" run --engine direct --deadline 100ms "$rust" -- "$@" <>never >.out 2>.errors
    local status=$?
    [ "$status" = 1 ] || wrong "$*: exit status $status"
    head -n 1 .errors | grep -q 'the call took longer than its deadline of 100 ms$' || wrong "$*: $(cat .errors)"
}
mkfifo never
ends_late sleep 10000
ends_late lines

done_checking
