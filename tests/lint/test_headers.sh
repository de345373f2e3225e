#!/usr/bin/env bash
# Each public header compiles alone, as C and as C++, with nothing but itself and the standard library.
set -euo pipefail
cd "$WEFT_SOURCE_DIR"

status=0
for header in include/weft/*.h; do
    name=${header#include/}
    for language in 'c -std=c17' 'c++ -std=c++17'; do
        printf '#include <%s>\nextern int not_empty;\n' "$name" |
            "$WEFT_CC" -x $language -Iinclude -Wall -Wextra -Wpedantic -Werror -fsyntax-only - || {
            echo "$name does not compile alone as $language"
            status=1
        }
    done
done
exit $status
