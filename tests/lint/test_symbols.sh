#!/usr/bin/env bash
# Every symbol that a library defines for others starts with weft_, and the shared libraries give exactly the
# functions that the public headers mark WEFT_API, libweft-runtime also those that its private headers mark so: the
# program loads it and takes them from it.
set -euo pipefail
cd "$WEFT_BUILD_DIR/lib"

status=0
for library in libweft.a libweft-runtime.a; do
    [ -e "$library" ] || continue
    foreign=$(nm -g --defined-only "$library" | awk 'NF == 3 && $3 !~ /^weft_/ && $3 !~ /^_*(odr_)?asan_/ { print $3 }' | sort -u)
    if [ -n "$foreign" ]; then
        printf '%s defines symbols without the prefix weft_:\n%s\n' "$library" "$foreign"
        status=1
    fi
done

library=libweft-runtime.so private=$WEFT_SOURCE_DIR/src/runtime/*.h
[ -e "$library" ] || library=libweft.so private=

# Names declared WEFT_API; a declaration may go over several lines.
declared=$(cat "$WEFT_SOURCE_DIR"/include/weft/*.h $private | tr '\n' ' ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' |
    grep -oE 'WEFT_API [^;({]*[( ]' | grep -oE 'weft_[a-z0-9_]+ ?\($' | tr -d ' (' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '$3 ~ /^weft_/ { print $3 }' | sort -u)
if ! difference=$(diff <(echo "$declared") <(echo "$exported")); then
    printf '%s and the headers disagree (< declared WEFT_API, > exported):\n%s\n' "$library" "$difference"
    status=1
fi
exit $status
