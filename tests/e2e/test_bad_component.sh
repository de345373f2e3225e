#!/usr/bin/env bash
# Whatever is no component, given to every command that takes one: a clear error, exit 1, no output file.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

good=$WEFT_SOURCE_DIR/examples/shop/store.wasm
: >empty.wasm
mkdir folder
printf '(module' >bad.wat
printf 'hello, world\n' >text.txt
printf '\0asm\1\0\0\0' >core.wasm
printf '\0asm' >short.wasm
printf '\0asm\x0a\0\1\0' >old.wasm
printf '\x7fELF\2\1\1\0\0\0' >program
printf '\x1f\x8b\x08\0\0\0\0\0' >packed.gz
head -c 3000 "$good" >cut.wasm
cp "$good" locked.wasm
chmod 000 locked.wasm
printf 'version: 1\nrules:\n  - before: {interface: "*"}\n    inject: [{name: m, path: %s}]\n' "$good" >rules.yaml

# every_command NAME FILE: all that read one component, with the same message.
has() {
    grep -q "^  $1 " <<<"$verbs"
}
verbs=$("$weft" help)
every_command() {
    local name=$1 file=$2
    cat >.message
    check_no_output out.wasm "reencode: $name" 1 "$weft" reencode "$file" -o out.wasm <.message
    check_no_output out.wasm "compose: $name" 1 "$weft" compose "$file" -o out.wasm <.message
    has splice && check_no_output out.wasm "splice: $name" 1 "$weft" splice rules.yaml "$file" -o out.wasm <.message
    check "graph: $name" 1 "$weft" graph "$file" <.message
    has wit && check "wit: $name" 1 "$weft" wit "$file" <.message
    has validate && check "validate: $name" 1 "$weft" validate "$file" <.message
    has call || return
    check "call: $name" 1 "$weft" call "$file" 'x#y()' <.message
    check "run: $name" 1 "$weft" run "$file" <.message
}

every_command "a missing file" missing.wasm <<'EOT'
weft: missing.wasm: cannot open: No such file or directory
EOT
every_command "a file with a typing error" emtpy.wasm <<'EOT'
weft: emtpy.wasm: cannot open: No such file or directory
note: the nearest file there is 'empty.wasm'
EOT
every_command "a missing folder" nowhere/x.wasm <<'EOT'
weft: nowhere/x.wasm: cannot open: No such file or directory
note: there is no folder 'nowhere/'
EOT
every_command "a file that is used as a folder" text.txt/x.wasm <<'EOT'
weft: text.txt/x.wasm: cannot open: Not a directory
EOT
# root may read everything: as root this is tried as nobody.
as_nobody=
if [ "$(id -u)" = 0 ]; then
    chmod 755 "$here"
    as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
if $as_nobody "$weft" --version >/dev/null 2>&1; then
    for verb in graph "reencode -o out.wasm" "compose -o out.wasm"; do
        # shellcheck disable=SC2086
        check_no_output out.wasm "$verb: an unreadable file" 1 $as_nobody "$weft" $verb locked.wasm <<'EOT'
weft: locked.wasm: cannot open: Permission denied
EOT
    done
    cp "$good" readable.wasm
    mkdir locked
    chmod 555 locked
    check "a folder that cannot be written to" 1 $as_nobody "$weft" reencode readable.wasm -o locked/out.wasm <<'EOT'
weft: locked/out.wasm: cannot write: Permission denied
EOT
fi
every_command "a folder" folder <<'EOT'
weft: folder: cannot read: Is a directory
help: name a component in it
EOT
check "a device without end" 1 "$weft" wit /dev/zero <<'EOT'
weft: /dev/zero: this is no plain file, and has more than 1 GiB
EOT
every_command "an empty file" empty.wasm <<'EOT'
weft: empty.wasm: this is an empty file, not a component
EOT
every_command "nothing on stdin" - <<'EOT'
weft: <stdin>: this is an empty file, not a component
EOT
every_command "a text" text.txt <<'EOT'
weft: text.txt: this is text, not a component
help: weft reads components as binaries (.wasm) and as text (.wat)
EOT
every_command "a core module" core.wasm <<'EOT'
weft: core.wasm: this is a core module, not a component
help: make a component of it: wasm-tools component new
EOT
every_command "a file that ends in its first bytes" short.wasm <<'EOT'
weft: short.wasm: unexpected end of the preamble (at offset 0x4)
EOT
every_command "another version" old.wasm <<'EOT'
weft: old.wasm: unknown WebAssembly version 10, layer 1 (a component has 13 and 1) (at offset 0x4)
EOT
every_command "a program" program <<'EOT'
weft: program: this is not WebAssembly: it begins with 7f 45 4c 46, not 00 61 73 6d
EOT
every_command "a compressed file" packed.gz <<'EOT'
weft: packed.gz: this is compressed with gzip, not a component
help: decompress it first: gunzip
EOT

# Text, where the engine is there to read it.
printf '(component\n  (import "x" (func (param "y" u33))))\n' >wrong.wat
printf ';; nothing here\n(module)\n' >module.wat
if has call; then
    every_command "a text that ends too early" bad.wat <<'EOT'
weft: bad.wat:1:8: expected `)`
  (module
         ^
EOT
    every_command "a text with a wrong word" wrong.wat <<'EOT'
weft: wrong.wat:2:32: unexpected token, expected one of: `bool`, `s8`, `u8`, `s16`, `u16`, `s32`, `u32`, `s64`, `u64`, `f32`, `f64`, `float32`, `float64`, `char`, `string`, `error-context`
    (import "x" (func (param "y" u33))))
                                 ^
EOT
    every_command "a core module as text" module.wat <<'EOT'
weft: module.wat: this is a core module, not a component
help: make a component of it: wasm-tools component new
EOT
fi

# What was cut says where.
offset=$("$weft" reencode cut.wasm -o out.wasm 2>&1 | sed -n 's/.*(at offset \(0x[0-9a-f]*\))$/\1/p')
[ -n "$offset" ] || echo "a file that was cut: no offset"
every_command "a file that was cut" cut.wasm <<EOT
$("$weft" reencode cut.wasm -o out.wasm 2>&1)
EOT

# An output that cannot be written.
every_output() {
    local name=$1 out=$2
    cat >.message
    check "reencode: $name" 1 "$weft" reencode "$good" -o "$out" <.message
    check "compose: $name" 1 "$weft" compose "$good" -o "$out" <.message
}
every_output "a missing folder for the output" nowhere/out.wasm <<'EOT'
weft: nowhere/out.wasm: cannot write: No such file or directory
note: there is no folder 'nowhere'
EOT
every_output "a folder as the output" folder <<'EOT'
weft: folder: cannot write: Is a directory
help: name a file in it
EOT
every_output "a full disk" /dev/full <<'EOT'
weft: /dev/full: cannot write: No space left on device
EOT

done_checking
