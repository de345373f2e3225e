#!/usr/bin/env bash
# weft compose: what is wired to what, what is left over, and everything that can be wrong.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

# provider FILE INTERFACE RESULT: exports count() -> RESULT.
provider() {
    wat "$1" <<EOT
(component
  (core module \$m (func (export "f") (result i32) i32.const 7))
  (core instance \$i (instantiate \$m))
  (func \$f (result $3) (canon lift (core func \$i "f")))
  (instance \$stock (export "count" (func \$f)))
  (export "$2" (instance \$stock)))
EOT
}

# consumer FILE IMPORT EXPORT RESULT: exports count() -> RESULT, which calls the one it imports.
consumer() {
    wat "$1" <<EOT
(component
  (import "$2" (instance \$s (export "count" (func (result $4)))))
  (core func \$c (canon lower (func \$s "count")))
  (core module \$m
    (import "" "c" (func \$c (result i32)))
    (func (export "f") (result i32) (i32.add (call \$c) (i32.const 1))))
  (core instance \$i (instantiate \$m (with "" (instance (export "c" (func \$c))))))
  (func \$f (result $4) (canon lift (core func \$i "f")))
  (instance \$app (export "count" (func \$f)))
  (export "$3" (instance \$app)))
EOT
}

# composes NAME ARGS...: works without a word, and the result, out.wasm, is valid.
composes() {
    local name=$1
    shift
    rm -f out.wasm
    check "$name" 0 "$weft" compose "$@" -o out.wasm </dev/null
    wasm-tools validate --features all out.wasm || {
        echo "$name: not valid"
        failed=$((failed + 1))
    }
}

refuses() {
    local name=$1
    shift
    check_no_output out.wasm "$name" 1 "$weft" compose "$@" -o out.wasm
}

# world NAME: the world of out.wasm is the one on stdin.
world() {
    cat >.world
    checks=$((checks + 1))
    wasm-tools component wit out.wasm | sed -n '/^world/,/^}/p' | diff -u .world - >.diff && return
    echo "$1: another world"
    tail -n +3 .diff
    failed=$((failed + 1))
}

provider store.wasm t:store/stock@1.0.0 u32
consumer orders.wasm t:store/stock@1.0.0 t:orders/api@1.0.0 u32
consumer front.wasm t:orders/api@1.0.0 t:front/app@1.0.0 u32

# ---- wiring ----

composes "a chain" front.wasm orders.wasm store.wasm
world "a chain" <<'EOT'
world root {
  export t:front/app@1.0.0;
}
EOT
checks=$((checks + 1))
names=$(wasm-tools print out.wasm | grep -o '^  (instance \$[a-z]*\|^  (component \$[a-z]*' | tr -d '\n')
expected='  (component $store  (instance $store  (component $orders  (instance $orders  (component $front  (instance $front'
[ "$names" = "$expected" ] || { echo "the nodes: $names"; failed=$((failed + 1)); }

if "$weft" help | grep -q '^  call '; then
    echo 9 >result
    stdout=result check "the chain runs" 0 "$weft" call out.wasm 'app#count()' </dev/null
fi

cat >plan <<'EOT'
store (store.wasm)
api (orders.wasm)
  t:store/stock@1.0.0  from store
front (front.wasm)
  t:orders/api@1.0.0   from api
imports of the result: none
exports of the result
  t:front/app@1.0.0  of front
EOT
stdout=plan check "--plan" 0 "$weft" compose --plan front.wasm api=orders.wasm store.wasm </dev/null
cat >plan <<'EOT'
{
  "nodes": [
    {
      "name": "orders",
      "path": "orders.wasm",
      "imports": [
        {
          "import": "t:store/stock@1.0.0",
          "provider": null,
          "as": "t:store/stock@1.0.0"
        }
      ]
    },
    {
      "name": "front",
      "path": "front.wasm",
      "imports": [
        {
          "import": "t:orders/api@1.0.0",
          "provider": "orders",
          "as": "t:orders/api@1.0.0"
        }
      ]
    }
  ],
  "imports": [
    {
      "name": "t:store/stock@1.0.0",
      "types-only": false
    }
  ],
  "exports": [
    {
      "name": "t:front/app@1.0.0",
      "node": "front"
    }
  ]
}
EOT
stdout=plan check "--plan=json" 0 "$weft" compose --plan=json front.wasm orders.wasm </dev/null

