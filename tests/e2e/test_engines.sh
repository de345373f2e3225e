#!/usr/bin/env bash
# The two engines as one sees them in a shell: the same calls, the same output; --engine and --explain.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

guests=$WEFT_TESTS_DIR/guests
composed=$WEFT_CORPUS_DIR/compositions # made by corpus/build
cp "$guests"/{echo,bank,traps,async-step}.wasm "$guests"/traps.wat "$composed"/{bank,banks,shared,shop}.wasm . 2>/dev/null
mv bank.wasm bank-composed.wasm
cp "$guests/bank.wasm" .

# same CALL...: both engines say the same and end alike
same() {
    "$weft" call "$@" --engine direct >.direct 2>.direct-errors
    local direct=$?
    "$weft" call "$@" --engine hosted >.hosted 2>.hosted-errors
    local hosted=$?
    checks=$((checks + 1))
    if [ $direct != $hosted ] || ! diff -u .hosted .direct || ! diff -u .hosted-errors .direct-errors; then
        echo "weft call $*: exit status $hosted hosted, $direct direct"
        failed=$((failed + 1))
    fi
}

same bank.wasm '$a = accounts#account("ann", 10)' '$b = account("bob", 5)' 'account.owner($a)' \
    'transfer($a, $b, 3)' 'account.deposit($b, 1)' 'richest([$a, $b])' 'live()' '$m = account.merge($a, $b)' \
    'live()' 'account.owner($m)' 'account.open-many(["x", "y", "z"])' 'live()'
same bank.wasm '$a = account("ann", 10)' 'transfer($a, $a, 300)' 'richest([])'
same bank.wasm '$a = account("ann", 10)' '$b = account.merge($a, $a)'
same bank.wasm '$a = account("ann", 10)' '$b = account("bob", 1)' '$m = account.merge($a, $b)' 'account.owner($a)'
same bank-composed.wasm 'report#run()' 'report#run()' '$a = account("ann", 1)' 'account.owner($a)' 'report#run()' 'live()'
same banks.wasm 'report#run()' 'bob#run()' 'report#run()'
same shared.wasm 'run("name", 7)' 'run("", 0)'
same echo.wasm 'echo-string("h\u{e9}llo")' 'echo-tree({id: 1, branch: none, rest: none})' 'sum17(1)'
same echo.wasm 'echo-u8(300)'
same traps.wat '#divide(7, 2)' '#divide(1, 0)'
same traps.wat '#divide(1, 0)' '#divide(7, 2)'
same traps.wat --fuel 10000 '#spin()'
same traps.wat --deadline 20ms '#spin()'

echo 7 >out
stdout=$here/out
check "auto is direct where that is possible" 0 "$weft" call echo.wasm --explain 'echo-u32(7)' <<'TEXT'
engine: direct (it needs no async)
TEXT
check "hosted when it is asked for" 0 "$weft" call echo.wasm --explain --engine hosted 'echo-u32(7)' <<'TEXT'
engine: hosted (it was asked for)
TEXT
echo 2 >out
check "hosted for async" 0 "$weft" call async-step.wasm --explain 'f(1)' <<'TEXT'
engine: hosted (the component uses `canon task.return`)
TEXT
stdout=$here/.empty
check "direct says what it cannot run" 1 "$weft" call async-step.wasm --engine direct 'f(1)' <<'TEXT'
weft: async-step.wasm: the guest uses async, which needs the hosted engine
help: use --engine hosted, or auto
TEXT

same shop.wasm 'order("Ada", [{sku: "tea", quantity: 2}, {sku: "cup", quantity: 1}])' 'menu()'
same shop.wasm 'run#run()'

# ---- WASI: what it has not, what it has in a version like that, and a program that ends while it starts ----

# calls INTERFACE FUNC TYPE CORE-TYPE BODY: asked.wat, a component whose `g` does BODY, where $f is the function
calls() {
    cat >asked.wat <<WAT
(component
  (import "$1" (instance \$i (export "$2" (func $3))))
  (core func \$f (canon lower (func \$i "$2")))
  (core module \$m (import "" "f" (func \$f $4)) (func (export "g") $5))
  (core instance \$c (instantiate \$m (with "" (instance (export "f" (func \$f))))))
  (func (export "g") (canon lift (core func \$c "g"))))
WAT
}
calls wasi:http/handler@0.2.0 handle '' '' '(call $f)'
same asked.wat '#g()'
calls wasi:clocks/monotonic-clock@0.2.0 now '(result u32)' '(result i32)' '(drop (call $f))'
same asked.wat '#g()'
calls wasi:clocks/monotonic-clock@0.2.99 now '(result u64)' '(result i64)' '(drop (call $f))'
same asked.wat '#g()'
calls wasi:cli/exit@0.2.0 exit '(param "status" (result))' '(param i32)' '(call $f (i32.const 1))) (start 1'
same asked.wat '#g()'

done_checking
