const DEFINITION = /^ {0,3}\[(\^?[^\]\n]{1,200})\]:[ \t]*\S/;
const REFERENCE = /\[(\^?[^\]\n]{1,200})\]/g;
const MAX_DEFINITIONS = 500;

type Definition = { label: string; lines: string[] };

/**
 * Takes the definitions of links and footnotes out of a long text. `withReferences` adds to a piece those that it uses,
 * because each piece is parsed on its own. Definitions that nothing uses stay where they are.
 */
export function takeReferences(lines: readonly string[]) {
  const used = labelsIn(lines.filter((line) => !DEFINITION.test(line)).join("\n"));
  const definitions = new Map<string, Definition>();
  const rest: string[] = [];
  let open: Definition | null = null;
  let inCode = false;
  for (const line of lines) {
    if (/^ {0,3}(```|~~~)/.test(line)) inCode = !inCode;
    const label = inCode ? undefined : DEFINITION.exec(line)?.[1];
    const key = label === undefined ? null : keyOf(label);
    if (key !== null && used.has(key) && !definitions.has(key) && definitions.size < MAX_DEFINITIONS) {
      open = { label: key, lines: [line] };
      definitions.set(key, open);
    } else if (open?.label.startsWith("^") && /^(?: {4}|\t)\S/.test(line)) {
      open.lines.push(line);
    } else {
      open = null;
      rest.push(line);
    }
  }
  const withReferences = (piece: string): string => {
    if (definitions.size === 0) return piece;
    const added = [...labelsIn(piece)].flatMap((label) => definitions.get(label)?.lines.join("\n") ?? []);
    return added.length === 0 ? piece : `${piece}\n\n${added.join("\n")}`;
  };
  return { rest, withReferences };
}

const keyOf = (label: string) => label.trim().replace(/\s+/g, " ").toLowerCase();

function labelsIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(REFERENCE), ([, label = ""]) => keyOf(label)));
}
