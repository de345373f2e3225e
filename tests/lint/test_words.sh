#!/usr/bin/env bash
# The files name no machine's folders and no registry's host: registries are reached through their clients,
# which the user configures.
set -euo pipefail
cd "$WEFT_SOURCE_DIR"

hosts='crates[.]io|github[.]com/rust-lang/|pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|proxy[.]golang[.]org|deb[.]debian[.]org'
folders='(^|[^A-Za-z0-9_.$}/-])/(work|root|home)/'

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    files=(git ls-files -z --cached --others --exclude-standard)
else
    files=(find . '(' -name .git -o -path './build*' ')' -prune -o -type f -print0)
fi
found=$("${files[@]}" | xargs -0 grep -nIsE --directories=skip "$hosts|$folders" || true)
if [ -n "$found" ]; then
    printf 'a registry'"'"'s host or a machine'"'"'s folder:\n%s\n' "$found"
    exit 1
fi
