import { readStorage } from "@/lib/storage";

export const DESKTOP = "resonant.desktop";

type Shown = { title: string; body: string; tag: string; onOpen: () => void };

/** Whether this browser supports desktop notifications. */
export const canShowOnDesktop = () => typeof Notification !== "undefined";

/** Shows a desktop notification, if the reader enabled them and the page has no focus. */
export function showOnDesktop({ title, body, tag, onOpen }: Shown) {
  if (readStorage(DESKTOP) !== "on" || !canShowOnDesktop() || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  // With the tag, several windows show it only once.
  const shown = new Notification(title, { body, tag });
  shown.onclick = () => {
    window.focus();
    onOpen();
    shown.close();
  };
}
