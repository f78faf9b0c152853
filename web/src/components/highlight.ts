import type { Root } from "hast";
import { createLowlight } from "lowlight";
import { grammars } from "./grammars";

const lowlight = createLowlight();
const LONGEST = 30_000;
const names = new Map(
  Object.entries(grammars).flatMap(([name, { also }]) =>
    [name, ...also.split(" ")].map((each): [string, string] => [each, name]),
  ),
);
const arriving = new Map<string, Promise<void>>();

/** The code as a tree of tokens; null for an unknown language or code that is too long to highlight quickly. */
export async function highlight(code: string, language: string): Promise<Root | null> {
  const name = names.get(language.toLowerCase());
  if (name === undefined || code.length > LONGEST) return null;
  await have(name);
  return lowlight.highlight(name, code);
}

/** Loads a grammar and those that it needs, once; after a failure, the next call tries again. */
function have(name: string): Promise<void> {
  const known = arriving.get(name);
  if (known) return known;
  const coming = load(name).catch((error: unknown) => {
    arriving.delete(name);
    throw error;
  });
  arriving.set(name, coming);
  return coming;
}

async function load(name: string) {
  await Promise.all([name, ...(grammars[name]?.needs?.split(" ") ?? [])].map(register));
}

async function register(name: string) {
  if (lowlight.registered(name)) return;
  const found = await grammars[name]?.load();
  if (found) lowlight.register(name, found.default);
}
