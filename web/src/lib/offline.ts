const LATELY_MS = 10_000;
const RELOADED = "resonant.reloadedForNewBuild";

/** Has the browser keep the client itself, once the page stands; a browser that refuses goes without. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () =>
    void navigator.serviceWorker
      .register("/offline.js")
      .catch((error: unknown) => console.warn("The page will not open without its server.", error));
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

/**
 * A page that has been open since before an upgrade asks for parts of a build that is gone: it is loaded anew. Drafts
 * and what waits to be sent are kept; whoever has just been reloaded has another problem, which is shown.
 */
export function reloadForNewBuild(): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (!navigator.onLine || Date.now() - last < LATELY_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  });
}
