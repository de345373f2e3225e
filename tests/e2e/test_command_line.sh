#!/usr/bin/env bash
# The command line: what is wrong usage, and where results go.
source "$WEFT_TESTS_DIR/e2e/e2e.sh"

in=$WEFT_SOURCE_DIR/examples/shop/store.wasm

check "an unknown verb" 2 "$weft" reenocde <<'EOT'
weft: unknown verb 'reenocde'
note: the nearest one is 'reencode'
help: 'weft help' lists the verbs
EOT
check "nothing like any verb" 2 "$weft" xyzzy <<'EOT'
weft: unknown verb 'xyzzy'
help: 'weft help' lists the verbs
EOT
check "no verb" 2 "$weft" -q <<'EOT'
weft: no verb is given
help: 'weft --help' shows the usage
EOT
check "nothing at all" 2 "$weft" < <("$weft" help)
check "an unknown option" 2 "$weft" reencode "$in" --outptu=x <<'EOT'
weft: unknown option '--outptu'
note: the nearest one is '--output'
help: 'weft reencode --help' shows the usage
EOT
check "an unknown letter" 2 "$weft" reencode "$in" -qx <<'EOT'
weft: unknown option '-x'
help: 'weft reencode --help' shows the usage
EOT
check "a missing option" 2 "$weft" reencode "$in" <<'EOT'
weft: option '-o OUT' is missing
help: 'weft reencode --help' shows the usage
EOT
check "a missing argument" 2 "$weft" reencode "$in" -o <<'EOT'
weft: '--output' needs its argument OUT
help: 'weft reencode --help' shows the usage
EOT
check "an argument too many" 2 "$weft" version --json=yes <<'EOT'
weft: '--json' takes no argument, but has 'yes'
help: 'weft version --help' shows the usage
EOT
check "a wrong word" 2 "$weft" help --completion=bsah <<'EOT'
weft: '--completion' takes bash, zsh or fish, not 'bsah'
note: the nearest one is 'bash'
help: 'weft help --help' shows the usage
EOT
check "a missing operand" 2 "$weft" reencode -o x.wasm <<'EOT'
weft: operand IN is missing
help: 'weft reencode --help' shows the usage
EOT
check "an operand too many" 2 "$weft" reencode a b -o x.wasm <<'EOT'
weft: operand 'b' is one too many
help: 'weft reencode --help' shows the usage
EOT
if "$weft" help run >/dev/null 2>&1; then
    check "an argument of the guest" 2 "$weft" run a b <<'EOT'
weft: operand 'b' is one too many
help: arguments of the guest stand after --
EOT
fi

# The ways to give an option's argument, options anywhere, and `--`.
for form in "-o out.wasm IN" "-oout.wasm IN" "--output out.wasm IN" "--output=out.wasm IN" \
    "IN -qo out.wasm" "-q -- IN -o" "-o lost.wasm -o out.wasm IN"; do
    rm -f out.wasm ./-o
    # shellcheck disable=SC2086
    set -- ${form//IN/$in}
    [ "$form" = "-q -- IN -o" ] && set -- -o out.wasm -- "$in"
    check "reencode $form" 0 "$weft" reencode "$@" </dev/null
    [ -e out.wasm ] || { echo "reencode $form: no output"; failed=$((failed + 1)); }
done
[ ! -e lost.wasm ] || { echo "the first of two -o was taken"; failed=$((failed + 1)); }

# stdin and stdout.
cp "$in" in.wasm
stdout=in.wasm check "from a file to stdout" 0 "$weft" reencode in.wasm -o - </dev/null
stdout=in.wasm check "from stdin to stdout" 0 bash -c '"$0" reencode - -o - <in.wasm' "$weft" </dev/null

# Results that do not arrive.
check "stdout full" 1 bash -c '"$0" help >/dev/full' "$weft" <<'EOT'
weft: <stdout>: cannot write: No space left on device
EOT
check "stdout closed" 1 bash -c '"$0" help >&-' "$weft" <<'EOT'
weft: <stdout>: cannot write: Bad file descriptor
EOT
check "a reader that left" 1 bash -c 'trap "" PIPE; { sleep 0.2; "$0" help; echo $? >status; } | true; exit "$(cat status)"' "$weft" </dev/null

# The pages: each verb has one, and its manual page is well formed.
for verb in $("$weft" help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    "$weft" help "$verb" >page
    stdout=page check "$verb --help" 0 "$weft" "$verb" --help </dev/null
    wide=$(awk 'length > 80' page | grep -v '^  weft \|^Usage:')
    [ -z "$wide" ] || { echo "help $verb: wider than 80 columns: $wide"; failed=$((failed + 1)); }
    if command -v groff >/dev/null; then
        wrong=$("$weft" help --man "$verb" | groff -man -Tutf8 -ww 2>&1 >/dev/null)
        [ -z "$wrong" ] || { echo "help --man $verb: $wrong"; failed=$((failed + 1)); }
    fi
done
for shell in bash zsh fish; do
    command -v $shell >/dev/null || continue
    "$weft" help --completion $shell >script
    $shell -n script || { echo "the completion script for $shell is wrong"; failed=$((failed + 1)); }
done

# bash completes verbs, options, words and files.
complete_line() {
    bash -c '
        source <("$0" help --completion bash)
        COMP_WORDS=("${@}") COMP_CWORD=$(($# - 1))
        _weft
        printf "%s\n" "${COMPREPLY[@]}" | sort' "$weft" "$@"
}
expect_completion() {
    local expected=$1 found
    shift
    found=$(complete_line "$@" | tr '\n' ' ')
    checks=$((checks + 1))
    [ "$found" = "$expected" ] && return
    echo "completing '$*': '$found', expected '$expected'"
    failed=$((failed + 1))
}
touch a.yaml text.txt
expect_completion "reencode " weft ree
expect_completion "--output " weft reencode --out
expect_completion "bash " weft help --completion b
expect_completion "in.wasm " weft reencode in
expect_completion "version " weft help vers

done_checking
