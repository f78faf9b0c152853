import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setFormula } from "./katex";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function place(): HTMLElement {
  const element = document.createElement("span");
  element.textContent = "source";
  document.body.append(element);
  return element;
}

it("renders a few formulas in each task", () => {
  const places = Array.from({ length: 25 }, place);
  for (const element of places) setFormula(element, "x^2", false);
  const rendered = () => places.filter((element) => element.querySelector(".katex")).length;
  expect(rendered()).toBe(0);
  vi.advanceTimersToNextTimer();
  expect(rendered()).toBe(10);
  vi.runAllTimers();
  expect(rendered()).toBe(25);
});

it.each(["{".repeat(5_000), `${"\\sqrt{".repeat(800)}x${"}".repeat(800)}`, "\\left(".repeat(1_500)])(
  "keeps the source, or shows an error, for a formula that is nested too deeply",
  (tex) => {
    const element = place();
    setFormula(element, tex, true);
    vi.runAllTimers();
    expect(element.textContent).not.toBe("");
    expect(element.querySelectorAll("*").length).toBeLessThan(300);
  },
);
