import type { Language } from "@/lib/language";

/** Sentences with `{name}` placeholders, by key. */
export type Catalogue = Readonly<Record<string, string>>;

/** A text of the server: its English sentence, and the key and parameters to render it in another language. */
export type ServerText = { text: string; key?: string | null | undefined; params?: unknown };

type Failed = { errorKey?: string | null | undefined; errorParams?: unknown };

/** The error of a row as a text to translate. */
export const errorOf = ({ errorKey, errorParams }: Failed, text: string): ServerText => ({
  text,
  key: errorKey,
  params: errorParams,
});

const PLACEHOLDER = /\{(\w+)\}/g;
const STATUS_NAMES = new Set(["status", "from", "to"]);

/**
 * The sentence of the key in the language of the catalogue; null when the catalogue does not have the key.
 *
 * A parameter may be a nested text, {"key", "params"}, or a list. Integers get thousands separators. The names of
 * fields and statuses are translated by the keys `field.<name>` and `status.<name>`.
 */
export function renderMessage(catalogue: Catalogue, language: Language, key: string, params: unknown): string | null {
  const template = catalogue[key];
  if (template === undefined) return null;
  const given = isRecord(params) ? params : {};
  return template.replace(PLACEHOLDER, (placeholder, name: string) =>
    name in given ? renderParam(catalogue, language, name, given[name]) : placeholder,
  );
}

function renderParam(catalogue: Catalogue, language: Language, name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const parts = value.map((each) => renderParam(catalogue, language, name, each));
    return parts.join(language === "ja" ? "、" : ", ");
  }
  if (isRecord(value)) {
    const key = String(value.key);
    return renderMessage(catalogue, language, key, value.params) ?? key;
  }
  if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
  const text = String(value);
  if (name === "field") return catalogue[`field.${text}`] ?? text;
  if (STATUS_NAMES.has(name)) return catalogue[`status.${text.toLowerCase()}`] ?? text;
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

type Loaded = { catalogue: Catalogue | null; listeners: Set<() => void>; loading: Promise<Catalogue | null> | null };

const loaders: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import("@schema/messages.en.json"),
  ja: () => import("@schema/messages.ja.json"),
};
const loaded: Record<Language, Loaded> = { en: empty(), ja: empty() };

function empty(): Loaded {
  return { catalogue: null, listeners: new Set(), loading: null };
}

/** The catalogue of the language; null until `loadCatalogue` has finished. */
export function getCatalogue(language: Language): Catalogue | null {
  return loaded[language].catalogue;
}

/** Calls the listener when the catalogue has been loaded. */
export function onCatalogue(language: Language, listener: () => void): () => void {
  loaded[language].listeners.add(listener);
  return () => loaded[language].listeners.delete(listener);
}

/** Loads the catalogue once; null after a failure, and then the next call tries again. */
export function loadCatalogue(language: Language): Promise<Catalogue | null> {
  const entry = loaded[language];
  entry.loading ??= loaders[language]().then(
    (module) => {
      entry.catalogue = module.default;
      for (const listener of [...entry.listeners]) listener();
      return entry.catalogue;
    },
    (error: unknown) => {
      entry.loading = null;
      console.warn("Texts of the server are shown as they were stored.", error);
      return null;
    },
  );
  return entry.loading;
}
