"""Checks graphs by the grammar of what weft prints for Mermaid, which is a small part of Mermaid's, and compares what is
in them with what `weft graph --format json` says; then with what Mermaid itself finds, when its parser is there.

    mermaid.py WEFT PARSER COMPONENT...     PARSER may be a file that is not there
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# What has a meaning in quotes is written as an entity; control characters are never there.
LABEL = r'(?:[^"#&<>`\\\x00-\x1f\x7f]|#(?:quot|amp|lt|gt|\d+);)*'
BOX = re.compile(rf'(n\d+)\["{LABEL}"\]')
HOST = re.compile(r'(caller|host)\(\["host"\]\)')
SUBGRAPH = re.compile(rf'subgraph (g\d+)\["{LABEL}"\]')
EDGE = re.compile(rf'(n\d+|caller) -->(?:\|"{LABEL}(?:<br/>{LABEL})*"\|)? (n\d+|host)')


def check(text):
    """How many vertices, edges and subgraphs there are; ValueError with the line that is wrong."""
    lines = text.split("\n")
    if lines[0] != "flowchart LR" or lines.pop() != "":
        raise ValueError("it does not begin and end as it must")
    vertices, subgraphs, depth, edges = set(), set(), 0, []
    for line in lines[1:]:
        body = line.lstrip(" ")
        depth -= body == "end"
        if line != "  " * (depth + 1) + body:
            raise ValueError(f"indented wrongly: {line!r}")
        if body == "end":
            continue
        if found := BOX.fullmatch(body) or HOST.fullmatch(body):
            known = vertices
        elif found := SUBGRAPH.fullmatch(body):
            known, depth = subgraphs, depth + 1
        elif found := EDGE.fullmatch(body):
            edges.append(found.groups())
            continue
        else:
            raise ValueError(f"no such line: {line!r}")
        if edges or found[1] in known:
            raise ValueError(f"it stands here twice, or behind an edge: {line!r}")
        known.add(found[1])
    if depth:
        raise ValueError("a subgraph has no end")
    for edge in edges:
        if not vertices.issuperset(edge):
            raise ValueError(f"an edge of what is not there: {edge}")
    return [len(vertices), len(edges), len(subgraphs)]


def graph(weft, component, *options):
    return subprocess.run([weft, "graph", component, *options], check=True, capture_output=True, text=True).stdout


def compare(weft, component, counts):
    """Nodes with code are vertices, as is the host on each side where it has edges; composed nodes are subgraphs."""
    shown = json.loads(graph(weft, component, "--format", "json"))
    ends = [(edge["consumer"], edge["provider"]) for edge in shown["edges"]]
    hosts = any(a is None for a, b in ends) + any(b is None for a, b in ends)
    parents = {node["parent"] for node in shown["nodes"]} - {None}
    nodes = [node for node in shown["nodes"] if node["kind"] != "composite"]
    wanted = [len(nodes) + hosts, len(set(ends)), len(parents)]
    if counts != wanted:
        raise ValueError(f"vertices, edges, subgraphs: {counts}, but {wanted} in JSON")


def main(weft, parser, *components):
    failed, files, counted = 0, [], []
    with tempfile.TemporaryDirectory() as folder:
        for component in components:
            for detail in ("edges", "interfaces", "full"):
                text = graph(weft, component, "--format", "mermaid", "--detail", detail)
                try:
                    counts = check(text)
                    compare(weft, component, counts)
                except ValueError as error:
                    print(f"{component}, {detail}: {error}")
                    failed += 1
                    continue
                files.append(os.path.join(folder, f"{len(files)}.mmd"))
                counted.append(counts)
                with open(files[-1], "w", encoding="utf-8") as file:
                    file.write(text)
        if not os.path.exists(parser) or not shutil.which("node"):
            print("Mermaid's own parser is not there (scripts/mermaid gets it): checked by our grammar only")
        else:
            script = os.path.join(os.path.dirname(__file__), "mermaid.mjs")
            found = subprocess.run(["node", script, parser, *files], capture_output=True, text=True)
            numbers = [[int(n) for n in line.split()] for line in found.stdout.splitlines()]
            if found.returncode or numbers != counted:
                at = next((i for i, n in enumerate(counted) if i >= len(numbers) or n != numbers[i]), 0)
                print("Mermaid finds something else in", open(files[at], encoding="utf-8").read(), found.stderr[-2000:])
                failed += 1
            print(f"{len(numbers)} graphs shown to Mermaid")
    print(f"{len(counted)} graphs checked, {failed} failed")
    return 1 if failed or not counted else 0


sys.exit(main(*sys.argv[1:]))
