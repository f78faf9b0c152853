import type { Language } from "@/lib/language";
import { foldForSearch } from "@/lib/search";

export type Zone = { id: string; city: string; name: string; offset: string };

type Named = Zone & { words: string };

const MOST = 60;
const held = new Map<Language, readonly Named[]>();

/** The zones in which each word occurs in the IANA name, in its name in either language, or in its offset. */
export function findZones(query: string, language: Language): readonly Zone[] {
  const words = foldForSearch(query.replaceAll("_", " ")).split(/\s+/).filter(Boolean);
  const starts = (zone: Zone) => Number(foldForSearch(zone.city).startsWith(words[0] ?? ""));
  return zonesIn(language)
    .filter((zone) => words.every((word) => zone.words.includes(word)))
    .toSorted((a, b) => starts(b) - starts(a))
    .slice(0, MOST);
}

/** All zones of this browser, by IANA name. Made when they are first asked for: it takes a moment. */
function zonesIn(language: Language): readonly Named[] {
  const zones = held.get(language) ?? ["UTC", ...Intl.supportedValuesOf("timeZone")].map((id) => named(id, language));
  held.set(language, zones);
  return zones;
}

function named(id: string, language: Language): Named {
  const name = part(id, language, "long");
  const offset = part(id, "en", "longOffset").replace("GMT", "UTC");
  const spaced = id.replaceAll("_", " ");
  const city = spaced.split("/").slice(1).reverse().join(", ") || spaced;
  const other = part(id, language === "ja" ? "en" : "ja", "long");
  return { id, city, name, offset, words: foldForSearch(`${spaced} ${city} ${name} ${other} ${offset}`) };
}

function part(id: string, language: Language, timeZoneName: "long" | "longOffset"): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone: id, timeZoneName }).formatToParts();
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