composes "what nobody exports is left over" front.wasm orders.wasm
world "what nobody exports is left over" <<'EOT'
world root {
  import t:store/stock@1.0.0;

  export t:front/app@1.0.0;
}
EOT

cp front.wasm Front.wasm
cat >expected <<'EOT'
// wac compose this.wac -o out.wasm --dep weft:node0=Front.wasm --dep weft:orders=orders.wasm --dep weft:a=store.wasm
package weft:composition;

let a = new weft:a {};
let orders = new weft:orders {
    "t:store/stock@1.0.0": a["t:store/stock@1.0.0"]
};
let node0 = new weft:node0 {
    "t:orders/api@1.0.0": orders["t:orders/api@1.0.0"]
};

export node0["t:front/app@1.0.0"];
EOT
composes "--emit-wac" Front.wasm orders.wasm a=store.wasm --emit-wac out.wac
checks=$((checks + 1))
diff -u expected out.wac || failed=$((failed + 1))
if command -v wac >/dev/null; then
    command=$(sed -n '1s|^// ||p' out.wac)
    ${command/this.wac/out.wac} || { echo "wac does not take the WAC document"; failed=$((failed + 1)); }
    world "what wac makes of it" <<'EOT'
world root {
  export t:front/app@1.0.0;
}
EOT
fi
composes "--emit-wac with an import left over" front.wasm orders.wasm --emit-wac out.wac
if command -v wac >/dev/null; then
    command=$(sed -n '1s|^// ||p' out.wac)
    ${command/this.wac/out.wac} || { echo "wac does not take the WAC document"; failed=$((failed + 1)); }
    world "what wac makes of it" <<'EOT'
world root {
  import t:store/stock@1.0.0;

  export t:front/app@1.0.0;
}
EOT
fi

composes "--export" front.wasm orders.wasm store.wasm --export store --export front
world "--export" <<'EOT'
world root {
  export t:front/app@1.0.0;
  export t:store/stock@1.0.0;
}
EOT

consumer twice.wasm t:store/stock@1.0.0 t:twice/x@1.0.0 u32
composes "equal components are stored once" twice.wasm a=store.wasm b=store.wasm --wire twice:t:store/stock=b --export twice
checks=$((checks + 1))
[ "$(wasm-tools print out.wasm | grep -c '^  (component ')" = 2 ] || { echo "an equal component is stored twice"; failed=$((failed + 1)); }
[ "$(wasm-tools print out.wasm | grep -c '^  (instance ')" = 3 ] || { echo "an instance is missing"; failed=$((failed + 1)); }

# ---- versions ----

provider store-1-2.wasm t:store/stock@1.2.0 u32
composes "a later version of the track" orders.wasm store-1-2.wasm
world "a later version of the track" <<'EOT'
world root {
  export t:orders/api@1.0.0;
}
EOT
composes "the same version goes first" orders.wasm store.wasm store-1-2.wasm --export orders
cat >plan <<'EOT'
store-1-2 (store-1-2.wasm)
orders (orders.wasm)
  t:store/stock@1.0.0  from store-1-2, as t:store/stock@1.2.0
imports of the result: none
exports of the result
  t:orders/api@1.0.0  of orders
EOT
stdout=plan check "--plan names both versions" 0 "$weft" compose --plan orders.wasm store-1-2.wasm </dev/null

