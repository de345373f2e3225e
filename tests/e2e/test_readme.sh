#!/usr/bin/env bash
# The outputs in README.md are real: each console block is run, in order, in a copy of examples/, and must print
# what stands there. `test_readme.sh --update` writes what it prints into the file.
set -euo pipefail
exec python3 - "$WEFT" "$WEFT_TESTS_DIR/.." "${1-}" <<'PYTHON'
import os, re, shutil, subprocess, sys, tempfile

weft, root, update = sys.argv[1:]
readme = os.path.join(root, "README.md")
text = open(readme).read()


def prints(block, folder):
    out = []
    for command in [line[2:] for line in block.splitlines() if line.startswith("$ ")]:
        environment = {**os.environ, "PATH": os.path.dirname(weft) + ":" + os.environ["PATH"], "NO_COLOR": "1"}
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        out.append(f"$ {command}\n{done.stdout}")
    return "".join(out)


with tempfile.TemporaryDirectory() as folder:
    shutil.copytree(os.path.join(root, "examples"), os.path.join(folder, "examples"))
    now = re.sub(r"(?s)(```console\n)(.*?)(```)", lambda m: m[1] + prints(m[2], folder) + m[3], text)
if now == text:
    print(f"{text.count('```console')} blocks are as they stand")
elif update == "--update":
    open(readme, "w").write(now)
else:
    import difflib
    sys.exit("".join(difflib.unified_diff(text.splitlines(True), now.splitlines(True), "README.md", "printed")))
PYTHON
