import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

type Bundle = Parameters<Extract<NonNullable<Plugin["generateBundle"]>, (...given: never[]) => unknown>>[1];

const WORKER = "offline.js";
const PAGE = "index.html";

/** Writes the list of the client's files into the service worker, so that it caches complete builds only. */
export function offlineShell(publicFolder: string): Plugin {
  return {
    name: "offline-shell",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      const page = bundle[PAGE];
      if (worker?.type !== "chunk" || page?.type !== "asset")
        throw new Error(`${WORKER} and ${PAGE} are built together`);
      const theme = await readFile(join(publicFolder, "theme.js"));
      const files = ["/", "/theme.js", ...scriptsAndStyles(bundle).map((name) => `/${name}`)];
      const build = createHash("sha256")
        .update(page.source)
        .update(theme)
        .update(files.join())
        .digest("hex")
        .slice(0, 16);
      worker.code = `const SHELL=${JSON.stringify({ build, files })};\n${worker.code}`;
    },
  };
}

/** The scripts and styles of the client, including lazy ones, but not fonts and highlighting grammars. */
function scriptsAndStyles(bundle: Bundle): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || found.has(name) || chunk.facadeModuleId?.includes("node_modules")) return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
  };
  for (const [name, chunk] of Object.entries(bundle)) {
    if (
      chunk.type === "chunk" &&
      chunk.isEntry &&
      (chunk.name === "early" || chunk.facadeModuleId?.endsWith(`/${PAGE}`))
    )
      visit(name);
  }
  return [...found].sort();
}
