import { Suspense, lazy, useDeferredValue } from "react";
import { useMountedDuringFastScroll } from "@/components/fastScroll";

// The page is usable before the Markdown renderer has arrived: until then the text stands as written.
const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })));

/** Markdown as it is to be read, also while it is still being written: then it is `unfinished`. */
export function Prose({ text, unfinished = false }: { text: string; unfinished?: boolean }) {
  const mountedWhileScrolling = useMountedDuringFastScroll();
  // Parsing gives way to typing and scrolling: while pieces come fast, and for what flies past.
  const shown = useDeferredValue<string | null>(text, mountedWhileScrolling ? null : text);
  const written = <p className="whitespace-pre-wrap">{text}</p>;
  return (
    <div className="prose-reply">
      {shown === null ? (
        written
      ) : (
        <Suspense fallback={written}>
          <Markdown text={shown} unfinished={unfinished || shown !== text} />
        </Suspense>
      )}
    </div>
  );
}
