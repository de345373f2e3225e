// Parses files as Mermaid itself does and prints of each how many vertices, edges and subgraphs it has:
//
//     node mermaid.mjs PARSER FILE...
//
// Mermaid is meant for browsers: as much of one is made up as it takes to load it. Nothing is drawn.
import { readFileSync } from "fs";

globalThis.Element = class {};
globalThis.document = { nodeType: 9, createElement: () => ({}) };
globalThis.addEventListener = () => {};
globalThis.window = globalThis;

const { default: mermaid } = await import(process.argv[2]);
for (const file of process.argv.slice(3)) {
    const text = readFileSync(file, "utf8");
    await mermaid.parse(text); // loads the diagram's own parser, too
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    console.log(db.getVertices().size, db.getEdges().length, db.getSubGraphs().length);
}
