import { readStorage } from "@/lib/storage";

export const DESKTOP = "resonant.desktop";

type Shown = { title: string; body: string; tag: string; onOpen: () => void };

/** Whether this browser can show notifications outside of the page. */
export const canShowOnDesktop = () => typeof Notification !== "undefined";

/** Shows it outside of the page, if the reader wants that and is not looking at the page. */
export function showOnDesktop({ title, body, tag, onOpen }: Shown) {
  if (readStorage(DESKTOP) !== "on" || !canShowOnDesktop() || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  // The tag lets several windows show it once.
  const shown = new Notification(title, { body, tag });
  shown.onclick = () => {
    window.focus();
    onOpen();
    shown.close();
  };
}
