import { type ReactNode, createContext, use, useCallback, useEffect, useState } from "react";
import { type Dictionary, translated } from "@/lib/serverText";
import { useStorage } from "@/lib/storage";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";

export type Language = "ja" | "en";
export type Text = typeof en;

type Spoken = {
  language: Language;
  text: Text;
  setLanguage: (language: Language) => void;
  /** A sentence that the server wrote, in the reader's language. */
  fromServer: (sentence: string) => string;
};

const asItIs = (sentence: string) => sentence;
const LanguageContext = createContext<Spoken>({
  language: "en",
  text: en,
  setLanguage: () => {},
  fromServer: asItIs,
});
const texts: Record<Language, Text> = { ja, en };

/** The first of the reader's languages that we speak. */
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
  const fromServer = useServerText(language);
  return (
    <LanguageContext value={{ language, text: texts[language], setLanguage, fromServer }}>{children}</LanguageContext>
  );
}

/** The server writes English; what it says in other languages is loaded beside the page, for those who read them. */
function useServerText(language: Language): Spoken["fromServer"] {
  const [dictionary, setDictionary] = useState<Dictionary | null>(null);
  useEffect(() => {
    if (language !== "ja") return;
    import("@/lib/text/server.ja.json").then(
      (module) => setDictionary(module.default),
      (error: unknown) => console.warn("The server's sentences stay in English.", error),
    );
  }, [language]);
  return useCallback(
    (sentence) => (language === "ja" && dictionary ? translated(dictionary, sentence) : sentence),
    [language, dictionary],
  );
}

export function useLanguage(): Spoken {
  return use(LanguageContext);
}

/** Every sentence of the page in the reader's language. */
export function useText(): Text {
  return use(LanguageContext).text;
}
