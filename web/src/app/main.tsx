import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/styles.css";
import { App } from "@/app/App";
import { catchDroppedFiles } from "@/lib/droppedFiles";
import { leaveKeysToInputMethod } from "@/lib/inputMethod";
import { registerServiceWorker, reloadForNewBuild } from "@/lib/offline";

leaveKeysToInputMethod();
catchDroppedFiles();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerServiceWorker();
reloadForNewBuild();
