import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./compressed.ts";
import { earlyStart } from "./earlyStart.ts";
import { inlineDocuments } from "./documents.ts";
import { offlineShell } from "./offlineShell.ts";

const backend = process.env.RESONANT_BACKEND ?? "http://127.0.0.1:8000";
const root = (path: string) => new URL(path, import.meta.url).pathname;

/**
 * What every page needs, in one file: a browser requests six at a time, and the first data waits for them. Without what
 * imports graphql-ws, of which the whole package would follow, and without the copies of the early script.
 */
const SHARED =
  /^(?!.*\?early$).*(\/node_modules\/(react|react-dom|scheduler|@?urql|wonka|@0no-co)\/|\/src\/lib\/(?!liveSocket|socketContext|subscription|feed|useLiveCollection|useOfflineRows|impacts)|\/src\/components\/(Toolbar|Tags|SelectionBar|useEscape)\.)/;

/** Changes with the API, so that the page does not restore cached rows of another version. */
const schemaHash = createHash("sha256")
  .update(readFileSync(root("../schema/schema.graphql")))
  .digest("hex")
  .slice(0, 8);

const TESTS = "src/**/*.test.{ts,tsx}";
const NEED_A_PROCESS = ["src/components/katex.test.ts", "src/lib/dates.test.ts"];

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    inlineDocuments(root("./src/gql/graphql.ts")),
    earlyStart(root("./src")),
    offlineShell(root("./public")),
    compressed(),
  ],
  define: { SCHEMA_HASH: JSON.stringify(schemaHash) },
  resolve: { alias: { "@": root("./src"), "@schema": root("../schema") } },
  server: {
    proxy: { "/graphql": { target: backend, ws: true }, "/files": backend, "/mcp": backend },
    fs: { allow: [root("."), root("../schema")] },
  },
  build: {
    sourcemap: false,
    assetsInlineLimit: 0,
    // Monaco, which only the GraphiQL page loads, is one large chunk.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: {
        index: root("./index.html"),
        early: root("./src/early/main.ts"),
        graphiql: root("./graphiql.html"),
        signIn: root("./sign-in.html"),
        offline: root("./src/offline/worker.ts"),
      },
      // The service worker must be at the root, because it controls only paths below its own, and its name must not change.
      output: {
        entryFileNames: ({ name }) => (name === "offline" ? "offline.js" : "assets/[name]-[hash].js"),
        codeSplitting: { groups: [{ name: "shared", test: SHARED }] },
      },
      // Compression takes long, and a warning does not help.
      checks: { bundlerTimings: false },
      onLog(level, log, handle) {
        // GraphiQL is compiled with React Compiler, whose directives the bundler does not know.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  worker: { format: "es" },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testSetup.ts"],
    // A context of its own for each file costs half as much as a process. The time zone, and the errors of a stack that
    // is full, belong to a process.
    projects: [
      { extends: true, test: { name: "contexts", pool: "vmThreads", include: [TESTS], exclude: NEED_A_PROCESS } },
      { extends: true, test: { name: "processes", pool: "forks", include: NEED_A_PROCESS } },
    ],
  },
});
