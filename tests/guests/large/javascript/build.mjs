// node build.mjs SOURCE WIT OUT, beside a node_modules that has componentize-js
import { readFile, writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const [source, witPath, out] = process.argv.slice(2);
const { component } = await componentize(await readFile(source, 'utf8'), {
  witPath,
  worldName: 'lang',
  disableFeatures: ['http', 'fetch-event'], // not every engine offers wasi:http
});
await writeFile(out, component);
