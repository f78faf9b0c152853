import katex from "katex";
import "katex/dist/katex.min.css";

/** Renders the formula into the element. Commands that could load, link or run something are shown as errors. */
export function setFormula(element: HTMLElement, tex: string, displayMode: boolean) {
  katex.render(tex, element, {
    displayMode,
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxSize: 20,
    maxExpand: 500,
    errorColor: "var(--color-rust)",
  });
}
