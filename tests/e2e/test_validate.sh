#!/usr/bin/env bash
# weft validate: silence or the first error; with --engine Wasmtime's opinion too.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

cp "$WEFT_TESTS_DIR"/guests/{echo,async-step}.wasm .
printf '(component\n  (core module $m (func (result i32))))\n' >code.wat
printf '(component\n  (type (list u8 4)))\n' >fixed.wat

check "a sound component" 0 "$weft" validate echo.wasm </dev/null
check "a sound component, and the engine takes it" 0 "$weft" validate --engine echo.wasm </dev/null
check "the engine takes async" 0 "$weft" validate --engine async-step.wasm </dev/null
check "code that is wrong is not seen" 0 "$weft" validate code.wat </dev/null
check "but by the engine" 1 "$weft" validate --engine code.wat <<'EOT'
weft: code.wat: Wasmtime does not take this component: Invalid input WebAssembly code at offset 34: type mismatch: expected i32 but nothing on stack
note: failed to compile: wasm[0]::function[0]
EOT
check "what the engine lacks" 0 "$weft" validate fixed.wat </dev/null
check "is told when it is asked" 1 "$weft" validate --engine fixed.wat <<'EOT'
weft: fixed.wat: Wasmtime does not take this component: Fixed-length lists require the component model fixed-length lists feature (at offset 0xb)
EOT

# Behind the sound component a value, a bool that is 2, and its export: all that take components check the same.
cp echo.wasm odd.wasm
printf '\x0c\x04\x01\x7f\x01\x02\x0b\x07\x01\x00\x01v\x02\x00\x00' >>odd.wasm
printf 'version: 1\nrules:\n  - before: {interface: "*", provider: {name: odd}}\n    inject: [{name: r, path: %s}]\n' \
    "$WEFT_TESTS_DIR/guests/recorder.wasm" >rules.yaml
offset=$(printf '0x%x' $(($(wc -c <echo.wasm) + 5)))
for command in "validate" "proxy --interface=* -o out.wasm" "splice rules.yaml -o out.wasm" "run" "run --engine direct"; do
    check_no_output out.wasm "a value that is none: $command" 1 "$weft" $command odd.wasm <<EOT
weft: odd.wasm: a bool is 0 or 1, not 2 (at offset $offset)
EOT
done

done_checking
