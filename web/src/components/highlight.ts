import type { Root } from "hast";
import { createLowlight } from "lowlight";
import { grammars } from "./grammars";

const lowlight = createLowlight();
const LONGEST = 100_000;
const names = new Map(
  Object.entries(grammars).flatMap(([name, { also }]) =>
    [name, ...also.split(" ")].map((each): [string, string] => [each, name]),
  ),
);
const arriving = new Map<string, Promise<void>>();

/** The code as a tree of marked words; null when the language is unknown or the code too long to mark quickly. */
export async function highlight(code: string, language: string): Promise<Root | null> {
  const name = names.get(language.toLowerCase());
  if (name === undefined || code.length > LONGEST) return null;
  await have(name);
  return lowlight.highlight(name, code);
}

/** Waits for a grammar and those that it needs; each is asked for once, and anew after it could not be had. */
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
