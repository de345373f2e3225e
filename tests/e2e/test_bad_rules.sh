#!/usr/bin/env bash
# A rules file that is none, or wrong: what a person sees. (What each check of the format says is tested in
# tests/splice/test_rules.c.)
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

shop=$WEFT_SOURCE_DIR/examples/shop
"$weft" compose "$shop"/{front,orders,store}.wasm -o shop.wasm || exit 1
cp "$WEFT_SOURCE_DIR/examples/middleware/print.wasm" "$shop/store.wasm" .
mkdir folder

# rules NAME STATUS: the file rules.yaml, made from $text, with the message on stdin.
rules() {
    local name=$1 status=$2
    printf '%b' "$text" >rules.yaml
    check_no_output out.wasm "$name" "$status" "$weft" splice rules.yaml shop.wasm -o out.wasm
}
refuses_file() {
    check_no_output out.wasm "$1" 1 "$weft" splice "$2" shop.wasm -o out.wasm
}

refuses_file "no file" missing.yaml <<'EOT'
weft: missing.yaml: cannot open: No such file or directory
EOT
refuses_file "a folder" folder <<'EOT'
weft: folder: cannot read: Is a directory
EOT
refuses_file "a component" shop.wasm <<'EOT'
weft: shop.wasm: this is WebAssembly, not rules
help: the rules stand before the component: weft splice RULES IN -o OUT
EOT
head -c 10000000 /dev/zero | tr '\0' x >big.yaml
refuses_file "10 MB" big.yaml <<'EOT'
weft: big.yaml: a rules file may have 1048576 bytes, this has 10000000
EOT

text=''
rules "an empty file" 1 <<'EOT'
weft: rules.yaml: the file is empty
EOT
text='version: 1\nrules:\n  - { before: { interface: "ä☃" }, inject: 3 }\n'
rules "columns count characters" 1 <<'EOT'
weft: rules.yaml:3:44: `inject` must be a list of middleware, this is text
    - { before: { interface: "ä☃" }, inject: 3 }
                                             ^
EOT
text='version: 1\nrules:\n\t- before: {interface: x}\n'
rules "tabs" 1 <<'EOT'
weft: rules.yaml:3:1: a tab stands where YAML wants spaces
  	- before: {interface: x}
  ^
help: indent with spaces
EOT
text='version: 1\nversion: 1\nrules: []\n'
rules "a key twice" 1 <<'EOT'
weft: rules.yaml:2:1: the key `version` stands here twice
  version: 1
  ^
note: it stands at 1:1 already
EOT
text='version: 1\nrules: &a\n  - before: {interface: "x"}\n    inject: *a\n'
rules "an anchor and an alias" 1 <<'EOT'
weft: rules.yaml:2:8: anchors (`&name`) are not used here
  rules: &a
         ^
help: write the value out wherever it is needed

weft: rules.yaml:4:13: aliases (`*name`) are not used here
      inject: *a
              ^
help: write the value out where it is needed
EOT
text='version: 1\nrules: 3\n'
rules "a wrong type" 1 <<'EOT'
weft: rules.yaml:2:8: `rules` must be a list, this is text
  rules: 3
         ^
EOT
text='version: 2\nrules: []\n'
rules "another version" 1 <<'EOT'
weft: rules.yaml:1:10: version `2` of the rules file is not known
  version: 2
           ^
help: write `version: 1`
EOT
rule() {
    text="version: 1\nrules:\n  - before: {interface: \"$1\"}\n    inject: [{name: p, path: $2}]\n"
}
rule shop:store/stok@1.0.0 print.wasm
rules "an interface that is not there" 1 <<'EOT'
weft: rules.yaml:3:25: rule 1 selects nothing: no interface here is `shop:store/stok@1.0.0`
    - before: {interface: "shop:store/stok@1.0.0"}
                          ^
note: the interfaces here: `shop:store/stock@1.0.0`, `shop:orders/api@1.0.0`, `wasi:io/streams@0.2.0`, `wasi:cli/stdout@0.2.0`, `shop:front/app@1.0.0`, `wasi:cli/run@0.2.0`
help: did you mean `shop:store/stock@1.0.0`?
EOT
rule shop:store/stock@1.0.0 missing.wasm
rules "a middleware that is not there" 1 <<'EOT'
weft: rules.yaml:4:30: there is no file `missing.wasm`
      inject: [{name: p, path: missing.wasm}]
                               ^
EOT
rule shop:store/stock@1.0.0 rules.yaml
rules "a middleware that is a text" 1 <<'EOT'
weft: rules.yaml:4:30: rules.yaml: this is text, not a component
      inject: [{name: p, path: rules.yaml}]
                               ^
help: weft reads components as binaries (.wasm) and as text (.wat)
EOT

text='version: 1\nrules:\n  - before: {interface: "shop:store/stock@1.0.0", provdier: {name: store}}\n    inject: [{name: p, path: print.wasm}]\n'
printf '%b' "$text" >rules.yaml
check "an unknown key" 0 "$weft" splice rules.yaml shop.wasm -o out.wasm <<'EOT'
weft: rules.yaml:3:51: warning: the key `provdier` is not known and has no effect
    - before: {interface: "shop:store/stock@1.0.0", provdier: {name: store}}
                                                    ^
help: did you mean `provider`?
EOT
check "an unknown key, quietly" 0 "$weft" splice -q rules.yaml shop.wasm -o out.wasm </dev/null

rule shop:store/stock@1.0.0 print.wasm
printf '%b' "$text" >rules.yaml
check "a missing folder for the output" 1 "$weft" splice rules.yaml shop.wasm -o nowhere/out.wasm <<'EOT'
weft: nowhere/out.wasm: cannot write: No such file or directory
note: there is no folder 'nowhere'
EOT
check "a folder as the output" 1 "$weft" splice rules.yaml shop.wasm -o folder <<'EOT'
weft: folder: cannot write: Is a directory
help: name a file in it
EOT

done_checking
