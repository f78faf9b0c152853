import { type ReactNode, createContext, use, useCallback, useEffect, useSyncExternalStore } from "react";
import { type ServerText, getCatalogue, loadCatalogue, onCatalogue, renderMessage } from "@/lib/messages";
import { useStorage } from "@/lib/storage";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";

export type Language = "ja" | "en";
export type Text = typeof en;

type LanguageState = {
  language: Language;
  text: Text;
  setLanguage: (language: Language) => void;
  /** A text of the server in the reader's language; its English sentence when it has no known key. */
  translate: (serverText: ServerText) => string;
};

const LanguageContext = createContext<LanguageState>({
  language: "en",
  text: en,
  setLanguage: () => {},
  translate: ({ text }) => text,
});
const texts: Record<Language, Text> = { ja, en };

/** The first of the reader's preferred languages that the client has. */
export function detectLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (tag.toLowerCase().startsWith("ja")) return "ja";
    if (tag.toLowerCase().startsWith("en")) return "en";
  }
  return "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [stored, setLanguage] = useStorage("resonant.language");
  const language = stored === "ja" || stored === "en" ? stored : detectLanguage(navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    // Toasts are translated once, when they appear. The sentences of the server are English already.
    if (language !== "en") loadCatalogue(language);
  }, [language]);
  const translate = useTranslate(language);
  return (
    <LanguageContext value={{ language, text: texts[language], setLanguage, translate }}>{children}</LanguageContext>
  );
}

/** Translates by key. The catalogue is loaded when a text with a key is shown for the first time. */
function useTranslate(language: Language): LanguageState["translate"] {
  const subscribe = useCallback((listener: () => void) => onCatalogue(language, listener), [language]);
  const catalogue = useSyncExternalStore(subscribe, () => getCatalogue(language));
  return useCallback(
    ({ text, key, params }) => {
      if (key === null || key === undefined) return text;
      if (catalogue === null) {
        loadCatalogue(language);
        return text;
      }
      return renderMessage(catalogue, language, key, params) ?? text;
    },
    [catalogue, language],
  );
}

export function useLanguage(): LanguageState {
  return use(LanguageContext);
}

/** The texts of the user interface in the reader's language. */
export function useText(): Text {
  return use(LanguageContext).text;
}