provider store-2.wasm t:store/stock@2.0.0 u32
check "another track" 0 "$weft" compose orders.wasm store-2.wasm -o out.wasm <<'EOT'
weft: warning: 'orders' imports 't:store/stock@1.0.0', which is left to the host
note: 'store-2' exports 't:store/stock@2.0.0', which does not go together
EOT
check "another track, quietly" 0 "$weft" compose -q orders.wasm store-2.wasm -o out.wasm </dev/null
composes "another track by hand" orders.wasm store-2.wasm --wire orders:t:store/stock=store-2

# ---- several, none, rings ----

refuses "an ambiguous provider" orders.wasm store.wasm spare=store.wasm <<'EOT'
weft: several components export 't:store/stock@1.0.0', which 'orders' imports
note: 'store' exports 't:store/stock@1.0.0'
note: 'spare' exports 't:store/stock@1.0.0'
help: choose one: --wire orders:t:store/stock@1.0.0=NAME
EOT
composes "left to the host by hand" orders.wasm store.wasm --wire orders:t:store/stock=host --export orders
world "left to the host by hand" <<'EOT'
world root {
  import t:store/stock@1.0.0;

  export t:orders/api@1.0.0;
}
EOT
consumer cache.wasm t:store/stock@1.0.0 t:store/stock@1.0.0 u32
composes "a component is not its own provider" cache.wasm store.wasm
consumer ring.wasm t:front/app@1.0.0 t:store/stock@1.0.0 u32
refuses "a ring" front.wasm orders.wasm ring.wasm <<'EOT'
weft: the components import one another in a ring
note: 'front' imports 't:orders/api@1.0.0' from 'orders'
note: 'orders' imports 't:store/stock@1.0.0' from 'ring'
note: 'ring' imports 't:front/app@1.0.0' from 'front'
help: leave one of these imports to the host: --wire ring:t:front/app@1.0.0=host
EOT
refuses "two exports of one name" a=front.wasm b=front.wasm <<'EOT'
weft: two components export 't:front/app@1.0.0', and nothing consumes it
note: they are 'a' and 'b'
help: choose whose exports the result has: --export a
EOT
refuses "two components of one name" front.wasm ./front.wasm <<'EOT'
weft: ./front.wasm: two components are named 'front'
note: the other one is front.wasm
help: name one of them: NAME=./front.wasm
EOT
refuses "all problems of the names at once" orders.wasm store.wasm --wire ordres:t:store/stock=store \
    --wire orders:t:store/stokc=store --wire orders:t:store/stock=strore <<'EOT'
weft: no component is named 'ordres'
note: the nearest one is 'orders'

weft: 'orders' does not import 't:store/stokc'
note: the nearest import is 't:store/stock'

weft: no component is named 'strore'
note: the nearest one is 'store'
EOT
refuses "a provider without the export" orders.wasm front.wasm store.wasm --wire orders:t:store/stock=front <<'EOT'
weft: 'front' does not export 't:store/stock@1.0.0'
EOT
refuses "an export that is not there" orders.wasm store.wasm --export strore <<'EOT'
weft: no component is named 'strore', so it cannot be exported
note: the nearest one is 'store'
EOT
check "a wire that is none" 2 "$weft" compose orders.wasm -o out.wasm --wire store <<'EOT'
weft: '--wire' takes NODE:INTERFACE=PROVIDER, not 'store'
help: 'weft compose --help' shows the usage
EOT
refuses "all inputs that are none at once" missing.wasm front.wasm /dev/null <<'EOT'
weft: missing.wasm: cannot open: No such file or directory
weft: /dev/null: this is an empty file, not a component
EOT

printf '\0asm\x0d\0\1' >cut.wasm
refuses "an input that is none, twice" cut.wasm again=cut.wasm <<'EOT'
weft: cut.wasm: unexpected end of the preamble (at offset 0x7)
weft: cut.wasm: unexpected end of the preamble (at offset 0x7)
EOT

# ---- types ----

