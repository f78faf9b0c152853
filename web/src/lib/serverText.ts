/** The server's sentences, each with `{}` for what is put in, and what they are in another language. */
export type Dictionary = Readonly<Record<string, string>>;

const CLASSIFIED = /^It (.+?)(?:; the time said is (.+))?\.$/s;

type Template = { pattern: RegExp; words: string };
const compiled = new WeakMap<Dictionary, readonly Template[]>();

/** A sentence of the server in the language of the dictionary; one that it does not know stays as it is. */
export function translated(dictionary: Dictionary, sentence: string): string {
  // A single word may be in the dictionary as a part of sentences; alone it is a person's own.
  if (!/\s|\.$/.test(sentence)) return sentence;
  return known(dictionary, sentence) ?? ending(dictionary, sentence) ?? sentence;
}

function known(dictionary: Dictionary, sentence: string): string | null {
  const words = dictionary[sentence];
  if (words !== undefined) return words;
  const [, reason = "", time] = CLASSIFIED.exec(sentence) ?? [];
  const because = dictionary[reason];
  if (because !== undefined) return time === undefined ? because : `${because}（${time}）`;
  for (const template of templatesOf(dictionary)) {
    const found = template.pattern.exec(sentence);
    if (!found) continue;
    const parts = found.slice(1).map((part) => known(dictionary, part) ?? part);
    return template.words.replace(/\{\}/g, () => parts.shift() ?? "");
  }
  return null;
}

/** What it is about stands before the sentence: a person's own words, which stay as they are. */
function ending(dictionary: Dictionary, sentence: string): string | null {
  for (let at = sentence.indexOf(": "); at >= 0; at = sentence.indexOf(": ", at + 1)) {
    const rest = sentence.slice(at + 2);
    // What is put in at the end of a sentence may have taken the place of its full stop; a capital it has in any case.
    const words = /^[A-Z]|\.$/.test(rest) ? known(dictionary, rest) : null;
    if (words !== null) return `${sentence.slice(0, at)}：${words}`;
  }
  return null;
}

/** The longest first, so that what says more goes before what says less. */
function templatesOf(dictionary: Dictionary): readonly Template[] {
  const before = compiled.get(dictionary);
  if (before) return before;
  const templates = Object.entries(dictionary)
    .filter(([key]) => key.includes("{}"))
    .sort(([a], [b]) => b.length - a.length)
    .map(([key, words]) => ({
      pattern: new RegExp(`^${key.split("{}").map(escaped).join("(.+?)")}$`, "s"),
      words,
    }));
  compiled.set(dictionary, templates);
  return templates;
}

const escaped = (words: string) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
