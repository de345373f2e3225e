#!/usr/bin/env bash
# The demo does what it says, and notices when splicing changed nothing.
set -euo pipefail

"$WEFT" help splice >/dev/null 2>&1 || {
    echo "this weft cannot splice yet"
    exit 77
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

"$WEFT_SOURCE_DIR/examples/demo" "$WEFT" >"$tmp/out" 2>&1 || {
    cat "$tmp/out"
    exit 1
}

# A weft whose splice only copies: splice RULES IN -o OUT.
cat >"$tmp/weft" <<END
#!/bin/sh
[ "\$1" = splice ] && exec cp "\$3" "\$5"
exec "$WEFT" "\$@"
END
chmod +x "$tmp/weft"
if "$WEFT_SOURCE_DIR/examples/demo" "$tmp/weft" >"$tmp/out" 2>&1; then
    echo "the demo is content with a splice that does nothing"
    exit 1
fi
grep -q 'They do not' "$tmp/out" || {
    cat "$tmp/out"
    exit 1
}
