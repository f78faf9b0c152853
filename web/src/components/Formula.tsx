import { useEffect, useRef } from "react";

const LONGEST = 10_000;

type FormulaProps = { tex: string; display: boolean };

/** A formula, set by KaTeX as soon as that has arrived; until then, and where it is no TeX, as it was written. */
export function Formula({ tex, display }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (tex.length > LONGEST) return;
    let current = true;
    void import("./katex").then(({ setFormula }) => {
      if (current && place.current) setFormula(place.current, tex, display);
    });
    return () => {
      current = false;
    };
  }, [tex, display]);
  return (
    <span
      key={tex}
      ref={place}
      className={display ? "my-3 block overflow-x-auto overflow-y-hidden text-center" : undefined}
    >
      {tex}
    </span>
  );
}
