import { useEffect, useRef } from "react";

const LONGEST = 10_000;

type FormulaProps = { tex: string; display: boolean };

/** A formula, rendered by KaTeX when it has loaded; until then, and for invalid TeX, the source is shown. */
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