provider wrong.wasm t:store/stock@1.0.0 s32
refuses "another type" orders.wasm wrong.wasm <<'EOT'
weft: the types do not match: interface t:store/stock@1.0.0, function "count", result
note: 'wrong' has s32
note: 'orders' has u32
note: 'orders' imports 't:store/stock@1.0.0', 'wrong' exports 't:store/stock@1.0.0'
EOT
wat less.wasm <<'EOT'
(component (instance $i) (export "t:store/stock@1.0.0" (instance $i)))
EOT
refuses "a missing function" orders.wasm less.wasm <<'EOT'
weft: missing: interface t:store/stock@1.0.0, function "count"
note: 'orders' asks for it, 'less' has nothing of that name
note: 'orders' imports 't:store/stock@1.0.0', 'less' exports 't:store/stock@1.0.0'
EOT

# ---- left-over imports ----

wat a.wasm <<'EOT'
(component
  (import "t:io/types@1.0.0" (instance $t
    (export "handle" (type $h (sub resource)))
    (type $i' (record (field "x" u32)))
    (export "info" (type $i (eq $i')))
    (export "[method]handle.ask" (func (param "self" (borrow $h)) (result $i)))))
  (alias export $t "handle" (type $handle))
  (import "t:io/open@1.0.0" (instance
    (alias outer 1 $handle (type $h'))
    (export "handle" (type $h (eq $h')))
    (export "open" (func (result (own $h)))))))
EOT
wat b.wasm <<'EOT'
(component
  (import "t:io/types@1.1.0" (instance $t
    (type $i' (record (field "x" u32)))
    (export "info" (type $i (eq $i')))
    (export "handle" (type $h (sub resource)))
    (export "close" (func (param "h" (own $h)) (result $i)))))
  (alias export $t "info" (type $info))
  (import "t:io/other" (instance
    (alias outer 1 $info (type $i'))
    (export "info" (type $i (eq $i')))
    (export "get" (func (result (list $i)))))))
EOT
composes "left-over imports are merged" a.wasm b.wasm
cat >expected <<'EOT'
(component
  (type (;0;)
    (instance
      (export (;0;) "handle" (type (sub resource)))
      (type (;1;) (record (field "x" u32)))
      (export (;2;) "info" (type (eq 1)))
      (type (;3;) (borrow 0))
      (type (;4;) (func (param "self" 3) (result 2)))
      (export (;0;) "[method]handle.ask" (func (type 4)))
      (type (;5;) (own 0))
      (type (;6;) (func (param "h" 5) (result 2)))
      (export (;1;) "close" (func (type 6)))
    )
  )
  (import "t:io/types@1.1.0" (instance (;0;) (type 0)))
  (alias export 0 "handle" (type (;1;)))
  (type (;2;)
    (instance
      (alias outer 1 1 (type (;0;)))
      (export (;1;) "handle" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "open" (func (type 3)))
    )
  )
  (import "t:io/open@1.0.0" (instance (;1;) (type 2)))
  (alias export 0 "info" (type (;3;)))
  (type (;4;)
    (instance
      (alias outer 1 3 (type (;0;)))
      (export (;1;) "info" (type (eq 0)))
      (type (;2;) (list 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get" (func (type 3)))
    )
  )
  (import "t:io/other" (instance (;2;) (type 4)))
EOT
checks=$((checks + 1))
wasm-tools print out.wasm | sed '/^  (component /,$d' | diff -u expected - || failed=$((failed + 1))

wat c.wasm <<'EOT'
(component
  (import "t:io/types@1.0.0" (instance $t
    (type $i' (record (field "x" u64)))
    (export "info" (type $i (eq $i'))))))
EOT
refuses "left-over imports that differ" a.wasm c.wasm <<'EOT'
weft: the types do not match: interface t:io/types@1.0.0, type "info", field "x"
note: 'a' has u32
note: 'c' has u64
note: 'c' imports 't:io/types@1.0.0', which no component exports
EOT

# b uses types of an interface that a later input needs as well: it comes first all the same.
wat late.wasm <<'EOT'
(component
  (import "t:io/first" (instance $f (type $i' (record (field "x" u32))) (export "info" (type $i (eq $i')))))
  (alias export $f "info" (type $info))
  (import "t:io/types@1.0.0" (instance
    (alias outer 1 $info (type $i'))
    (export "info" (type $i (eq $i'))))))
EOT
composes "an interface comes before those that use it" a.wasm late.wasm
checks=$((checks + 1))
order=$(wasm-tools print out.wasm | grep -o '^  (import "[^"]*"' | tr -d '\n')
expected='  (import "t:io/first"  (import "t:io/types@1.0.0"  (import "t:io/open@1.0.0"'
[ "$order" = "$expected" ] || { echo "the order of imports: $order"; failed=$((failed + 1)); }
refuses "interfaces that use one another" late.wasm <(wasm-tools parse - <<'EOT'
(component
  (import "t:io/types@1.0.0" (instance $f (type $i' (record (field "x" u32))) (export "info" (type $i (eq $i')))))
  (alias export $f "info" (type $info))
  (import "t:io/first" (instance
    (alias outer 1 $info (type $i'))
    (export "info" (type $i (eq $i'))))))
EOT
) <<'EOT'
weft: the components disagree about which of the imports around 't:io/first' uses the types of which
EOT

# A left-over import uses a type of an interface that is wired: its types are imported all the same.
wat types.wasm <<'EOT'
(component
  (type $i' (record (field "x" u32)))
  (instance $t (export "info" (type $i')))
  (export "t:io/types@1.1.0" (instance $t)))
EOT
wat b-types.wasm <<'EOT'
(component
  (import "t:io/types@1.1.0" (instance $t
    (type $i' (record (field "x" u32)))
    (export "info" (type $i (eq $i')))))
  (alias export $t "info" (type $info))
  (import "t:io/other" (instance
    (alias outer 1 $info (type $i'))
    (export "info" (type $i (eq $i')))
    (export "get" (func (result (list $i)))))))
EOT
composes "types of a wired interface" b-types.wasm types.wasm
world "types of a wired interface" <<'EOT'
world root {
  import t:io/types@1.1.0;
  import t:io/other;
}
EOT

# Components of several toolchains, which ask for different versions of WASI, where the corpus has them.
languages=$WEFT_CORPUS_DIR/languages
if [ -e "$languages/python.wasm" ] && [ -e "$languages/javascript.wasm" ]; then
    composes "several toolchains" "$languages"/{go,javascript,python,rust}.wasm --export python
    checks=$((checks + 1))
    twice=$(wasm-tools component wit out.wasm | sed -n 's/^  import \(.*\)@.*/\1/p' | sort | uniq -d)
    [ -z "$twice" ] || { echo "imported in two versions: $twice"; failed=$((failed + 1)); }
fi

# ---- resources ----

wat handles.wasm <<'EOT'
(component
  (type $h' (resource (rep i32)))
  (core func $new (canon resource.new $h'))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "open") (result i32) (call $new (i32.const 5))))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func $open (result (own $h')) (canon lift (core func $i "open")))
  (component $shim
    (import "handle" (type $h (sub resource)))
    (import "open" (func $open (result (own $h))))
    (export $h'' "handle" (type $h))
    (export "open" (func $open) (func (result (own $h'')))))
  (instance $e (instantiate $shim (with "handle" (type $h')) (with "open" (func $open))))
  (export "t:io/handles" (instance $e)))
EOT
wat user.wasm <<'EOT'
(component
  (import "t:io/handles" (instance $t
    (export "handle" (type $h (sub resource)))
    (export "open" (func (result (own $h))))))
  (alias export $t "handle" (type $h))
  (alias export $t "open" (func $open))
  (component $shim
    (import "handle" (type $h (sub resource)))
    (import "again" (func $again (result (own $h))))
    (export $h'' "handle" (type $h))
    (export "again" (func $again) (func (result (own $h'')))))
  (instance $e (instantiate $shim (with "handle" (type $h)) (with "again" (func $open))))
  (export "t:io/again" (instance $e)))
EOT
composes "a resource that is passed on" user.wasm handles.wasm
composes "a resource of the host" user.wasm
world "a resource of the host" <<'EOT'
world root {
  import t:io/handles;

  export t:io/again;
}
EOT
composes "a resource, exported on both sides" user.wasm handles.wasm --export user --export handles
wat mixed.wasm <<'EOT'
(component
  (import "t:io/handles" (instance $t (export "handle" (type $h (sub resource)))))
  (alias export $t "handle" (type $h))
  (import "t:io/host" (instance
    (alias outer 1 $h (type $h'))
    (export "handle" (type $h'' (eq $h')))
    (export "get" (func (result (own $h'')))))))
EOT
refuses "a resource of one component in an interface of the host" mixed.wasm handles.wasm <<'EOT'
weft: the types do not match: interface t:io/host, type "handle"
note: the host has the resource "handle", another one
note: 'mixed' has the resource "handle"
note: 'mixed' imports 't:io/host', which no component exports
note: the types that left-over imports use are the host's, also those of 't:io/handles', which a component exports
EOT

# ---- exports outside of any interface ----

wat bare.wasm <<'EOT'
(component
  (type $r' (record (field "x" u32)))
  (export $r "rec" (type $r'))
  (type $h' (resource (rep i32)))
  (export $h "handle" (type $h'))
  (core module $m
    (memory (export "memory") 1)
    (func (export "f") (param i32 i32) (result i32) local.get 0)
    (func (export "g") (result i32) i32.const 3))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (func $f (param "r" $r) (param "h" (borrow $h)) (result (option $r))
    (canon lift (core func $i "f") (memory $memory)))
  (func $g (result u32) (canon lift (core func $i "g")))
  (export "f" (func $f))
  (export "g" (func $g)))
EOT
composes "functions outside of any interface, with types of their own" bare.wasm store.wasm
cat >expected <<'EOT'
  (export (;1;) "rec" (type 0))
  (export (;3;) "handle" (type 2))
  (export (;1;) "f" (func 0) (func (type 6)))
  (export (;3;) "g" (func 2))
  (export (;3;) "t:store/stock@1.0.0" (instance 2))
EOT
checks=$((checks + 1))
wasm-tools print out.wasm | grep '^  (export ' | sed 's/\$[a-z"#:@0-9.()-]* //g' | diff -u expected - || failed=$((failed + 1))
# A function wired to another's bare import, whose type the host sees all the same.
wat bare-user.wasm <<'EOT'
(component
  (import "g" (func $g (result u32)))
  (instance $i (export "again" (func $g)))
  (export "t:bare/user" (instance $i)))
EOT
composes "a bare function that another imports" bare-user.wasm bare.wasm --export bare-user
world "a bare function that another imports" <<'EOT'
world root {
  export t:bare/user;
}
EOT

# An interface that goes out mentions a type of one that was consumed: that goes out as well, ahead of it.
wat leaning.wasm <<'EOT'
(component
  (type $record (record (field "x" u32)))
  (instance $a0 (export "point" (type $record)))
  (export $a "t:lean/a" (instance $a0))
  (alias export $a "point" (type $point))
  (core module $M (func (export "f") (param i32)))
  (core instance $m (instantiate $M))
  (func $f (param "p" $point) (canon lift (core func $m "f")))
  (instance $b0 (export "f" (func $f)))
  (export "t:lean/b" (instance $b0)))
EOT
wat taker.wasm <<'EOT'
(component (import "t:lean/a" (instance)))
EOT
composes "an export that leans on a consumed interface" taker.wasm leaning.wasm
checks=$((checks + 1))
wasm-tools print out.wasm | grep '^  (export ' | sed 's/ (instance.*//; s/^.*"\(t:.*\)"/\1/' >found
printf 't:lean/a\nt:lean/b\n' | diff -u - found || failed=$((failed + 1))

done_checking
