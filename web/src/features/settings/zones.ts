import type { Language } from "@/lib/language";
import { foldForSearch } from "@/lib/search";

export type Zone = { id: string; city: string; name: string; offset: string };

type Named = Zone & { words: string };

const MOST = 60;
const held = new Map<Language, readonly Named[]>();

// `Intl` names time zones in Japanese, but hardly any cities.
const JAPANESE_CITIES: Record<string, string> = {
  "Asia/Tokyo": "東京",
  "Asia/Seoul": "ソウル",
  "Asia/Shanghai": "上海 北京",
  "Asia/Taipei": "台北",
  "Asia/Hong_Kong": "香港",
  "Asia/Bangkok": "バンコク",
  "Europe/London": "ロンドン",
  "Europe/Paris": "パリ",
  "Europe/Berlin": "ベルリン",
  "Europe/Rome": "ローマ",
  "America/New_York": "ニューヨーク",
  "America/Los_Angeles": "ロサンゼルス",
  "America/Chicago": "シカゴ",
  "Pacific/Honolulu": "ホノルル ハワイ",
  "Australia/Sydney": "シドニー",
};

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
  const japanese = JAPANESE_CITIES[id] ?? "";
  return { id, city, name, offset, words: foldForSearch(`${spaced} ${city} ${japanese} ${name} ${other} ${offset}`) };
}

function part(id: string, language: Language, timeZoneName: "long" | "longOffset"): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone: id, timeZoneName }).formatToParts();
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
