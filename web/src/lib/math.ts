const SPECIAL = /[`~\\$]/g;
const FENCE_LENGTH = 3;

/**
 * Converts every usual notation of a formula to `$$…$$`, the only one that the Markdown parser reads.
 * Code is not changed. The time is linear in the length of the text.
 */
export function withOneFormOfMath(markdown: string): string {
  return /[$\\]/.test(markdown) ? new MathScanner(markdown).convert() : markdown;
}

/** A part of the text that was recognised: its end, and what replaces it, or null to leave it as it is. */
type Found = { end: number; replacement: string | null };
type Line = { start: number; firstVisible: number; end: number };

/** Scans a text once; a search for an end that found nothing is remembered, so that it is not repeated. */
export class MathScanner {
  /** The number of characters that were examined. */
  steps = 0;
  readonly #text: string;
  #line: Line = { start: 0, firstVisible: 0, end: -1 };
  /** By what was searched for in vain: searches up to this position fail, too. */
  readonly #missingUntil = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  convert(): string {
    const parts: string[] = [];
    const special = new RegExp(SPECIAL);
    let copied = 0;
    for (let match = special.exec(this.#text); match; match = special.exec(this.#text)) {
      const { end, replacement } = this.#read(match.index);
      if (replacement !== null) {
        parts.push(this.#text.slice(copied, match.index), replacement);
        copied = end;
      }
      special.lastIndex = end;
    }
    this.steps += this.#text.length;
    return parts.join("") + this.#text.slice(copied);
  }

  #read(at: number): Found {
    const first = this.#text[at];
    if (first === "\\") return this.#readBackslash(at);
    if (first === "$") return this.#readDollars(at);
    return this.#readCode(at, first === "`" ? "`" : "~");
  }

  /** Code between marks of the same length; without an end, a fence reaches to the end of the text. */
  #readCode(at: number, mark: string): Found {
    const length = this.#runLength(at, mark);
    const after = at + length;
    const unchanged = (end: number) => ({ end, replacement: null });
    if (length >= FENCE_LENGTH) {
      const close = this.#find(mark.repeat(FENCE_LENGTH), after);
      return unchanged(close === -1 ? this.#text.length : close + this.#runLength(close, mark));
    }
    const close = mark === "`" ? this.#findTicks(length, after) : -1;
    return unchanged(close === -1 ? after : close + length);
  }

  /** `\[…\]` and `\(…\)`; any other backslash escapes the next character. */
  #readBackslash(at: number): Found {
    const start = at + 2;
    const opener = this.#text[at + 1];
    if (opener !== "[" && opener !== "(") return { end: start, replacement: null };
    const close = this.#find(opener === "[" ? "\\]" : "\\)", start);
    const tex = this.#text.slice(start, Math.max(close, start)).trim();
    if (tex === "") return { end: start, replacement: null };
    return { end: close + 2, replacement: opener === "[" ? displayed(tex) : `$$${tex}$$` };
  }

  #readDollars(at: number): Found {
    const length = this.#runLength(at, "$");
    if (length === 1) return this.#readSingleDollar(at);
    const display = length === 2 ? this.#readWholeLine(at) : null;
    return display ?? { end: at + length, replacement: null };
  }

  /** `$$…$$` alone on its line is a display formula. */
  #readWholeLine(at: number): Found | null {
    const { firstVisible, end } = this.#lineAt(at);
    if (firstVisible !== at) return null;
    this.steps += end - at;
    const [, tex] = /^\$\$([^$]+)\$\$[ \t]*$/.exec(this.#text.slice(at, end)) ?? [];
    return tex === undefined ? null : { end, replacement: displayed(tex.trim()) };
  }

  /** Pandoc's rule: no space inside the dollars and no digit after them, so "$5 and $10" is not a formula. */
  #readSingleDollar(at: number): Found {
    const lineEnd = this.#lineAt(at).end;
    let close = at + 1;
    while (close < lineEnd && this.#text[close] !== "$") close += this.#text[close] === "\\" ? 2 : 1;
    this.steps += close - at;
    const tex = this.#text.slice(at + 1, close);
    const closed = close < lineEnd && !/[\d$]/.test(this.#text[close + 1] ?? "");
    return closed && tex !== "" && tex.trim() === tex
      ? { end: close + 1, replacement: `$$${tex}$$` }
      : { end: at + 1, replacement: null };
  }

  #runLength(at: number, mark: string): number {
    let end = at;
    while (this.#text[end] === mark) end += 1;
    this.steps += end - at;
    return end - at;
  }

  /** The bounds of the line; most calls are for the same line as the call before. */
  #lineAt(at: number): Line {
    if (at > this.#line.end) {
      const start = this.#text.lastIndexOf("\n", at - 1) + 1;
      const end = this.#text.indexOf("\n", at);
      const visible = /[^ \t]/g;
      visible.lastIndex = start;
      this.#line = {
        start,
        firstVisible: visible.exec(this.#text)?.index ?? this.#text.length,
        end: end === -1 ? this.#text.length : end,
      };
      this.steps += this.#line.end - start;
    }
    return this.#line;
  }

  /** The first run of exactly `length` backticks on the line; -1 if there is none. */
  #findTicks(length: number, from: number): number {
    const { end } = this.#lineAt(from);
    const ticks = "`".repeat(length);
    if ((this.#missingUntil.get(ticks) ?? -1) >= end) return -1;
    let at = this.#text.indexOf("`", from);
    while (at !== -1 && at < end) {
      const found = this.#runLength(at, "`");
      if (found === length) return at;
      at = this.#text.indexOf("`", at + found);
    }
    this.#missingUntil.set(ticks, end);
    return -1;
  }

  #find(what: string, from: number): number {
    if (this.#missingUntil.has(what)) return -1;
    const at = this.#text.indexOf(what, from);
    this.steps += (at === -1 ? this.#text.length : at) - from;
    if (at === -1) this.#missingUntil.set(what, this.#text.length);
    return at;
  }
}

const displayed = (tex: string) => `\n$$\n${tex}\n$$\n`;
