import type { Root } from "hast";
import { common, createLowlight } from "lowlight";

const lowlight = createLowlight(common);
const LONGEST = 100_000;

/** The code as a tree of marked words; null when the language is unknown or the code too long to mark quickly. */
export function highlight(code: string, language: string): Root | null {
  return code.length <= LONGEST && lowlight.registered(language) ? lowlight.highlight(language, code) : null;
}
