const RELOAD_PAUSE_MS = 10_000;
const RELOADED = "resonant.reloadedForNewBuild";

/** Registers the service worker after the page has loaded; the client also works without it. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () =>
    void navigator.serviceWorker
      .register("/offline.js")
      .catch((error: unknown) =>
        console.warn("The service worker could not be registered; the page needs the server to open.", error),
      );
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

/**
 * Reloads the page when it requests files of an old build, which happens after an upgrade of the server. Drafts and
 * unsent messages survive. When a reload does not help, the error is shown.
 */
export function reloadForNewBuild(): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (!navigator.onLine || Date.now() - last < RELOAD_PAUSE_MS) return;
    event.preventDefault();
    // Without the server a reload would only interrupt the reader. Any response shows that it is there.
    fetch("/health", { cache: "no-store" }).then(
      () => {
        sessionStorage.setItem(RELOADED, String(Date.now()));
        location.reload();
      },
      (error: unknown) => console.warn("A part of the client cannot be loaded without the server:", error),
    );
  });
}
