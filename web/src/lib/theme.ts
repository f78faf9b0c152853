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
