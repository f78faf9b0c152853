import { type ReactNode, createContext, use, useCallback, useEffect, useSyncExternalStore } from "react";
import {
  type Catalogue,
  type ServerText,
  getCatalogue,
  loadCatalogue,
  onCatalogue,
  renderMessage,
} from "@/lib/messages";
import { useStorage } from "@/lib/storage";
import { onReaderZone, readerZone } from "@/lib/zone";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";

export type Language = "ja" | "en";
export type Text = typeof en;

type LanguageState = {
  language: Language;
  text: Text;
  /** The time zone of all dates: what shows one is rendered again when it changes. */
  zone: string;
  setLanguage: (language: Language) => void;
  /** A text of the server in the reader's language; the stored sentence until the catalogue is loaded. */
  translate: (serverText: ServerText) => string;
  /** Like `translate`, for a text that is not rendered again when the catalogue is loaded, such as a toast. */
  translateOnce: (serverText: ServerText) => Promise<string>;
};

const LanguageContext = createContext<LanguageState>({
  language: "en",
  text: en,
  zone: "UTC",
  setLanguage: () => {},
  translate: ({ text }) => text,
  translateOnce: ({ text }) => Promise.resolve(text),
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
    // Refusals are translated once, when they appear; the server answers in English.
    if (language !== "en") void loadCatalogue(language);
  }, [language]);
  const translate = useTranslate(language);
  const translateOnce = useCallback(
    async (serverText: ServerText) => rendered(serverText, await loadCatalogue(language), language),
    [language],
  );
  const zone = useSyncExternalStore(onReaderZone, readerZone, readerZone);
  const state = { language, text: texts[language], zone, setLanguage, translate, translateOnce };
  return <LanguageContext value={state}>{children}</LanguageContext>;
}

/** Translates by key. The catalogue is loaded when a text with a key is shown for the first time. */
function useTranslate(language: Language): LanguageState["translate"] {
  const subscribe = useCallback((listener: () => void) => onCatalogue(language, listener), [language]);
  const catalogue = useSyncExternalStore(subscribe, () => getCatalogue(language));
  return useCallback(
    (serverText) => {
      if (serverText.key && catalogue === null) void loadCatalogue(language);
      return rendered(serverText, catalogue, language);
    },
    [catalogue, language],
  );
}

function rendered({ text, key, params }: ServerText, catalogue: Catalogue | null, language: Language): string {
  const sentence = key && catalogue ? renderMessage(catalogue, language, key, params) : null;
  return sentence ?? text;
}

export function useLanguage(): LanguageState {
  return use(LanguageContext);
}

/** The texts of the user interface in the reader's language. */
export function useText(): Text {
  return use(LanguageContext).text;
}
