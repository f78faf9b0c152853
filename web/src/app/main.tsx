import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/styles.css";
import { App } from "@/app/App";
import { preloadPage } from "@/app/pages";
import { catchDroppedFiles } from "@/lib/droppedFiles";
import { leaveKeysToInputMethod } from "@/lib/inputMethod";
import { registerServiceWorker, reloadForNewBuild } from "@/lib/offline";
import { parseRoute } from "@/lib/route";

leaveKeysToInputMethod();
catchDroppedFiles();
reloadForNewBuild();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const client = (
  <StrictMode>
    <App />
  </StrictMode>
);
// Not a top-level await: the page's scripts import from this one.
void preloadPage(parseRoute(location.pathname).page).then(() => createRoot(root).render(client));
registerServiceWorker();
