#!/usr/bin/env bash
# `weft proxy`: what is passed on and what is refused; bytes as text.
. "$WEFT_TESTS_DIR/e2e/e2e.sh"
guests=$WEFT_TESTS_DIR/guests
echo=test:values/echo

check_no_output out.wasm "nothing matches" 1 "$weft" proxy "$guests/echo.wasm" --interface 'a:b/*' -o out.wasm <<EOT
weft: $guests/echo.wasm: nothing that it imports or exports matches 'a:b/*'
help: 'weft wit' shows what there is
EOT
check_no_output out.wasm "no interface" 2 "$weft" proxy "$guests/echo.wasm" -o out.wasm <<EOT
weft: option '--interface GLOB' is missing
help: 'weft proxy --help' shows the usage
EOT
wat module.wasm <<'EOT'
(component (core module $m) (export "m" (core module $m)))
EOT
check_no_output out.wasm "a core module" 1 "$weft" proxy module.wasm --interface m -o out.wasm <<'EOT'
weft: module.wasm: 'm' is a core module, which no proxy stands for
EOT

wat twice.wasm <<'EOT'
(component (import "a:b/c" (instance)) (import "a:b/c" (instance)))
EOT
check_no_output out.wasm "an invalid component" 1 "$weft" proxy twice.wasm --interface '*' -o out.wasm <<'EOT'
weft: twice.wasm: the name `a:b/c` is there twice (at offset 0x21)
EOT

# An interface that uses the types of another one, which is not passed on itself.
cat >wit.txt <<'EOT'
  import wasi:io/error@0.2.0;
  import wasi:io/streams@0.2.0;
  export wasi:io/streams@0.2.0;
EOT
check "used types" 0 "$weft" proxy "$WEFT_TESTS_DIR/../examples/shop/front.wasm" --interface 'wasi:io/streams@*' -o out.wasm </dev/null
stdout=$here/wit.txt
check "its world" 0 sh -c '"$0" wit out.wasm | grep -E "^  (im|ex)port"' "$weft" </dev/null

# What is made: all of it for proxy/shape.wat; of proxy/text.wat the component that names the exports.
# `--update` writes the texts anew.
printed() { # NAME OPTION...
    wasm-tools parse "$WEFT_TESTS_DIR/e2e/proxy/$1.wat" -o "$1.wasm" && "$weft" proxy "$1.wasm" "${@:2}" -o "$1-proxy.wasm" &&
        wasm-tools print "$1-proxy.wasm" | sed '/(@producers/,/^  )/d'
}
if command -v wasm-tools >/dev/null; then
    printed shape --interface a:b/use >shape.txt
    printed text --interface a:b/c --bytes-as-text | sed -n '/^  (component/,/^  )/p' >text.txt
    [ "${1:-}" != --update ] || cp shape.txt text.txt "$WEFT_TESTS_DIR/e2e/proxy"
    stdout=$here/.empty
    check "the whole proxy" 0 diff "$WEFT_TESTS_DIR/e2e/proxy/shape.txt" shape.txt </dev/null
    check "types with text" 0 diff "$WEFT_TESTS_DIR/e2e/proxy/text.txt" text.txt </dev/null
fi

# Bytes as text, on both engines.
stdout=$here/.empty
check "as text" 0 "$weft" proxy "$guests/echo.wasm" --interface "$echo" --bytes-as-text -o text.wasm </dev/null
check "composed" 0 "$weft" compose echo="$guests/echo.wasm" text=text.wasm --export text -o app.wasm </dev/null
printf '%s\n' '"ÿa\u{0}b"' '""' '"grüße, 日本"' >values.txt
for engine in direct hosted; do
    stdout=$here/values.txt
    check "bytes as text, $engine" 0 "$weft" call --engine $engine app.wasm "$echo#echo-bytes(\"\\u{ff}a\\u{0}b\")" \
        "$echo#echo-bytes(\"\")" "$echo#echo-string(\"grüße, 日本\")" </dev/null
    stdout=$here/.empty
    "$weft" call --engine $engine app.wasm "$echo#echo-bytes(\"日本\")" 2>&1 | sed -n '/^ *weft: text/p' >found.txt
    echo '      weft: text with characters above U+00FF where bytes are passed' >expected.txt
    check "no bytes, $engine" 0 diff expected.txt found.txt </dev/null
done
done_checking
