#!/usr/bin/env bash
# weft call and weft run: results and errors, as one sees them in a shell.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

cp "$WEFT_TESTS_DIR"/guests/{echo,bank,traps,async-step,relay,root-funcs}.wasm .
cp "$WEFT_TESTS_DIR"/e2e/call/wasi.wat .
mkdir data
stdout=$here/.wanted

# gives LINE...: what the next checks want on stdout
gives() {
    : >"$stdout"
    if [ $# != 0 ]; then printf '%s\n' "$@" >"$stdout"; fi
}

# ---- results ----

gives 7 '"héllo"' '{name: "Ann", age: 3, emails: ["x"]}' 'err(ok)' '[1, 2, 255]' '{a, c}' "'☃'" none
check "results are WAVE, one line each; a function without result prints nothing" 0 "$weft" call echo.wasm \
    'test:values/echo@1.0.0#echo-u8(7)' 'test:values/echo#echo-string("h\u{e9}llo")' \
    'echo#echo-person({emails: ["x"], age: 3, name: "Ann"})' 'nothing()' 'echo-results(err(ok))' \
    'echo-bytes([1,2,255])' 'echo-few({c, a})' "echo-char('☃')" 'echo-option()' </dev/null

gives 7 '{"name":"Ann","age":3,"emails":["x"]}' '{"err":{"ok":null}}' '["a","c"]' null
check "with --json arguments and results are JSON" 0 "$weft" call echo.wasm --json \
    'echo-u8(7)' 'echo-person({"emails": ["x"], "age": 3, "name": "Ann"})' 'echo-results({"err": {"ok": null}})' \
    'echo-few(["c", "a"])' 'echo-option(null)' </dev/null

gives 2 '"abc"'
check "async functions are called like others" 0 "$weft" call async-step.wasm 'f(1)' 'g("abc")' </dev/null

gives 3
cp "$WEFT_TESTS_DIR"/guests/traps.wat .
check "text is accepted where a binary is" 0 "$weft" call traps.wat '#divide(7, 2)' </dev/null

# ---- handles ----

gives '"ann"' 'ok(7)' 'some("bob")' 1 '"ann"' '<account 4>' '[<account 5>, <account 6>]'
check "handles are kept by name and passed on" 0 "$weft" call bank.wasm \
    '$a = accounts#account("ann", 10)' '$b = account("bob", 5)' 'account.owner($a)' \
    'transfer($a, $b, 3)' 'richest([$a, $b])' '$c = account.merge($a, $b)' 'live()' 'account.owner($c)' \
    'account("eve", 1)' 'account.open-many(["x", "y"])' </dev/null

gives
check "a name that nothing binds" 1 "$weft" call bank.wasm 'account.owner($a)' <<'EOT'
weft: <call>:1:15: no call before this one binds `$a`
  account.owner($a)
                ^
note: in the argument `self`
note: account.owner: func(self: borrow<account>) -> string
EOT
check "a handle that was given away" 1 "$weft" call bank.wasm '$a = account("ann", 1)' '$b = account("bob", 1)' \
    '$c = account.merge($a, $b)' 'account.owner($a)' <<'EOT'
weft: bank.wasm: the handle <account 1> was given away by an earlier call or argument
note: in the argument `self`
EOT
check "a result that is no handle" 1 "$weft" call bank.wasm '$a = live()' <<'EOT'
weft: <call>:1:6: the result for `$a` is no handle but 0
  $a = live()
       ^
EOT

# ---- wrong calls ----

check "a wrong argument" 1 "$weft" call echo.wasm 'echo-u8(256)' <<'EOT'
weft: <call>:1:9: expected a number in its range (u8), found `256`
  echo-u8(256)
          ^
note: in the argument `x`
note: echo-u8: func(x: u8) -> u8
EOT
check "a wrong argument in JSON" 1 "$weft" call echo.wasm --json 'echo-person({"name": "x", "age": "y"})' <<'EOT'
weft: <call>:1:34: expected a whole number in its range (u8), found a string
  echo-person({"name": "x", "age": "y"})
                                   ^
note: in the argument `x`
note: echo-person: func(x: record { name: string, age: u8, emails: list<string> }) -> record { name: string, age: u8, emails: list<string> }
EOT
check "a function that is not there: nothing is called" 1 "$weft" call bank.wasm 'live()' 'accounts#lives()' <<'EOT'
weft: bank.wasm: the interface accounts has no function `lives`
note: test:bank/accounts@1.0.0#account: func(owner: string, balance: u32) -> account
note: test:bank/accounts@1.0.0#account.owner: func(self: borrow<account>) -> string
note: test:bank/accounts@1.0.0#account.deposit: func(self: borrow<account>, amount: u32) -> u32
note: test:bank/accounts@1.0.0#account.merge: func(a: account, b: account) -> account
note: test:bank/accounts@1.0.0#account.open-many: func(owners: list<string>) -> list<account>
note: test:bank/accounts@1.0.0#transfer: func(from: borrow<account>, to: borrow<account>, amount: u32) -> ...
note: test:bank/accounts@1.0.0#richest: func(accounts: list<borrow<account>>) -> option<string>
note: test:bank/accounts@1.0.0#live: func() -> u32
help: did you mean `live`?
EOT
check "no parentheses" 1 "$weft" call bank.wasm 'accounts#live' <<'EOT'
weft: <call>:1:14: expected `(` and the arguments behind `live`
  accounts#live
               ^
help: a call is written 'ns:pkg/iface#func(arg, ...)', at the component's root '#func(arg, ...)'
EOT
check "no call" 2 "$weft" call bank.wasm <<'EOT'
weft: operand CALL is missing
help: 'weft call --help' shows the usage
EOT
check "imports that nothing provides" 1 "$weft" call relay.wasm 'nothing()' <<'EOT'
weft: relay.wasm: the component has an import that nothing provides
note: instance test:values/echo@1.0.0
help: compose it with a component that exports this: weft compose
EOT
check "not a command" 1 "$weft" run echo.wasm <<'EOT'
weft: echo.wasm: this is not a command: it does not export wasi:cli/run
help: call one of its functions: weft call
EOT

# ---- traps and limits ----

gives 3
check "a trap ends the calls" 1 "$weft" call traps.wasm '#divide(7, 2)' '#divide(7, 0)' '#divide(7, 2)' <<'EOT'
weft: traps.wasm: the guest trapped: integer divide by zero
note: it was in, innermost first:
      m!function 2
EOT
gives
check "recursion without end" 1 "$weft" call traps.wasm '#deep(1)' <<'EOT'
weft: traps.wasm: the guest trapped: call stack exhausted
note: it was in, innermost first:
      m!deep (20 times)
EOT
check "a deadline" 1 "$weft" call --deadline 20ms traps.wasm '#spin()' <<'EOT'
weft: traps.wasm: the call took longer than its deadline of 20 ms
note: it was in, innermost first:
      m!function 3
EOT
check "fuel" 1 "$weft" call --fuel 10_000 traps.wasm '#spin()' <<'EOT'
weft: traps.wasm: the guest used up its fuel of 10000
note: it was in, innermost first:
      m!function 3
EOT
check "memory" 1 "$weft" call --memory 64KiB wasi.wat '#env()' <<'EOT'
weft: wasi.wat: the component cannot be instantiated: memory minimum size of 4 pages exceeds memory limits
EOT
check "a limit that is no number" 2 "$weft" call --deadline 5 traps.wasm '#spin()' <<'EOT'
weft: '--deadline' does not take '5'
help: a number and ns, us, ms, s or m: 50ms
EOT

# ---- WASI ----

gives '[]' '["wasi.wat"]' '[]'
check "nothing is granted that is not asked for" 0 env A=1 "$weft" call wasi.wat '#env()' '#args()' '#dirs()' </dev/null
gives '[("A", "2"), ("B", "x=y")]' '["wasi.wat", "-a", "b c"]' '["/data", "data"]' false
check "variables, arguments and folders" 0 env A=1 "$weft" call wasi.wat --env A=2 --env B=x=y \
    --dir data::/data:ro --dir data '#env()' '#args()' '#dirs()' '#mkdir("made")' -- -a 'b c' </dev/null
gives '[("A", "1"), ("B", "2")]'
check "the environment, with a variable replaced" 0 env -i A=1 B=0 "$weft" call wasi.wat --inherit-env --env B=2 '#env()' \
    </dev/null
gives true
check "a folder to write in" 0 "$weft" call wasi.wat --dir data '#mkdir("made")' </dev/null
[ -d data/made ] || { echo "the folder was not made"; failed=$((failed + 1)); }
gives
check "a folder that is not there" 1 "$weft" call wasi.wat --dir nowhere '#dirs()' <<'EOT'
weft: wasi.wat: the folder 'nowhere' cannot be opened for the guest: No such file or directory
EOT
check "a guest that ends the program" 1 "$weft" call wasi.wat '#exit(err)' <<'EOT'
weft: wasi.wat: the guest ended the program with status 1
EOT
check "run: success" 0 "$weft" run wasi.wat </dev/null
check "run: the guest exits" 1 "$weft" run wasi.wat -- a </dev/null
check "run: the guest's run gives an error" 1 "$weft" run wasi.wat -- a b </dev/null

done_checking
