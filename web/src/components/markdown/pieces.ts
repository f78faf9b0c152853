import { takeReferences } from "@/components/markdown/references";

/** A part of a long text that is parsed on its own: Markdown, or the content of one code block. */
export type Piece = { kind: "markdown"; text: string } | { kind: "code"; code: string; language: string };

// A text up to the maximum is one piece. A longer one is split at the first boundary after the usual size.
export const MAX_CHARS = 6_000;
const MAX_LINES = 400;
const USUAL_CHARS = 3_000;
const USUAL_LINES = 200;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(\S*)/;

/** The text in pieces of bounded size, split where a block begins. The pieces of a growing text stay the same. */
export function piecesOf(markdown: string): readonly Piece[] {
  const lines = markdown.split("\n");
  if (markdown.length <= MAX_CHARS && lines.length <= MAX_LINES) return [{ kind: "markdown", text: markdown }];
  const { rest, withReferences } = takeReferences(lines.flatMap(inShortLines));
  return new Splitter(rest)
    .split()
    .map((piece) => (piece.kind === "markdown" ? { ...piece, text: withReferences(piece.text) } : piece));
}

/** The blocks of a text, split at blank lines outside of code. */
export function blocksOf(markdown: string): readonly string[] {
  const blocks: string[][] = [[]];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const opened = FENCE.exec(line)?.[1];
    if (fence !== undefined && isClosing(line, fence)) fence = undefined;
    else fence ??= opened;
    if (line.trim() === "" && fence === undefined) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
}

class Splitter {
  readonly #lines: readonly string[];
  readonly #pieces: Piece[] = [];
  #current: string[] = [];
  #chars = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  split(): readonly Piece[] {
    let at = 0;
    while (at < this.#lines.length) {
      const line = this.#lines[at] ?? "";
      const [, fence, language = ""] = FENCE.exec(line) ?? [];
      const end = fence === undefined ? at + 1 : this.#endOfCode(at, fence);
      const block = this.#lines.slice(at, end);
      const size = block.reduce((sum, each) => sum + each.length + 1, 0);
      if (fence !== undefined && isTooLong(size, block.length)) {
        this.#flush();
        const closed = isClosing(block.at(-1) ?? "", fence) && block.length > 1;
        this.#pieces.push({ kind: "code", code: block.slice(1, closed ? -1 : undefined).join("\n"), language });
      } else {
        this.#flushBefore(line, size, block.length, fence !== undefined);
        this.#current.push(...block);
        this.#chars += size;
      }
      at = end;
    }
    this.#flush();
    return this.#pieces;
  }

  #flushBefore(line: string, size: number, lines: number, isCode: boolean) {
    const isBoundary = isCode || (this.#current.at(-1)?.trim() === "" && /^\S/.test(line));
    const isFull = this.#chars > USUAL_CHARS || this.#current.length > USUAL_LINES;
    if ((isFull && isBoundary) || isTooLong(this.#chars + size, this.#current.length + lines)) this.#flush();
  }

  #flush() {
    if (this.#current.some((line) => line.trim() !== "")) {
      this.#pieces.push({ kind: "markdown", text: this.#current.join("\n") });
    }
    this.#current = [];
    this.#chars = 0;
  }

  /** The index after the line that closes the code block; a block without one reaches to the end. */
  #endOfCode(start: number, fence: string): number {
    let end = start + 1;
    while (end < this.#lines.length && !isClosing(this.#lines[end] ?? "", fence)) end += 1;
    return Math.min(end + 1, this.#lines.length);
  }
}

const isTooLong = (chars: number, lines: number) => chars > MAX_CHARS || lines > MAX_LINES;

function isClosing(line: string, fence: string): boolean {
  const [, marks = ""] = /^ {0,3}(`+|~+)\s*$/.exec(line) ?? [];
  return marks.startsWith(fence);
}

/** A line in parts of at most half a piece, each ending at a space, after a sentence, or between two characters. */
function inShortLines(line: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  while (line.length - start > USUAL_CHARS) {
    const part = line.slice(start, start + USUAL_CHARS);
    const atWord = Math.max(part.lastIndexOf(" "), part.lastIndexOf("。")) + 1;
    const isSplitPair = /[\uD800-\uDBFF]$/.test(part);
    const length = atWord > USUAL_CHARS / 2 ? atWord : part.length - (isSplitPair ? 1 : 0);
    parts.push(line.slice(start, start + length));
    start += length;
  }
  return [...parts, line.slice(start)];
}
