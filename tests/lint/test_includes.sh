#!/usr/bin/env bash
# Rooms include only rooms below them (the drawing is in CONTRIBUTING.md). A quoted include starts with the
# name of a room; <weft/ROOM.h> counts as that room. Inside a room whose folders have ranks a folder includes only
# folders below it; what lies in the room itself stands under its folders and over them, like model.h and public.c.
set -euo pipefail
cd "$WEFT_SOURCE_DIR"

awk '
BEGIN {
    rank["support"] = 1; rank["core"] = 2; rank["component"] = 3; rank["abi"] = 4
    rank["graph"] = 5; rank["value"] = 5
    rank["weave"] = 6
    rank["splice"] = 7; rank["compose"] = 7; rank["runtime"] = 7
    rank["app"] = 8; rank["cli"] = 9

    folder_rank["component/binary"] = 1; folder_rank["component/types"] = 1
    folder_rank["component/edit"] = 2; folder_rank["component/validate"] = 2; folder_rank["component/wit"] = 2
    folder_rank["weave/code"] = 1
    folder_rank["weave/body"] = 2; folder_rank["weave/proxy"] = 2
    folder_rank["weave/sites"] = 3
    folder_rank["runtime/direct"] = 1; folder_rank["runtime/hosted"] = 1
    folder_rank["runtime/wasi"] = 2
    for (folder in folder_rank) { split(folder, path, "/"); has_folders[path[1]] = 1 }
}
FNR == 1 { split(FILENAME, path, "/"); room = path[2]; folder = folder_of(substr(FILENAME, 5)) }
FNR == 1 && !(room in rank) { complain("a room that the house does not have") }
FNR == 1 && folder && !(folder in folder_rank) { complain("a folder without a rank among those of " room) }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\""); split(part[2], to, "/"); other = to[1]
    if (!(other in rank)) { complain("include is not \"ROOM/...\""); next }
    check(other)
    check_folder(folder_of(part[2]))
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
# ROOM/FOLDER of a file in a room that has ranks for its folders; "" for what lies in the room itself.
function folder_of(file,    parts) {
    return split(file, parts, "/") > 2 && parts[1] in has_folders ? parts[1] "/" parts[2] : ""
}
function check_folder(other) {
    if (!folder || !other || other == folder || folder_rank[other] < folder_rank[folder]) return
    if (index(other, room "/") == 1) complain(folder " may not include " other)
}
function complain(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; bad = 1 }
END { exit bad }
' $(find src -name '*.[ch]' | sort)
