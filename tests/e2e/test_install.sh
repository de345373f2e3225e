#!/usr/bin/env bash
# The installed tree works after it was moved: the program runs, and programs build against each library by
# pkg-config and by CMake, shared and static.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
here=$WEFT_TESTS_DIR/e2e/install
libraries=(weft weft-static)
packages=(weft)
if [ -e "$WEFT_BUILD_DIR/lib/libweft-runtime.so" ]; then
    libraries+=(runtime runtime-static)
    packages+=(weft-runtime)
fi

fail() {
    echo "$*"
    exit 1
}

cmake --install "$WEFT_BUILD_DIR" --prefix "$tmp/first" >"$tmp/log" || fail "$(cat "$tmp/log")"
mkdir "$tmp/moved"
mv "$tmp/first" "$tmp/moved/tree"
tree=$tmp/moved/tree

# Nothing in what was installed remembers where it was built or installed first.
for text in "$WEFT_BUILD_DIR" "$tmp/first"; do
    ! grep -rlF "$text" "$tree" --include='*.pc' --include='*.cmake' || fail "the files above name $text"
    for binary in "$tree"/bin/* "$tree"/lib/*.so; do
        ! readelf -d "$binary" | grep -F "$text" || fail "$binary names $text"
    done
done

expected="weft $(sed -n 's/^#define WEFT_VERSION "\(.*\)"$/\1/p' "$tree/include/weft/version.h")"
found=$("$tree/bin/weft" --version | head -n 1)
[ "$found" = "$expected" ] || fail "weft --version says '$found', expected '$expected'"
found=$(env -u LD_LIBRARY_PATH ldd "$tree/bin/weft")
! grep 'not found' <<<"$found" || fail "the moved program misses libraries"

for file in man/man1/weft.1 man/man1/weft-help.1 bash-completion/completions/weft zsh/site-functions/_weft \
    fish/vendor_completions.d/weft.fish weft/wit/weft-hooks/hooks.wit doc/weft/LICENSE-MIT; do
    [ -s "$tree/share/$file" ] || fail "share/$file is missing or empty"
done

# run WHAT PROGRAM
run() {
    local out
    out=$("$2") || fail "$1: does not run"
    [ "$out" = "uses $expected" ] || fail "$1: printed '$out'"
}

export PKG_CONFIG_PATH=$tree/lib/pkgconfig
for package in "${packages[@]}"; do
    define=
    [ "$package" = weft ] || define=-DRUNTIME
    $WEFT_CC $WEFT_CFLAGS $define $(pkg-config --cflags "$package") "$here/use.c" -o "$tmp/use-$package" \
        $(pkg-config --libs "$package") -Wl,-rpath,"$tree/lib" || fail "pkg-config $package: does not build"
    run "pkg-config $package" "$tmp/use-$package"

    # Static: weft's own libraries only; -l: names the archives.
    $WEFT_CC $WEFT_CFLAGS $define $(pkg-config --cflags "$package") "$here/use.c" -o "$tmp/use-$package-static" \
        $(pkg-config --static --libs "$package" | sed 's/-l\(weft[a-z-]*\)/-l:lib\1.a/g') -Wl,-rpath,"$tree/lib" ||
        fail "pkg-config --static $package: does not build"
    run "pkg-config --static $package" "$tmp/use-$package-static"
    ! readelf -d "$tmp/use-$package-static" | grep libweft || fail "pkg-config --static $package: is not static"
done

cmake -S "$here" -B "$tmp/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$tree" -DCMAKE_C_COMPILER="$WEFT_CC" \
    -DCMAKE_C_FLAGS="$WEFT_CFLAGS" -DLIBRARIES="$(IFS=';'; echo "${libraries[*]}")" >"$tmp/log" 2>&1 &&
    cmake --build "$tmp/cmake" >>"$tmp/log" 2>&1 || fail "$(cat "$tmp/log")"
for library in "${libraries[@]}"; do
    run "CMake weft::$library" "$tmp/cmake/use-$library"
done

# The example program, built against the moved tree, makes what the command makes.
examples=$WEFT_TESTS_DIR/../examples
$WEFT_CC $WEFT_CFLAGS $(pkg-config --cflags weft) "$examples/embed/trace.c" -o "$tmp/trace" \
    $(pkg-config --libs weft) -Wl,-rpath,"$tree/lib" || fail "examples/embed/trace.c does not build"
"$tmp/trace" "$examples" "$tmp/traced.wasm" >"$tmp/graph" || fail "examples/embed/trace.c does not run"
"$tree/bin/weft" compose "$examples"/shop/{front,orders,store}.wasm -o "$tmp/shop.wasm"
"$tree/bin/weft" splice "$examples/shop/store.yaml" "$tmp/shop.wasm" -o "$tmp/expected.wasm"
cmp "$tmp/traced.wasm" "$tmp/expected.wasm" || fail "the library and the command make different components"
diff <(sed 1d "$tmp/graph") <("$tree/bin/weft" graph "$tmp/expected.wasm" | sed 1d) || fail "the graphs differ"

# The other one, which runs the same components as plugins of their own.
if [ -e "$tree/lib/libweft-runtime.so" ]; then
    $WEFT_CC $WEFT_CFLAGS $(pkg-config --cflags weft-runtime) "$examples/embed/plugins.c" -o "$tmp/plugins" \
        $(pkg-config --libs weft-runtime) -Wl,-rpath,"$tree/lib" || fail "examples/embed/plugins.c does not build"
    "$tmp/plugins" "$examples" >"$tmp/receipt" || fail "examples/embed/plugins.c does not run"
    diff "$tmp/receipt" - <<'END' || fail "the plugins give another receipt"
Order 1 for Ada
  2 x Darjeeling, 100 g       17.80
  total                       17.80
END
fi

# The program loads the runtime, and with it the engine, for what needs it; the rest works without.
if [ -e "$tree/lib/libweft-runtime.so" ]; then
    unset LD_LIBRARY_PATH
    ! readelf -d "$tree/bin/weft" | grep -E 'NEEDED.*(weft|wasmtime)' || fail "weft is linked to the runtime"
    echo '(component (type (func)) (component $c))' >"$tmp/text.wat"
    "$tree/bin/weft" validate "$tmp/text.wat" || fail "the moved program does not read text"
    "$tree/bin/weft" validate --engine "$tmp/shop.wasm" || fail "the moved program does not find its engine"
    rm "$tree"/lib/libweft-runtime.so*
    "$tree/bin/weft" validate "$tmp/shop.wasm" || fail "weft validate needs the runtime"
    status=0
    found=$("$tree/bin/weft" validate --engine "$tmp/shop.wasm" 2>&1) || status=$?
    library=libweft-runtime.so.$(cut -d. -f1,2 <<<"${expected#weft }")
    expected="weft: $tmp/shop.wasm: the runtime, which this needs, cannot be loaded: $library: cannot open shared \
object file: No such file or directory
help: it is installed as lib/$library beside bin/weft"
    [ "$status" = 1 ] && [ "$found" = "$expected" ] ||
        fail "without the runtime weft ended with status $status and said: $found"
fi
