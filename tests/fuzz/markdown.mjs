// Renders Markdown with the parser of the web client: a JSON string per line of input, a JSON object per line of output.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const web = new URL("../../web/", import.meta.url).pathname;
const require = createRequire(`${web}package.json`);
const { createServer } = await import(pathToFileURL(`${web}node_modules/vite/dist/node/index.js`).href);
const { renderToStaticMarkup } = require("react-dom/server");
const server = await createServer({
  root: web,
  configFile: false,
  appType: "custom",
  logLevel: "error",
  resolve: { alias: { "@": `${web}src`, "@schema": new URL("../../schema", import.meta.url).pathname } },
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, ws: false, watch: null },
});
const { treeOf } = await server.ssrLoadModule("/src/components/markdown/tree.tsx");
const { blocksOf, piecesOf } = await server.ssrLoadModule("/src/components/markdown/pieces.ts");
const options = { breaks: true, idPrefix: "note-", footnotes: "Footnotes", backToReference: "Back" };

function render(text) {
  for (const piece of piecesOf(text)) {
    if (piece.kind === "code") continue;
    const trees = [treeOf(piece.text, options)];
    if (trees[0] === null) trees.splice(0, 1, ...blocksOf(piece.text).map((block) => treeOf(block, options)));
    for (const tree of trees) if (tree !== null) renderToStaticMarkup(tree);
  }
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  let error = null;
  try {
    render(JSON.parse(line));
  } catch (failure) {
    error = String(failure.stack ?? failure).slice(0, 400);
  }
  console.log(JSON.stringify({ ms: performance.now() - started, error }));
}
process.exit(0);
