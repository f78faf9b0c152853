import type { Nodes } from "mdast";

const MAX_DEPTH = 100;
const MAX_CONTAINERS = 32;
const MIN_DENSE_CHARS = 600;
const MAX_DENSITY = 0.3;

// Quotes and lists that begin on one line, one in the other.
const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))+/;
const CONTAINER = />|[-*+]|\d[.)]/g;
const MARK = /[*_[\]<>~`!]/g;

/** A text that is nested too deeply for the browser to lay out. */
export class TooDeep extends RangeError {}

/** Whether parsing would take long: the parser's time grows with the square of unused marks. */
export function isTooDense(markdown: string): boolean {
  if (markdown.length < MIN_DENSE_CHARS) return false;
  const marks = markdown.match(MARK)?.length ?? 0;
  return marks > markdown.length * MAX_DENSITY;
}

/** Whether more quotes and lists begin on one line than any document needs. */
export function hasTooManyContainers(markdown: string): boolean {
  return markdown.split("\n").some((line) => {
    const containers = CONTAINERS.exec(line)?.[0];
    return containers !== undefined && (containers.match(CONTAINER)?.length ?? 0) > MAX_CONTAINERS;
  });
}

/** Throws TooDeep for a tree that is nested too deeply. Not recursive, because such a tree would overflow the stack. */
export function refuseDeepTree(tree: Nodes) {
  let level: readonly Nodes[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new TooDeep(`nested more than ${MAX_DEPTH} levels deep`);
    level = level.flatMap((node) => ("children" in node ? node.children : []));
  }
}
