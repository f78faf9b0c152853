import type { Plugin } from "vite";

const EARLY = "early";
const PAGE = "/index.html";
/** The module of each page whose scripts are requested early, by the first part of its address. */
const PAGES: Readonly<Record<string, string>> = { intents: "app/IntentsLayout.tsx" };

/** Adds the early script to the page, and the names of the scripts of each page to the early script. */
export function earlyStart(sources: string): Plugin {
  return {
    name: "early-start",
    apply: "build",
    enforce: "pre",
    /** Gives the early script a copy of each module that it imports, so that it waits for no other script. */
    async resolveId(source, importer, options) {
      if (!importer?.startsWith(`${sources}/${EARLY}/`)) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && !found.external ? { ...found, id: `${found.id}?${EARLY}` } : found;
    },
    renderChunk(code, chunk, _, { chunks }) {
      if (chunk.name !== EARLY) return null;
      const scriptsOf = (module: string) => {
        const found = Object.values(chunks).find(({ facadeModuleId }) => facadeModuleId === `${sources}/${module}`);
        if (!found) throw new Error(`${module} is not a chunk of its own`);
        return [found.fileName, ...found.imports].map((name) => `/${name}`);
      };
      const scripts = Object.fromEntries(Object.entries(PAGES).map(([page, module]) => [page, scriptsOf(module)]));
      return `const SCRIPTS_OF_PAGES=${JSON.stringify(scripts)};\n${code}`;
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { path, bundle = {} }) => {
        const early = Object.values(bundle).find((each) => each.type === "chunk" && each.name === EARLY);
        if (path !== PAGE || !early) return [];
        return [
          {
            tag: "script",
            attrs: { type: "module", async: true, src: `/${early.fileName}` },
            injectTo: "head-prepend",
          },
        ];
      },
    },
  };
}
