# What the scripts of tests/e2e share; source it. Each works in an empty folder of its own, $here, and calls
#
#   check NAME STATUS COMMAND...    runs COMMAND; its exit status must be STATUS, its stderr the text on
#                                   stdin, its stdout $stdout (a file; empty unless a test sets it)
#   done_checking                   ends the script, with the number of checks that failed
set -uo pipefail

here=$(mktemp -d)
trap 'chmod -R u+rwX "$here"; rm -rf "$here"' EXIT
cd "$here" || exit 1
weft=$WEFT
failed=0
checks=0
: >"$here/.empty"
stdout=$here/.empty
export NO_COLOR=1

check() {
    local name=$1 status=$2 found
    shift 2
    cat >.expected
    "$@" >.stdout 2>.stderr </dev/null
    found=$?
    checks=$((checks + 1))
    if [ "$found" != "$status" ]; then
        echo "$name: exit status $found, expected $status"
        cat .stderr
        failed=$((failed + 1))
        return
    fi
    if ! diff -u .expected .stderr >.diff; then
        echo "$name: stderr differs (- expected, + found)"
        tail -n +3 .diff
        failed=$((failed + 1))
    elif ! diff -u "$stdout" .stdout >.diff; then
        echo "$name: stdout differs (- expected, + found)"
        tail -n +3 .diff
        failed=$((failed + 1))
    fi
}

# check_no_output OUT NAME STATUS COMMAND...: check, and there is no file OUT after it.
check_no_output() {
    local out=$1
    shift
    rm -f "$out"
    check "$@"
    if [ -e "$out" ] || compgen -G "$out.weft-*" >/dev/null; then
        echo "$1: left an output file"
        rm -f "$out" "$out".weft-*
        failed=$((failed + 1))
    fi
}

done_checking() {
    echo "$checks checks, $failed failed"
    [ "$failed" = 0 ] && [ "$checks" != 0 ]
    exit
}

# The component or module in WAT on stdin as FILE. Ends the script as skipped where wasm-tools is missing.
wat() {
    command -v wasm-tools >/dev/null || {
        echo "wasm-tools is not found"
        exit 77
    }
    wasm-tools parse -o "$1" - || exit 1
}
