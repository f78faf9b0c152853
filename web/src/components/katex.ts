import katex from "katex";
import "katex/dist/katex.min.css";

const IN_ONE_TASK = 10;
const MAX_DEPTH = 300;
const waiting: (() => void)[] = [];

/**
 * Renders the formula into the element, a few in each task. Commands that could load, link or run something are shown
 * as errors. A formula that is nested too deeply stays as it was written.
 */
export function setFormula(element: HTMLElement, tex: string, displayMode: boolean) {
  if (waiting.push(() => renderFormula(element, tex, displayMode)) === 1) setTimeout(renderSome);
}

function renderSome() {
  for (const render of waiting.slice(0, IN_ONE_TASK)) render();
  waiting.splice(0, IN_ONE_TASK);
  if (waiting.length > 0) setTimeout(renderSome);
}

function renderFormula(element: HTMLElement, tex: string, displayMode: boolean) {
  // Formulas that were scrolled away are not needed any more.
  if (!element.isConnected) return;
  const rendered = document.createElement("span");
  try {
    katex.render(tex, rendered, {
      displayMode,
      throwOnError: false,
      trust: false,
      strict: "ignore",
      maxSize: 20,
      maxExpand: 500,
      errorColor: "var(--color-rust)",
    });
  } catch (error) {
    // KaTeX is recursive.
    if (error instanceof RangeError) return;
    throw error;
  }
  if (depthOf(rendered) <= MAX_DEPTH) element.replaceChildren(...rendered.childNodes);
}

/** The levels of elements; not recursive, because a deep tree would overflow the stack. */
function depthOf(root: Element): number {
  let level = [root];
  let depth = 0;
  for (; level.length > 0; depth += 1) level = level.flatMap((element) => [...element.children]);
  return depth;
}
