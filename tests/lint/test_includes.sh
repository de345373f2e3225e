#!/usr/bin/env bash
# Rooms include only rooms below them (the drawing is in CONTRIBUTING.md). A quoted include starts with the
# name of a room; <weft/ROOM.h> counts as that room.
set -euo pipefail
cd "$WEFT_SOURCE_DIR"

awk '
BEGIN {
    rank["support"] = 1; rank["core"] = 2; rank["component"] = 3; rank["abi"] = 4
    rank["graph"] = 5; rank["value"] = 5
    rank["weave"] = 6
    rank["splice"] = 7; rank["compose"] = 7; rank["runtime"] = 7
    rank["app"] = 8; rank["cli"] = 9
}
FNR == 1 { split(FILENAME, path, "/"); room = path[2] }
FNR == 1 && !(room in rank) { complain("a room that the house does not have") }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\""); split(part[2], to, "/"); other = to[1]
    if (!(other in rank)) { complain("include is not \"ROOM/...\""); next }
    check(other)
}
/^[ \t]*#[ \t]*include[ \t]*<weft\// {
    other = $0; sub(/.*<weft\//, "", other); sub(/\.h>.*/, "", other)
    if (other in rank) check(other)
}
function check(other) {
    if (other == room || rank[other] < rank[room]) {
        # Of the rooms on its line only runtime/wasi may use the weaver, for its proxies.
        if (room == "runtime" && other == "weave" && FILENAME !~ /^src\/runtime\/wasi\//)
            complain("only runtime/wasi uses weave")
        return
    }
    complain(room " may not include " other)
}
function complain(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; bad = 1 }
END { exit bad }
' $(find src -name '*.[ch]' | sort)
