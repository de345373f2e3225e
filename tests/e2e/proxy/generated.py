"""Makes proxies of generated components and requires that each is valid and stands for what it was made of.

    generated.py [--first SEED] [--count N] [--smith N] [--keep FOLDER] [--jobs N] [COMPONENT...]

    WEFT and WEFT_TESTS_DIR in the environment

The components are those of ../splice/generated.py: dummies of random worlds, and compositions of them. Of each, proxies of
all its interfaces, of some, and of each one, with bytes as bytes and as text:

    wasm-tools validate, weft validate and (of the whole) Wasmtime accept the proxy, the latter where it accepts the component
    weft reencode gives the same bytes
    every interface that was asked for is imported and exported; what is imported besides is not exported
    what it exports fits what it imports: wac plugs it into itself (unless bytes are text, or functions bare)"""

import argparse
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["WEFT_TESTS_DIR"], "e2e", "splice"))
import generated
from generated import WEFT, Failure, read, run


class Case(generated.Case):
    def names(self, path, *side):
        code, text, errors = run(WEFT, "graph", path, "--format", "json")
        if code:
            raise Failure(f"graph exits with {code} on {path}: {errors}")
        graph = json.loads(text)
        return {item["name"] for s in side for item in graph[s] if item["kind"] in ("instance", "func")}

    def check(self, proxy, wanted, text, engine):
        commands = [("wasm-tools", "validate", "--features", "all", proxy), (WEFT, "validate", proxy)]
        if engine:
            commands.append((WEFT, "validate", "--engine", proxy))
        for command in commands:
            code, _, errors = run(*command)
            if code:
                raise Failure(f"{' '.join(command[:3])} exits with {code}:\n{errors}")
        again = self.path("again.wasm")
        code, _, errors = run(WEFT, "reencode", proxy, "-o", again)
        if code or read(again) != read(proxy):
            raise Failure(f"reencoding changes it ({code}): {errors}")
        imports, exports = self.names(proxy, "imports"), self.names(proxy, "exports")
        if exports != wanted or not wanted <= imports:
            raise Failure(f"wanted {sorted(wanted)}, imports {sorted(imports)}, exports {sorted(exports)}")
        if text or not all(":" in name for name in wanted): # wac cannot plug bare methods
            return
        code, _, errors = run("wac", "plug", "--plug", proxy, proxy, "-o", self.path("plugged.wasm"))
        if code and "instance not valid to be used as export" in errors: # wac leaves out what it leans on
            self.counts["not plugged by wac"] += 1
            return
        if code:
            raise Failure(f"it does not fit itself: {errors}")
        self.counts["plugged into themselves"] += 1

    def proxy(self, source, globs, wanted, text=False, engine=False):
        out = self.path("proxy.wasm")
        options = [option for glob in globs for option in ("--interface", glob)] + ["--bytes-as-text"] * text
        self.last = source, options
        code, _, errors = run(WEFT, "proxy", source, *options, "-o", out)
        if code == 1 and "which no proxy stands for" in errors:
            self.counts["refused"] += 1
            return
        if code:
            raise Failure(f"proxy exits with {code}: {errors}")
        self.counts["proxies"] += 1
        self.check(out, wanted, text, engine)

    def try_all(self, source):
        names = sorted(self.names(source, "imports", "exports"))
        if not names:
            return
        engine = run(WEFT, "validate", "--engine", source)[0] == 0 # it lacks fixed-length lists, say
        self.counts["known to the engine"] += engine
        self.proxy(source, ["*"], set(names), engine=engine)
        self.proxy(source, ["*"], set(names), text=True)
        for name in names[:12]:
            self.proxy(source, [name], {name}, text=self.rng.randrange(4) == 0)
        some = set(self.rng.sample(names, (len(names) + 1) // 2))
        self.proxy(source, sorted(some), some)


generated.Case = Case

if __name__ == "__main__":
    sys.exit(generated.main("proxies"))
