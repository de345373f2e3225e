#!/usr/bin/env bash
# Compiled code that weft call and weft run keep: where, and where not.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

cp "$WEFT_SOURCE_DIR"/examples/shop/store.wasm .
mkdir home open
chmod 777 open
export HOME=$here/home
unset XDG_CACHE_HOME WEFT_CACHE

reserve() { "$weft" call store.wasm 'stock#reserve("nothing", 1)' "$@"; }
entries() { find . -name '*.cwasm' -printf '%h\n' | sort | uniq -c | sed 's/^ *//'; }
echo 'err(unknown-item)' >result

stdout=result
check "without cache" 0 reserve --no-cache </dev/null
stdout=.empty
check "nothing was kept" 0 entries </dev/null

stdout=result
check "at home" 0 reserve </dev/null
check "at home, again" 0 reserve </dev/null
XDG_CACHE_HOME=$here/xdg check "in XDG_CACHE_HOME" 0 reserve </dev/null
WEFT_CACHE=$here/own check "in WEFT_CACHE" 0 reserve </dev/null
HOME= check "nowhere" 0 reserve --explain <<'END'
cache: none (there is no folder to keep compiled code in: HOME is not set)
engine: direct (it needs no async)
END
mkdir -m 777 open/code
WEFT_CACHE=$here/open check "where others can write" 0 reserve </dev/null

cat >kept <<'END'
3 ./home/.cache/weft/code
3 ./own/code
3 ./xdg/weft/code
END
stdout=kept
check "where it was kept" 0 entries </dev/null

done_checking
