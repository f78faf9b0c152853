import "graphiql/setup-workers/vite";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createClient } from "graphql-ws";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "@/graphiql/page.css";
import { currentFetcher } from "@/graphiql/currentFetcher";
import { examples } from "@/graphiql/examples";

const url = new URL("/graphql", location.href);
const socketUrl = Object.assign(new URL(url), { protocol: url.protocol === "https:" ? "wss:" : "ws:" });

const fetcher = currentFetcher(
  createGraphiQLFetcher({
    url: url.href,
    wsClient: createClient({ url: socketUrl.href, lazy: true, retryAttempts: Infinity, shouldRetry: () => true }),
  }),
);
const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

const root = document.getElementById("graphiql");
if (!root) throw new Error("graphiql.html has no #graphiql");
createRoot(root).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} plugins={plugins} defaultTabs={examples} shouldPersistHeaders={false} />
  </StrictMode>,
);
