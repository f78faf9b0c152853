import { useSyncExternalStore } from "react";
import { useStorage } from "@/lib/storage";

export type Theme = "light" | "dark" | "system";

const KEY = "resonant.theme";

/** The theme and its setter; "system" follows the operating system. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [stored, store] = useStorage(KEY);
  const theme = stored === "light" || stored === "dark" ? stored : "system";
  return [
    theme,
    (next) => {
      applyTheme(next);
      store(next);
    },
  ];
}

/** Colours use light-dark(), so the attribute is enough to switch the theme. */
export function applyTheme(theme: string | null) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export function applyStoredTheme(read: (key: string) => string | null) {
  applyTheme(read(KEY));
}

/** Whether the page is dark now, by the theme or by the operating system. */
export function useDark(): boolean {
  const [theme] = useTheme();
  const system = useSyncExternalStore(subscribeToSystem, isSystemDark, isSystemDark);
  return theme === "system" ? system : theme === "dark";
}

const DARK = "(prefers-color-scheme: dark)";
const isSystemDark = () => typeof matchMedia === "function" && matchMedia(DARK).matches;

function subscribeToSystem(listener: () => void): () => void {
  if (typeof matchMedia !== "function") return () => undefined;
  const media = matchMedia(DARK);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
