import { useEffect, useRef, useState } from "react";
import { CodeBlock } from "@/components/CodeBlock";
import { type Drawing, drawDiagram } from "@/components/markdown/drawDiagram";
import { useText } from "@/lib/language";
import { useDark } from "@/lib/theme";

// While a diagram is being written, its source changes with each piece.
const PAUSE_MS = 400;
// A wide diagram is scrolled on a phone, because its text would be too small.
const READABLE_PX = 560;

type Result = { source: string; dark: boolean; drawing: Drawing | null };

/** A Mermaid diagram and its source; drawn when it is first near the visible part of the page. */
export function Diagram({ source }: { source: string }) {
  const text = useText();
  const dark = useDark();
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const [result, setResult] = useState<Result | null>(null);
  useEffect(() => {
    if (!near) return;
    let current = true;
    const show = (drawing: Drawing | null) => {
      if (current) setResult({ source, dark, drawing });
    };
    const timer = setTimeout(() => {
      drawDiagram(source, dark).then(show, (error: unknown) => {
        console.warn("The diagram cannot be drawn:", error);
        show(null);
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [near, source, dark]);
  const drawing = result?.drawing;
  const failed = result?.source === source && result.drawing === null;
  return (
    <figure ref={box} className="my-3">
      {drawing && !failed && (
        <div tabIndex={0} role="region" aria-label={text.chat.diagram} className="mb-2 overflow-x-auto">
          <img
            {...drawing}
            alt={text.chat.diagramAlt}
            className="mx-auto h-auto max-w-full"
            style={{ minWidth: Math.min(drawing.width, READABLE_PX) }}
          />
        </div>
      )}
      {failed && <figcaption className="mb-1 text-sm text-faint">{text.chat.diagramFailed}</figcaption>}
      {drawing && !failed ? (
        <details className="text-sm">
          <summary className="text-faint">{text.chat.diagramSource}</summary>
          <CodeBlock code={source} language="mermaid" />
        </details>
      ) : (
        <CodeBlock code={source} language="mermaid" />
      )}
    </figure>
  );
}

/** Whether the element is or was near the visible part of the page. */
function useNear(element: React.RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!element.current || near) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: "400px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, near]);
  return near;
}
