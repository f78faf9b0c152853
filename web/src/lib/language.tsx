import { type ReactNode, createContext, use, useEffect } from "react";
import { useStored } from "@/lib/stored";
import { en } from "@/lib/text/en";
import { ja } from "@/lib/text/ja";

export type Language = "ja" | "en";
export type Text = typeof en;

type Spoken = { language: Language; text: Text; setLanguage: (language: Language) => void };

const LanguageContext = createContext<Spoken>({ language: "en", text: en, setLanguage: () => {} });
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
  const [stored, setLanguage] = useStored("resonant.language");
  const language = stored === "ja" || stored === "en" ? stored : detectLanguage(navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <LanguageContext value={{ language, text: texts[language], setLanguage }}>{children}</LanguageContext>;
}

export function useLanguage(): Spoken {
  return use(LanguageContext);
}

/** Every sentence of the page in the reader's language. */
export function useText(): Text {
  return use(LanguageContext).text;
}
